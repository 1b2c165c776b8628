"""What somebody typed survives the end of the session, for themselves alone."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from capacity.models import CapacityReport
from regions.models import Assignment
from regions.people import kept
from tests import factories
from tests.regions.people.conftest import PASSWORD, sign_in
from transfers.models import TransferRequest

pytestmark = pytest.mark.usefixtures("demonstration_clock")
NEW = "/transfers/requests/new"


@pytest.fixture
def physician(reference):
    made = factories.user("treating_physician", site=factories.site(), username="a.bosman")
    made.set_password(PASSWORD)
    made.save()
    return made


@pytest.fixture
def browser(physician):
    """The physician's browser, with the form of a new request open: `browser.typed` is what is in it."""
    client = Client()
    sign_in(client, "a.bosman")
    page = client.get(NEW)
    owner = page.content.decode().split('name="form_owner" value="')[1].split('"')[0]
    client.typed = {
        "form_owner": owner,
        "level": "ward",
        "do": "submit",
        "age_years": "58",
        "diagnosis_group": "COVID-19, twaalf dagen",
        "weight_kg": "12,5 kg",
    }
    return client


def lose_session(client):
    client.session.flush()


def post(client, typed=None):
    return client.post(NEW, typed or client.typed)


def test_typed_values_come_back_after_signing_in_again(browser):
    lose_session(browser)

    asked = post(browser)
    assert (
        asked.headers["Location"]
        == f"{reverse('account_login')}?next=%2Ftransfers%2Frequests%2Fnew"
    )
    assert "wat u typte, staat er dan weer" in browser.get(asked.headers["Location"]).text
    back = browser.post(
        asked.headers["Location"], {"login": "a.bosman", "password": PASSWORD, "next": NEW}
    )
    page = browser.get(back.headers["Location"])

    assert page.status_code == 200
    assert "Wat u typte, staat er weer. Het is nog niet verstuurd." in page.text
    for typed in ("58", "COVID-19, twaalf dagen", "12,5 kg"):
        assert f'value="{typed}"' in page.text
    assert TransferRequest.objects.count() == 0


def test_they_come_back_once(browser):
    lose_session(browser)
    post(browser)
    sign_in(browser, "a.bosman")

    assert "twaalf dagen" in browser.get(NEW).text
    assert "twaalf dagen" not in browser.get(NEW).text


def test_another_person_gets_nothing(browser):
    colleague = factories.user(
        "treating_physician", site=Assignment.objects.get().site, username="collega"
    )
    lose_session(browser)
    post(browser)

    sign_in(browser, "collega", "demo")
    assert "twaalf dagen" not in browser.get(NEW).text
    browser.post(reverse("account_logout"))
    sign_in(browser, "a.bosman")

    assert "twaalf dagen" not in browser.get(NEW).text
    assert colleague.pk


def test_the_same_person_elsewhere_gets_nothing(browser):
    lose_session(browser)
    post(browser)
    sign_in(elsewhere := Client(), "a.bosman")

    assert "twaalf dagen" not in elsewhere.get(NEW).text


def test_forged_note_keeps_nothing(browser):
    lose_session(browser)
    forged = browser.typed | {"form_owner": browser.typed["form_owner"][:-2] + "xx"}

    asked = post(browser, forged)

    assert kept.KEY not in browser.session
    assert "er is niets opgeslagen" in browser.get(asked.headers["Location"]).text


def test_note_of_another_form_keeps_for_its_own_owner_only(browser):
    """A stranger's note in my post: what I typed is not put on my page, nor on theirs in my browser."""
    stranger = factories.user("treating_physician", site=factories.site(), username="vreemde")
    sign_in(theirs := Client(), "vreemde", "demo")
    note = theirs.get(NEW).text.split('name="form_owner" value="')[1].split('"')[0]
    lose_session(browser)

    post(browser, browser.typed | {"form_owner": note})
    sign_in(browser, "a.bosman")

    assert "twaalf dagen" not in browser.get(NEW).text
    assert stranger.pk


