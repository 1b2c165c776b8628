"""The demonstration's world, as it stands in the database."""

from collections import Counter
from datetime import UTC, date, datetime, time

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from capacity.models import BedPool, CapacityReport, OpenRequests, ReportingSlot, ReportLine
from lcps.demonstration import others, seed
from lcps.demonstration.world.schedule import LAST_DAY
from regions.models import Assignment, Cadence, Site, User
from transfers.models import TransferRequest
from transfers.requests import status as states


@pytest.mark.django_db
def test_national_totals_equal_the_published_series_day_by_day(world):
    found = {
        (row["report__slot__day"], row["level"]): row
        for row in ReportLine.objects.values("report__slot__day", "level").annotate(
            confirmed=Sum("occ_confirmed"), other=Sum("occ_other"), new=Sum("new_24h")
        )
    }

    for day in others.world().national:
        if day.day == LAST_DAY:
            continue
        assert found[day.day, "icu"]["confirmed"] == day.icu_occ_confirmed
        assert found[day.day, "icu"]["other"] == day.icu_occ_other
        assert found[day.day, "ward"]["confirmed"] == day.ward_occ_confirmed
    assert len(found) == 2 * (len(others.world().national) - 1)


@pytest.mark.django_db
def test_the_day_is_still_to_be_reported(world):
    today = ReportingSlot.objects.get(day=LAST_DAY)

    assert not CapacityReport.objects.filter(slot=today).exists()
    assert TransferRequest.objects.count() >= 24
    assert BedPool.objects.filter(held__gt=0).exists()


@pytest.mark.django_db
def test_the_requests_that_run_are_counted_for_the_reports_to_come(world):
    running = TransferRequest.objects.filter(status__in=states.OPEN)

    told = {(row.site_id, row.level_id): row.requests for row in OpenRequests.objects.all()}

    assert sum(told.values()) == 17
    assert told == Counter(running.values_list("sending_site_id", "level_id"))


@pytest.mark.django_db
@pytest.mark.parametrize("model", [User, Assignment, Site, CapacityReport, ReportLine])
def test_the_planner_knows_how_many_rows_there_are(world, model):
    """Of a table that it saw empty it reads every row for every question: the deadlines then took minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [model._meta.db_table])
        assert cursor.fetchone()[0] == model.objects.count()


@pytest.mark.django_db
def test_past_days_were_asked_as_the_cadence_says(reference):
    at = {"hospital_at": time(9, 15), "region_at": time(10, 45), "nation_at": None}
    Cadence.objects.filter(phase=seed.PHASE).update(**at)
    summer, winter = date(2020, 10, 24), date(2020, 10, 25)

    slots = seed.make_slots([summer, winter, LAST_DAY])

    assert {day: slot.hospital_due_at for day, slot in slots.items()} == {
        summer: datetime(2020, 10, 24, 7, 15, tzinfo=UTC),
        winter: datetime(2020, 10, 25, 8, 15, tzinfo=UTC),
    }
    assert [slot.nation_due_at for slot in slots.values()] == [None, None]


@pytest.mark.django_db
def test_seeding_needs_the_demonstration(settings):
    settings.DEMONSTRATION = False

    with pytest.raises(Exception, match="not a demonstration"):
        call_command("seed_demo")
