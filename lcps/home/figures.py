"""Six figures of a country, a region or a hospital, with their change, age and completeness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capacity.picture.totals import Group, Sum
from capacity.reports.models import CareLevel
from lcps.templatetags.lcps import at_least, number


@dataclass(frozen=True)
class Figure:
    """One tile, as components/figure.html takes it."""

    key: str
    label: str
    value: str | None
    change: int | None = None
    change_text: str = ""
    age_state: str = ""
    age_text: str = ""
    note: str = ""


@dataclass(frozen=True)
class Source:
    """Of whom the figures are, and how many of them have answered."""

    group: Group
    levels: Sequence[CareLevel]
    cohort: str
    reported: int
    expected: int
    is_being_asked: bool
    day: date
    compared: date | None

    @property
    def intensive(self) -> CareLevel | None:
        return next((level for level in self.levels if level.needs_icu), None)

    @property
    def nursing(self) -> CareLevel | None:
        return next((level for level in self.levels if not level.needs_icu), None)

    @property
    def since(self) -> str:
        if self.compared is None or not self.reported:
            return ""
        if (self.day - self.compared).days == 1:
            return _("sinds gisteren")
        return _("sinds %(day)s") % {"day": formats.date_format(self.compared, "j M")}


def written(total: Sum) -> str | None:
    """A total as text: a lower bound when sites are missing, None when nothing is known."""
    if total.value is None:
        return None
    return at_least(total.value, total.is_complete)


def six(source: Source, *, places: str = "") -> list[Figure]:
    """Cohort and other in intensive care, what is free, the cohort in nursing, needs and offers.

    `places` says where the needs come from, e.g. "uit 3 regio's".
    """
    icu, ward = source.intensive, source.nursing
    figures = []
    if icu:
        figures += [
            occupied(source, icu, says_since=True),
            _occupied_other(source, icu),
            free(source, icu),
        ]
    if ward:
        figures.append(occupied(source, ward))
    return [*figures, need(source, places), offer(source)]


def occupied(source: Source, level: CareLevel, *, says_since: bool = False) -> Figure:
    """Beds in use in the cohort."""
    totals = source.group.totals(level.code)
    new = written(totals.new)
    return Figure(
        key=f"{level.code}-occupied",
        label=_("%(level)s bezet %(cohort)s") % {"level": level.label, "cohort": source.cohort},
        value=written(totals.occ_cohort),
        change=_change(source, level, "occ_cohort"),
        change_text=source.since if says_since else "",
        note=_("Instroom %(count)s in 24 uur") % {"count": new} if new else _("Instroom onbekend"),
    )


def _occupied_other(source: Source, level: CareLevel) -> Figure:
    totals = source.group.totals(level.code)
    return Figure(
        key=f"{level.code}-other",
        label=_("%(level)s bezet overig") % {"level": level.label},
        value=written(totals.occ_other),
        change=_change(source, level, "occ_other"),
        note=_("%(occupied)s van %(open)s open bedden")
        % {"occupied": written(totals.occupied), "open": written(totals.open)}
        if totals.open.value is not None
        else "",
    )


def free(source: Source, level: CareLevel) -> Figure:
    """Beds that can be promised now; the reserve stays out of it."""
    totals = source.group.totals(level.code)
    held = totals.held.value or 0
    return Figure(
        key=f"{level.code}-free",
        label=_("%(level)s vrij, zonder BOSS") % {"level": level.label},
        value=written(totals.free),
        change=_change(source, level, "counted_free"),
        age_state=_answered_state(source),
        age_text=_answered(source),
        note=_("%(count)s vastgehouden") % {"count": held} if held else "",
    )


def need(source: Source, places: str = "") -> Figure:
    """Patients who should leave today."""
    by_level = [(level, source.group.totals(level.code).need) for level in source.levels]
    total = _together([total for _level, total in by_level])
    return Figure(
        key="need",
        label=_("Te plaatsen vandaag"),
        value=written(total),
        change_text=_split(by_level),
        note=places,
    )


def offer(source: Source) -> Figure:
    """Beds offered to patients of others today."""
    by_level = [(level, source.group.totals(level.code).offer) for level in source.levels]
    total = _together([total for _level, total in by_level])
    return Figure(
        key="offer",
        label=_("Aanbod vandaag"),
        value=written(total),
        change_text=_split(by_level),
        note=_balance(source),
    )


def _balance(source: Source) -> str:
    """Offer against need, each care level by itself: a ward bed is no bed for an IC patient.

    With a site missing it is a difference of those who answered, and no bound of any kind.
    """
    totals = [(level, source.group.totals(level.code)) for level in source.levels]
    short = {
        level.label: sums.need.value - sums.offer.value
        for level, sums in totals
        if sums.need.value is not None and sums.offer.value is not None
    }
    of_whom = "" if source.reported == source.expected else _(", van wie meldde")
    if short and not any(short.values()):
        return _("evenveel als nodig") + of_whom
    less, more = _("%(level)s %(count)s minder dan nodig"), _("%(level)s %(count)s meer dan nodig")
    said = ", ".join(
        (less if missing > 0 else more) % {"level": label, "count": number(abs(missing))}
        for label, missing in sorted(short.items(), key=lambda item: -item[1])
        if missing
    )
    return said and said + of_whom


def _together(totals: Sequence[Sum]) -> Sum:
    values = [total.value for total in totals if total.value is not None]
    return Sum(
        sum(values) if values else None,
        sum(total.known for total in totals),
        sum(total.of for total in totals),
    )


def _split(by_level: Sequence[tuple[CareLevel, Sum]]) -> str:
    known = [(level.label, written(total)) for level, total in by_level]
    return ", ".join(f"{value} {label}" for label, value in known if value is not None)


def _change(source: Source, level: CareLevel, figure: str) -> int | None:
    """Since the call before; nothing while nobody has answered this one yet."""
    if not source.reported:
        return None
    found = source.group.change(level.code, figure)
    return found.value if found else None


def _answered(source: Source) -> str:
    if source.expected == 1:
        return _("gemeld") if source.reported else _("nog niet gemeld")
    words = {"reported": source.reported, "expected": source.expected}
    if source.is_being_asked and source.reported < source.expected:
        return _("%(reported)s van %(expected)s al ververst") % words
    return _("%(reported)s van %(expected)s") % words


def _answered_state(source: Source) -> str:
    if source.reported == source.expected:
        return "fresh"
    return "waiting" if source.is_being_asked else "late"


def places_of_need(count: int) -> str:
    """From how many regions patients must leave."""
    if count == 0:
        return _("geen regio vraagt een plek")
    return ngettext("uit %(count)s regio", "uit %(count)s regio’s", count) % {"count": count}