def test_tokens_and_passwords_are_not_kept(browser):
    lose_session(browser)

    post(browser, browser.typed | {"password": "geheim", "csrfmiddlewaretoken": "x"})

    assert not {"password", "csrfmiddlewaretoken", "form_owner"} & (
        browser.session[kept.KEY][NEW]["typed"].keys()
    )


def test_a_form_that_is_far_too_large_is_not_kept(browser):
    lose_session(browser)

    post(browser, browser.typed | {"diagnosis_group": "x" * (kept.MOST_CHARACTERS + 1)})

    assert kept.KEY not in browser.session


def test_refresh_of_the_page_does_not_use_them_up(browser):
    lose_session(browser)
    post(browser)
    sign_in(browser, "a.bosman")

    browser.get(NEW, headers={"HX-Request": "true"})

    assert "twaalf dagen" in browser.get(NEW).text


def test_page_opens_under_the_role_it_was_typed_with(browser, physician):
    factories.assign(physician, "reporter", site=physician.acting.site)
    second = factories.assign(physician, "bed_coordinator", site=physician.acting.site)
    browser.post(reverse("switch-role"), {"assignment": second.pk})
    page = browser.get(NEW).text
    note = page.split('name="form_owner" value="')[1].split('"')[0]
    lose_session(browser)
    post(browser, browser.typed | {"form_owner": note})

    sign_in(browser, "a.bosman")
    opened = browser.get(NEW)

    assert opened.status_code == 200
    assert opened.wsgi_request.user.role_key == "bed_coordinator"


def test_silence_keeps_what_was_typed(browser, monkeypatch):
    from django.utils import timezone

    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(minutes=16))
    assert post(browser).headers["Location"].startswith(reverse("account_login"))

    sign_in(browser, "a.bosman")

    assert "twaalf dagen" in browser.get(NEW).text


def test_signing_in_again_in_another_tab_does_not_cost_the_form(physician):
    """The new session has a new CSRF token; the old tab still posts the old one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(physician, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(NEW)
    note = page.text.split('name="form_owner" value="')[1].split('"')[0]

    again = client.post(NEW, {"csrfmiddlewaretoken": "old", "form_owner": note, "age_years": "58"})
    assert again.headers["Location"] == NEW

    assert 'value="58"' in client.get(NEW).text
    assert TransferRequest.objects.count() == 0


def test_forged_form_without_a_token_is_refused(physician, client_for):
    stranger = client_for(factories.user("treating_physician", site=factories.site()))
    note = stranger.get(NEW).text.split('name="form_owner" value="')[1].split('"')[0]
    client = Client(enforce_csrf_checks=True)
    client.force_login(physician, backend="django.contrib.auth.backends.ModelBackend")

    assert client.post(NEW, {"age_years": "58"}).status_code == 403
    assert client.post(NEW, {"age_years": "58", "form_owner": note}).status_code == 403
    assert kept.KEY not in client.session


def test_report_comes_back_in_the_call_it_was_typed_for(reference):
    site, slot = factories.site(), factories.slot()
    factories.user("reporter", site=site, username="s.aydin")
    sign_in(client := Client(), "s.aydin", "demo")
    address = f"{reverse('capacity:report', kwargs={'site': site.code})}?slot={slot.pk}"
    note = client.get(address).text.split('name="form_owner" value="')[1].split('"')[0]
    lose_session(client)

    typed = {"form_owner": note, "slot": slot.pk, "do": "file", "icu-open_cohort": "zeventien"}
    asked = client.post(address.partition("?")[0], typed)
    sign_in(client, "s.aydin", "demo")

    assert QueryDict(asked.headers["Location"].partition("?")[2])["next"] == address
    assert 'value="zeventien"' in client.get(address).text
    assert CapacityReport.objects.count() == 0
