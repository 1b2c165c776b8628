"""Whatever happens to requests, capacity knows how many patients wait to leave, by site and level."""

from collections import Counter
from importlib import import_module
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from capacity.models import CareLevel, OpenRequests
from tests import factories
from tests.capacity.beds.test_concurrency import at_once
from tests.transfers.requests.test_moving import WHO, at, make_world, offered, savepoint
from transfers.models import HandoverItem, Ride, TransferRequest
from transfers.requests import actions
from transfers.requests import status as states

# Written out once more beside the table: a second opinion on whose patient still waits to leave.
WAITING = {
    "submitted",
    "info_needed",
    "regional_search",
    "escalated",
    "medical_review",
    "national_search",
    "offered",
    "accepted",
    "transport_requested",
    "transport_planned",
    "on_hold",
}


def told():
    rows = OpenRequests.objects.filter(requests__gt=0)
    return {(row.site_id, row.level_id): row.requests for row in rows}


def fresh():
    rows = TransferRequest.objects.filter(status__in=WAITING)
    return dict(Counter(rows.values_list("sending_site_id", "level_id")))


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.django_db
def test_on_every_road_through_the_table_the_count_is_that_of_the_requests(world, now):
    people = world["people"] | {"system": None}
    seen, taken = set(), set()

    def walk(pk):
        request = TransferRequest.objects.with_places().get(pk=pk)
        if (request.status, request.searching) in seen:
            return
        seen.add((request.status, request.searching))
        for row in states.steps_from(request.status):
            with savepoint():
                step = TransferRequest.objects.with_places().get(pk=pk)
                by = people[sorted(WHO[row.name])[0]]
                try:
                    actions.move(request=step, step_name=row.name, by=by, now=now, reason="reden")
                except ValidationError:
                    continue  # the other of two that differ in how far is searched
                taken.add(row.name)
                assert told() == fresh(), (request.status, row.name)
                walk(pk)

    factories.request_(world["sending"], status=states.SUBMITTED)
    request = factories.request_(
        world["sending"], clinical={"values_at": now, "stable_at": now, "prone": "never"}
    )
    offer = offered(request, world, now)
    places = {"offer": offer, "service": world["service"], "requested_at": now}
    Ride.objects.create(request=request, kind="b2", kind_advised="b2", **places)
    HandoverItem.objects.bulk_create(
        HandoverItem(request=request, item=item, state="sent", at=now, by_name="X")
        for item in HandoverItem.Item.values
    )
    walk(request.pk)

    assert taken == set(WHO)
    assert {status for status, _searching in seen} == set(states.ALL)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [states.DRAFT, states.SUBMITTED, states.ON_HOLD])
def test_a_request_that_changes_its_level_is_counted_at_the_other(world, now, status):
    request = at(status, world, now)
    factories.request_(world["sending"], status=states.SUBMITTED, level="icu")

    changed = actions.update_request(
        request=request,
        by=world["people"]["physician"],
        now=now,
        version=1,
        values={"level": CareLevel.objects.get(pk="icu")},
    )

    assert changed.level_id == "icu"
    assert told() == fresh()
    assert told() == {(world["sending"].pk, "icu"): 1 if status == states.DRAFT else 2}


@pytest.mark.django_db
def test_a_request_that_is_filed_at_another_level_than_its_draft_is_counted_once(world, now):
    draft = factories.request_(world["sending"], clinical={"values_at": now, "stable_at": now})

    actions.file_request(
        request=draft,
        site=world["sending"],
        by=world["people"]["coordinator"],
        now=now,
        version=1,
        submission=uuid4(),
        values={"level": CareLevel.objects.get(pk="icu"), "urgency": 24},
    )

    assert told() == fresh() == {(world["sending"].pk, "icu"): 1}


@pytest.mark.django_db
def test_a_step_that_is_refused_counts_nothing(world, now):
    request = at(states.TRANSPORT_PLANNED, world, now)
    request.offers.update(contact_names="", contact_at=None)

    with pytest.raises(ValidationError):
        actions.move(request=request, step_name="depart", by=world["people"]["planner"], now=now)

    assert told() == fresh() == {(world["sending"].pk, "ward"): 1}


@pytest.mark.django_db
def test_requests_of_before_the_count_are_counted_however_often_it_is_asked(world, now):
    for status in states.ALL:
        factories.request_(world["sending"], status=status)
    factories.request_(world["receiving"], status=states.OFFERED, level="icu")
    OpenRequests.objects.all().delete()
    OpenRequests.objects.create(site=world["receiving"], level_id="ward", requests=7)
    count = import_module("transfers.migrations.0005_count_open_requests").COUNT

    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute(count)

        assert told() == fresh()


# --- at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_patients_of_one_site_who_start_and_stop_at_once_are_all_counted(now):
    world = make_world()
    by = world["people"]["physician"]
    clinical = {"values_at": now, "stable_at": now}
    drafts = [factories.request_(world["sending"], clinical=clinical) for _ in range(3)]
    waiting = [at(states.ACCEPTED, world, now) for _ in range(2)]

    def submit(request):
        return actions.take_step(name="submit", request=request, by=by, now=now, version=1).status

    def withdraw(request):
        return actions.take_step(
            name="withdraw",
            request=request,
            by=by,
            now=now,
            version=1,
            reason="beter",
            end_reason="error",
        ).status

    outcomes = at_once(
        *[lambda one=one: submit(one) for one in drafts],
        *[lambda one=one: withdraw(one) for one in waiting],
    )

    assert Counter(outcomes) == {"submitted": 3, "withdrawn": 2}
    assert told() == fresh() == {(world["sending"].pk, "ward"): 3}


@pytest.mark.django_db(transaction=True)
def test_patients_who_change_places_do_not_wait_for_each_other_in_a_circle(now):
    world = make_world()
    levels = {level.code: level for level in CareLevel.objects.all()}
    other = {"icu": "ward", "ward": "icu"}
    running = [
        factories.request_(world["sending"], status=states.SUBMITTED, level=level)
        for level in ("icu", "ward") * 3
    ]

    def change(request):
        values = {"level": levels[other[request.level_id]]}
        by = world["people"]["physician"]
        changed = actions.update_request(request=request, by=by, now=now, version=1, values=values)
        return changed.level_id

    outcomes = at_once(*[lambda one=one: change(one) for one in running])

    assert Counter(outcomes) == {"icu": 3, "ward": 3}
    assert told() == fresh()
