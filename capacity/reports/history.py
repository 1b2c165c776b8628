"""What a site said before: the versions of its newest report, and its fortnight day by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Prefetch

from capacity.reports.entry import ReportEntry
from capacity.reports.figures import Derived, derive, differences
from capacity.reports.labels import Names, in_words
from capacity.reports.models import CapacityReport, CareLevel, ReportLine, ReportReason
from capacity.reports.selectors import FORTNIGHT, Filed, entry_of, read_back
from regions.places.models import Site


@dataclass(frozen=True)
class Change:
    """One figure that differs, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """One version of a report, what changed with it, and why."""

    report: CapacityReport
    entry: ReportEntry
    changes: Sequence[Change]
    reasons: Sequence[tuple[str, ReportReason]]
    is_late: bool

    @property
    def promised(self) -> list[str]:
        """The care levels of which a request was said to follow."""
        follows = ReportReason.Code.REQUEST_FOLLOWS
        return [
            reason.field.partition(".")[0] for _, reason in self.reasons if reason.code == follows
        ]


@dataclass(frozen=True)
class Day:
    """One call of the fortnight, with the derived figures per level; None where nothing was filed."""

    report: CapacityReport
    levels: Sequence[Derived | None]
    is_late: bool


@dataclass(frozen=True)
class Line:
    """The fortnight of one level as a line of free beds, and of occupied beds; oldest first."""

    level: CareLevel
    free: Sequence[int | None]
    occupied: Sequence[int | None]


def versions(filed: Sequence[Filed], *, names: Names) -> list[Version]:
    """The versions of the newest report, newest first, each compared with the one before it.

    `filed` are current reports, newest first, as `fortnight` gives them.
    """
    if not filed:
        return []
    newest = filed[0].report
    reports = list(
        CapacityReport.objects.filter(site=newest.site_id, slot=newest.slot_id)
        .select_related("slot")
        .prefetch_related(Prefetch("lines", ReportLine.objects.order_by("level_id")), "reasons")
        .order_by("-version")
    )
    before = filed[1] if len(filed) > 1 else None
    chain = [*(Filed(report, entry_of(report, report.lines.all())) for report in reports), before]
    return [_version(own, older, names=names) for own, older in pairwise(chain) if own]


def _version(own: Filed, older: Filed | None, *, names: Names) -> Version:
    report = own.report
    return Version(
        report=report,
        entry=own.entry,
        changes=changes(older.entry, own.entry, names) if older else [],
        reasons=[(names.full(reason.field), reason) for reason in report.reasons.all()],
        is_late=report.is_late,
    )


def changes(before: ReportEntry, after: ReportEntry, names: Names) -> list[Change]:
    """The figures that differ, in words, in the order of the form."""
    return [
        Change(names.full(each.path), in_words(each.before), in_words(each.after))
        for each in differences(before, after)
    ]


def fortnight(site: Site, *, now: datetime) -> list[Filed]:
    """The current reports of the last fourteen days, newest first."""
    lines = (
        ReportLine.objects.filter(
            report__site=site,
            report__is_current=True,
            report__slot__opens_at__lte=now,
            report__slot__hospital_due_at__gt=now - FORTNIGHT,
        )
        .select_related("report__slot")
        .order_by("-report__slot__hospital_due_at", "level_id")
    )
    return read_back(lines)


def days(filed: Iterable[Filed], levels: Sequence[CareLevel]) -> list[Day]:
    return [
        Day(
            report=each.report,
            levels=[
                derive(line) if (line := each.entry.line(level.code)) else None for level in levels
            ],
            is_late=each.report.is_late,
        )
        for each in filed
    ]


def lines_of(days: Sequence[Day], levels: Sequence[CareLevel]) -> list[Line]:
    """The same days as lines to draw, oldest first."""
    return [
        Line(
            level=level,
            free=[d.levels[place].free if d.levels[place] else None for d in reversed(days)],
            occupied=[
                d.levels[place].occupied if d.levels[place] else None for d in reversed(days)
            ],
        )
        for place, level in enumerate(levels)
    ]
