"""Fresh clinical values, and what the sender tells of afterwards."""

from datetime import timedelta

import pytest

from tests import factories
from tests.transfers.requests.addresses import page
from transfers.requests import labels
from transfers.requests import status as states

pytestmark = pytest.mark.django_db


MEASURED = {
    "version": "1",
    "ventilation": "o2",
    "oxygen_l_min": "5",
    "spo2_percent": "95",
    "worsening_expected": "no",
    "dialysis": "no",
}


def test_fresh_values_are_written(world, client_for, now):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)

    answer = client_for(world["coordinator"]).post(
        page(request, "values"),
        MEASURED | {"values_at": "08:00"},
    )

    assert answer.status_code == 302
    request.clinical.refresh_from_db()
    assert request.clinical.oxygen_l_min == 5
    assert request.clinical.values_at == now - timedelta(minutes=5)


def test_values_older_than_those_we_have_are_refused(world, client_for):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)

    answer = client_for(world["coordinator"]).post(
        page(request, "values"),
        MEASURED | {"values_at": "06:00"},
    )

    assert answer.status_code == 422
    assert "nieuwere waarden" in answer.text


def test_values_of_another_hospitals_patient_are_not_ours_to_renew(world, client_for):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)

    assert client_for(world["outsider"]).get(page(request, "values")).status_code == 404


@pytest.mark.parametrize("who", ["physician", "coordinator"])
def test_the_sender_notes_in_one_click_that_the_gp_knows(world, client_for, now, who):
    request = factories.request_(
        world["site"], status=states.ACCEPTED, clinical={"gp_informed": False}
    )
    measured_at = request.clinical.values_at
    client = client_for(world[who])
    assert page(request, "gp") in client.get(page(request)).text

    answer = client.post(page(request, "gp"), {"version": request.version}, follow=True)

    request.clinical.refresh_from_db()
    assert request.clinical.gp_informed
    assert request.clinical.values_at == measured_at
    assert page(request, "gp") not in answer.text
    assert "Huisarts ingelicht" in [labels.done(e.step) for e in request.events.all()]


def test_an_old_tab_does_not_note_that_the_gp_knows(world, client_for):
    request = factories.request_(
        world["site"], status=states.ACCEPTED, clinical={"gp_informed": False}
    )

    client_for(world["physician"]).post(page(request, "gp"), {"version": "7"})

    request.clinical.refresh_from_db()
    assert not request.clinical.gp_informed


def test_who_does_not_send_is_not_offered_to_inform_the_gp(world, client_for):
    request = factories.request_(
        world["site"], status=states.ACCEPTED, clinical={"gp_informed": False}
    )

    assert page(request, "gp") not in client_for(world["lcps"]).get(page(request)).text
