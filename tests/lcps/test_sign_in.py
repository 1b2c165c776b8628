"""The sign-in page: with role cards in the demonstration, and nowhere else."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

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
