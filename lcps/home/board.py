"""The national board in words and cells: what the template writes down, decided here once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from capacity.picture import permissions
from capacity.picture.fairness import ABOVE, BELOW, WITHIN
from capacity.picture.selectors import NationalPicture, RegionRow
from capacity.picture.totals import INCOMPLETE, Sum
from capacity.reports.models import CareLevel
from lcps import policy
from lcps.home import figures as tiles
from lcps.home import map as maps
from lcps.home.remarks import remarks
from regions.people.models import User


@dataclass(frozen=True)
class LevelCell:
    """The beds of one level in one row."""

    level: CareLevel
    label: str
    has_meter: bool
    opened: int | None
    occupied: int | None
    reserve: int | None
    held: int | None
    free: Sum

    @property
    def is_overfull(self) -> bool:
        return self.free.value is not None and self.free.value < 0


@dataclass(frozen=True)
class Row:
    """One region, or the nation, in the table."""

    code: str
    name: str
    url: str
    region: RegionRow | None
    levels: tuple[LevelCell, ...]
    load: Sum
    series: tuple[int | None, ...]
    needs: tuple[tuple[str, Sum], ...]
    offers: tuple[tuple[str, Sum], ...]
    reported: int
    expected: int
    state: str
    newest_at: datetime | None

    @property
    def is_incomplete(self) -> bool:
        return self.region is not None and self.region.share.side == INCOMPLETE


@dataclass(frozen=True)
class Choice:
    """A link that changes one thing of the board."""

    key: str
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Asked:
    """What the address asks for, with what it means when nothing is asked."""

    measure: str = ""
    basis: str = ""
    sort: str = "share"

    def url(self, **changes: str) -> str:
        asked = {"measure": self.measure, "basis": self.basis, "sort": self.sort} | changes
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass(frozen=True)
class Board:
    """Everything the national board shows."""

    picture: NationalPicture
    asked: Asked
    figures: list[tiles.Figure]
    rows: tuple[Row, ...]
    nation: Row
    map: maps.Map
    measures: list[Choice]
    bases: list[Choice]
    sorts: dict[str, Choice]
    sides: dict[str, int]
    remarks: list[str]
    strip: dict[str, str]
    missing_url: str
    basis_label: str
    key_text: str
    band_percent: int


def board(picture: NationalPicture, asked: Asked, user: User) -> Board:
    """The board as one person may see it: names of sites only where they may see sites."""
    may_open = user.role_key in policy.TABLE["capacity:region"].roles
    rows = sorted((_region(picture, row, may_open) for row in picture.rows), key=_order(asked.sort))
    sees = _names_for(user)
    return Board(
        picture=picture,
        asked=asked,
        figures=tiles.six(source(picture), places=tiles.places_of_need(regions_in_need(picture))),
        rows=tuple(rows),
        nation=_nation(picture),
        map=maps.draw(picture, asked.measure, {row.code: row.url for row in rows}),
        measures=_measures(picture, asked),
        bases=_bases(picture, asked),
        sorts=_sorts(picture, asked),
        sides={side: _count(picture, side) for side in (ABOVE, WITHIN, BELOW, INCOMPLETE)},
        remarks=remarks(picture, sees),
        strip=_strip(picture),
        missing_url=asked.url(measure="reported", sort="reported"),
        basis_label=f"{picture.basis.label} {picture.cohort}",
        key_text=_key_text(picture),
        band_percent=round(picture.band * 100),
    )


def source(picture: NationalPicture) -> tiles.Source:
    """The country's figures as the tiles take them."""
    return tiles.Source(
        group=picture.group,
        levels=picture.levels,
        cohort=picture.cohort,
        reported=picture.reported,
        expected=picture.expected,
        is_being_asked=picture.is_being_asked,
        day=picture.slot.day,
        compared=picture.compared,
    )


def regions_in_need(picture: NationalPicture) -> int:
    return sum(
        1
        for row in picture.rows
        if any(row.group.totals(level.code).need.value for level in picture.levels)
    )


def _names_for(user: User) -> Callable[[int], bool]:
    return lambda region_id: permissions.sees_site_names(user, region_id)


def _count(picture: NationalPicture, side: str) -> int:
    return sum(1 for row in picture.rows if row.share.side == side)


def _region(picture: NationalPicture, row: RegionRow, may_open: bool) -> Row:
    return Row(
        code=row.code,
        name=row.name,
        url=reverse("capacity:region", kwargs={"region": row.code}) if may_open else "",
        region=row,
        levels=_levels(picture, row),
        load=row.group.totals(picture.basis.code).occ_cohort,
        series=row.series,
        needs=_flows(picture, row, "need"),
        offers=_flows(picture, row, "offer"),
        reported=row.reported,
        expected=row.expected,
        state=_reported_state(picture, row.reported, row.expected),
        newest_at=row.newest_at,
    )


