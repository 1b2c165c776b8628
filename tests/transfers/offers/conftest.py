"""A small country: a sender in the west, and three hospitals elsewhere that can take a patient."""

from dataclasses import dataclass
from typing import Any

import pytest

from regions.models import Region, Site, User
from tests import factories
from transfers.models import Offer, TransferRequest
from transfers.offers import actions


@dataclass
class World:
    """Who is who; `now` is Thursday morning, 08:05."""

    west: Region
    east: Region
    sender: Site
    places: list[Site]
    desk: User
    now: Any

    def request(self, **fields: Any) -> TransferRequest:
        return factories.request_(self.sender, **{"status": "national_search"} | fields)

    def offer(self, request: TransferRequest | None = None, place: int = 0, **fields: Any) -> Offer:
        request = request or self.request()
        request.refresh_from_db()
        defaults = {"by": self.desk, "now": self.now, "version": request.version}
        return actions.make_offer(request=request, site=self.places[place], **defaults | fields)

    def coordinator(self, place: int = 0) -> User:
        return factories.user("bed_coordinator", site=self.places[place])


@pytest.fixture
def world(reference: None, now: Any) -> World:
    west = factories.region("west", longitude=4.5)
    east = factories.region("east", longitude=6.0)
    sender = factories.site("sender", region=west, longitude=4.5)
    slot = factories.slot()
    places = [factories.site(f"place-{n}", region=east, longitude=6.0 + n / 20) for n in range(5)]
    for site in (sender, *places):
        factories.report(site, slot)
    return World(west, east, sender, places, factories.user("lcps_coordinator"), now)
