"""Who may do what to a request. Who sees it at all is decided by `visible_to(user)`."""

from typing import TYPE_CHECKING

from regions.people import permissions as people
from regions.people import scopes
from transfers.requests import status as states

if TYPE_CHECKING:
    from regions.people.models import User
    from transfers.requests.models import TransferRequest

# While nobody has been asked for a bed yet, the sender may still change everything.
EDITABLE = (
    states.DRAFT,
    states.SUBMITTED,
    states.INFO_NEEDED,
    states.REGIONAL_SEARCH,
    states.ON_HOLD,
)
RENEWABLE = states.OPEN


def may_step(user: "User | None", request: "TransferRequest", step: states.Step) -> bool:
    """Take a row of the table: the right role, on the right side. `None` is the system itself."""
    if user is None:
        return states.SYSTEM in step.roles
    if user.role_key not in step.roles:
        return False
    if user.role_key in scopes.HOSPITAL:
        return _is_of_hospital(user, request, step.party)
    if user.role_key in scopes.REGIONAL:
        return _is_of_region(user, request, step.party)
    if user.role_key in scopes.PLANNERS:
        return user.acting is not None and user.acting.service_id == request.parties().service
    # The transport coordinator arranges what crosses a border; inside it the region does.
    return step.party != states.TRANSPORT or not request.parties().stays_in_region


def may_edit(user: "User", request: "TransferRequest") -> bool:
    """Change what the sender filled in."""
    return request.status in EDITABLE and is_sender(user, request)


def may_renew(user: "User", request: "TransferRequest") -> bool:
    """Give fresh clinical values."""
    return request.status in RENEWABLE and is_sender(user, request)


def is_sender(user: "User", request: "TransferRequest") -> bool:
    return people.may_send_from(user, request.sending_site)


def may_send_from(user: "User") -> bool:
    """Write requests at all: for the own site."""
    return (
        user.acting is not None
        and user.acting.site is not None
        and people.may_send_from(user, user.acting.site)
    )


def may_override_objection(user: "User") -> bool:
    """Transfer despite an objection: the sending physician, with a reason (T3)."""
    return user.role_key == "treating_physician"


def _is_of_hospital(user: "User", request: "TransferRequest", party: str) -> bool:
    if party == states.RECEIVER:
        return user.acting is not None and user.acting.site_id in request.parties().receiving_sites
    return people.is_of_site(user, request.sending_site)


def _is_of_region(user: "User", request: "TransferRequest", party: str) -> bool:
    if party == states.RECEIVER:
        return user.acting is not None and (
            user.acting.region_id in request.parties().receiving_regions
            and people.may_coordinate(user, user.acting.region)
        )
    if party == states.TRANSPORT and not request.parties().stays_in_region:
        return False
    return people.may_coordinate(user, request.sending_site.region)