def _nation(picture: NationalPicture) -> Row:
    moments = [row.newest_at for row in picture.rows if row.newest_at]
    return Row(
        code="nederland",
        name=_("Nederland"),
        url="",
        region=None,
        levels=_levels(picture, picture),
        load=picture.group.totals(picture.basis.code).occ_cohort,
        series=picture.series,
        needs=_flows(picture, picture, "need"),
        offers=_flows(picture, picture, "offer"),
        reported=picture.reported,
        expected=picture.expected,
        state=_reported_state(picture, picture.reported, picture.expected),
        newest_at=max(moments, default=None),
    )


def _levels(picture: NationalPicture, row: RegionRow | NationalPicture) -> tuple[LevelCell, ...]:
    """Of intensive care all free beds count for spreading, elsewhere those of the cohort."""
    cells = []
    for level in picture.levels:
        totals = row.group.totals(level.code)
        cells.append(
            LevelCell(
                level=level,
                label=level.label if level.needs_icu else f"{level.label} {picture.cohort}",
                has_meter=level.needs_icu,
                opened=totals.open.value,
                occupied=totals.occupied.value,
                reserve=totals.reserve.value,
                held=totals.held.value,
                free=totals.free if level.needs_icu else totals.cohort_free,
            )
        )
    return tuple(cells)


def _flows(
    picture: NationalPicture, row: RegionRow | NationalPicture, flow: str
) -> tuple[tuple[str, Sum], ...]:
    return tuple(
        (level.label, getattr(row.group.totals(level.code), flow)) for level in picture.levels
    )


def _reported_state(picture: NationalPicture, reported: int, expected: int) -> str:
    if reported == expected:
        return "fresh"
    return "waiting" if picture.is_being_asked else "late"


def _order(sort: str) -> Callable[[Row], Any]:
    """Highest load first unless asked otherwise; what is unknown comes last."""
    if sort == "name":
        return lambda row: row.name
    if sort == "reported":
        return lambda row: (row.reported - row.expected, row.name)
    level = sort.removeprefix("free-")
    return lambda row: (_sort_value(row, level), row.name)


def _sort_value(row: Row, level: str) -> float:
    for cell in row.levels:
        if cell.level.code == level:
            return cell.free.value if cell.free.value is not None else float("inf")
    fraction = row.region.share.fraction if row.region else None
    return float("inf") if fraction is None else -fraction


def _measures(picture: NationalPicture, asked: Asked) -> list[Choice]:
    words = [("", _("Afwijking"))]
    words += [
        (f"free-{level.code}", _("%(level)s vrij") % {"level": level.label})
        for level in picture.levels
    ]
    words.append(("reported", _("Gemeld")))
    current = asked.measure if asked.measure in dict(words) else ""
    return [Choice(key, label, asked.url(measure=key), key == current) for key, label in words]


def _bases(picture: NationalPicture, asked: Asked) -> list[Choice]:
    ordered = sorted(picture.levels, key=lambda level: level.code != picture.basis.code)
    return [
        Choice(
            level.code,
            f"{level.label} {picture.cohort}",
            asked.url(basis=level.code),
            level.code == picture.basis.code,
        )
        for level in ordered
    ]


def _sorts(picture: NationalPicture, asked: Asked) -> dict[str, Choice]:
    keys = ["name", "share", "reported", *(f"free-{level.code}" for level in picture.levels)]
    current = asked.sort if asked.sort in keys else "share"
    return {key: Choice(key, "", asked.url(sort=key), key == current) for key in keys}


def _strip(picture: NationalPicture) -> dict[str, str]:
    """What makes the totals a lower bound; empty while nobody is late or when all are there."""
    if picture.is_being_asked or not picture.silent:
        return {}
    incomplete = [row.name for row in picture.rows if row.share.side == INCOMPLETE]
    label = (
        _("%(count)s locaties niet gemeld") if picture.silent > 1 else _("1 locatie niet gemeld")
    )
    label %= {"count": picture.silent}
    if incomplete:
        label += ", " + _("%(names)s onvolledig") % {"names": _listed(incomplete)}
    return {"label": label, "text": _("Het vrije aantal in Nederland is daarom een ondergrens.")}


def _listed(names: Sequence[str], most: int = 3) -> str:
    if len(names) <= most:
        return ", ".join(names)
    return _("%(count)s regio’s") % {"count": len(names)}


def _key_text(picture: NationalPicture) -> str:
    if picture.key is None:
        return _("Er geldt geen verdeelsleutel; de afwijking is onbekend.")
    return _("Verdeelsleutel: %(decision)s, geldig vanaf %(day)s") % {
        "decision": picture.key.decision,
        "day": formats.date_format(picture.key.valid_from, "j F Y"),
    }
