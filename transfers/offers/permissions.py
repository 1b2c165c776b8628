"""Who may ask a site for a bed, and who may answer for it."""

from typing import TYPE_CHECKING

from regions.people import permissions as people
from regions.people import scopes
from transfers.requests import permissions as requests
from transfers.requests import status as states

if TYPE_CHECKING:
    from regions.people.models import User
    from transfers.offers.models import Offer
    from transfers.requests.models import TransferRequest

CONTACT_ROLES = scopes.TRANSFER_DESK | {
    "bed_coordinator",
    "treating_physician",
    "regional_coordinator",
}


def offer_step(request: "TransferRequest") -> states.Step | None:
    """The row of the table by which an offer is made now: inside the region, or nationally."""
    name = "offer_in_region" if request.is_searched_in_region else "offer_nationally"
    return next((row for row in states.steps_from(request.status) if row.name == name), None)


def may_offer(user: "User", request: "TransferRequest") -> bool:
    """Ask a site for a bed for this request, as its status is now."""
    step = offer_step(request)
    return step is not None and requests.may_step(user, request, step)


def may_see_destinations(user: "User", request: "TransferRequest") -> bool:
    """See the ranked places with their figures: the centre, or inside the region its coordinator."""
    if user.role_key in scopes.TRANSFER_DESK:
        return True
    return request.is_searched_in_region and people.may_coordinate(
        user, request.sending_site.region
    )


def may_answer(user: "User", offer: "Offer") -> bool:
    """Say yes or no for the receiving site: its bed coordinator, or its region on its behalf."""
    if user.role_key == "bed_coordinator":
        return people.is_of_site(user, offer.site)
    return people.may_coordinate(user, offer.site.region)


def answers_for(user: "User") -> bool:
    """Whether this person answers at all, for the own site or the sites of the own region."""
    if user.role_key == "bed_coordinator":
        return True
    region = user.acting.region if user.acting else None
    return region is not None and people.may_coordinate(user, region)


def may_record_contact(user: "User", offer: "Offer") -> bool:
    """Write down that the two doctors spoke; who sees the offer at all is decided by visible_to."""
    return offer.is_accepted and user.role_key in CONTACT_ROLES
