"""A region's table in cells: what stands in each, what changed, and which reason goes with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capacity.picture.selectors import RegionPicture, SiteRow
from capacity.picture.totals import Figures, Totals
from capacity.reports.models import CareLevel, ReportReason

# A change stands out from this many beds and this part of yesterday's figure; of free beds always.
NOTABLE_BEDS = 4
NOTABLE_PART = 0.05
FREE = ("free", "cohort_free")

SHOW = {
    "all": gettext_lazy("Alle"),
    "attention": gettext_lazy("Aandacht"),
    "missing": gettext_lazy("Ontbreekt"),
}
CHANGES = {
    "notable": gettext_lazy("Verschil: opvallend"),
    "all": gettext_lazy("alles"),
    "none": gettext_lazy("uit"),
}


@dataclass(frozen=True)
class Column:
    """One figure of one level."""

    level: CareLevel
    figure: str
    label: str
    name: str
    is_edge: bool = False

    @property
    def is_free(self) -> bool:
        return self.figure in FREE

    @property
    def is_always_shown(self) -> bool:
        """On a phone only what is free and what must be placed; the rest stands on the site's page."""
        return self.is_free or self.figure == "need"


@dataclass(frozen=True)
class Heading:
    """A group of columns."""

    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Cell:
    """A figure with its change; None is unknown, unless the site does not have this level."""

    column: Column
    value: int | None
    change: int | None = None
    reason: str = ""
    is_absent: bool = False
    is_complete: bool = True


@dataclass(frozen=True)
class Line:
    """One site in the table."""

    row: SiteRow
    cells: tuple[Cell, ...]
    is_mine: bool


@dataclass(frozen=True)
class Grid:
    """The table: its columns, its lines, and the totals under them."""

    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    totals: tuple[Cell, ...]
    before: tuple[Cell, ...]
    differences: tuple[Cell, ...]
    counts: dict[str, int]
    held: tuple[tuple[CareLevel, int, int | None], ...]
    reasons: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for heading in self.headings for column in heading.columns)


def headings(picture: RegionPicture) -> tuple[Heading, ...]:
    """Stock per level, then what must be placed and what is offered."""
    stock = [Heading(level.label, _stock(level, picture.cohort)) for level in picture.levels]
    flows = [
        Heading(label, _flow(picture.levels, flow, label))
        for flow, label in (("need", _("Te plaatsen")), ("offer", _("Aanbod")))
    ]
    return (*stock, *flows)


def _stock(level: CareLevel, cohort: str) -> tuple[Column, ...]:
    """Of intensive care all free beds count for spreading, elsewhere those of the cohort."""
    words = [
        ("open_cohort", _("Open %(cohort)s") % {"cohort": cohort}),
        ("open_other", _("Open overig")),
        ("reserve", "BOSS") if level.has_reserve else None,
        ("occ_cohort", _("Bezet %(cohort)s") % {"cohort": cohort}),
        ("occ_other", _("Bezet overig")),
        ("free", _("Vrij"))
        if level.needs_icu
        else ("cohort_free", _("Vrij %(cohort)s") % {"cohort": cohort}),
        ("new", _("Nieuw 24 u")),
    ]
    return tuple(
        Column(level, figure, label, f"{level.label} {_inside(label)}", is_edge=figure == "new")
        for figure, label in filter(None, words)
    )


def _inside(label: str) -> str:
    """A label within a sentence: "open COVID", "BOSS"."""
    return label if label.isupper() else label[0].lower() + label[1:]


def _flow(levels: Sequence[CareLevel], flow: str, label: str) -> tuple[Column, ...]:
    last = levels[-1]
    return tuple(
        Column(level, flow, level.label, f"{label} {level.label}", is_edge=level is last)
        for level in levels
    )


