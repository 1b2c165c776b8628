"""Who may do what with a ride; who may take a step of the request is decided by its own table."""

from typing import TYPE_CHECKING

from regions.people import permissions as people
from regions.people import scopes
from transfers.requests import permissions as requests
from transfers.requests import status as states

if TYPE_CHECKING:
    from regions.models import User
    from transfers.models import Offer, Ride, TransferRequest


def may_ask(user: "User", request: "TransferRequest") -> bool:
    """Ask for a ride: the region for what stays inside it, the centre for what crosses a border."""
    return requests.may_step(user, request, states.step("request_transport", since=states.ACCEPTED))


def may_drive(user: "User", ride: "Ride") -> bool:
    """The planner of the service that has the ride."""
    return (
        user.acting is not None
        and user.role_key in scopes.PLANNERS
        and user.acting.service_id == ride.service_id
    )


def may_hand_over(user: "User", offer: "Offer") -> bool:
    """The receiving site, where the responsibility passes to."""
    return user.role_key in scopes.SENDERS and people.is_of_site(user, offer.site)
