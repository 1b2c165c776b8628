"""Reads of reports: what a call asks of a site, what the site said before, and its fortnight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from capacity.beds import selectors as beds
from capacity.deadlines.models import ReportingSlot
from capacity.reports import plausibility
from capacity.reports.entry import REPORT, Extras, LineEntry, Reason, ReportEntry
from capacity.reports.labels import Names
from capacity.reports.models import (
    CapacityReport,
    CareLevel,
    IntakeStop,
    ReportDraft,
    ReportLine,
    ReportReason,
)
from capacity.reports.plausibility import AskedCall, Earlier, Finding, Level, Limits
from regions.people import scopes
from regions.people.models import User
from regions.phases import selectors as phases
from regions.phases.models import Cadence
from regions.places.models import Site

# The current report, and three before it: more than the rules compare.
REPORTS_COMPARED = 4
FORTNIGHT = timedelta(days=14)
CORRECTABLE_DAYS = 7
# After so many unanswered calls nobody knows any more that nothing changed.
MOST_MISSED = 2


@dataclass(frozen=True)
class Filed:
    """A report that was filed, with its figures."""

    report: CapacityReport
    entry: ReportEntry


@dataclass(frozen=True)
class Situation:
    """What a call asks of a site, and what the site said before.

    `current` is the newest version of the answer to this call, `given` its reasons by figure and warning,
    `earlier` the answers to calls before it, newest first; `has_later` says that a later call was answered
    already. `requests` counts by level the patients for whom a transfer request runs now; None at an older
    call, whose moment is over.
    """

    site: Site
    slot: ReportingSlot
    levels: tuple[CareLevel, ...]
    settings: Mapping[str, Any]
    current: Filed | None
    earlier: tuple[Filed, ...]
    has_later: bool
    requests: Mapping[str, int] | None
    given: Mapping[tuple[str, str], Reason] = field(default_factory=dict)

    @property
    def names(self) -> Names:
        return Names.of(self.settings["cohort.name"], self.levels)

    @property
    def call(self) -> AskedCall:
        groups = frozenset(self.slot.phase.field_groups)
        return AskedCall(
            opens_at=self.slot.opens_at,
            is_short=self.slot.fields == "short",
            phase_order=self.slot.phase.order,
            groups=groups,
            # From phase 2 on; the same phases that ask for equipment.
            expects_reserve="equipment" in groups,
        )

    def check(
        self, entry: ReportEntry, *, now: datetime, unreadable: Iterable[str] = ()
    ) -> list[Finding]:
        """What is wrong with figures or asks a reason."""
        return plausibility.check(
            entry,
            levels=rules_of(self.levels),
            call=self.call,
            earlier=[Earlier(f.entry, f.report.slot.phase.order) for f in self.earlier],
            now=now,
            requests=self.requests,
            limits=Limits(
                self.settings["report.change_percent"], self.settings["report.change_beds"]
            ),
            unreadable=frozenset(unreadable),
            is_correction=self.current is not None,
        )

    def kept_reasons(self, found: Iterable[Finding], *, now: datetime) -> dict[str, Reason]:
        """Reasons of the version before for what it warned of in the same words, by figure.

        Why a report is corrected is asked each time.
        """
        if self.current is None or not self.given:
            return {}
        before = self.check(self.current.entry, now=now)
        kept: dict[str, Reason] = {}
        changed = {REPORT}
        for each in found:
            reason = self.given.get((each.field, each.code))
            if reason and each in before:
                kept[each.field] = reason
            elif each.severity is plausibility.Severity.WARNING:
                changed.add(each.field)
        return {path: reason for path, reason in kept.items() if path not in changed}


def visible_sites(user: User) -> QuerySet[Site]:
    """Sites whose capacity this person may see in detail."""
    return Site.objects.filter(scopes.site_filter(user, site="", region="region")).select_related(
        "region"
    )


def levels_of(site: Site) -> tuple[CareLevel, ...]:
    """The care levels a site is asked about, in order."""
    levels = CareLevel.objects.all()
    return tuple(levels if site.has_icu else levels.filter(needs_icu=False))


def rules_of(levels: Iterable[CareLevel]) -> list[Level]:
    return [
        Level(level.code, level.most_beds, level.has_reserve, level.needs_icu) for level in levels
    ]


def calls() -> QuerySet[ReportingSlot]:
    """Calls with their phase, and on which days that phase asks (for beds.actions.cadence_days)."""
    days = Cadence.objects.filter(phase=OuterRef("phase")).values("days")[:1]
    return ReportingSlot.objects.select_related("phase").annotate(cadence_days=Subquery(days))


def call_for(now: datetime, number: int | None = None) -> ReportingSlot | None:
    """The call that is on, or the one asked for when it has opened and can still be answered."""
    opened = calls().filter(opens_at__lte=now)
    if number is None:
        return opened.order_by("-opens_at").first()
    return opened.filter(
        pk=number, hospital_due_at__gt=now - timedelta(days=CORRECTABLE_DAYS)
    ).first()


def situation(
    site: Site,
    slot: ReportingSlot,
    *,
    now: datetime,
    levels: tuple[CareLevel, ...] | None = None,
) -> Situation:
    """What a call asks of a site and what the site said before, in four queries.

    `levels` are those of the site when the caller has them.
    """
    if levels is None:
        levels = levels_of(site)
    lines = (
        ReportLine.objects.filter(report__site=site, report__is_current=True)
        .select_related("report__slot__phase")
        .order_by("-report__slot__hospital_due_at", "level_id")
    )
    is_older = slot.hospital_due_at < now - timedelta(days=1)
    if is_older:
        # An older call is corrected: what came long after it does not matter.
        lines = lines.filter(
            report__slot__hospital_due_at__lte=slot.hospital_due_at + timedelta(days=1)
        )
    filed = read_back(lines[: max(len(levels), 1) * REPORTS_COMPARED])
    due = slot.hospital_due_at
    current = next((f for f in filed if f.report.slot_id == slot.pk), None)
    return Situation(
        site=site,
        slot=slot,
        levels=levels,
        settings=phases.settings_at("", now),
        current=current,
        earlier=tuple(f for f in filed if f.report.slot.hospital_due_at < due),
        has_later=any(f.report.slot.hospital_due_at > due for f in filed),
        requests=None if is_older else beds.open_requests(site),
        given=reasons_of(current.report) if current else {},
    )


def reasons_of(report: CapacityReport) -> dict[tuple[str, str], Reason]:
    """The reasons a report gave, by figure and warning."""
    found = ReportReason.objects.filter(report=report)
    return {(r.field, r.warning): Reason(r.code, r.text) for r in found}


def asked_only(site: Site, slot: ReportingSlot) -> Situation:
    """What a call asks of a site, without what it said before: enough to read a form."""
    return Situation(
        site=site,
        slot=slot,
        levels=levels_of(site),
        settings={},
        current=None,
        earlier=(),
        has_later=False,
        requests=None,
    )


def names_at(now: datetime, levels: tuple[CareLevel, ...]) -> Names:
    """The words that are data at a moment."""
    return Names.of(phases.setting_at("cohort.name", now), levels)


def read_back(lines: Iterable[ReportLine]) -> list[Filed]:
    """Reports from their lines, which stand together per report."""
    return [
        Filed(report, entry_of(report, list(own)))
        for report, own in groupby(lines, key=lambda line: line.report)
    ]


def entry_of(report: CapacityReport, lines: Iterable[ReportLine]) -> ReportEntry:
    """The figures of a report as they were filed."""
    names = [each.name for each in fields(LineEntry) if each.name != "level"]
    return ReportEntry(
        measured_at=report.measured_at,
        lines=tuple(
            LineEntry(line.level_id, **{name: getattr(line, name) for name in names})
            for line in sorted(lines, key=lambda line: line.level_id)
        ),
        extras=Extras(**{each.name: getattr(report, each.name) for each in fields(Extras)}),
        remark=report.remark,
    )


def open_stops(site: Site) -> list[IntakeStop]:
    """Stops that nobody has ended yet, also those whose time is over: they are asked again."""
    return list(IntakeStop.objects.filter(site=site, ended_at=None))


def calls_missed(earlier: Filed, slot: ReportingSlot) -> int:
    """How many calls between an earlier report and this one went unanswered."""
    return ReportingSlot.objects.filter(
        hospital_due_at__gt=earlier.report.slot.hospital_due_at,
        hospital_due_at__lt=slot.hospital_due_at,
    ).count()


def why_not_unchanged(situation: Situation) -> str:
    """Why yesterday's figures may not be confirmed as they are (C6); empty when they may."""
    if not situation.earlier:
        return "first"
    before = situation.earlier[0].report
    if before.slot.phase_id != situation.slot.phase_id:
        return "phase"
    return "missed" if calls_missed(situation.earlier[0], situation.slot) >= MOST_MISSED else ""


def draft_of(user: User, *, site: Site, slot: ReportingSlot) -> ReportDraft | None:
    return ReportDraft.objects.filter(user=user, site=site, slot=slot).first()
