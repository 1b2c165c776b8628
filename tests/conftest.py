"""Shared fixtures: the morning, and a browserless client per person."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from regions.models import User
from tests import factories


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The morning takes longest: begun last, it would keep one process busy and the others idle."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


@pytest.fixture(scope="session", autouse=True)
def cleaning_up_empties_the_logbook() -> Iterator[None]:
    """After a test that commits, Django empties every table; the logbook refuses that to anybody else.

    Only while it does so the trigger is off, in the database of the tests: the tests themselves meet it.
    """
    clean_up = TransactionTestCase._fixture_teardown

    def with_the_trigger_off(case: TransactionTestCase) -> None:
        alter = "ALTER TABLE communications_auditevent %s TRIGGER communications_auditevent_is_never_emptied"
        with connection.cursor() as cursor:
            cursor.execute(alter % "DISABLE")
        try:
            clean_up(case)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(alter % "ENABLE")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", with_the_trigger_off)
        yield


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
