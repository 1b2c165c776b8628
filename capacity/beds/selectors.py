"""Free beds now: the one definition that screens, matching, options and API read (docs/adr/0005)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from capacity.beds import staleness
from capacity.beds.free import of_cohort
from capacity.beds.models import BedPool, OpenRequests
from capacity.beds.staleness import Age
from capacity.deadlines.models import ReportingSlot
from capacity.reports.models import CareLevel, IntakeStop, ReportLine, Source
from regions.people import scopes
from regions.places.models import Region, Site

if TYPE_CHECKING:
    from regions.people.models import User

# Calls further back do not matter: what they asked for has expired.
LOOK_BACK = timedelta(days=14)
AGE_TEXTS = {
    Age.FRESH: gettext_lazy("laatste uitvraag beantwoord"),
    Age.LATE: gettext_lazy("één uitvraag gemist"),
    Age.STALE: gettext_lazy("meer uitvragen gemist"),
    Age.EXPIRED: gettext_lazy("verlopen, telt niet mee"),
}


@dataclass(frozen=True, slots=True)
class FreeBeds:
    """The beds of one care level at one site, as they can be used now.

    `free` = `reported_free` + `moved` - `held`; negative is overfull. `counts` says whether matching
    may use them: not when the figures have expired, nor during a stop of this level.
    """

    site: Site
    level: str
    label: str
    open: int
    occupied: int
    reserve: int
    open_cohort: int
    free_cohort: int
    free_other: int
    reported_free: int
    moved: int
    held: int
    free: int
    offer: int | None
    need: int | None
    measured_at: datetime
    age: Age
    source: str
    stop: IntakeStop | None

    @property
    def cohort_free(self) -> int:
        return of_cohort(self.free_cohort, self.free, moved=self.moved, held=self.held)

    @property
    def other_free(self) -> int:
        return min(self.free_other, self.free)

    @property
    def is_old(self) -> bool:
        """More than one call was missed since, or the figures have expired."""
        return self.age in (Age.STALE, Age.EXPIRED)

    @property
    def counts(self) -> bool:
        return self.age is not Age.EXPIRED and self.stop is None

    @property
    def age_text(self) -> str:
        """What the age means, in words."""
        return str(AGE_TEXTS[self.age])

    @property
    def source_text(self) -> str:
        return str(Source(self.source).label)


def free_beds(
    *,
    now: datetime,
    level: CareLevel | str | None = None,
    region: Region | None = None,
    site: Site | None = None,
    visible_to: "User | None" = None,
) -> list[FreeBeds]:
    """Free beds per site and level that ever reported, in order of site; three queries.

    With `visible_to`, only what this person may see in detail.
    """
    pools = (
        BedPool.objects.exclude(line=None)
        .select_related("site__region", "level", "line__report__slot")
        .order_by("site__search_name", "level__order")
    )
    if level is not None:
        pools = pools.filter(level=level)
    if region is not None:
        pools = pools.filter(site__region=region)
    if site is not None:
        pools = pools.filter(site=site)
    if visible_to is not None:
        pools = pools.filter(scopes.site_filter(visible_to, site="site", region="site__region"))
    dues = _dues(now)
    stops = {(stop.site_id, stop.target): stop for stop in IntakeStop.objects.active(now)}
    return [_free(pool, pool.line, now=now, dues=dues, stops=stops) for pool in pools if pool.line]


def _dues(now: datetime) -> list[datetime]:
    """When the calls of the last days were due."""
    return list(
        ReportingSlot.objects.filter(
            hospital_due_at__lte=now, hospital_due_at__gt=now - LOOK_BACK
        ).values_list("hospital_due_at", flat=True)
    )


def _free(
    pool: BedPool,
    line: ReportLine,
    *,
    now: datetime,
    dues: list[datetime],
    stops: dict[tuple[int, str], IntakeStop],
) -> FreeBeds:
    report = line.report
    age = staleness.state(
        answered_due=report.slot.hospital_due_at,
        dues=dues,
        valid_until=pool.valid_until or report.measured_at,
        now=now,
    )
    free_cohort = line.open_cohort - line.occ_confirmed
    return FreeBeds(
        site=pool.site,
        level=pool.level_id,
        label=pool.level.label,
        open=line.open_beds,
        occupied=line.occupied,
        reserve=line.reserve,
        open_cohort=line.open_cohort,
        free_cohort=free_cohort,
        free_other=line.free_beds - free_cohort,
        reported_free=pool.reported_free,
        moved=pool.moved,
        held=pool.held,
        free=pool.free_beds,
        offer=line.offer,
        need=line.need,
        measured_at=report.measured_at,
        age=age,
        source=report.source,
        stop=stops.get((pool.site_id, pool.level_id)),
    )


def open_requests(site: Site) -> dict[str, int]:
    """By care level, how many patients of the site wait to leave on a request."""
    return dict(OpenRequests.objects.filter(site=site).values_list("level_id", "requests"))
