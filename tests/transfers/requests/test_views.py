"""The page of a request and its steps, asked by the sender, the centre and an outsider."""

from datetime import timedelta

import pytest
from django.urls import reverse

from communications.logbook.models import AuditEvent
from lcps import clock
from tests import factories
from tests.transfers.requests.addresses import page, step
from transfers.requests import status as states

pytestmark = pytest.mark.django_db


def looks(number):
    return AuditEvent.objects.about("request", number).filter(kind="look").count()


def test_opening_a_request_writes_one_line(world, client_for, now):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)
    client = client_for(world["lcps"])

    first = client.get(page(request))

    assert first.status_code == 200
    assert looks(request.number) == 1
    client.get(page(request))
    assert looks(request.number) == 2


def test_a_page_that_refreshes_itself_is_the_same_look_for_a_while(world, client_for, now):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)
    client = client_for(world["lcps"])

    client.get(page(request), headers={"HX-Request": "true"})
    assert looks(request.number) == 1  # nothing was opened before: it counts
    client.get(page(request), headers={"HX-Request": "true"})
    assert looks(request.number) == 1

    clock.set_to(now + timedelta(minutes=16))
    client.get(page(request), headers={"HX-Request": "true"})
    assert looks(request.number) == 2


@pytest.mark.parametrize("name", ["request", "edit", "values"])
def test_a_foreign_request_does_not_exist(world, client_for, name):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["outsider"]).get(page(request, name))

    assert answer.status_code == 404
    assert looks(request.number) == 0


def test_a_step_on_a_foreign_request_does_not_exist(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["outsider"]).post(step(request, "withdraw"), {"version": "1"})

    assert answer.status_code == 404


def test_a_condition_of_the_medical_officer_stands_apart_from_their_name(world, client_for, now):
    judged = {"fit": "alleen met MICU", "fit_by": "E. van Dam", "fit_at": now}
    request = factories.request_(
        world["site"], status=states.NATIONAL_SEARCH, clinical={"values_at": now} | judged
    )

    assert (
        "alleen met MICU · E. van Dam, 08:05." in client_for(world["lcps"]).get(page(request)).text
    )


@pytest.mark.parametrize("who", ["physician", "region", "lcps", "medical"])
def test_the_page_stands_in_every_status(world, client_for, who):
    client = client_for(world[who])
    for status in set(states.ALL) - {states.DRAFT}:
        request = factories.request_(world["site"], status=status)

        answer = client.get(page(request))

        assert answer.status_code == 200, status
        assert request.number in answer.text


def test_a_draft_is_the_sites_alone(world, client_for):
    request = factories.request_(world["site"])

    assert client_for(world["coordinator"]).get(page(request)).status_code == 200
    assert client_for(world["lcps"]).get(page(request)).status_code == 404


def test_a_request_whose_picture_was_erased_keeps_its_page(world, client_for):
    request = factories.request_(world["site"], status=states.CLOSED)
    request.clinical.delete()

    answer = client_for(world["lcps"]).get(page(request))

    assert "gewist" in answer.text


def test_a_step_is_taken_and_leads_back(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["region"]).post(step(request, "search_in_region"), {"version": "1"})

    assert (answer.status_code, answer["Location"]) == (302, page(request))
    request.refresh_from_db()
    assert request.status == states.REGIONAL_SEARCH


def test_an_old_tab_keeps_what_was_typed_and_shows_what_stands_now(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)
    client = client_for(world["region"])
    client.post(step(request, "search_in_region"), {"version": "1"})

    answer = client.post(
        step(request, "ask_sender"), {"version": "1", "reason": "Is de patiënt nuchter?"}
    )

    assert answer.status_code == 409
    assert "Is de patiënt nuchter?" in answer.text
    assert "Regio zoekt" in answer.text
    request.refresh_from_db()
    assert request.status == states.REGIONAL_SEARCH


def test_a_reason_that_is_too_long_is_refused_with_its_count_and_kept(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)
    reason = "a" * 301

    answer = client_for(world["region"]).post(
        step(request, "ask_sender"), {"reason": reason, "version": request.version}
    )

    assert answer.status_code == 409
    assert "U schreef 301 tekens" in answer.text and reason in answer.text
    request.refresh_from_db()
    assert request.question == ""


@pytest.mark.parametrize("version", ["", "abc", "-1", "1.0", "9" * 40, "٣"])
def test_a_version_that_is_no_number_is_an_old_tab(world, client_for, version):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["region"]).post(
        step(request, "search_in_region"), {"version": version}
    )

    assert answer.status_code == 409


@pytest.mark.parametrize("name", ["nonsense", "accept", "expire", "find_fit"])
def test_a_step_that_cannot_be_taken_here_changes_nothing(world, client_for, name):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["region"]).post(step(request, name), {"version": "1"})

    assert answer.status_code == 409
    request.refresh_from_db()
    assert request.status == states.SUBMITTED


def test_a_step_of_another_role_is_refused(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["lcps"]).post(step(request, "search_in_region"), {"version": "1"})

    assert answer.status_code == 403


def test_steps_are_posted(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["region"]).get(step(request, "search_in_region"), {"version": "1"})

    assert (answer.status_code, answer["Location"]) == (302, page(request))
    request.refresh_from_db()
    assert request.status == states.SUBMITTED


@pytest.mark.parametrize("who", ["physician", "region", "lcps", "medical"])
def test_every_form_on_the_page_carries_its_token(world, client_for, who):
    client = client_for(world[who])
    for status in (states.SUBMITTED, states.ESCALATED, states.MEDICAL_REVIEW, states.ON_HOLD):
        request = factories.request_(world["site"], status=status)

        text = client.get(page(request)).text

        main = text[text.index("<main") : text.index("</main>")]
        assert main.count('method="post"') == main.count('name="csrfmiddlewaretoken"')


def test_the_way_back_names_the_status_of_the_page(world, client_for):
    request = factories.request_(world["site"], status=states.REGIONAL_SEARCH)

    shown = client_for(world["physician"]).get(reverse("transfers:request", args=[request.number]))

    crumbs = shown.text.partition('class="lcps-crumbs"')[2].partition("</nav>")[0]
    assert "Regio zoekt" in crumbs
    assert "Nieuw in regio" not in crumbs
