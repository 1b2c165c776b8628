"""What follows from the figures and is never typed (C2). Pure: no Django.

free = open - occupied - reserve. The reserve counts in other; delabelled patients lie in other; a
figure below 0 is overfull and is not clipped.
"""

from dataclasses import dataclass
from decimal import Decimal

from capacity.reports.entry import LineEntry, ReportEntry


@dataclass(frozen=True, slots=True)
class Derived:
    """Beds of one care level; cohort and other add up to the whole."""

    open: int
    occupied: int
    reserve: int
    free_cohort: int
    free_other: int

    @property
    def free(self) -> int:
        return self.free_cohort + self.free_other

    @property
    def is_overfull(self) -> bool:
        return self.free < 0


def derive(line: LineEntry) -> Derived | None:
    """The derived figures, or None while a figure they need is not filled in."""
    needed = (line.open_cohort, line.open_other, line.occ_confirmed, line.occ_other, line.reserve)
    if None in needed:
        return None
    open_cohort, open_other, confirmed, other, reserve = (count or 0 for count in needed)
    # Blank is "counted in other" (C1), so nothing is added for it.
    delabelled = line.occ_delabelled or 0
    return Derived(
        open=open_cohort + open_other,
        occupied=confirmed + other + delabelled,
        reserve=reserve,
        free_cohort=open_cohort - confirmed,
        free_other=open_other - other - delabelled - reserve,
    )


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """One figure that differs between two reports, by its path; None is not filled in."""

    path: str
    before: int | Decimal | None
    after: int | Decimal | None


def differences(before: ReportEntry, after: ReportEntry) -> list[FigureDifference]:
    """The figures that differ, in the order of the form."""
    old, new = before.figures(), after.figures()
    paths = list(new) + [path for path in old if path not in new]
    return [
        FigureDifference(path, old.get(path), new.get(path))
        for path in paths
        if old.get(path) != new.get(path)
    ]
