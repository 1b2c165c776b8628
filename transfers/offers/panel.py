"""What the request page shows of offers: what runs, and where the patient could go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from regions.phases import selectors as phases
from transfers.matching import source
from transfers.offers import permissions
from transfers.offers.destinations import Destinations, destinations
from transfers.offers.models import Offer
from transfers.requests import clocks
from transfers.requests import status as states
from transfers.requests.models import TransferRequest

if TYPE_CHECKING:
    from regions.people.models import User

SEARCHED = (states.REGIONAL_SEARCH, states.NATIONAL_SEARCH, states.OFFERED)


@dataclass(frozen=True)
class RunningOffer:
    """An offer of this request, with what the reader may do with it."""

    offer: Offer
    soon_at: datetime | None
    may_record_contact: bool
    is_here: bool


@dataclass(frozen=True)
class OfferPanel:
    """The context of the panels on the request page."""

    offers: list[RunningOffer]
    open_count: int
    most_open: int
    may_offer: bool
    destinations: Destinations | None
    is_stuck: bool
    typed: Mapping[str, str] = field(default_factory=dict)


def offer_panel(
    *,
    request: TransferRequest,
    user: "User",
    now: datetime,
    chosen: str = "",
    asked: str = "",
    shows_all: bool = False,
    typed: Mapping[str, str] | None = None,
) -> OfferPanel:
    """Everything about offers of one request; ten queries at most.

    `chosen` and `asked` are codes of sites: whom an offer is prepared for, and about whom is asked
    why not. `typed` is what somebody typed into an offer that was refused.
    """
    dials = phases.settings_at("", now)
    known = source.offers_known(request=request, now=now, dials=dials)
    offers = [offer for offer in known if offer.request_id == request.pk]
    open_count = sum(offer.is_open for offer in offers)
    is_searched = request.status in SEARCHED
    places = None
    if is_searched and permissions.may_see_destinations(user, request):
        problem = source.problem(request=request, now=now, dials=dials, offers=known)
        places = destinations(
            request, problem, dials, now=now, chosen=chosen, asked=asked, shows_all=shows_all
        )
    return OfferPanel(
        offers=[_running(offer, request, user) for offer in offers],
        open_count=open_count,
        most_open=dials["offers.most_open"],
        may_offer=places is not None
        and places.fitting > 0
        and open_count < dials["offers.most_open"]
        and permissions.may_offer(user, request),
        destinations=places,
        is_stuck=places is not None and places.fitting == 0,
        typed=typed or {},
    )


def _running(offer: Offer, request: TransferRequest, user: "User") -> RunningOffer:
    offer.request = request
    acting = user.acting
    places = (offer.site_id, offer.site.region_id)
    return RunningOffer(
        offer=offer,
        soon_at=clocks.soon_at(offer.offered_at, offer.answer_due_at),
        may_record_contact=permissions.may_record_contact(user, offer),
        is_here=acting is not None and (acting.site_id, acting.region_id or places[1]) == places,
    )