def grid(
    picture: RegionPicture, *, own_site: int | None, sees_sites: bool, show: str, changes: str
) -> Grid:
    """The table for one reader: every site, or only their own, with the region's totals."""
    groups = headings(picture)
    columns = [column for heading in groups for column in heading.columns]
    readable = [row for row in picture.rows if sees_sites or row.place.id == own_site]
    shown = [row for row in readable if _is_shown(row, show)]
    totals = {level.code: picture.group.totals(level.code) for level in picture.levels}
    before = {level.code: picture.group.totals_before(level.code) for level in picture.levels}
    return Grid(
        headings=groups,
        lines=tuple(
            Line(
                row,
                tuple(_cell(row, column, changes) for column in columns),
                row.place.id == own_site,
            )
            for row in shown
        ),
        totals=tuple(_total(totals, column) for column in columns),
        before=tuple(_total(before, column) for column in columns),
        differences=tuple(_difference(picture, column) for column in columns),
        counts={key: sum(1 for row in readable if _is_shown(row, key)) for key in SHOW},
        held=tuple(
            (level, totals[level.code].held.value or 0, _usable(totals[level.code], level))
            for level in picture.levels
            if totals[level.code].held.value
        ),
        reasons=tuple(_reasons(readable, columns)),
    )


def _usable(totals: Totals, level: CareLevel) -> int | None:
    return (totals.free if level.needs_icu else totals.cohort_free).value


def _is_shown(row: SiteRow, show: str) -> bool:
    if show == "missing":
        return row.answer is None
    if show == "attention":
        overfull = any(said is not None and said.counted_free < 0 for said in row.figures.values())
        stands_out = row.state in ("silent", "late", "carried") or overfull
        return stands_out or bool(row.stops) or bool(row.reasons)
    return True


# In the table a site's free beds are as it counted them: the columns before it must add up.
COUNTED = {"free": "counted_free", "cohort_free": "counted_cohort_free"}


def _cell(row: SiteRow, column: Column, changes: str) -> Cell:
    code = column.level.code
    if code not in row.figures:
        return Cell(column, None, is_absent=True)
    said, then = row.figures[code], row.before.get(code)
    value = _value(said, column)
    change = _shown_change(value, _value(then, column), column, changes)
    return Cell(column, value, change, reason=_reason_at(row, column))


# What a report calls a figure, where the table calls it otherwise. Occupied over open shows in free.
REPORTED_AS = {
    "occ_cohort": ("occ_confirmed",),
    "occ_other": ("occ_other", "occ_delabelled"),
    "new": ("new_24h",),
    "free": ("occupied",),
    "cohort_free": ("occupied",),
}


def _fields(column: Column) -> list[str]:
    names = REPORTED_AS.get(column.figure, (column.figure,))
    return [f"{column.level.code}.{name}" for name in names]


def _reason_at(row: SiteRow, column: Column) -> str:
    fields = _fields(column)
    return "; ".join(_reason_text(one) for one in row.reasons if one.field in fields)


def _reason_text(reason: ReportReason) -> str:
    return reason.text or str(reason.get_code_display()).lower()


def _reasons(rows: Iterable[SiteRow], columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    """Under the table: which figure, and why it is right."""
    names = {field: column.name for column in columns for field in _fields(column)}
    for row in rows:
        for reason in row.reasons:
            name = names.get(reason.field, _("aanlevering"))
            yield f"{row.place.short_name}, {name}", _reason_text(reason)


def _value(said: Figures | None, column: Column) -> int | None:
    if said is None:
        return None
    value: int | None = getattr(said, COUNTED.get(column.figure, column.figure))
    return value


def _shown_change(now: int | None, then: int | None, column: Column, changes: str) -> int | None:
    if now is None or then is None or now == then or changes == "none":
        return None
    change = now - then
    notable = abs(change) >= NOTABLE_BEDS and abs(change) >= NOTABLE_PART * then
    return change if changes == "all" or column.is_free or notable else None


def _total(totals: dict[str, Totals], column: Column) -> Cell:
    found = getattr(totals[column.level.code], COUNTED.get(column.figure, column.figure))
    return Cell(column, found.value, is_complete=found.is_complete)


def _difference(picture: RegionPicture, column: Column) -> Cell:
    figure = COUNTED.get(column.figure, column.figure)
    found = picture.group.change(column.level.code, figure)
    return Cell(column, found.value if found else None)
