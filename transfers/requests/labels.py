"""The words of the screens for codes of this room: findings, steps, stages. Dutch is the source language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transfers.requests import status as states
from transfers.requests import turns
from transfers.requests.checks import Finding

Words = str | Promise

FINDINGS: dict[str, Words] = {
    "peep_missing": _("Vul PEEP in. Bij invasieve beademing is dat nodig."),
    "fio2_missing": _("Vul FiO₂ in. Bij invasieve beademing is dat nodig."),
    "invasive_without_airway": _(
        "Invasief beademen gaat via een tube of een tracheostoma. Kies de luchtweg, of een andere vorm."
    ),
    "months_too_old": _(
        "Maanden horen alleen bij een leeftijd onder 2 jaar. Maak dit leeg, of verbeter de leeftijd."
    ),
    "tube_without_mode": _("De patiënt heeft een tube. Kies hoe hij beademd wordt."),
    "oxygen_missing": _("Vul in hoeveel liter zuurstof de patiënt krijgt."),
    "ecmo_asks_review": _("ECMO: de medical officer moet dit bevestigen."),
    "prone_asks_review": _("Buikligging: de medical officer moet dit bevestigen."),
    "vulnerable_stays": _("Een kwetsbare patiënt kan in deze fase niet verplaatst worden."),
    "advice_missing": _(
        "Vul het advies van de geriater in. Bij een kwetsbare patiënt is dat nodig."
    ),
    "stable_missing": _("Vul in welke arts de patiënt stabiel genoeg vindt, en hoe laat."),
    "stable_old": _(
        "Deze verklaring is te oud. Laat de arts opnieuw oordelen of de patiënt stabiel is, en vul die "
        "tijd in."
    ),
    "informed_who_missing": _("Vul in wie akkoord gaf of bezwaar maakte."),
    "informed_at_missing": _("Vul in hoe laat dat gezegd is."),
    "informed_missing": _("Vul in of de patiënt of de naasten akkoord zijn."),
    "objection": _(
        "Er is bezwaar. Verplaatsen kan alleen als de behandelend arts er een reden bij geeft."
    ),
    "gp_missing": _("Huisarts nog niet ingelicht. Mag ook na het indienen, wel voor vertrek."),
    "values_old": _("De waarden zijn te oud om een bed te vragen. Vernieuw ze."),
    "picture_missing": _("Het formulier is nog niet volledig ingevuld."),
}

# What the button says, and what the history says afterwards.
STEPS: dict[str, tuple[Words, Words]] = {
    "submit": (_("Dien in"), _("Ingediend")),
    "ask_sender": (_("Vraag gegevens"), _("Vraag aan inzender")),
    "ask_sender_nationally": (_("Vraag gegevens"), _("Vraag aan inzender")),
    "answer_question": (_("Beantwoord de vraag"), _("Vraag beantwoord")),
    "answer_centre": (_("Beantwoord de vraag"), _("Vraag beantwoord")),
    "search_in_region": (_("Zoek in de regio"), _("Regio zoekt")),
    "escalate": (_("Stuur door naar LCPS"), _("Door naar LCPS")),
    "ask_medical_review": (_("Vraag medisch oordeel"), _("Medisch oordeel gevraagd")),
    "skip_medical_review": (_("Zoek landelijk"), _("Landelijk zoeken, medisch oordeel niet nodig")),
    "find_fit": (_("Geschikt voor vervoer"), _("Medisch oordeel: geschikt")),
    "find_unfit": (_("Niet geschikt"), _("Medisch oordeel: niet geschikt")),
    "offer_in_region": (_("Bied bed aan"), _("Bed gevraagd")),
    "offer_nationally": (_("Bied bed aan"), _("Bed gevraagd")),
    "accept": (_("Accepteer"), _("Geaccepteerd")),
    "search_region_again": (_("Zoek verder in de regio"), _("Regio zoekt verder")),
    "search_nation_again": (_("Zoek landelijk verder"), _("Landelijk verder zoeken")),
    "request_transport": (_("Vraag vervoer"), _("Vervoer gevraagd")),
    "plan_transport": (_("Plan de rit"), _("Vervoer gepland")),
    "return_transport": (_("Geef de rit terug"), _("Rit teruggegeven")),
    "depart": (_("Meld vertrek"), _("Vertrokken")),
    "arrive": (_("Meld aankomst"), _("Aangekomen")),
    "abort": (_("Meld dat de rit afgebroken is"), _("Rit afgebroken, patiënt terug")),
    "hand_over": (_("Neem over"), _("Overgedragen")),
    "close": (_("Sluit af"), _("Afgesloten")),
    "put_on_hold": (_("Houd aan"), _("Aangehouden")),
    "resume": (_("Ga verder"), _("Verder na aanhouden")),
    "resume_at_centre": (_("Ga verder"), _("Verder na aanhouden")),
    "withdraw": (_("Trek in"), _("Ingetrokken")),
    "cancel": (_("Annuleer"), _("Geannuleerd")),
    "report_death": (_("Meld overlijden"), _("Patiënt overleden")),
    "report_death_on_the_way": (_("Meld overlijden"), _("Patiënt overleden")),
    "report_death_on_arrival": (_("Meld overlijden"), _("Patiënt overleden")),
    "expire": (_("Laat verlopen"), _("Verlopen: te lang geen nieuws")),
    # Lines of the history and the logbook that move nothing.
    "create": ("", _("Concept gemaakt")),
    "edit": (_("Wijzig"), _("Gegevens gewijzigd")),
    "renew": (_("Vernieuw waarden"), _("Waarden vernieuwd")),
    "inform_gp": (_("Huisarts ingelicht"), _("Huisarts ingelicht")),
    "late": ("", _("Termijn voorbij, gewaarschuwd wie aan zet is")),
    "offer_refused": ("", _("Bed geweigerd")),
    "offer_expired": ("", _("Geen antwoord op tijd, aanbod verlopen")),
    "hold_lapsed": ("", _("Bed niet langer vastgehouden")),
    "contact": ("", _("Artsen spraken elkaar")),
}

# What whoever is to move does, after their name on a card. Empty where the column says it.
DOING: dict[str, Words] = {
    states.DRAFT: _("maakt af"),
    states.INFO_NEEDED: _("vult gegevens aan"),
    states.ESCALATED: _("kiest de weg"),
    states.ACCEPTED: _("vraagt vervoer"),
    states.TRANSPORT_REQUESTED: _("plant rit"),
    states.TRANSPORT_PLANNED: _("vertrekt"),
    states.DEPARTED: _("komt aan"),
    states.ARRIVED: _("neemt over"),
    states.HANDED_OVER: _("sluit af"),
    states.ON_HOLD: _("hield aan"),
}

# The task of whoever is to move, and the button that leads to it.
TASKS: dict[str, tuple[Words, Words]] = {
    states.SUBMITTED: (_("Zoek in de regio voor %(number)s"), _("Zoek in de regio")),
    states.INFO_NEEDED: (_("Beantwoord de vraag over %(number)s"), _("Beantwoord")),
    states.REGIONAL_SEARCH: (_("Zoek een bed voor %(number)s"), _("Kies bestemming")),
    states.ESCALATED: (_("Zoek landelijk voor %(number)s"), _("Zoek landelijk")),
    states.MEDICAL_REVIEW: (_("Geef een medisch oordeel over %(number)s"), _("Beoordeel")),
    states.NATIONAL_SEARCH: (_("Kies een bestemming voor %(number)s"), _("Kies bestemming")),
    states.OFFERED: (_("Antwoord op de vraag om een bed: %(number)s"), _("Antwoord")),
    states.ACCEPTED: (_("Vraag vervoer voor %(number)s"), _("Vraag vervoer")),
    states.TRANSPORT_REQUESTED: (_("Plan de rit van %(number)s"), _("Plan de rit")),
    states.TRANSPORT_PLANNED: (_("Meld het vertrek van %(number)s"), _("Meld vertrek")),
    states.DEPARTED: (_("Meld de aankomst van %(number)s"), _("Meld aankomst")),
    states.ARRIVED: (_("Neem %(number)s over"), _("Neem over")),
    states.HANDED_OVER: (_("Sluit %(number)s af"), _("Sluit af")),
    states.ON_HOLD: (_("Kijk of %(number)s verder kan"), _("Bekijk")),
}

# Instead of the task above, where the patient may not go on without.
ASK_JUDGEMENT: tuple[Words, Words] = (
    _("Vraag medisch oordeel over %(number)s"),
    _("Vraag medisch oordeel"),
)

# What the hospitals do between the yes and the departure, whoever is to move.
INFORM_GP: tuple[Words, Words] = (_("Licht de huisarts in over %(number)s"), _("Licht in"))

RECORD_TALK: tuple[Words, Words] = (
    _("Leg het gesprek tussen de artsen over %(number)s vast"),
    _("Leg vast"),
)

COLUMNS: dict[str, Words] = {
    turns.NEW: _("Nieuw in regio"),
    turns.REVIEW: _("Medisch oordeel"),
    turns.SEARCH: _("Landelijk zoeken"),
    turns.OFFER: _("Aangeboden"),
    turns.ACCEPTED: _("Geaccepteerd"),
    turns.TRANSPORT: _("Vervoer"),
    turns.RIDE: _("Onderweg"),
    turns.DONE: _("Overgedragen"),
}
TRACK: dict[str, Words] = COLUMNS | {"submitted": _("Ingediend"), "regional": _("Regio zoekt")}


# The signs of the cards, explained under the board.
NEEDS: tuple[tuple[str, Words], ...] = (
    ("vent", _("beademd")),
    ("iso", _("aerogene of strikte isolatie")),
    ("micu", _("alleen met MICU")),
    ("dialysis", _("dialyse")),
    ("prone", _("buikligging")),
    ("frail", _("kwetsbaar")),
    ("circulation", _("noradrenaline")),
    ("interpreter", _("tolk nodig")),
)


def finding(one: Finding) -> str:
    return str(FINDINGS[one.code])


def button(step: str) -> str:
    return str(STEPS[step][0])


def done(step: str, note: str = "") -> str:
    """What the history says; a step of another version of the table is shown by its name.

    What a medical officer wrote with a judgement is its condition.
    """
    if step == "find_fit" and note:
        return str(_("Medisch oordeel: geschikt onder voorwaarde"))
    return str(STEPS[step][1]) if step in STEPS else step
