"""The pages of the frame itself: gallery, sign-in, errors."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from communications.logbook import actions as logbook
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["notices", "accessibility", "account_login", "account_reset_password"]
)
def test_page_opens_without_an_account(client, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


def test_the_process_says_it_lives_without_asking_the_database(
    client_for, reference, demonstration_clock, django_assert_num_queries
):
    client = client_for(factories.user("lcps_coordinator"))

    with django_assert_num_queries(0):
        answer = client.get(reverse("healthz"))

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"


def test_gallery_shows_every_part_in_both_themes(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("kijker", "kijker@voorbeeld.example"))

    page = client.get(reverse("gallery")).content.decode()

    assert page.count('data-theme="light"') == page.count('data-theme="dark"') == 1
    for part in (
        "clock",
        "chip",
        "share",
        "beds",
        "spark",
        "figure",
        "task",
        "card",
        "fill__row",
        "track",
        "timeline",
        "map",
    ):
        assert page.count(f'class="lcps-{part}') >= 2, part


def test_unknown_address_says_so_in_dutch(client):
    answer = client.get("/bestaat-niet")

    assert answer.status_code == 404
    assert "Deze pagina is er niet, of niet voor u" in answer.content.decode()


def test_language_can_be_switched_without_script(client):
    answer = client.post(
        reverse("set_language"), {"language": "en", "next": "/notices"}, follow=True
    )

    assert '<html lang="en">' in answer.content.decode()


@pytest.mark.parametrize("day", ["01-01-0001", "31-12-9999", "gisteren"])
def test_a_day_that_cannot_be_is_said_in_the_logbook(client_for, reference, day):
    answer = client_for(factories.user("privacy_officer")).get(reverse("logbook"), {"day": day})

    assert answer.status_code == 422
    assert "Schrijf een dag als 29-10-2020." in answer.text


@pytest.mark.django_db
def test_a_look_at_a_list_names_its_requests_and_not_the_list(client_for, reference, now):
    officer = factories.user("privacy_officer")
    logbook.look(
        sentence="Bord bekeken",
        about=("requests", "board"),
        by=officer,
        at=now,
        detail={"requests": ["PMR-2020-000418"]},
    )

    page = client_for(officer).get(reverse("logbook"), {"about": "418"}).text

    assert "PMR-2020-000418" in page
    assert ">board<" not in page


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("25-10-2020", "2020-10-25T00:00+02:00", "2020-10-25T23:59+01:00"),
        ("28-03-2021", "2021-03-28T00:00+01:00", "2021-03-28T23:59+02:00"),
    ],
)
def test_a_day_in_the_logbook_is_whole_when_the_clock_changes(
    client_for, reference, day, first, last
):
    outside = timedelta(minutes=1)
    moments = [datetime.fromisoformat(one) for one in (first, last)]
    for at in (moments[0] - outside, *moments, moments[1] + outside):
        logbook.record(
            "probe", sentence=f"op {at.isoformat()}", about=("probe", "1"), by=None, at=at
        )

    page = client_for(factories.user("privacy_officer")).get(reverse("logbook"), {"day": day}).text

    assert page.count("op 20") == 2
    assert all(f"op {at.isoformat()}" in page for at in moments)
