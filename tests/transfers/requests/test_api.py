"""Requests over the API: scoped, in camelCase, and looked at with a line in the logbook."""

import pytest

from communications.logbook.models import AuditEvent
from tests import factories
from transfers.requests import status as states

pytestmark = pytest.mark.django_db
LIST = "/api/v1/requests"


@pytest.fixture
def site(reference):
    return factories.site()


@pytest.fixture
def lcps(reference, client_for):
    return client_for(factories.user("lcps_coordinator"))


def test_the_list_shows_places_and_clocks_and_no_patient(site, lcps):
    request = factories.request_(site, status=states.NATIONAL_SEARCH)

    (row,) = lcps.get(LIST).json()["results"]

    assert row["number"] == request.number
    assert row["sendingSite"] == site.code
    assert row["waitingFor"] == "centre"
    assert "clinical" not in row


def test_one_request_comes_with_its_picture_and_one_line_in_the_logbook(site, lcps):
    request = factories.request_(site, status=states.NATIONAL_SEARCH)

    answer = lcps.get(f"{LIST}/{request.number}")

    assert answer.json()["clinical"]["oxygenLitresPerMinute"] == 3
    assert answer.json()["clinical"]["ageYears"] == 58
    assert answer["API-Version"]
    assert AuditEvent.objects.about("request", request.number).filter(kind="look").count() == 1


def test_a_foreign_request_is_404_as_problem_json(site, client_for):
    request = factories.request_(site, status=states.NATIONAL_SEARCH)
    outsider = client_for(factories.user("bed_coordinator", site=factories.site()))

    answer = outsider.get(f"{LIST}/{request.number}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert outsider.get(LIST).json()["results"] == []
    assert not AuditEvent.objects.about("request", request.number).exists()


@pytest.mark.parametrize("number", ["PMR-2020-999999", "nonsense", "1"])
def test_an_unknown_number_is_404(lcps, number):
    assert lcps.get(f"{LIST}/{number}").status_code == 404


def test_the_list_is_narrowed_by_status(site, lcps):
    factories.request_(site, status=states.NATIONAL_SEARCH)
    closed = factories.request_(site, status=states.CLOSED)

    found = lcps.get(LIST, {"status": "closed"}).json()["results"]

    assert [row["number"] for row in found] == [closed.number]
    assert len(lcps.get(LIST).json()["results"]) == 1


@pytest.mark.parametrize("status", ["nonsense", "", "x" * 500])
def test_an_unknown_status_is_400(lcps, status):
    answer = lcps.get(LIST, {"status": status})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["code"] for error in answer.json()["errors"]] == ["unknown"]


def test_nobody_without_a_session(site, client):
    assert client.get(LIST).status_code == 401


def test_the_list_asks_as_many_questions_for_fifty_as_for_five(
    site, lcps, django_assert_max_num_queries
):
    for _ in range(50):
        factories.request_(site, status=states.NATIONAL_SEARCH)

    with django_assert_max_num_queries(8):
        assert len(lcps.get(LIST).json()["results"]) == 50
