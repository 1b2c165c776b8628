"""What the request page shows of transport and handover, and who may act on it there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transfers.requests import status as states
from transfers.rides import permissions
from transfers.rides.forms import HandoverForm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from regions.models import User
    from transfers.models import HandoverItem, Ride, TransferRequest

FROM_ACCEPTANCE = (
    states.ACCEPTED,
    states.TRANSPORT_REQUESTED,
    states.TRANSPORT_PLANNED,
    states.DEPARTED,
    states.ARRIVED,
    states.HANDED_OVER,
    states.CLOSED,
)
FROM_ARRIVAL = (states.ARRIVED, states.HANDED_OVER, states.CLOSED)


@dataclass(frozen=True)
class RidePanel:
    """The ride of a request, if there is one, and what this person may do about it."""

    ride: "Ride | None"
    expected_at: "datetime | None"
    leaves_late: bool
    may_ask: bool
    may_hand_over: bool
    form: HandoverForm | None
    given: list["HandoverItem"]
    shows_handover: bool


def ride_panel(
    request: "TransferRequest",
    user: "User",
    *,
    now: "datetime",
    typed: "Mapping[str, str] | None" = None,
) -> RidePanel | None:
    """None before a destination has accepted. `request` comes with its live offers and rides.

    `typed` is what was answered of the checklist before the session ended.
    """
    if request.status not in FROM_ACCEPTANCE:
        return None
    ride = request.live_rides[0] if request.live_rides else None
    accepted = next((o for o in request.live_offers if o.is_accepted), None)
    has_arrived = request.status in FROM_ARRIVAL
    given = list(request.handover.all()) if has_arrived else []
    may_hand_over = (
        request.status == states.ARRIVED
        and accepted is not None
        and permissions.may_hand_over(user, accepted)
    )
    return RidePanel(
        ride=ride,
        expected_at=ride.expected_at(now) if ride else None,
        leaves_late=ride is not None and ride.leaves_late(now),
        may_ask=request.status == states.ACCEPTED and permissions.may_ask(user, request),
        may_hand_over=may_hand_over,
        form=handover_form(request, given, typed or {}) if may_hand_over else None,
        given=given,
        shows_handover=has_arrived and not may_hand_over,
    )


def handover_form(
    request: "TransferRequest", given: list["HandoverItem"], typed: "Mapping[str, str]"
) -> HandoverForm:
    """The checklist, with what was answered before."""
    answered = {one.item: one.state for one in given}
    return HandoverForm(initial=answered | {**typed, "version": request.version})
