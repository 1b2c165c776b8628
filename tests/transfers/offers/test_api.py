"""Offers over the API: what it answers to the right, the wrong and the late."""

import pytest

from tests import factories
from transfers.models import Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(world, demonstration_clock):
    return world


def send(client, address, data):
    return client.post(f"/api/v1/{address}", data, content_type="application/json")


def ask(client, request, **fields):
    data = {"site": "place-0", "version": 1} | fields
    return send(client, f"requests/{request.number}/offers", data)


def test_asking_for_a_bed_creates_an_offer(morning, client_for):
    request = morning.request()
    answer = ask(client_for(morning.desk), request, message="graag vandaag")

    assert answer.status_code == 201
    made = answer.json()
    assert made["request"] == request.number
    assert (made["site"], made["status"], made["rank"]) == ("place-0", "open", 1)
    assert made["answerDueAt"].startswith("2020-10-29T09:05")
    assert made["answerDueAt"].endswith("Z")


def test_answers_are_taken_and_a_second_one_is_a_conflict(morning, client_for):
    offer = morning.offer()
    client = client_for(morning.coordinator())
    said = {"doctor": "dr. Vos", "unit": "C3"}

    first = send(client, f"offers/{offer.pk}/acceptance", said)
    second = send(client, f"offers/{offer.pk}/refusal", {"refusal": "no_staff"})

    assert (first.status_code, first.json()["status"]) == (201, "accepted")
    assert (second.status_code, second.json()["errors"][0]["code"]) == (409, "answered")
    assert second["Content-Type"] == "application/problem+json"


def test_a_refusal_carries_its_code(morning, client_for):
    offer = morning.offer()
    client = client_for(morning.coordinator())
    answer = send(client, f"offers/{offer.pk}/refusal", {"refusal": "too_ill"})

    assert (answer.status_code, answer.json()["refusal"]) == (201, "too_ill")


def test_all_that_is_wrong_is_told_at_once(morning, client_for):
    answer = ask(client_for(morning.desk), morning.request(), site="nowhere", version=0)

    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"site", "version"}


@pytest.mark.parametrize("version", ["one", 1.5, -1, 10**12, None, True])
def test_a_version_that_is_none_is_refused_at_its_field(morning, client_for, version):
    answer = ask(client_for(morning.desk), morning.request(), version=version)

    assert answer.status_code in (400, 409)
    assert not Offer.objects.exists()


def test_rules_refuse_with_their_code(morning, client_for):
    client = client_for(morning.desk)
    request = morning.request()

    assert ask(client, request, version=7).json()["errors"][0]["code"] == "changed"
    reason = ask(client, request, site="place-4").json()["errors"][0]
    assert (reason["field"], reason["code"]) == ("rankReason", "reason_needed")
    excluded = ask(client, request, site="sender").json()["errors"][0]
    assert excluded["code"] == "sending_site"


@pytest.mark.parametrize("offer", [0, 999_999, 10**25])
def test_an_offer_that_does_not_exist_is_not_found(morning, client_for, offer):
    client = client_for(morning.coordinator())

    assert send(client, f"offers/{offer}/acceptance", {}).status_code == 404


def test_a_request_of_nobody_is_not_found(morning, client_for):
    client = client_for(factories.user("regional_coordinator", region=morning.east))

    assert ask(client, morning.request()).status_code == 404


def test_the_answer_shows_no_patient(morning, client_for):
    request = morning.request(clinical={"age_years": 83, "diagnosis_group": "longembolie"})
    answer = ask(client_for(morning.desk), request)

    assert "longembolie" not in answer.content.decode()
    assert set(answer.json()) == {
        "id",
        "request",
        "site",
        "status",
        "rank",
        "offeredAt",
        "answerDueAt",
        "answeredAt",
        "heldUntil",
        "refusal",
    }
