"""Sign-in: what a refusal tells, who is slowed down by wrong tries, how long a session lives."""

import re
from datetime import date, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings as conf
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communications.models import AuditEvent
from communications.post.models import Message
from lcps import presence
from regions.models import Assignment
from tests import factories
from tests.regions.people.conftest import PASSWORD, sign_in


@pytest.fixture(autouse=True)
def real(settings):
    settings.DEMONSTRATION = False


def words(response, name):
    """The page, without what differs at every request and without the name that was typed."""
    page = re.sub(r'csrf[^"]*" value="[^"]*"|X-CSRFToken": "[^"]*"', "", response.content.decode())
    return re.sub(r'"[-0-9]+T[^"]+"|>\d\d:\d\d<', "", page).replace(name, "")


# ----- what a refusal tells -------------------------------------------------------------------------


def test_unknown_known_and_closed_accounts_get_the_same_refusal(client, person):
    factories.user(username="closed", is_active=False)

    unknown = sign_in(Client(), "nobody", "wrong password")
    known = sign_in(Client(), "s.aydin", "wrong password")
    closed = sign_in(Client(), "closed", "demo")

    assert unknown.status_code == known.status_code == closed.status_code == 200
    assert words(unknown, "nobody") == words(known, "s.aydin") == words(closed, "closed")
    assert "errorlist" in known.content.decode() or known.context["form"].errors


def test_name_or_address_and_password_sign_in(person):
    for login in ("s.aydin", "S.Aydin", person.email):
        client = Client()

        assert sign_in(client, login).headers["Location"] == "/"
        assert client.get(reverse("messages")).status_code == 200


def test_session_gets_a_new_key_at_sign_in(client, person):
    client.get(reverse("messages"))
    session = client.session
    session["before"] = True
    session.save()
    client.cookies[conf.SESSION_COOKIE_NAME] = before = session.session_key

    sign_in(client)

    assert client.cookies[conf.SESSION_COOKIE_NAME].value != before


def test_signing_out_ends_the_session_on_the_server(client, person):
    sign_in(client)
    stolen = client.cookies[conf.SESSION_COOKIE_NAME].value

    client.post(reverse("account_logout"))
    client.cookies[conf.SESSION_COOKIE_NAME] = stolen

    assert client.get(reverse("messages")).status_code == 302


@pytest.mark.parametrize(
    "address", ["/accounts/signup/", "/accounts/email/", "/accounts/inactive/"]
)
def test_nobody_makes_an_account_or_address(client, db, address):
    assert client.get(address).status_code == 404
    assert client.post(address, {"email": "x@example.org"}).status_code in (404, 405)


def test_next_page_is_one_of_ours(client, person):
    away = client.post(
        f"{reverse('account_login')}?next=https://evil.example/",
        {"login": "s.aydin", "password": PASSWORD, "next": "https://evil.example/"},
    )

    assert away.headers["Location"] == "/"


# ----- wrong tries ----------------------------------------------------------------------------------


def guess(client, times=10, login="s.aydin", **headers):
    for _ in range(times):
        response = sign_in(client, login, "wrong password", **headers)
    return response


def test_ten_wrong_tries_slow_the_account_there(client, person):
    last = guess(client)

    assert last.status_code == 429
    assert "15 minuten" in last.content.decode()
    assert sign_in(client).status_code == 429


def test_others_at_the_same_address_sign_in(person):
    guess(Client())
    factories.user("reporter", site=factories.site(), username="collega")

    assert sign_in(Client(), "collega", "demo").status_code == 302


