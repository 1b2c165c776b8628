"""Every write to free beds: hold, release, come and go, and the recount after a report (docs/adr/0005).

A bed is taken by one conditional statement. Everything else locks the pool, writes a fact (a hold, a
movement, a report) and counts the pool again from the facts, so that a pool can never drift.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from capacity.beds import staleness
from capacity.beds.models import BedPool, Hold, Movement, OpenRequests
from capacity.deadlines.calendar import is_working_day
from capacity.deadlines.free_days import public_holidays
from capacity.deadlines.models import ReportingSlot
from capacity.reports.models import CapacityReport, CareLevel
from communications.post import actions as post
from regions.people import selectors as people
from regions.phases import selectors as phases
from regions.places.models import Site

log = logging.getLogger("lcps.capacity")

# The desks that hear of a conflict between a report and the beds that were promised.
DESK = ("lcps_coordinator",)

RECOUNT = """
WITH newest AS (
    SELECT DISTINCT ON (line.level_id)
        line.level_id, line.id AS line_id, line.free_beds, report.id AS report_id, report.measured_at
    FROM capacity_reportline line
    JOIN capacity_capacityreport report ON report.id = line.report_id
    JOIN capacity_reportingslot slot ON slot.id = report.slot_id
    WHERE report.site_id = %(site)s AND report.is_current
    ORDER BY line.level_id, slot.hospital_due_at DESC
), facts AS (
    SELECT
        pool.id AS pool_id, newest.line_id, newest.report_id, newest.measured_at,
        coalesce(newest.free_beds, 0) AS reported_free,
        (SELECT count(*) FROM capacity_hold hold
          WHERE hold.pool_id = pool.id AND hold.ended_at IS NULL) AS held,
        (SELECT coalesce(sum(movement.change), 0) FROM capacity_movement movement
          WHERE movement.pool_id = pool.id
            AND movement.at > coalesce(newest.measured_at, '-infinity')) AS moved
    FROM capacity_bedpool pool
    LEFT JOIN newest ON newest.level_id = pool.level_id
    WHERE pool.id = ANY(%(pools)s)
)
UPDATE capacity_bedpool pool SET
    line_id = facts.line_id,
    measured_at = facts.measured_at,
    valid_until = CASE WHEN facts.report_id = %(report)s THEN %(valid_until)s
                       ELSE pool.valid_until END,
    reported_free = facts.reported_free,
    moved = facts.moved,
    held = facts.held,
    ceiling = greatest(facts.reported_free + facts.moved, facts.held)
