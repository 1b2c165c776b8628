"""What the home page says when nothing waits: what will stand here, who fills it, and where to look."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Quiet:
    """The teaching empty state of "Nu te doen" for a role, with one page to go to."""

    text: Any
    button: Any = ""
    route: str = ""


REPORTING = Quiet(
    _(
        "Hier komt de volgende uitvraag zodra ze opent, en elke vraag over een patiënt van uw "
        "ziekenhuis. Uw cijfers mag u de hele dag corrigeren."
    ),
    _("Open de aanlevering"),
    "capacity:report",
)
WATCHING = _("Voor deze rol wacht er niets op de klok: u leest mee.")

QUIET: dict[str, Quiet] = {
    "reporter": REPORTING,
    "bed_coordinator": REPORTING,
    "treating_physician": Quiet(
        _(
            "Hier komen vragen van RCPS of LCPS over uw patiënten, en wie bij u aankomt. "
            "Een nieuw verzoek begint u zelf."
        ),
        _("Nieuw verzoek"),
        "transfers:new",
    ),
    "regional_coordinator": Quiet(
        _(
            "Hier komen het regiobeeld van 10:00, ziekenhuizen die niet gemeld hebben, en verzoeken "
            "uit uw regio."
        ),
        _("Open de regio"),
        "capacity:region",
    ),
    "regional_analyst": Quiet(
        _("De coördinator tekent het regiobeeld; u ziet in de regio wat er vreemd is."),
        _("Open de regio"),
        "capacity:region",
    ),
    "lcps_coordinator": Quiet(
        _(
            "Hier komen regiobeelden om te keuren, verzoeken die een regio niet kan plaatsen, en "
            "bestemmingen om te kiezen."
        ),
        _("Open de verplaatsingen"),
        "transfers:board",
    ),
    "medical_officer": Quiet(
        _(
            "Hier komen verzoeken die een medisch oordeel vragen: kan deze patiënt reizen, en met "
            "welk vervoer?"
        ),
        _("Open de verplaatsingen"),
        "transfers:board",
    ),
    "transport_coordinator": Quiet(
        _(
            "Hier komt elke geaccepteerde patiënt die naar een andere regio gaat en nog geen rit "
            "heeft."
        ),
        _("Open de ritten"),
        "transfers:rides",
    ),
    "shift_lead": Quiet(
        _(
            "Hier komen regiobeelden om te keuren en om 11:40 het landelijk beeld om te controleren."
        ),
        _("Open het landelijk bord"),
        "national-board",
    ),
    "analyst": Quiet(
        _("Voor deze rol wacht er niets op de klok. Wie boven zijn deel zit, staat op het bord."),
        _("Open het landelijk bord"),
        "national-board",
    ),
    "ambulance_planner": Quiet(
        _(
            "Hier komen ritten die om een wagen en een tijd vragen, en ritten waarvan u vertrek en "
            "aankomst meldt."
        ),
        _("Open de ritten"),
        "transfers:rides",
    ),
    "micu_coordinator": Quiet(
        _("Hier komen ritten voor de MICU: plan wagen en team, en meld vertrek en aankomst."),
        _("Open de ritten"),
        "transfers:rides",
    ),
    "oversight_reader": Quiet(
        _(
            "Voor deze rol wacht er niets op de klok: u leest mee. U ziet totalen per regio, geen "
            "ziekenhuizen en geen patiënten."
        ),
        _("Open het landelijk bord"),
        "national-board",
    ),
    "communication": Quiet(
        _("Voor deze rol wacht er niets op de klok. De cijfers voor uw bericht staan op het bord."),
        _("Open het landelijk bord"),
        "national-board",
    ),
    "facilities": Quiet(WATCHING, _("Open het landelijk bord"), "national-board"),
    "equipment": Quiet(WATCHING, _("Open het landelijk bord"), "national-board"),
    "privacy_officer": Quiet(
        _(
            "Voor deze rol wacht er niets op de klok. Elke inzage en elke wijziging staat in het "
            "logboek, met wie, wanneer en waarom."
        ),
        _("Open het logboek"),
        "logbook",
    ),
    "admin": Quiet(
        _(
            "Voor deze rol wacht er niets op de klok. Accounts en rollen geeft u op de server, met "
            "manage.py add_person en manage.py give_role. Patiëntgegevens ziet u niet."
        ),
    ),
}

NO_ROLE = Quiet(
    _("Dit account heeft vandaag geen rol. Vraag de beheerder van uw organisatie om er een.")
)