def test_the_same_person_elsewhere_signs_in(person):
    guess(Client(), REMOTE_ADDR="203.0.113.9")

    assert sign_in(Client(), REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_known_device_is_not_slowed_by_guesses_beside_it(client, person):
    sign_in(client)
    client.post(reverse("account_logout"))

    assert guess(Client()).status_code == 429

    assert sign_in(client).status_code == 302


def test_a_known_device_is_slowed_by_its_own_guesses(client, person):
    sign_in(client)
    client.post(reverse("account_logout"))

    assert guess(client).status_code == 429
    assert sign_in(client).status_code == 429


def test_a_forged_device_is_unknown(client, person):
    client.cookies[conf.DEVICE_COOKIE_NAME] = "eyJpZCI6IngiLCJwZW9wbGUiOlsxXX0:x:y"

    assert guess(Client()).status_code == 429
    assert sign_in(client).status_code == 429


def test_name_and_address_are_counted_together(client, person):
    guess(client, times=5)

    assert guess(client, times=5, login=person.email.upper()).status_code == 429
    assert AccessAttempt.objects.get().username == "s.aydin"


def test_tries_during_the_wait_do_not_make_it_longer(client, person):
    guess(client, times=12)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert sign_in(client).status_code == 302


def test_no_password_is_written_down(client, person):
    guess(client, times=1)

    attempt = AccessAttempt.objects.get()

    assert "wrong password" not in attempt.post_data + attempt.get_data


@pytest.mark.parametrize(
    "login", ["", "\0", "a" * 5000, "x\ud800".encode("utf-8", "replace"), "é@ü.nl"]
)
def test_odd_names_are_refused_in_words(client, person, login):
    assert sign_in(client, login).status_code == 200


# ----- a new password -------------------------------------------------------------------------------


def ask_new_password(email):
    return Client().post(reverse("account_reset_password"), {"email": email})


def test_new_password_by_letter(client, person):
    ask_new_password(person.email)

    letter = Message.objects.get()
    assert (letter.template, letter.channel, letter.address) == (
        "password_reset",
        "email",
        person.email,
    )
    form = client.get(letter.link, follow=True)
    address = form.redirect_chain[-1][0]
    new = {"password1": "nog een lang wachtwoord", "password2": "nog een lang wachtwoord"}
    assert client.post(address, new).status_code == 302
    assert sign_in(Client(), password="nog een lang wachtwoord").status_code == 302
    assert sign_in(Client()).status_code == 200
    assert "token_fail" in client.get(letter.link).context


@pytest.mark.parametrize(("minutes", "is_late"), [(59, False), (61, True)])
def test_link_to_a_new_password_works_for_an_hour(client, person, monkeypatch, minutes, is_late):
    ask_new_password(person.email)
    at = datetime.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: at)

    page = client.get(Message.objects.get().link, follow=True)

    assert bool(page.context.get("token_fail")) is is_late


def test_links_are_asked_for_five_times_an_hour(person, clock):
    for _ in range(5):
        assert ask_new_password(person.email).status_code == 302

    refused = ask_new_password(person.email)
    assert refused.status_code == 429
    assert "vijf keer per uur" in refused.text

    clock.forward(60 * 60)
    assert ask_new_password(person.email).status_code == 302


@pytest.mark.parametrize(
    ("typed", "again", "said"),
    [
        ("elf tekens.", "elf tekens.", "Dit wachtwoord is te kort: neem minstens 12 tekens."),
        ("twaalf teken", "twaalf tekens", "Dit is een ander wachtwoord."),
        ("twaalf teken", "", "Dit veld is vereist."),
    ],
)
def test_refused_password_is_told_why(client, person, typed, again, said):
    ask_new_password(person.email)
    address = client.get(Message.objects.get().link, follow=True).redirect_chain[-1][0]

    page = client.post(address, {"password1": typed, "password2": again})

    assert [said] in page.context["form"].errors.values()


def test_asking_for_a_stranger_looks_the_same_and_writes_to_nobody(db, person):
    stranger, known = ask_new_password("vreemd@example.org"), ask_new_password(person.email)

    assert stranger.status_code == known.status_code == 302
    assert stranger.headers["Location"] == known.headers["Location"]
    assert Message.objects.count() == 1


def test_public_accounts_of_the_demonstration_keep_their_password(client, settings, person):
    settings.DEMONSTRATION = True
    sign_in(client)

    refused = client.get(reverse("account_change_password"))
    assert (refused.status_code, "van alle bezoekers" in refused.text) == (403, True)
    assert ask_new_password(person.email).status_code == 403
    assert not Message.objects.exists()
    assert "password/reset" not in Client().get(reverse("account_login")).content.decode()


# ----- how long a session lives ---------------------------------------------------------------------


@pytest.fixture
def later(monkeypatch):
    """Make the sessions of these tests older: `later(minutes=16)`."""
    real = timezone.now

    def move(**ahead):
        monkeypatch.setattr(presence.timezone, "now", lambda: real() + timedelta(**ahead))

    return move


def test_session_ends_after_twelve_hours_however_busy(client, person, later):
    sign_in(client)

    later(hours=11, minutes=59)
    assert client.get(reverse("messages")).status_code == 200
    later(hours=12, minutes=1)
    assert client.get(reverse("messages")).status_code == 302
    later(hours=0)
    assert client.get(reverse("messages")).status_code == 302