FROM facts
WHERE pool.id = facts.pool_id
RETURNING pool.level_id, pool.held, pool.free_beds
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A pool as it was counted."""

    level: str
    held: int
    free: int

    @property
    def is_overpromised(self) -> bool:
        """More beds are held than there are."""
        return self.held > 0 and self.free < 0


@transaction.atomic
def hold(*, site: Site, level: str, reference: str, until: datetime, now: datetime) -> Hold:
    """Keep one free bed for a request until a moment.

    Raises ValidationError with code no_free_bed when none is free or the figures have expired, and
    already_held when this request holds a bed of this pool.
    """
    pool = BedPool.objects.filter(site=site, level=level)
    # The rule itself: of a hundred who ask at once for the last bed, one statement changes a row.
    taken = pool.filter(held__lt=F("reported_free") + F("moved"), valid_until__gt=now).update(
        held=F("held") + 1
    )
    if not taken:
        raise ValidationError(_("Hier is geen bed meer vrij."), code="no_free_bed")
    held_pool = pool.get()
    if Hold.objects.active().filter(pool=held_pool, reference=reference).exists():
        raise ValidationError(
            _("Voor dit verzoek wordt hier al een bed vastgehouden."), code="already_held"
        )
    return Hold.objects.create(pool=held_pool, reference=reference, placed_at=now, until=until)


@transaction.atomic
def release(*, hold: Hold, end: Hold.End, now: datetime) -> None:
    """Give the bed back. A hold that has ended stays as it ended: once is enough."""
    pool = _lock(hold)
    _end(hold, end=end, at=now)
    _recount([pool])
    post.announce("capacity")


@transaction.atomic
def extend(*, hold: Hold, until: datetime, now: datetime) -> None:
    """Keep the bed longer, or shorter.

    Raises ValidationError with code hold_ended when the bed was given back.
    """
    changed = Hold.objects.active().filter(pk=hold.pk).update(until=until)
    if not changed:
        raise ValidationError(_("Dit bed wordt niet meer vastgehouden."), code="hold_ended")
    hold.until = until


@transaction.atomic
def record_departure(*, site: Site, level: str, reference: str, at: datetime) -> None:
    """A patient left through a transfer: the bed is free until a report includes it."""
    pool = lock_pools(site, levels=[level])[level]
    _move(pool, reference=reference, at=at, change=1)


@transaction.atomic
def record_arrival(*, hold: Hold, at: datetime) -> None:
    """The patient lies in the bed that was held, also when the hold had run out on the way."""
    pool = _lock(hold)
    _end(hold, end=Hold.End.ARRIVED, at=at)
    _move(pool, reference=hold.reference, at=at, change=-1)


@transaction.atomic
def record_return(*, site: Site, level: str, hold: Hold, at: datetime) -> None:
    """The patient who left lies at the site again; the bed that was held elsewhere is free."""
    both = BedPool.objects.filter(Q(pk=hold.pool_id) | Q(site=site, level=level))
    pools = {pool.pk: pool for pool in both.order_by("pk").select_for_update(no_key=True)}
    _end(hold, end=Hold.End.RELEASED, at=at)
    _recount([pools.pop(hold.pool_id)])
    for pool in pools.values():
        left = pool.movements.filter(reference=hold.reference, change=1)
        counted_at = pool.measured_at
        is_reported = counted_at is not None and left.filter(at__lte=counted_at).exists()
        left.delete()
        if is_reported:
            # The figures know the bed as empty: coming back fills it.
            _move(pool, reference=hold.reference, at=at, change=-1)
        else:
            _recount([pool])
    post.announce("capacity")


def _move(pool: BedPool, *, reference: str, at: datetime, change: int) -> None:
    # Told twice is counted once: the constraint capacity_movement_once.
    Movement.objects.bulk_create(
        [Movement(pool=pool, reference=reference, at=at, change=change)], ignore_conflicts=True
    )
    _recount([pool])
    post.announce("capacity")


def _end(hold: Hold, *, end: Hold.End, at: datetime) -> None:
    """End a hold, unless it had ended; its pool is locked."""
    if Hold.objects.active().filter(pk=hold.pk).update(ended_at=at, end=end):
        hold.ended_at, hold.end = at, end


def _lock(hold: Hold) -> BedPool:
    return BedPool.objects.select_for_update(no_key=True).get(pk=hold.pool_id)


@transaction.atomic
def count_request(*, site: Site, level: str, change: int) -> None:
    """Count a request that begins (+1) or ends (-1) to keep a patient of the site waiting to leave.

    A count that would fall below 0 is a defect of ours: it is logged, and keeps no patient from leaving.
    """
    row = OpenRequests.objects.filter(site=site, level=level)
    counted = row.filter(requests__gte=-change)
    if counted.update(requests=F("requests") + change):
        return
    if change < 0:
        where = {"site": site.code, "care_level": level}
        log.error("open requests would fall below 0", extra={"fields": where})
        return
    # The first of its kind; somebody else's first may come in at the same moment.
    OpenRequests.objects.bulk_create(
        [OpenRequests(site=site, level_id=level)], ignore_conflicts=True
    )
    counted.update(requests=F("requests") + change)


# Without a savepoint of its own: when this fails, so does the filing it belongs to.
@transaction.atomic(savepoint=False)
def refresh_pools(
    *,
    report: CapacityReport,
    now: datetime,
    locked: Iterable[BedPool] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Count the site's pools again, resting on its newest report.

    A report is the truth and never refused because of holds: those stay, and when more beds are
    held than there are, the region and the desk hear of it once. `locked` are the site's pools when
    the caller has locked them, `settings` those in force when the caller has read them.
    """
    if locked is None:
        levels = report.lines.values_list("level", flat=True)
        locked = lock_pools(report.site, levels=levels).values()
    counted = _recount(locked, report=report, valid_until=_valid_until(report.slot, now, settings))
    conflicts = [each for each in counted if each.is_overpromised]
    if conflicts:
        _tell(report, conflicts, now)


