"""The demonstration's world, written once a module and undone after it."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from lcps.demonstration import seed


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """29 October 2020, 08:05. Each test of the module undoes what it changes."""
    assert not settings.DEMONSTRATION
    with django_db_blocker.unblock(), override_settings(DEMONSTRATION=True), transaction.atomic():
        call_command("load_reference", verbosity=0)
        seed.seed_world()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(seeded: None, db: None) -> None:
    """The world, in a transaction of the test's own."""