def test_patient_pages_close_after_a_quarter_of_silence(client, person, later):
    sign_in(client)
    assert client.get(reverse("transfers:board")).status_code == 200

    later(minutes=14, seconds=50)
    assert client.get(reverse("transfers:board")).status_code == 200
    later(minutes=29, seconds=30)
    assert client.get(reverse("transfers:board")).status_code == 200
    later(minutes=45)
    asked = client.get(reverse("transfers:board"))

    assert asked.headers["Location"].startswith(reverse("account_login"))
    assert "Het was hier een tijd stil" in client.get(asked.headers["Location"]).content.decode()
    line = AuditEvent.objects.get(action="user.sign_out")
    assert line.sentence == "Werd afgemeld: sessie voorbij of te lang stil"


def test_a_page_that_refreshes_itself_is_no_sign_of_life(client, person, later):
    sign_in(client)
    board = reverse("transfers:board")
    background = {"HX-Request": "true", presence.BACKGROUND: "refresh"}
    later(minutes=10)

    assert client.get(board, headers=background).status_code == 200
    later(minutes=16)
    assert client.get(board, headers=background).headers["HX-Redirect"]
    assert client.get(board).status_code == 302


def test_a_click_elsewhere_does_not_open_patient_pages_again(client, person, later):
    sign_in(client)
    client.get(reverse("transfers:board"))
    later(minutes=16)

    assert client.get(reverse("messages")).status_code == 200
    assert client.get(reverse("transfers:board")).status_code == 302


def test_a_forged_or_foreign_sign_of_life_does_not_count(client, person, later):
    sign_in(client)
    later(minutes=16)
    sign_in(other := Client())
    session = client.cookies[conf.SESSION_COOKIE_NAME].value

    for cookie in ("x", "", other.cookies[conf.SEEN_COOKIE_NAME].value):
        forger = Client()
        forger.cookies[conf.SESSION_COOKIE_NAME] = session
        forger.cookies[conf.SEEN_COOKIE_NAME] = cookie
        assert presence.is_silent(forger.get(reverse("gallery")).wsgi_request, timezone.now())

    assert forger.get(reverse("transfers:board")).status_code == 302


def test_a_closed_account_is_out_at_the_next_click(client, person):
    sign_in(client)
    person.is_active = False
    person.save()

    assert client.get(reverse("messages")).status_code == 302


def test_a_role_that_ended_is_gone_at_the_next_click(client, person):
    sign_in(client)
    yesterday = timezone.localdate() - timedelta(days=1)
    Assignment.objects.filter(user=person).update(valid_to=yesterday)

    asked = client.get(reverse("messages"))

    assert asked.status_code == 403
    assert "Vraag de beheerder" in asked.content.decode()
    assert "Uitloggen" in asked.content.decode()


# ----- one person, several roles --------------------------------------------------------------------


def test_role_is_chosen_from_the_own_roles_of_today(client, person):
    elsewhere = factories.assign(person, "regional_coordinator", region=factories.region())
    past = factories.assign(person, "analyst")
    future = factories.assign(person, "shift_lead")
    Assignment.objects.filter(pk=past.pk).update(valid_to=date(2020, 1, 31))
    Assignment.objects.filter(pk=future.pk).update(
        valid_from=timezone.localdate() + timedelta(days=1)
    )
    foreign = factories.user("admin").acting
    sign_in(client)

    page = client.get(reverse("gallery"))
    assert {a.role_id for a in page.wsgi_request.assignments} == {
        "reporter",
        "regional_coordinator",
    }
    assert page.wsgi_request.user.role_key == "reporter"

    for refused in (past, future, foreign):
        assert client.post(reverse("switch-role"), {"assignment": refused.pk}).status_code == 404
    assert client.post(reverse("switch-role"), {"assignment": elsewhere.pk}).status_code == 302
    assert client.get(reverse("gallery")).wsgi_request.user.role_key == "regional_coordinator"


def test_language_is_kept_for_the_browser(client, person):
    sign_in(client)

    client.post(reverse("set_language"), {"language": "en", "next": reverse("gallery")})

    assert '<html lang="en">' in client.get(reverse("gallery")).content.decode()
    client.post(reverse("set_language"), {"language": "nl", "next": "https://evil.example"})
    assert '<html lang="nl">' in client.get(reverse("gallery")).content.decode()
