"""Who is told what, and that no letter says anything of the patient."""

import pytest

from capacity.models import ReportingSlot
from communications.post.models import Message
from tests import factories
from tests.transfers.requests.test_moving import at, make_world
from transfers.offers import actions as offers
from transfers.requests import letters
from transfers.requests import status as states
from transfers.rides import actions as rides

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    made = make_world()
    plenty = {"ward": {"open_other": 90}}
    factories.report(made["receiving"], ReportingSlot.objects.get(), lines=plenty)
    return made


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


def dead(client_for):
    """Letters whose link their reader cannot open, one of each template for each reader."""
    found = Message.objects.filter(channel="in_app").select_related("recipient")
    links = {(m.template, m.recipient): m.link for m in found}
    assert links
    return [
        (template, reader.assignments.get().role_id, link)
        for (template, reader), link in links.items()
        if client_for(reader).get(link).status_code != 200
    ]


@pytest.mark.usefixtures("demonstration_clock")
def test_a_letter_of_a_clock_leads_to_a_page_of_its_reader(world, now, client_for):
    for status in (*states.OPEN, states.DEPARTED, states.ARRIVED):
        letters.warn_late(at(status, world, now), at=now)
        assert dead(client_for) == []
        Message.objects.all().delete()


@pytest.mark.usefixtures("demonstration_clock")
def test_the_letter_of_a_step_leads_to_a_page_of_its_reader(world, now, client_for):
    """Also after the offers and the ride of the request have ended with it."""
    for template in letters.RECIPIENTS:
        row = next(row for row in states.TABLE if row.letter == template)
        request = at(row.to if template == "ride_requested" else row.since[-1], world, now)
        request.status, request.searching = row.to, "nation"
        request.ended_at = now if row.to in states.ENDED else None
        request.save()
        letters.tell(template, request, by=None, at=now)
        if row.to in (*states.CALLED_OFF, states.ON_HOLD):
            offers.void_offers(request=request, now=now, why="x")
            rides.call_off(request=request, now=now, why="x")

    assert dead(client_for) == []


@pytest.mark.usefixtures("demonstration_clock")
@pytest.mark.parametrize("ends", ["refused", "expired"])
def test_the_letter_of_an_offer_leads_to_a_page_of_its_reader(world, now, client_for, ends):
    offer = at(states.OFFERED, world, now).offers.get()
    if ends == "refused":
        receiver = world["people"]["receiver"]
        offers.refuse_offer(offer=offer, by=receiver, now=now, refusal="no_staff")
    else:
        offers.expire_offers(now=offer.answer_due_at)

    assert dead(client_for) == []


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
        everybody = [lambda request: world["people"].values()]
        letters._write(template, request, everybody, by=None, at=now, occasion=1)

    for message in Message.objects.all():
        assert request.number in message.subject
        assert message.body
        assert message.link.endswith(request.number)
        text = message.subject + message.body + str(message.variables)
        assert not any(word in text for word in ("zeldzaam-woord", "andere-vraag", "Bosman"))
