"""Whose move it is, and at which stage a request stands. Pure: no Django.

`status.STATUSES` names the party; here the party becomes roles at places, so that a card, a task list and
a page say the same.
"""

from collections.abc import Collection
from dataclasses import dataclass

from transfers.requests import status as states


@dataclass(frozen=True)
class Parties:
    """The places a request concerns, by id. Several sites may be asked at once."""

    sending_site: int
    sending_region: int
    receiving_sites: tuple[int, ...] = ()
    receiving_regions: tuple[int, ...] = ()
    service: int | None = None

    @property
    def stays_in_region(self) -> bool:
        return set(self.receiving_regions) == {self.sending_region}


@dataclass(frozen=True)
class Turn:
    """Who must act: any of the roles, at any of the places. No places at all (None) is a national role."""

    party: str
    roles: frozenset[str]
    sites: tuple[int, ...] | None = None
    regions: tuple[int, ...] | None = None
    services: tuple[int, ...] | None = None

    def is_of(
        self, role: str, *, site: int | None, region: int | None, service: int | None
    ) -> bool:
        if role not in self.roles:
            return False
        places = ((self.sites, site), (self.regions, region), (self.services, service))
        return all(where is None or mine in where for where, mine in places)


def turn_of(status: str, parties: Parties) -> Turn:
    """Who must act on a request in `status`."""
    party = states.STATUSES[status].move
    if party == states.TRANSPORT and parties.stays_in_region:
        return Turn(party, states.REGION_ROLES, regions=(parties.sending_region,))
    if party == states.RECEIVER:
        extra = {"treating_physician"} if status == states.ARRIVED else set()
        return Turn(party, frozenset({"bed_coordinator"} | extra), sites=parties.receiving_sites)
    return {
        states.SENDER: Turn(party, states.SENDER_ROLES, sites=(parties.sending_site,)),
        states.SENDING_REGION: Turn(party, states.REGION_ROLES, regions=(parties.sending_region,)),
        states.CENTRE: Turn(party, states.CENTRE_ROLES),
        states.MEDICAL: Turn(party, frozenset({"medical_officer"})),
        states.TRANSPORT: Turn(party, frozenset({"transport_coordinator"})),
        states.PLANNER: Turn(
            party,
            states.PLANNER_ROLES,
            services=() if parties.service is None else (parties.service,),
        ),
        states.NOBODY: Turn(party, frozenset()),
    }[party]


# The columns of the board and the points of the track, in order, with the statuses each holds.
NEW, REVIEW, SEARCH, OFFER, ACCEPTED, TRANSPORT, RIDE, DONE = (
    "new",
    "review",
    "search",
    "offer",
    "accepted",
    "transport",
    "ride",
    "done",
)
COLUMNS: dict[str, tuple[str, ...]] = {
    NEW: (states.DRAFT, states.SUBMITTED, states.INFO_NEEDED, states.REGIONAL_SEARCH),
    REVIEW: (states.ESCALATED, states.MEDICAL_REVIEW),
    SEARCH: (states.NATIONAL_SEARCH,),
    OFFER: (states.OFFERED,),
    ACCEPTED: (states.ACCEPTED,),
    TRANSPORT: (states.TRANSPORT_REQUESTED, states.TRANSPORT_PLANNED),
    RIDE: (states.DEPARTED, states.ARRIVED),
    DONE: (states.HANDED_OVER, states.CLOSED),
}
TRACK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("submitted", (states.SUBMITTED, states.INFO_NEEDED)),
    ("regional", (states.REGIONAL_SEARCH,)),
    (REVIEW, COLUMNS[REVIEW]),
    (SEARCH, COLUMNS[SEARCH]),
    (OFFER, COLUMNS[OFFER]),
    (ACCEPTED, COLUMNS[ACCEPTED]),
    (TRANSPORT, COLUMNS[TRANSPORT]),
    (RIDE, COLUMNS[RIDE]),
    (DONE, COLUMNS[DONE]),
)


def column_of(status: str, searching: str) -> str | None:
    """The column a request stands in; one that is on hold stands where its search stands; None when ended."""
    if status in (states.ON_HOLD, states.INFO_NEEDED):
        return SEARCH if searching == "nation" else NEW
    for name, statuses in COLUMNS.items():
        if status in statuses:
            return name
    return None


def track_index(status: str, searching: str, reached: Collection[str]) -> int:
    """The point of the track a request stands at; one that ended or waits stands where it came last."""
    for index, (_name, statuses) in enumerate(TRACK):
        if status in statuses:
            return index
    came = [i for i, (_n, statuses) in enumerate(TRACK) if any(s in reached for s in statuses)]
    return max(came, default=0)
