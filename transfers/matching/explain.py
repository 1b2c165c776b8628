"""The words for what the matching says: one sentence per argument, rule and exclusion, in Dutch.

Why did this request go there? Read here what is shown, and in `arguments` and `rules` when it is
said.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from transfers.matching.arguments import Argument
from transfers.matching.problem import CHILD, Facts
from transfers.matching.rules import Excluded
from transfers.offers.models import Offer

REASONS: dict[str, Any] = {
    "own_region": gettext_lazy("In de eigen regio"),
    "neighbouring_region": gettext_lazy("Buurregio"),
    "closest": gettext_lazy("Dichtst bij van alle plaatsen die passen"),
    "near_home": gettext_lazy("Dicht bij huis: %(minutes)s"),
    "long_ride": gettext_lazy("Lange rit: %(minutes)s"),
    "least_loaded_region": gettext_lazy("Regio draagt nu het minst: %(deviation)s"),
    "region_below_band": gettext_lazy("Regio blijft onder eerlijk deel: %(deviation)s"),
    "region_near_band": gettext_lazy("Regio komt dicht bij de band: %(deviation)s"),
    "region_over_band_after": gettext_lazy("Regio komt boven de band: %(deviation)s"),
    "bed_offered": gettext_lazy("Bed aangeboden"),
    "nothing_offered": gettext_lazy("Geen bed aangeboden"),
    "many_arrivals": gettext_lazy("Er komen vandaag al %(count)s patiënten"),
    "refused_lately": gettext_lazy("Weigerde deze week %(count)s keer"),
    "figures_late": gettext_lazy("Cijfers van vandaag ontbreken nog, van %(measured_at)s"),
    "figures_stale": gettext_lazy("Cijfers verouderd, van %(measured_at)s"),
    "figures_carried": gettext_lazy("Cijfers overgenomen, van %(measured_at)s"),
}

# Of each rule: what it is called in the list of rules, and what it says about one place.
RULES: dict[str, tuple[Any, Any]] = {
    "sending_site": (
        gettext_lazy("Uitplaatsend ziekenhuis zelf"),
        gettext_lazy("De patiënt ligt hier nu."),
    ),
    "outside_region": (
        gettext_lazy("Buiten de eigen regio"),
        gettext_lazy("De regio zoekt eerst in eigen huis. Landelijk zoeken doet LCPS."),
    ),
    "no_such_level": (
        gettext_lazy("Geen %(level)s in dit ziekenhuis"),
        gettext_lazy("Dit ziekenhuis heeft geen bedden van dit niveau."),
    ),
    "age_group": (gettext_lazy("Niet voor deze leeftijd"), ""),
    "already_asked": (
        gettext_lazy("Al gevraagd voor dit verzoek"),
        gettext_lazy("Het ziekenhuis antwoordt voor %(until)s."),
    ),
    "refused_already": (
        gettext_lazy("Weigerde dit verzoek al"),
        gettext_lazy("Reden: %(refusal)s."),
    ),
    "figures_expired": (
        gettext_lazy("Cijfers verlopen"),
        gettext_lazy("Laatste melding: %(measured_at)s. Verlopen cijfers tellen niet mee."),
    ),
    "figures_disputed": (
        gettext_lazy("Cijfers klopten niet, correctie ontbreekt"),
        gettext_lazy("Het ziekenhuis zei om %(at)s dat zijn cijfers niet kloppen."),
    ),
    "intake_stop": (
        gettext_lazy("Opnamestop"),
        gettext_lazy("Verwacht einde: %(until)s."),
    ),
    "no_free_bed": (
        gettext_lazy("Geen vrij bed zonder BOSS: %(level)s"),
        gettext_lazy(
            "%(open)s open, %(occupied)s bezet, %(reserve)s BOSS, %(free)s vrij. "
            "Gemeld %(measured_at)s."
        ),
    ),
    "no_bed_of_label": (
        gettext_lazy("Geen plek in het juiste cohort: %(level)s"),
        gettext_lazy(
            "%(open)s open, %(occupied)s bezet, %(free)s vrij in het gevraagde cohort. "
            "Gemeld %(measured_at)s."
        ),
    ),
    "region_above_band": (
        gettext_lazy("Regio boven de band"),
        gettext_lazy("De regio draagt %(deviation)s, de band loopt tot %(band)s."),
    ),
    "out_of_reach": (
        gettext_lazy("Te ver weg"),
        gettext_lazy("Rit van %(minutes)s; verder dan %(reach)s rijden we niet."),
    ),
}


def reason(argument: Argument, *, now: datetime) -> str:
    """One argument for or against a place."""
    return str(REASONS[argument.code]) % _words(argument.facts, now)


def rule(code: str, *, level: str) -> str:
    """What a rule is called; `level` is the label of the care level."""
    return str(RULES[code][0]) % {"level": level}


def exclusion(excluded: Excluded, *, now: datetime) -> str:
    """What the rule says about this one place, with its numbers."""
    facts = excluded.facts
    if excluded.rule == "age_group":
        if facts["group"] == CHILD:
            return _("Dit ziekenhuis neemt op dit niveau geen kinderen op.")
        return _("Dit ziekenhuis is er voor kinderen.")
    if excluded.rule == "figures_expired" and "measured_at" not in facts:
        return _("Dit ziekenhuis meldde nog geen cijfers van dit niveau.")
    return str(RULES[excluded.rule][1]) % _words(facts, now)


def deviation(per_mille: int | None) -> str:
    """A deviation from the fair share in whole percents with its sign: −12 %."""
    if per_mille is None:
        return _("onbekend")
    percents = (2 * abs(per_mille) + 10) // 20
    sign = "" if not percents else "+" if per_mille > 0 else "−"
    return f"{sign}{percents}\N{NO-BREAK SPACE}%"


def duration(minutes: int) -> str:
    """A journey: 48 min, 1 u 52."""
    hours, rest = divmod(minutes, 60)
    if hours:
        return _("%(hours)s u %(minutes)s") % {"hours": hours, "minutes": f"{rest:02d}"}
    return _("%(minutes)s min") % {"minutes": rest}


def moment(at: datetime, now: datetime) -> str:
    """A time today, else with its date: 13:00, 27 okt 08:12."""
    local = timezone.localtime(at)
    if local.date() == timezone.localtime(now).date():
        return f"{local:%H:%M}"
    return f"{formats.date_format(local, 'j b')} {local:%H:%M}"


_BY_NAME: dict[str, Callable[[Any], str]] = {
    "deviation": deviation,
    "band": deviation,
    "minutes": duration,
    "reach": duration,
    "refusal": lambda code: str(Offer.Refusal(code).label),
}


def _words(facts: Facts, now: datetime) -> dict[str, str]:
    return {
        name: moment(value, now) if isinstance(value, datetime) else _BY_NAME.get(name, str)(value)
        for name, value in facts.items()
    }
