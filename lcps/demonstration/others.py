"""The hospitals and regions of the demonstration that nobody plays: they do their part on their usual minute.

They use the same actions as people do, so what they file is checked, versioned, counted and announced
like everything else. What a visitor already did is left as it is.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError

from capacity.deadlines import selectors as calls
from capacity.deadlines.models import ReportingSlot
from capacity.models import CapacityReport, RegionalSitrep
from capacity.picture import actions as picture
from capacity.picture.regional import RegionPicture
from capacity.picture.selectors import region_picture
from capacity.reports import actions as reports
from capacity.reports.entry import LineEntry, OnBehalf, Reason, ReportEntry
from lcps.demonstration.accounts import SENDING_REGION
from lcps.demonstration.world.figures import SEED, Report, World, build_world
from lcps.demonstration.world.schedule import LAST_DAY, ZONE
from regions.models import Assignment, Region, Site, User

log = logging.getLogger("lcps.demonstration")

# When the regions sign, in order of name; the last one only after a call. The region that a visitor plays waits.
FIRST_SIGNATURE, LATE_SIGNATURE = 9 * 60 + 36, 10 * 60 + 31
MINUTES_BETWEEN = 2
LATE_REGION = "euregio"
FULL, TIGHT = 0, 5


def submission(day: date, what: str) -> UUID:
    """The same report or picture always carries the same number, so it is filed once only."""
    return uuid5(NAMESPACE_URL, f"lcps-demonstration:{SEED}:{day}:{what}")


@cache
def world() -> World:
    return build_world(SEED)


@cache
def filings() -> tuple[tuple[datetime, Report], ...]:
    """What hospitals will report on the last day, in order of arrival."""
    due = [(r.received_at, r) for r in world().on(LAST_DAY) if r.received_at is not None]
    return tuple(sorted(due, key=lambda cue: (cue[0], cue[1].site)))


def signatures() -> dict[str, datetime]:
    """When each region signs its picture, by region code."""
    codes = (
        Region.objects.exclude(code=SENDING_REGION).order_by("name").values_list("code", flat=True)
    )
    minutes = {code: FIRST_SIGNATURE + MINUTES_BETWEEN * place for place, code in enumerate(codes)}
    minutes[LATE_REGION] = LATE_SIGNATURE
    return {code: on_the_day(minute) for code, minute in minutes.items()}


def on_the_day(minute: int) -> datetime:
    return datetime.combine(LAST_DAY, time(minute // 60, minute % 60), ZONE).astimezone(UTC)


def moments(*, since: datetime, until: datetime) -> list[datetime]:
    """When somebody does something by themselves, after `since` and at most at `until`."""
    cues = {at for at, _ in filings()} | set(signatures().values())
    return sorted(at for at in cues if since < at <= until)


def do_their_part(*, now: datetime) -> None:
    """Everything that is due by `now` and was not done yet, by whoever it is expected of."""
    slot = calls.slot_at(now)
    if slot is None or slot.day != LAST_DAY:
        return
    for report in reports_due(slot, now):
        file(report, slot, now=now)
    for region in regions_due(slot, now):
        sign(region, slot, now=now)


def reports_due(slot: ReportingSlot, now: datetime) -> Iterator[Report]:
    done = set(CapacityReport.objects.filter(slot=slot).values_list("site__code", flat=True))
    return (report for at, report in filings() if at <= now and report.site not in done)


def file(report: Report, slot: ReportingSlot, *, now: datetime) -> None:
    site = Site.objects.select_related("region").get(code=report.site)
    on_behalf = None
    if report.filed_by == "region":
        by = acting_as(f"rcps-{site.region.code}")
        on_behalf = OnBehalf(spoken_with=report.spoken_with, spoken_at=report.spoken_at)
    else:
        by = acting_as(f"melder-{site.code}")
    entry = ReportEntry(
        measured_at=report.measured_at,
        lines=tuple(
            LineEntry(**{k: getattr(line, k) for k in LineEntry.__slots__}) for line in report.lines
        ),
    )
    # A visitor may have moved its requests on before it reports: the figures stay those of the world.
    reasons = {
        f"{line.level}.need": Reason("other", "Geteld voordat een verzoek veranderde")
        for line in report.lines
    } | {r.field: Reason(r.code, r.text) for r in report.reasons}
    try:
        reports.file_report(
            site=site,
            slot=slot,
            entry=entry,
            by=by,
            now=now,
            source="manual",
            submission=submission(report.day, report.site),
            based_on=None,
            on_behalf=on_behalf,
            reasons=reasons,
        )
    except ValidationError as error:
        # A refused report of the world is a defect of the world: it must be seen, not skipped quietly.
        log.error("the demonstration could not file for %s: %s", report.site, error)


def regions_due(slot: ReportingSlot, now: datetime) -> Iterator[Region]:
    done = set(RegionalSitrep.objects.filter(slot=slot).values_list("region__code", flat=True))
    due = [code for code, at in signatures().items() if at <= now and code not in done]
    return iter(Region.objects.filter(code__in=due).order_by("name"))


def sign(region: Region, slot: ReportingSlot, *, now: datetime) -> None:
    seen = region_picture(region, slot, now)
    try:
        picture.sign_off(
            region=region,
            slot=slot,
            signed=words(seen),
            submission=submission(slot.day, region.code),
            based_on=seen.sitrep.version if seen.sitrep else 0,
            stamp=seen.stamp,
            by=acting_as(f"rcps-{region.code}"),
            now=now,
        )
    except ValidationError as error:
        log.error("the demonstration could not sign for %s: %s", region.code, error)


def words(seen: RegionPicture) -> picture.Signed:
    """How the region's coordinator puts it, from the free beds of its sites."""
    free = sum(
        figures.free for row in seen.rows for figures in row.figures.values() if figures is not None
    )
    if free <= FULL:
        pressure, sentence, limit = (
            "red",
            "Vol: er kan niets meer bij, uitplaatsen houdt de SEH's open.",
            "beds",
        )
    elif free <= TIGHT:
        pressure, sentence, limit = (
            "orange",
            "Druk: nog enkele bedden, personeel is de grens.",
            "staff",
        )
    else:
        pressure, sentence, limit = (
            "yellow",
            "Er is ruimte voor enkele patiënten van elders.",
            "staff",
        )
    return picture.Signed(
        pressure=pressure,
        sentence=sentence,
        limiting_factor=limit,
        missing={row.place.code: "unreachable" for row in seen.silent},
    )


def acting_as(username: str) -> User:
    """That person, acting under the one role they hold."""
    person = User.objects.get(username=username)
    person.acting = Assignment.objects.with_places().get(user=person)
    return person
