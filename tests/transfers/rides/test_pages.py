"""Asking for a ride and taking a patient over, on the page of the request."""

import re

import pytest
from django.urls import reverse

from tests.transfers.requests.test_moving import at, make_world
from transfers.models import HandoverItem
from transfers.requests import status as states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def opens(world, client_for):
    """`opens(who, request)`: the text of the request's page for that person."""

    def page(who, request):
        client = client_for(world["people"][who])
        return client.get(reverse("transfers:request", args=[request.number])).text

    return page


def test_the_receiver_finds_the_checklist_above_the_clinical_picture(world, opens, now):
    page = opens("receiver", at(states.ARRIVED, world, now))

    assert page.index("Neem de patiënt over") < page.index("Klinisch beeld")


def test_what_was_answered_of_the_checklist_is_kept_when_an_item_is_open(
    world, opens, client_for, now
):
    request = at(states.ARRIVED, world, now)
    items = {item: "not_applicable" for item in HandoverItem.Item.values if item != "lab"}
    taker = client_for(world["people"]["receiver"])

    answer = taker.post(
        reverse("transfers:handover", args=[request.number]), items | {"version": "1"}, follow=True
    )

    assert "Nog te beantwoorden: laboratorium." in answer.text
    assert len(re.findall(r'value="not_applicable"[^>]* checked', answer.text)) == 9
    request.refresh_from_db()
    assert request.status == states.ARRIVED
    taker.post(
        reverse("transfers:handover", args=[request.number]), {"lab": "sent", "version": "1"}
    )
    request.refresh_from_db()
    assert request.status == states.HANDED_OVER


def test_nobody_answers_the_checklist_before_the_patient_is_there(world, client_for, now):
    request = at(states.DEPARTED, world, now)

    client_for(world["people"]["receiver"]).post(
        reverse("transfers:handover", args=[request.number]), {"lab": "sent", "version": "1"}
    )

    assert not request.handover.exists()
