"""What stands out in the national picture, as sentences; sites are named only to who may see them."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capacity.picture.selectors import NationalPicture, RegionRow
from capacity.reports.models import CareLevel

MOST = 6
# An offer that falls to half or less stands out from this many beds.
OFFER_BEDS = 4
# A rise of the cohort in a day stands out from this many beds and this part.
RISE_BEDS, RISE_PART = 10, 0.10

Sees = Callable[[int], bool]


def remarks(picture: NationalPicture, sees: Sees) -> list[str]:
    """At most six, most urgent first: overfull, missing, without an offer, offers halved, rising."""
    kinds = (_overfull, _missing, _halved, _rising)
    found = [
        f"{row.short_name}: {said}"
        for kind in kinds
        for row in sorted(picture.rows, key=lambda row: row.name)
        for said in kind(picture, row, sees)
    ]
    return found[:MOST]


def _overfull(picture: NationalPicture, row: RegionRow, sees: Sees) -> Iterator[str]:
    """More patients than beds, or patients to place and nothing free here."""
    needs = sum(row.group.totals(level.code).need.value or 0 for level in picture.levels)
    to_place = _(", %(count)s te plaatsen") % {"count": needs} if needs else ""
    for level in picture.levels:
        free = _free(row, level)
        if free is None or free > 0 or (free == 0 and not to_place):
            continue
        full = _("%(level)s vol") if free == 0 else _("%(level)s %(count)s overvol")
        yield full % {"level": level.label, "count": -free} + to_place
        to_place = ""


def _missing(picture: NationalPicture, row: RegionRow, sees: Sees) -> Iterator[str]:
    if picture.is_being_asked or not row.silent:
        return
    names = [place.short_name for place in row.silent]
    if sees(row.id) and len(names) <= 2:
        text = ngettext(
            "%(names)s heeft nog niet gemeld", "%(names)s hebben nog niet gemeld", len(names)
        )
        yield text % {"names": _(" en ").join(names)}
        return
    text = ngettext(
        "%(count)s locatie heeft nog niet gemeld",
        "%(count)s locaties hebben nog niet gemeld",
        len(names),
    )
    yield text % {"count": len(names)}


def _halved(picture: NationalPicture, row: RegionRow, sees: Sees) -> Iterator[str]:
    for level in picture.levels:
        now = row.group.totals(level.code).offer
        change = row.group.change(level.code, "offer")
        if now.value is None or change is None:
            continue
        before = now.value - change.value
        if before >= OFFER_BEDS and now.value * 2 <= before:
            yield _("aanbod %(level)s van %(before)s naar %(now)s") % {
                "level": level.label,
                "before": before,
                "now": now.value,
            }


def _rising(picture: NationalPicture, row: RegionRow, sees: Sees) -> Iterator[str]:
    for level in picture.levels:
        now = row.group.totals(level.code).occ_cohort
        change = row.group.change(level.code, "occ_cohort")
        if now.value is None or change is None or change.value < RISE_BEDS:
            continue
        if change.value >= RISE_PART * (now.value - change.value):
            yield _("%(level)s %(cohort)s %(change)s erbij in een dag") % {
                "level": level.label,
                "cohort": picture.cohort,
                "change": change.value,
            }


def _free(row: RegionRow, level: CareLevel) -> int | None:
    totals = row.group.totals(level.code)
    return (totals.free if level.needs_icu else totals.cohort_free).value
