"""The first people of an installation: accounts and roles from the command line."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from communications.models import AuditEvent, Message
from regions.models import User
from tests import factories

pytestmark = pytest.mark.usefixtures("reference")
ADDRESS = "a.devries@example.org"


def roles_of(username):
    valid = User.objects.get(username=username).assignments.valid_on(timezone.localdate())
    return [(one.role_id, one.scope_label) for one in valid]


def test_who_is_added_chooses_a_password_by_letter(client):
    call_command("add_person", "a.devries", ADDRESS, name="A. de Vries")

    person = User.objects.get(username="a.devries")
    assert (person.get_full_name(), person.has_usable_password()) == ("A. de Vries", False)
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    assert Message.objects.filter(template="password_reset", recipient=person).exists()


@pytest.mark.parametrize(
    ("username", "email", "why"),
    [
        ("s.aydin", "nieuw@example.org", "already exists|bestaat al"),
        ("nieuw", "S.AYDIN@example.org", "already belongs"),
        ("nieuw", "geen adres", "e-mail"),
        ("nieuw", "", "Without an e-mail address"),
        ("een naam", "nieuw@example.org", "gebruikersnaam|username"),
    ],
)
def test_an_account_that_cannot_be_is_refused(username, email, why):
    factories.user(username="s.aydin")

    with pytest.raises(CommandError, match=f"(?i){why}"):
        call_command("add_person", username, email)

    assert User.objects.exclude(username="AnonymousUser").count() == 1


def test_a_role_is_given_for_its_place_and_written_down():
    factories.user(username="a.devries"), factories.region("oost")

    call_command("give_role", "a.devries", "regional_coordinator", place="oost")
    call_command("give_role", "a.devries", "admin")

    region = User.objects.get(username="a.devries").assignments.get(region__code="oost").region
    assert roles_of("a.devries") == [
        ("regional_coordinator", f"Regio {region.name}"), ("admin", "Landelijk")
    ]  # fmt: skip
    assert User.objects.get(username="a.devries").has_perm("regions.coordinate_region", region)
    assert (
        AuditEvent.objects.filter(action="role.assign", object_reference="a.devries").count() == 2
    )


def test_a_role_ends_after_its_last_day():
    factories.user(username="a.devries")
    call_command("give_role", "a.devries", "admin")

    call_command("give_role", "a.devries", "admin", until=timezone.localdate())

    assert [one.valid_to for one in User.objects.get(username="a.devries").assignments.all()] == [
        timezone.localdate()
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["niemand", "admin"], "No .* 'niemand'"),
        (["a.devries", "koning"], "No .* 'koning'. There are: admin"),
        (["a.devries", "admin", "--place", "oost"], "leave out --place"),
        (["a.devries", "regional_coordinator"], "add --place"),
        (["a.devries", "regional_coordinator", "--place", "atlantis"], "No .* 'atlantis'"),
        (["a.devries", "admin", "--until", "2099-12-31"], "does not have this role"),
    ],
)
def test_a_role_that_cannot_be_is_refused_with_what_to_do(words, why):
    factories.user(username="a.devries")

    with pytest.raises(CommandError, match=re.compile(why, re.DOTALL)):
        call_command("give_role", *words)

    assert roles_of("a.devries") == []


def test_a_role_is_given_once():
    factories.user(username="a.devries")
    call_command("give_role", "a.devries", "admin")

    with pytest.raises(CommandError, match="already has this role"):
        call_command("give_role", "a.devries", "admin")
