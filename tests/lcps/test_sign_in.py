"""The sign-in page: with role cards in the demonstration, and nowhere else."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from communications.models import AuditEvent
from lcps import clock
from lcps.demonstration import accounts
from regions.models import User
from tests import factories

ROLE = reverse("demo-sign-in")


@pytest.fixture
def public(reference):
    return factories.user("lcps_coordinator", username="lcps")


def test_one_click_signs_in_as_a_role(client, public, demonstration_clock):
    assert 'name="role" value="lcps"' in client.get(reverse("account_login")).text

    assert client.post(ROLE, {"role": "lcps"}).headers["Location"] == "/"

    page = client.get(reverse("gallery"))
    assert page.wsgi_request.user.username == "lcps"


@pytest.mark.parametrize("role", ["", "nobody", "s.aydin", "lcps' OR 1=1", "\0"])
def test_no_other_account_can_be_clicked(client, public, demonstration_clock, role):
    factories.user("admin", username="s.aydin")

    assert client.post(ROLE, {"role": role}).status_code == 404


def test_public_account_signs_in_with_its_password_too(client, public, demonstration_clock):
    login = {"login": "lcps", "password": accounts.PASSWORD}

    assert client.post(reverse("account_login"), login).status_code == 302


def test_elsewhere_there_are_no_role_cards(client, public, settings):
    settings.DEMONSTRATION = False

    page = client.get(reverse("account_login")).text

    assert 'name="role"' not in page
    assert "demonstratie" not in page
    assert client.post(ROLE, {"role": "lcps"}).status_code == 404


@pytest.mark.parametrize("command", ["seed_demo", "demo_accounts"])
def test_elsewhere_no_public_accounts_are_made(command, reference, settings):
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError):
        call_command(command)

    assert not User.objects.exists()


@pytest.mark.parametrize("way", ["card", "password"])
def test_who_signs_in_leaves_one_line_in_the_logbook(client, public, demonstration_clock, way):
    by_password = {"login": "lcps", "password": accounts.PASSWORD}
    client.post(reverse("account_login"), by_password | {"password": "fout"})
    if way == "card":
        client.post(ROLE, {"role": "lcps"})
    else:
        client.post(reverse("account_login"), by_password)
    client.get(reverse("gallery"))

    line = AuditEvent.objects.get(action="user.sign_in")
    assert (line.actor_id, line.role) == (str(public.pk), "lcps_coordinator")
    assert clock.now() - line.at < timedelta(minutes=1)
    assert line.object_reference == "lcps"


def test_who_is_refused_leaves_a_line_counted_per_account(client, public, demonstration_clock):
    for name in ("lcps", "LCPS ", "geheim-wachtwoord-als-naam", "\0"):
        client.post(reverse("account_login"), {"login": name, "password": "fout"})

    lines = AuditEvent.objects.filter(action="user.sign_in_refused").order_by("pk")
    assert [(line.object_reference, line.sentence) for line in lines] == [
        ("lcps", "Aanmelden als lcps mislukte, voor de 1e keer in 24 uur"),
        ("lcps", "Aanmelden als lcps mislukte, voor de 2e keer in 24 uur"),
        ("onbekend", "Aanmelden mislukte: dit account bestaat niet"),
    ]
    assert {(line.actor_id, line.kind) for line in lines} == {("system", "sign_in")}
    assert "geheim" not in str(list(lines.values()))


def test_who_gives_a_wrong_password_once_more_is_named(client, reference, settings):
    settings.DEMONSTRATION = False
    person = factories.user("lcps_coordinator", username="anna")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    client.post(reverse("account_reauthenticate"), {"password": "fout"})

    line = AuditEvent.objects.get(action="user.sign_in_refused")
    assert line.actor_id == str(person.pk)
    assert (
        line.sentence == "Wachtwoord van anna opnieuw gevraagd, en fout, voor de 1e keer in 24 uur"
    )


def test_who_signs_out_leaves_a_line(client, public, demonstration_clock):
    client.post(ROLE, {"role": "lcps"})

    client.post(reverse("account_logout"))

    line = AuditEvent.objects.get(action="user.sign_out")
    assert (line.actor_id, line.role) == (str(public.pk), "lcps_coordinator")


def test_the_privacy_officer_sees_how_many_signed_in(client, public, demonstration_clock):
    client.post(ROLE, {"role": "lcps"})
    factories.user("privacy_officer", username="privacy")
    client.post(ROLE, {"role": "privacy"})

    page = client.get("/").text
    assert re.search(r"Aanmeldingen vandaag.{0,200}?<[^>]*>\s*2\s*<", page, re.DOTALL)
