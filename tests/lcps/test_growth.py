"""How many questions a page asks the database: few, and not one more when the country fills up.

Measured twice: with 10 hospitals and 50 requests, and with the 117 and 500 of a bad week.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regions.models import Site
from tests import factories
from transfers.models import TransferRequest
from transfers.requests import status as states

pytestmark = pytest.mark.django_db
SMALL, LARGE = (10, 50), (117, 500)
REGIONS = 11


BEDS = {
    "open_cohort": 8, "open_other": 20, "reserve": 2, "occ_confirmed": 6, "occ_other": 15,
    "new_24h": 1, "offer": 1, "need": 0,
}  # fmt: skip
LINES = {"icu": BEDS, "ward": BEDS | {"reserve": 0}}
FILLED_IN = {"based_on": "", "measured_at": "07:30"} | {
    f"{level}-{name}": str(count)
    for level, line in LINES.items()
    for name, count in line.items()
    if (level, name) != ("ward", "reserve")
}


@dataclass
class Country:
    """Hospitals that have reported and requests before departure; `grow` adds until there are so many."""

    now: datetime
    sites: list[Site]
    requests: list[TransferRequest]

    def grow(self, sites: int, requests: int) -> None:
        slot = factories.slot()
        while len(self.sites) < sites:
            region = factories.region(f"r{len(self.sites) % REGIONS}")
            self.sites.append(factories.site(region=region))
            factories.report(self.sites[-1], slot)
        while len(self.requests) < requests:
            number = len(self.requests)
            status = states.BEFORE_DEPARTURE[number % len(states.BEFORE_DEPARTURE)]
            made = factories.request_(self.sites[number % len(self.sites)], status=status)
            self.requests.append(made)
        # As in a country that has been growing for days: the planner knows of its rows.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@pytest.fixture
def country(reference, demonstration_clock, now):
    made = Country(now, [], [])
    made.grow(*SMALL)
    return made


def questions(ask: Callable[[], HttpResponse], status: int) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    assert answer.status_code == status, answer.text
    return len(asked)


def page(client_for, address: str) -> Callable[[], int]:
    client = client_for(factories.user("lcps_coordinator"))
    client.get(address)
    return lambda: questions(lambda: client.get(address), 200)


def national_board(country, client_for):
    return page(client_for, reverse("national-board"))


def transfer_board(country, client_for):
    return page(client_for, reverse("transfers:board"))


def request_page(country, client_for):
    clinical = {"values_at": country.now, "stable_at": country.now}
    request = factories.request_(country.sites[0], status=states.NATIONAL_SEARCH, clinical=clinical)
    address = reverse("transfers:request", kwargs={"number": request.number})
    return page(client_for, address)


def capacity_submit(country, client_for):
    """The report of one hospital, sent; each time of another, that last reported yesterday."""
    slot = factories.slot()
    yesterday = factories.slot(slot.day - timedelta(days=1))

    def send():
        site = factories.site(region=country.sites[0].region)
        factories.report(site, yesterday, lines=LINES)
        client = client_for(factories.user("reporter", site=site))
        address = reverse("capacity:report", kwargs={"site": site.code})
        client.get(address)
        form = FILLED_IN | {"slot": str(slot.pk), "submission": str(uuid4()), "do": "file"}
        return questions(lambda: client.post(address, form), 302)

    return send


MOST = {national_board: 12, transfer_board: 12, request_page: 20, capacity_submit: 20}


def test_no_page_asks_more_when_the_country_fills_up(country, client_for):
    asks = {what.__name__: what(country, client_for) for what in MOST}

    small = {name: ask() for name, ask in asks.items()}
    country.grow(*LARGE)
    large = {name: ask() for name, ask in asks.items()}

    for what, most in MOST.items():
        name = what.__name__
        print(
            f"{name}: {small[name]} questions at {SMALL}, {large[name]} at {LARGE}, at most {most}"
        )
    assert small == large
    assert {
        what.__name__: large[what.__name__] <= most for what, most in MOST.items()
    } == dict.fromkeys(large, True)
