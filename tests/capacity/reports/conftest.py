"""A hospital that is asked for figures, its reporter, and the form they fill in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests import factories
from tests.capacity.reports.typed import YESTERDAY


@pytest.fixture
def site(reference):
    made = factories.site("jbz", name="Jeroen Bosch Ziekenhuis")
    # Two patients of the ward are to be placed: those two requests run.
    for _ in range(2):
        factories.request_(made, status="submitted")
    return made


@pytest.fixture
def slot(reference):
    return factories.slot()


@pytest.fixture
def yesterday(site, slot):
    return factories.report(
        site,
        factories.slot(slot.day - timedelta(days=1)),
        lines=YESTERDAY,
        ventilators_owned=26,
        absence_percent="7.8",
    )


@pytest.fixture
def reporter(site):
    return factories.user("reporter", site=site, first_name="S.", last_name="Aydin")


@pytest.fixture
def form(client_for, reporter, site, slot):
    """Ask for the form, or send it: form(), form(do="file", **texts)."""
    client = client_for(reporter)

    def ask(follow=False, **texts):
        address = reverse("capacity:report", kwargs={"site": site.code})
        if not texts:
            return client.get(address)
        base = {"slot": str(slot.pk), "submission": str(uuid4()), "based_on": ""}
        return client.post(address, base | texts, follow=follow)

    return ask
