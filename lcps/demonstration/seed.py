"""Writes the demonstration's world into an empty database: 65 days of reports, the requests, the people.

The pure world (lcps.demonstration.world.figures) says what; this says where it is kept. Holds, movements and
reports are written as facts, and the pools are then counted from them by the same action as always.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from capacity.beds import actions as beds
from capacity.deadlines import actions as deadlines
from capacity.deadlines import calendar, selectors
from capacity.models import CapacityReport, CareLevel, ReportingSlot, ReportLine, ReportReason
from lcps import clock
from lcps.demonstration import accounts, others, requests_seed
from lcps.demonstration.world.figures import Report, World
from lcps.demonstration.world.schedule import LAST_DAY
from regions.models import Site
from regions.phases.load import put_phase_in_force

ZONE = ZoneInfo("Europe/Amsterdam")
START = datetime.combine(LAST_DAY, time(8, 5), ZONE).astimezone(UTC)
PHASE = "2b"
PHASE_SINCE = datetime(2020, 8, 24, 22, tzinfo=UTC)
BULK = 2000


def is_seeded() -> bool:
    return CapacityReport.objects.exists()


def seed_world() -> None:
    """Everything up to 29 October 2020, 08:05, and the clock set there. Only into an empty database."""
    # Worked out before the transaction opens, so that no connection waits for arithmetic.
    world = others.world()
    with transaction.atomic():
        take_time()
        write_world(world)


def take_time() -> None:
    """Filling a database takes longer than a page may: the limits of pages do not hold in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '60s'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '60s'")


def write_world(world: World) -> None:
    put_phase_in_force(
        PHASE, since=PHASE_SINCE, decision="fase 2b gold in oktober 2020; eerder is een aanname"
    )
    accounts.make_accounts(now=START)
    accounts.people_the_country()
    accounts.make_contacts()
    slots = make_slots(world.days)
    past = [r for r in world.reports if r.day != LAST_DAY]
    write_reports(past, slots)
    requests_seed.write(world.requests)
    gather_statistics()
    newest = CapacityReport.objects.filter(slot=slots[max(r.day for r in past)]).select_related(
        "site"
    )
    for report in newest.order_by("site_id"):
        beds.refresh_pools(report=report, now=START)
    clock.set_to(START)
    deadlines.open_slots(START)
    deadlines.fire_due(START)


def gather_statistics() -> None:
    """For the planner, which knows nothing yet of so many new rows: of a table it saw empty it reads every row."""
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def make_slots(days: Iterable[date]) -> dict[date, ReportingSlot]:
    """The daily call of every past day; today's is opened by the deadlines room."""
    rhythms, no_holidays = selectors.rhythms()[PHASE], frozenset[date]()
    slots = [
        ReportingSlot(phase_id=PHASE, **asdict(call))
        for day in days
        if day != LAST_DAY
        for call in calendar.calls_on(day, rhythms, no_holidays)
    ]
    return {slot.day: slot for slot in ReportingSlot.objects.bulk_create(slots)}


def write_reports(reports: list[Report], slots: dict[date, ReportingSlot]) -> None:
    """The reports of past days, in bulk; the day itself is filed through the ordinary action."""
    sites = {site.code: site for site in Site.objects.select_related("region")}
    rows = [
        CapacityReport(
            site=sites[r.site],
            region=sites[r.site].region,
            slot=slots[r.day],
            version=1,
            measured_at=r.measured_at,
            received_at=r.received_at,
            first_received_at=r.received_at,
            source="manual",
            by_name=f"melder {sites[r.site].short_name}",
            submission=others.submission(r.day, r.site),
            spoken_with=r.spoken_with,
            spoken_at=r.spoken_at,
        )
        for r in reports
    ]
    CapacityReport.objects.bulk_create(rows, batch_size=BULK)
    levels = set(CareLevel.objects.values_list("code", flat=True))
    ReportLine.objects.bulk_create(
        [
            ReportLine(
                report=row,
                level_id=line.level,
                open_cohort=line.open_cohort,
                open_other=line.open_other,
                reserve=line.reserve,
                occ_confirmed=line.occ_confirmed,
                occ_other=line.occ_other,
                occ_delabelled=line.occ_delabelled,
                suspected=line.suspected,
                new_24h=line.new_24h,
                offer=line.offer,
                need=line.need,
            )
            for row, r in zip(rows, reports, strict=True)
            for line in r.lines
            if line.level in levels
        ],
        batch_size=BULK,
    )
    ReportReason.objects.bulk_create(
        [
            ReportReason(report=row, field=x.field, warning=x.warning, code=x.code, text=x.text)
            for row, r in zip(rows, reports, strict=True)
            for x in r.reasons
        ],
        batch_size=BULK,
    )
