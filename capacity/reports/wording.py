"""What the form says: why a text was not understood, what a finding asks, which reasons can explain it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capacity.reports.labels import Names, Text, as_text
from capacity.reports.models import ReportReason
from capacity.reports.plausibility import Finding
from capacity.reports.typed import AMSTERDAM, Unreadable
from communications import drafts, privacy

Code = ReportReason.Code


def unreadable(error: Unreadable, *, limit: int) -> str:
    """Why a text was not understood, with the remedy."""
    texts: dict[str, str] = {
        "decimal": _(
            "“%(text)s” is geen heel getal. Vul een heel aantal in, bijvoorbeeld %(meant)s."
        ),
        "negative": _("“%(text)s” is lager dan 0. Vul 0 of meer in."),
        "spaces": _("In “%(text)s” staat een spatie. Schrijf %(meant)s."),
        "huge": _("“%(text)s” is te groot om te kloppen. Vul hoogstens %(limit)s in."),
        "other_digits": _("“%(text)s” staat in andere cijfers. Typ %(meant)s met gewone cijfers."),
        "not_a_number": _("“%(text)s” is geen getal. Vul een aantal in, 0 als er geen zijn."),
        "percentage": _(
            "“%(text)s” is geen percentage. Vul 0 tot 60 in, met hoogstens één cijfer na de komma."
        ),
        "no_time": _("“%(text)s” is geen tijd. Schrijf uren en minuten, bijvoorbeeld 08:05."),
        "no_such_time": _("“%(text)s” bestaat niet: de klok ging toen een uur vooruit."),
    }
    text = error.text if len(error.text) <= 20 else f"{error.text[:20]}…"
    return texts[error.code] % {"text": text, "meant": error.meant, "limit": limit}


def moment(value: datetime) -> str:
    """A moment in words: 29 oktober 08:05."""
    local = value.astimezone(AMSTERDAM)
    return f"{date_format(local, 'j F')} {local:%H:%M}"


def at_another_call(due: datetime, *, days: int) -> str:
    """Why figures stand at another call than they were typed for, and what to do."""
    return _(
        "U typte dit voor een uitvraag die niet te beantwoorden is: zij bestaat niet, is nog niet open, of "
        "sloot meer dan %(days)s dagen geleden. Uw cijfers staan nu bij de uitvraag van %(due)s. Kloppen "
        "zij daarvoor? Kijk het peilmoment na en dien ze in. Zo niet, bel dan uw RCPS."
    ) % {"days": days, "due": moment(due)}


def too_long(names: Names, path: str, length: int, most: int) -> str:
    """Which box holds more than it takes, for above the form."""
    said = drafts.TOO_LONG % {"length": length, "limit": most}
    return f"{names.full(path)}: {said}"


def _clock(value: datetime) -> str:
    return f"{value.astimezone(AMSTERDAM):%H:%M}"


def _required(finding: Finding) -> str:
    path = finding.field
    if path == "measured_at":
        return _("Vul in hoe laat er geteld is.")
    if path == "spoken_with":
        return _("Vul in met wie u sprak.")
    if path == "spoken_at":
        return _("Vul in hoe laat u belde.")
    if path.endswith(".why"):
        return _("Kies een reden.")
    if path.endswith(".until"):
        return _("Vul in tot hoe laat, hoogstens 24 uur vooruit.")
    return _("Nog leeg. Vul een aantal in, 0 als er geen zijn.")


def _offer_over_free(finding: Finding) -> str:
    params = dict(finding.params)
    if params["free"] <= 0:
        text = _(
            "U biedt %(value)s aan en er is geen bed vrij. Maak het aanbod 0, of pas de bezetting aan."
        )
        return text % params
    text = ngettext(
        "U biedt %(value)s bedden aan en er is er %(free)s vrij%(boss)s. "
        "Maak het aanbod 1 of 0, of pas de bezetting aan.",
        "U biedt %(value)s bedden aan en er zijn er %(free)s vrij%(boss)s. "
        "Bied er hoogstens %(free)s aan, of pas de bezetting aan.",
        params["free"],
    )
    params["boss"] = _("; BOSS telt niet mee") if params["reserve"] else ""
    return text % params


def _large_change(finding: Finding) -> str:
    params = {**finding.params, "beds": abs(finding.params["change"])}
    if params["percent"] is None:
        return _("%(beds)s meer dan de 0 van vorige keer. Waarom?") % params
    if finding.params["change"] > 0:
        return _("%(beds)s meer (%(percent)s %%). Waarom?") % params
    return _("%(beds)s minder (%(percent)s %%). Waarom?") % params


def _need_without_request(finding: Finding) -> str:
    if finding.params["requests"] == 0:
        text = _("%(value)s te plaatsen en nog geen verzoek (PMR). Waarom?")
        return text % finding.params
    text = ngettext(
        "%(value)s te plaatsen en %(requests)s verzoek (PMR) loopt. Waarom?",
        "%(value)s te plaatsen en %(requests)s verzoeken (PMR) lopen. Waarom?",
        finding.params["requests"],
    )
    return text % finding.params


def _in_future(finding: Finding) -> str:
    return _("%(at)s ligt in de toekomst: het is nu %(now)s. Vul in hoe laat er geteld is.") % {
        "at": _clock(finding.params["value"]),
        "now": _clock(finding.params["now"]),
    }


def _before_call(finding: Finding) -> str:
    return _("%(at)s is te vroeg: deze uitvraag vraagt een telling vanaf %(opens)s.") % {
        "at": moment(finding.params["value"]),
        "opens": moment(finding.params["opens"]),
    }


def _stop_has_ended(finding: Finding) -> str:
    return _("%(at)s is al voorbij. Vul een later einde in, of haal de stop weg.") % {
        "at": moment(finding.params["value"])
    }


def _stop_too_long(finding: Finding) -> str:
    return _("%(at)s is te ver weg: hoogstens 24 uur vooruit, dus tot %(latest)s.") % {
        "at": moment(finding.params["value"]),
        "latest": moment(finding.params["latest"]),
    }


def _spoken(finding: Finding) -> str:
    return _("%(at)s kan niet kloppen. Vul in hoe laat u het ziekenhuis sprak.") % {
        "at": moment(finding.params["value"])
    }


PLAIN: Mapping[str, Text] = {
    **privacy.WORDS,
    "negative": gettext_lazy("%(value)s is lager dan 0. Vul 0 of meer in."),
    "too_high": gettext_lazy("%(value)s is meer dan kan. Vul hoogstens %(limit)s in."),
    "reserve_over_open": gettext_lazy(
        "BOSS is %(value)s en er zijn %(open)s bedden open. Verlaag BOSS, of pas de capaciteit aan."
    ),
    "out_of_range": gettext_lazy("%(value)s kan niet. Vul 0 tot en met %(limit)s in."),
    "used_over_owned": gettext_lazy(
        "%(value)s in gebruik en %(owned)s in huis. Verlaag het gebruik, of pas het aantal in huis aan."
    ),
    "surge_falls": gettext_lazy(
        "%(value)s is minder dan de %(least)s van een kortere termijn. Tel op: vul minstens %(least)s in."
    ),
    "too_long": drafts.TOO_LONG,
    "unknown_level": gettext_lazy("Dit niveau wordt hier niet gevraagd. Laat het weg."),
    "unknown_reason": gettext_lazy("Deze reden bestaat niet. Kies er een uit de lijst."),
    "reason_needs_text": gettext_lazy(
        "Schrijf bij “Anders” in een paar woorden wat er aan de hand is."
    ),
    "reason_too_long": gettext_lazy("De toelichting is te lang. Kort in tot %(limit)s tekens."),
    "unknown_stop": gettext_lazy("Deze stop of reden bestaat niet. Kies er een uit de lijst."),
    "stop_told_twice": gettext_lazy("Deze stop staat er twee keer. Laat er een weg."),
    "occupied_over_open": gettext_lazy("%(value)s bezet op %(open)s open. Waarom?"),
    "new_over_occupied": gettext_lazy("%(value)s nieuw en %(occupied)s bezet. Hoe kan dat?"),
    "no_reserve": gettext_lazy("Geen BOSS-bed. Waarom?"),
    "all_zero": gettext_lazy("Alles 0, en vorige keer niet. Waarom?"),
    "drops_as_phase_rises": gettext_lazy(
        "%(value)s bedden open, vorige keer %(before)s, terwijl de fase hoger is. Waarom?"
    ),
    "three_identical": gettext_lazy(
        "Voor de %(times)se keer op rij precies dezelfde cijfers. Is er geteld?"
    ),
    "correction": gettext_lazy("Waarom corrigeert u?"),
}

SPECIAL: Mapping[str, Callable[[Finding], str]] = {
    "required": _required,
    "offer_over_free": _offer_over_free,
    "large_change": _large_change,
    "need_without_request": _need_without_request,
    "in_future": _in_future,
    "before_call": _before_call,
    "stop_has_ended": _stop_has_ended,
    "stop_too_long": _stop_too_long,
    "not_just_spoken": _spoken,
}


def finding(found: Finding) -> str:
    """What a finding says beside its figure: what is wrong, and what to do."""
    if found.code in SPECIAL:
        return SPECIAL[found.code](found)
    params = {
        name: as_text(value) if isinstance(value, Decimal) else value
        for name, value in found.params.items()
    }
    return str(PLAIN[found.code]) % params


UP = (Code.SCALE_UP, Code.COHORT_CHANGE, Code.CORRECTION, Code.OTHER)
DOWN = (Code.SCALE_DOWN, Code.COHORT_CHANGE, Code.CORRECTION, Code.OTHER)
FILLED = (Code.REAL_PEAK, Code.EVACUATION, Code.COHORT_CHANGE, Code.CORRECTION, Code.OTHER)
EMPTIED = (Code.EVACUATION, Code.COHORT_CHANGE, Code.CORRECTION, Code.OTHER)
SUGGESTED: Mapping[str, tuple[ReportReason.Code, ...]] = {
    "occupied_over_open": (Code.REAL_PEAK, Code.EVACUATION, Code.SCALE_DOWN, Code.OTHER),
    "new_over_occupied": (Code.REAL_PEAK, Code.EVACUATION, Code.CORRECTION, Code.OTHER),
    "need_without_request": (Code.REQUEST_FOLLOWS, Code.CORRECTION, Code.OTHER),
    "no_reserve": (Code.REAL_PEAK, Code.SCALE_DOWN, Code.OTHER),
    "all_zero": (Code.SCALE_DOWN, Code.EVACUATION, Code.CORRECTION, Code.OTHER),
    "drops_as_phase_rises": DOWN,
    "three_identical": (Code.OTHER,),
    "correction": (Code.CORRECTION, Code.SCALE_UP, Code.SCALE_DOWN, Code.EVACUATION, Code.OTHER),
}


def reasons_for(found: Finding) -> tuple[ReportReason.Code, ...]:
    """The reasons that can explain a finding; any other is accepted too."""
    if found.code in SUGGESTED:
        return SUGGESTED[found.code]
    grows = found.params.get("change", 0) > 0
    if found.field.rpartition(".")[2].startswith("occ_"):
        return FILLED if grows else EMPTIED
    return UP if grows else DOWN


def away_from_form(found: Finding, names: Names) -> str:
    """A finding away from the form, with the name of its figure."""
    return f"{names.full(found.field)}: {finding(found)}"
