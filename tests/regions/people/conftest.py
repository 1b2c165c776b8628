"""Sign-in as it is outside the demonstration: a second factor is required."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

PASSWORD = "een heel lang wachtwoord"


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    settings.DEMONSTRATION = False


@pytest.fixture
def person(reference):
    """A reporter with a password of their own and no second factor yet."""
    made = factories.user("reporter", site=factories.site(), username="s.aydin")
    made.set_password(PASSWORD)
    made.save()
    return made


@pytest.fixture
def clock(monkeypatch):
    """Real time, to be moved: `clock.forward(31)`. Codes, sessions and counts all look at it."""
    import time as real

    moment = SimpleNamespace(ahead=0.0)

    def forward(seconds):
        moment.ahead += seconds

    moment.forward = forward
    true_time = real.time
    monkeypatch.setattr("time.time", lambda: true_time() + moment.ahead)
    return moment


def sign_in(client: Client, login="s.aydin", password=PASSWORD, **headers):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **headers)
