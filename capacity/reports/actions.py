"""Filing a report, and keeping what was typed until it is filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from capacity.beds import actions as beds
from capacity.deadlines import letters
from capacity.deadlines.models import ReportingSlot
from capacity.reports import labels, selectors, statements, wording
from capacity.reports.entry import COUNTS, OnBehalf, Reason, ReportEntry
from capacity.reports.figures import derive
from capacity.reports.models import (
    CapacityReport,
    IntakeStop,
    ReportDraft,
    ReportLine,
    ReportReason,
    Source,
)
from capacity.reports.plausibility import Finding, Severity
from capacity.reports.selectors import CORRECTABLE_DAYS, Filed, Situation
from communications.logbook import actions as logbook
from communications.post import actions as post
from regions.people import permissions, scopes
from regions.people import selectors as people
from regions.people.models import User
from regions.places.models import Site


@dataclass(frozen=True)
class Filing:
    """What somebody files, before it is judged."""

    site: Site
    slot: ReportingSlot
    entry: ReportEntry
    by: User
    submission: UUID
    source: str
    based_on: int | None
    on_behalf: OnBehalf | None
    reasons: Mapping[str, Reason]

    @property
    def is_own(self) -> bool:
        """The site itself files, not its region."""
        return permissions.is_of_site(self.by, self.site)


class ReportRefused(ValidationError):
    """Figures that cannot be right, or that ask a reason; all at once, by path."""

    def __init__(self, findings: Sequence[Finding], names: labels.Names) -> None:
        self.findings = tuple(findings)
        errors: dict[str, list[ValidationError]] = {}
        for found in findings:
            text = wording.away_from_form(found, names)
            errors.setdefault(found.field, []).append(ValidationError(text, code=found.code))
        super().__init__(errors)


class LostUpdate(ValidationError):
    """Somebody filed while this was being typed; `newer` is what stands now."""

    def __init__(self, newer: Filed, said: str = "") -> None:
        self.newer = newer
        said = said or _(
            "Intussen heeft %(who)s aangeleverd (versie %(version)s). Kies per cijfer wat klopt."
        )
        facts = {"who": newer.report.by_name, "version": newer.report.version}
        super().__init__(said % facts, code="lost_update")


def file_report(
    *,
    site: Site,
    slot: ReportingSlot,
    entry: ReportEntry,
    by: User,
    now: datetime,
    submission: UUID,
    source: str = Source.MANUAL,
    based_on: int | None = None,
    on_behalf: OnBehalf | None = None,
    reasons: Mapping[str, Reason] | None = None,
) -> CapacityReport:
    """File a site's answer to a call; a further one for the same call is a new version.

    `based_on` is the report the figures were typed upon (None when there was none), `reasons` answer
    warnings by the path of their figure. The same `submission` twice gives the first report again, unless
    it says something else.

    Raises PermissionDenied, ReportRefused, LostUpdate, and ValidationError with code call_closed or
    submission_reused.
    """
    filing = Filing(site, slot, entry, by, submission, source, based_on, on_behalf, reasons or {})
    try:
        return _file(filing, now)
    except IntegrityError as error:
        if "submission" not in str(error):
            raise
        text = _("Dit formulier is al eens voor iets anders ingediend. Open het opnieuw.")
        raise ValidationError(text, code="submission_reused") from error


@transaction.atomic
def _file(filing: Filing, now: datetime) -> CapacityReport:
    site, slot = filing.site, filing.slot
    levels = selectors.levels_of(site)
    # Reports of one site stand in line here, before anything is read that they depend on.
    pools = beds.lock_pools(site, levels=[level.code for level in levels])
    if not permissions.may_report(filing.by, site):
        raise PermissionDenied
    situation = selectors.situation(site, slot, now=now, levels=levels)
    kept = situation.kept_reasons(situation.check(filing.entry, now=now), now=now)
    filing = replace(filing, reasons={**kept, **filing.reasons})
    if situation.current and situation.current.report.pk != filing.based_on:
        return _sent_before(filing, situation, situation.current)
    if not slot.opens_at <= now < slot.hospital_due_at + timedelta(days=CORRECTABLE_DAYS):
        raise ValidationError(_("Deze uitvraag is gesloten."), code="call_closed")
    warnings = _weigh(filing, situation, now)

    report = _write(filing, situation, now)
    _write_lines(report, situation, filing.entry)
    _write_reasons(report, warnings, filing.reasons)
    if not situation.has_later:
        _write_stops(site, filing.entry, now)
    beds.refresh_pools(report=report, now=now, locked=pools.values(), settings=situation.settings)
    _tell(report, filing, now)
    letters.close_for_report(slot, site, is_newest=not situation.has_later, now=now)
    return report


def _sent_before(filing: Filing, situation: Situation, current: Filed) -> CapacityReport:
    """The report this very form made before.

    Raises LostUpdate when it made none, for then somebody else filed meanwhile, and when it says
    something else now.
    """
    made = CapacityReport.objects.filter(
        submission=filing.submission, site=filing.site, slot=filing.slot
    ).first()
    if made is None:
        raise LostUpdate(current)
    if not _says(made, filing, situation):
        said = _(
            "Dit formulier is al ingediend; versie %(version)s van %(who)s staat er nu. Wat u daarna "
            "wijzigde is niet ingediend. Kies per cijfer wat klopt en dien een nieuw formulier in."
        )
        raise LostUpdate(current, said)
    return made


def _says(made: CapacityReport, filing: Filing, situation: Situation) -> bool:
    """Whether this is what was filed."""
    entry, spoken = filing.entry, None if filing.is_own else filing.on_behalf
    stored = selectors.entry_of(made, made.lines.all())
    unasked = {f"{level.code}.reserve": 0 for level in situation.levels if not level.has_reserve}
    given = entry.figures() | {p: n for p, n in unasked.items() if entry.figures().get(p) is None}
    reasons = {each.field: (each.code, each.text) for each in made.reasons.all()}
    told = {path: (why.code, why.text.strip()) for path, why in filing.reasons.items()}
    return (
        (entry.measured_at, entry.remark, given)
        == (stored.measured_at, stored.remark, stored.figures())
        and reasons.items() <= told.items()
        and (made.spoken_with, made.spoken_at)
        == ((spoken.spoken_with.strip(), spoken.spoken_at) if spoken else ("", None))
        and (not made.is_current or situation.has_later or _stops_stand(filing))
    )


def _stops_stand(filing: Filing) -> bool:
    stand = {(s.target, s.why, s.expected_end) for s in selectors.open_stops(filing.site)}
    return stand == {(s.target, s.why, s.until) for s in filing.entry.stops}


def _weigh(filing: Filing, situation: Situation, now: datetime) -> list[Finding]:
    """The warnings, each of them answered with a reason.

    Raises ReportRefused with every error and every warning without a good reason.
    """
    found = situation.check(filing.entry, now=now)
    warnings = [f for f in found if f.severity is Severity.WARNING]
    wrong = [f for f in found if f.severity is Severity.ERROR]
    wrong += statements.stop_errors(filing.entry)
    if not filing.is_own:
        wrong += statements.spoken_errors(filing.on_behalf, now=now)
    errors = [statements.reason_error(w, filing.reasons.get(w.field)) for w in warnings]
    wrong += [error for error in errors if error]
    if wrong:
        raise ReportRefused(wrong, situation.names)
    return warnings


def _write(filing: Filing, situation: Situation, now: datetime) -> CapacityReport:
    """The report itself: version 1, or the one after the current."""
    entry, before = filing.entry, situation.current
    spoken = None if filing.is_own else filing.on_behalf
    if before:
        CapacityReport.objects.filter(pk=before.report.pk).update(is_current=False)
    assert entry.measured_at is not None, "plausibility asks for the moment"
    return CapacityReport.objects.create(
        site=filing.site,
        region_id=before.report.region_id if before else filing.site.region_id,
        slot=filing.slot,
        version=before.report.version + 1 if before else 1,
        measured_at=entry.measured_at,
        received_at=now,
        first_received_at=before.report.first_received_at if before else now,
        source=filing.source,
        by=filing.by,
        by_name=str(filing.by)[:150],
        submission=filing.submission,
        spoken_with=spoken.spoken_with.strip() if spoken else "",
        spoken_at=spoken.spoken_at if spoken else None,
        remark=entry.remark,
        **dict(entry.extras.items()),
    )


def _write_lines(report: CapacityReport, situation: Situation, entry: ReportEntry) -> None:
    rows = []
    for level in situation.levels:
        line = entry.line(level.code)
        assert line is not None, "plausibility asks for every level"
        counts = {name: line.count(name) for name in COUNTS}
        if not level.has_reserve:
            counts["reserve"] = counts["reserve"] or 0
        rows.append(ReportLine(report=report, level=level, **counts))
    ReportLine.objects.bulk_create(rows)


def _write_reasons(
    report: CapacityReport, warnings: Sequence[Finding], reasons: Mapping[str, Reason]
) -> None:
    if not warnings:
        return
    ReportReason.objects.bulk_create(
        [
            ReportReason(
                report=report,
                field=each.field,
                warning=each.code,
                code=reasons[each.field].code,
                text=reasons[each.field].text.strip(),
            )
            for each in warnings
        ]
    )


def _write_stops(site: Site, entry: ReportEntry, now: datetime) -> None:
    """Stops become what the report says: those it does not name are over."""
    told = {stop.target: stop for stop in entry.stops}
    for stop in selectors.open_stops(site):
        again = told.pop(stop.target, None)
        if again is None or stop.expected_end <= now:
            # One whose time was over has ended then; said again it is a new one.
            stop.ended_at = min(now, stop.expected_end)
            stop.save(update_fields=["ended_at"])
            if again:
                told[again.target] = again
        elif again.until and (stop.why, stop.expected_end) != (again.why, again.until):
            stop.why, stop.expected_end = again.why, again.until
            stop.save(update_fields=["why", "expected_end"])
    if told:
        IntakeStop.objects.bulk_create(
            [
                IntakeStop(
                    site=site, target=s.target, why=s.why, started_at=now, expected_end=s.until
                )
                for s in told.values()
                if s.until
            ]
        )


@override("nl")
def _tell(report: CapacityReport, filing: Filing, now: datetime) -> None:
    site, day = report.site, date_format(report.slot.day, "j F Y")
    free = {line.level: own.free for line in filing.entry.lines if (own := derive(line))}
    logbook.record(
        "capacity_report.file" if filing.is_own else "capacity_report.file_on_behalf",
        sentence=f"Capaciteit van {site} voor {day} aangeleverd, versie {report.version}",
        about=("site", site.code),
        by=filing.by,
        at=now,
        regions=[site.region.code],
        detail={"report": report.pk, "version": report.version, "free": free},
    )
    if not filing.is_own:
        post.queue(
            "report_on_behalf",
            event=f"on-behalf:{report.pk}",
            to=people.holders(*scopes.REPORTERS, site=site),
            variables={
                "site": site.name,
                "region": site.region.name,
                "day": day,
                "names": report.spoken_with,
                "due": wording.moment(report.spoken_at or now),
            },
            link=reverse("capacity:site", kwargs={"site": site.code}),
            at=now,
        )
    post.announce("capacity")


@transaction.atomic
def save_draft(
    *, site: Site, slot: ReportingSlot, values: Mapping[str, str], by: User, now: datetime
) -> ReportDraft:
    """Keep what somebody typed, as typed; nobody else sees it and nothing is counted from it."""
    if not permissions.may_report(by, site):
        raise PermissionDenied
    draft, _made = ReportDraft.objects.update_or_create(
        user=by, site=site, slot=slot, defaults={"values": dict(values), "saved_at": now}
    )
    return draft


@transaction.atomic
def drop_draft(*, site: Site, slot: ReportingSlot, by: User) -> None:
    """Forget what somebody typed, because they leave what was filed as it is."""
    ReportDraft.objects.filter(user=by, site=site, slot=slot).delete()
