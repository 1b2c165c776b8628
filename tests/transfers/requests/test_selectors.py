"""Whose move it is, on the home page and on a card."""

from datetime import timedelta

import pytest

from tests import factories
from tests.transfers.requests.test_moving import at, make_world
from transfers.models import TransferRequest
from transfers.requests import selectors
from transfers.requests import status as states

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(reference):
    return factories.site()


def titles(user, now):
    return [task.title for task in selectors.tasks_for(user, now)]


@pytest.mark.parametrize(
    ("status", "role"),
    [
        (states.SUBMITTED, "regional_coordinator"),
        (states.REGIONAL_SEARCH, "regional_coordinator"),
        (states.INFO_NEEDED, "bed_coordinator"),
        (states.INFO_NEEDED, "treating_physician"),
        (states.ESCALATED, "lcps_coordinator"),
        (states.MEDICAL_REVIEW, "medical_officer"),
        (states.NATIONAL_SEARCH, "lcps_coordinator"),
        (states.ACCEPTED, "transport_coordinator"),
        (states.ON_HOLD, "bed_coordinator"),
    ],
)
def test_a_task_waits_for_who_is_to_move_and_nobody_else(site, now, status, role):
    request = factories.request_(site, status=status)
    places = {
        "regional_coordinator": {"region": site.region},
        "bed_coordinator": {"site": site},
        "treating_physician": {"site": site},
    }
    for key in (
        *places,
        "lcps_coordinator",
        "medical_officer",
        "transport_coordinator",
        "shift_lead",
    ):
        person = factories.user(key, **places.get(key, {}))
        mine = [request.short_number in title for title in titles(person, now)]
        senders = {"bed_coordinator", "treating_physician"}
        is_theirs = key == role or {key, role} <= senders
        assert mine == ([True] if is_theirs else []), key


def test_tasks_come_by_clock_with_what_they_are_about(site, now):
    lcps = factories.user("lcps_coordinator")
    for after in (90, -10):
        factories.request_(
            site,
            status=states.NATIONAL_SEARCH,
            urgency=6,
            clock_due_at=now + timedelta(minutes=after),
        )

    tasks = selectors.tasks_for(lcps, now)

    assert [task.due_at for task in tasks] == sorted(task.due_at for task in tasks)
    assert tasks[0].button == "Kies bestemming"
    assert (tasks[0].level_label, tasks[0].needs_icu) == ("Kliniek", False)
    assert site.short_name in tasks[0].about
    assert tasks[0].url.endswith(f"/requests/{TransferRequest.objects.first().number}")


def test_tasks_ask_three_questions_however_many(site, now, django_assert_num_queries):
    lcps = factories.user("lcps_coordinator")
    for _ in range(8):
        factories.request_(site, status=states.NATIONAL_SEARCH)

    with django_assert_num_queries(3):
        assert len(selectors.tasks_for(lcps, now)) == 8


@pytest.mark.parametrize("role", ["bed_coordinator", "treating_physician"])
def test_the_gp_of_a_ward_patient_with_a_bed_is_a_task_of_the_sender(site, now, role):
    person, other = factories.user(role, site=site), factories.user(role, site=factories.site())
    uninformed = {"clinical": {"gp_informed": False}}
    request = factories.request_(site, status=states.ACCEPTED, **uninformed)
    factories.request_(site, status=states.NATIONAL_SEARCH, **uninformed)
    factories.request_(site, status=states.ACCEPTED, level="icu", **uninformed)
    factories.request_(site, status=states.ACCEPTED)

    (task,) = selectors.tasks_for(person, now)

    assert task.title == f"Licht de huisarts in over {request.short_number}"
    assert task.url.endswith(f"/requests/{request.number}#verklaringen")
    assert titles(other, now) == []


@pytest.mark.parametrize("who", ["physician", "coordinator", "receiver", "receiving_doctor"])
def test_the_talk_of_the_doctors_is_a_task_of_both_sides_until_it_is_noted(now, who):
    world = make_world()
    request = at(states.TRANSPORT_REQUESTED, world, now)
    person, stranger = world["people"][who], world["people"]["stranger"]
    assert titles(person, now) == []
    request.offers.update(contact_names="", contact_at=None)

    (task,) = selectors.tasks_for(person, now)

    said = f"Leg het gesprek tussen de artsen over {request.short_number} vast"
    assert task.title == said
    assert task.url.endswith(f"/requests/{request.number}#arts-en-arts")
    assert titles(stranger, now) == titles(world["people"]["lcps"], now) == []
