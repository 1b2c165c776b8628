"""Shared fixtures: the morning, and a browserless client per person."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from regions.models import User
from tests import factories


@pytest.fixture
def now() -> datetime:
    """Thursday 29 October 2020, 08:05 in Amsterdam."""
    return factories.NOW


@pytest.fixture
def reference(db: None) -> None:
    factories.reference()


@pytest.fixture
def demonstration_clock(db: None, settings: object, now: datetime) -> None:
    """The business clock stands at the morning (and runs on), as in the demonstration."""
    from lcps import clock

    settings.DEMONSTRATION = True
    clock.set_to(now)


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A signed-in test client: `client_for(person).get(...)`."""

    def make(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make
