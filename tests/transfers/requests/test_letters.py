"""Who is told what, and that no letter says anything of the patient."""

import pytest

from communications.post.models import Message
from tests.transfers.requests.test_moving import at, make_world
from transfers.requests import letters
from transfers.requests import status as states

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return make_world()


def told(template):
    found = Message.objects.filter(template=template, channel="in_app")
    return set(found.values_list("recipient_id", flat=True))


EVERYBODY = {
    "physician",
    "coordinator",
    "region",
    "receiver",
    "receiving_region",
    "lcps",
    "transport",
}


@pytest.mark.parametrize(
    ("template", "status", "who"),
    [
        ("request_submitted", states.SUBMITTED, {"region"}),
        ("info_needed", states.INFO_NEEDED, {"physician", "coordinator"}),
        ("request_escalated", states.ESCALATED, {"lcps"}),
        ("review_asked", states.MEDICAL_REVIEW, {"medical"}),
        ("found_unfit", states.WITHDRAWN, {"physician", "coordinator", "region"}),
        ("ride_requested", states.TRANSPORT_REQUESTED, {"planner"}),
        ("ride_returned", states.ACCEPTED, {"transport"}),
        (
            "ride_planned",
            states.TRANSPORT_PLANNED,
            {"physician", "coordinator", "receiver", "transport"},
        ),
        ("departed", states.DEPARTED, {"receiver", "transport"}),
        ("ride_aborted", states.DEPARTED, EVERYBODY),
        ("ended_on_the_way", states.DEPARTED, EVERYBODY),
        ("arrived", states.ARRIVED, {"physician", "coordinator", "receiver"}),
        ("handed_over", states.HANDED_OVER, {"physician", "coordinator", "region", "lcps"}),
        (
            "put_on_hold",
            states.TRANSPORT_PLANNED,
            {"physician", "coordinator", "region", "lcps", "receiver", "planner"},
        ),
        (
            "withdrawn",
            states.TRANSPORT_PLANNED,
            {"physician", "coordinator", "region", "lcps", "planner"},
        ),
        ("expired", states.NATIONAL_SEARCH, {"physician", "coordinator", "region", "lcps"}),
        ("found_fit", states.NATIONAL_SEARCH, {"physician", "coordinator", "lcps"}),
    ],
)
def test_a_letter_reaches_whom_it_concerns(world, now, template, status, who):
    request = at(status, world, now)
    request.searching = "nation"

    letters.tell(template, request, by=None, at=now)

    assert told(template) == {world["people"][name].pk for name in who}


def test_every_letter_is_tried_above():
    tried = test_a_letter_reaches_whom_it_concerns.pytestmark[0].args[1]

    assert {row[0] for row in tried} == set(letters.RECIPIENTS)


def test_who_did_it_is_not_told(world, now):
    request = at(states.SUBMITTED, world, now)

    letters.tell("request_submitted", request, by=world["people"]["region"], at=now)

    assert told("request_submitted") == set()


def test_a_letter_carries_its_number_and_its_link_and_no_patient(world, now):
    request = at(states.MEDICAL_REVIEW, world, now)
    request.clinical.diagnosis_group = "zeldzaam-woord"
    request.question = "andere-vraag"

    for template in [*letters.RECIPIENTS, "request_late"]:
        letters._write(template, request, world["people"].values(), by=None, at=now, occasion=1)

    for message in Message.objects.all():
        assert request.number in message.subject
        assert message.body
        assert message.link.endswith(request.number)
        text = message.subject + message.body + str(message.variables)
        assert not any(word in text for word in ("zeldzaam-woord", "andere-vraag", "Bosman"))