def lock_pools(site: Site, *, levels: Iterable[str]) -> dict[str, BedPool]:
    """Lock the site's pools in order, making those that are not there; by level.

    Whoever changes what a site can take starts here, so that changes of one site stand in line.
    """
    asked = set(levels)
    pools = _locked(site)
    if asked - pools.keys():
        BedPool.objects.bulk_create(
            [BedPool(site=site, level_id=level) for level in sorted(asked - pools.keys())],
            ignore_conflicts=True,
        )
        pools = _locked(site)
    return pools


def _locked(site: Site) -> dict[str, BedPool]:
    rows = BedPool.objects.filter(site=site).select_for_update(no_key=True).order_by("pk")
    return {pool.level_id: pool for pool in rows}


def _recount(
    locked: Iterable[BedPool],
    *,
    report: CapacityReport | None = None,
    valid_until: datetime | None = None,
) -> list[Counted]:
    """Count pools of one site from the facts, in one statement.

    Their rows must be locked before: a statement that waits for a lock would count with facts from
    before the wait. `report` is one that has just come in, with the moment its figures expire.
    """
    pools = list(locked)
    with connection.cursor() as cursor:
        cursor.execute(
            RECOUNT,
            {
                "site": pools[0].site_id,
                "pools": [pool.pk for pool in pools],
                "report": report.pk if report else None,
                "valid_until": valid_until,
            },
        )
        return [Counted(*row) for row in cursor.fetchall()]


def _valid_until(
    slot: ReportingSlot, now: datetime, settings: Mapping[str, Any] | None
) -> datetime:
    """When figures that answer a call expire (C8)."""
    if settings is None:
        settings = phases.settings_at("", now)
    limits = staleness.Limits(
        daily_hours=settings["stale.hours"],
        working_days=settings["stale.working_days"],
        standby_days=settings["stale.standby_days"],
    )
    days = cadence_days(slot)
    if days == "daily":
        return staleness.valid_until(due_at=slot.hospital_due_at, days=days, limits=limits)
    year = slot.day.year
    holidays = public_holidays({year, year + 1}, now)
    return staleness.valid_until(
        due_at=slot.hospital_due_at,
        days=days,
        limits=limits,
        is_working_day=lambda day: is_working_day(day, holidays),
    )


def cadence_days(slot: ReportingSlot) -> str:
    """On which days the phase of a call asks for figures; brought along by `with_cadence`."""
    known: str | None = getattr(slot, "cadence_days", None)
    return known or slot.phase.cadences.values_list("days", flat=True).first() or "daily"


@override("nl")
def _tell(report: CapacityReport, conflicts: list[Counted], now: datetime) -> None:
    """One alert per report, to the site's region and the desk."""
    site = report.site
    labels = CareLevel.objects.filter(pk__in=[each.level for each in conflicts]).values_list(
        "label_nl", flat=True
    )
    coordinators = people.holders("regional_coordinator", region=site.region)
    post.queue(
        "beds_overpromised",
        event=f"overpromised:{report.pk}",
        to=[*coordinators, *people.holders(*DESK)],
        variables={
            "site": site.name,
            "region": site.region.name,
            "level": " en ".join(labels),
            "count": sum(-each.free for each in conflicts),
            "day": date_format(report.slot.day, "j F"),
        },
        link=reverse("capacity:site", kwargs={"site": site.code}),
        at=now,
    )
