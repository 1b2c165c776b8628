"""Who is told what about a request. Codes, places and moments only; no patient data.

The offers room writes its own letters (to the site that was asked, to whoever searches).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from communications.post import actions as post
from regions.people import selectors as people
from regions.people.models import User
from regions.places.models import Region, Site
from transfers.requests import status as states
from transfers.requests import turns
from transfers.requests.models import TransferRequest

WRITTEN_BY_OFFERS = frozenset({"offer_made", "offer_accepted"})
# After these a receiving side has no part in the request any more: its letter leads to its own list.
ENDS_OFFERS = frozenset({"put_on_hold", "ride_aborted", "ended_on_the_way", "withdrawn", "expired"})

# These ask something of who gets them, until the next step of the request.
ASKING = frozenset(
    {
        "request_submitted",
        "info_needed",
        "request_escalated",
        "review_asked",
        "ride_requested",
        "ride_returned",
        "arrived",
        "request_late",
    }
)

Group = Callable[[TransferRequest], list[User]]


def tell(
    template: str, request: TransferRequest, *, by: User | None, at: datetime, text: str = ""
) -> None:
    """Write the letter of a step to everybody concerned but its actor.

    Of the `text` that came with it a letter says no more than that a judgement has a condition.
    """
    if template in WRITTEN_BY_OFFERS:
        return
    groups = RECIPIENTS[template]
    with override("nl"):
        condition = _("onder voorwaarde") if template == "found_fit" and text else ""
    _write(template, request, groups, by=by, at=at, occasion=request.version, condition=condition)


def close_asked(request: TransferRequest, *, at: datetime) -> None:
    """A step was taken: what asked for it is done."""
    post.mark_done(_next_step(request), at=at)


def _next_step(request: TransferRequest) -> str:
    return f"request:{request.number}"


def warn_late(request: TransferRequest, *, at: datetime) -> None:
    """The clock of a status has passed: tell whose move it is, and the first step of the ladder (M5)."""
    turn = turns.turn_of(request.status, request.parties())
    is_planners = turn.party == states.PLANNER
    first: Group = _planners if is_planners else lambda request: movers(request, turn)
    groups = [first, _sending_region]
    if request.searching == TransferRequest.Searching.NATION:
        groups.append(lambda request: people.holders("shift_lead"))
    occasion = f"{request.status_since:%d%H%M}"
    _write("request_late", request, groups, by=None, at=at, occasion=occasion)


def movers(request: TransferRequest, turn: turns.Turn) -> list[User]:
    """The people whose move it is."""
    if turn.sites is not None:
        sites = Site.objects.filter(pk__in=turn.sites)
        return [person for site in sites for person in people.holders(*turn.roles, site=site)]
    if turn.regions is not None:
        return people.holders(*turn.roles, region=request.sending_site.region)
    if turn.services is not None:
        return [
            p for service in turn.services for p in people.holders(*turn.roles, service=service)
        ]
    return people.holders(*turn.roles)


def _senders(request: TransferRequest) -> list[User]:
    return people.holders(*states.SENDER_ROLES, site=request.sending_site)


def _sending_region(request: TransferRequest) -> list[User]:
    return people.holders("regional_coordinator", region=request.sending_site.region)


def _centre(request: TransferRequest) -> list[User]:
    """The desk of the centre, once the request has come there."""
    is_there = request.searching == TransferRequest.Searching.NATION
    return people.holders("lcps_coordinator") if is_there else []


def _receivers(request: TransferRequest) -> list[User]:
    sites = [
        offer.site for offer in request.offers.filter(status="accepted").select_related("site")
    ]
    return [person for site in sites for person in people.holders("bed_coordinator", site=site)]


def _receiving_regions(request: TransferRequest) -> list[User]:
    regions = Region.objects.filter(pk__in=request.parties().receiving_regions)
    return [p for region in regions for p in people.holders("regional_coordinator", region=region)]


def _desk(request: TransferRequest) -> list[User]:
    """The desk of the centre, wherever the request stands."""
    return people.holders("lcps_coordinator", "transport_coordinator")


def _planners(request: TransferRequest) -> list[User]:
    service = request.parties().service
    return people.holders(*states.PLANNER_ROLES, service=service) if service else []


def _transport(request: TransferRequest) -> list[User]:
    if request.parties().stays_in_region:
        return _sending_region(request)
    return people.holders("transport_coordinator")


def _desk_of_centre(request: TransferRequest) -> list[User]:
    return people.holders("lcps_coordinator")


def _medical(request: TransferRequest) -> list[User]:
    return people.holders("medical_officer")


# What goes wrong on the way concerns everybody who counts on the patient.
EVERYBODY = (_senders, _sending_region, _desk, _receivers, _receiving_regions)
RECIPIENTS: dict[str, tuple[Group, ...]] = {
    "request_submitted": (_sending_region,),
    "info_needed": (_senders,),
    "request_escalated": (_desk_of_centre,),
    "review_asked": (_medical,),
    "found_fit": (_senders, _centre),
    "found_unfit": (_senders, _sending_region),
    "ride_requested": (_planners,),
    "ride_planned": (_senders, _receivers, _transport),
    "ride_returned": (_transport,),
    "departed": (_receivers, _transport),
    "ride_aborted": EVERYBODY,
    "ended_on_the_way": EVERYBODY,
    "arrived": (_senders, _receivers),
    "handed_over": (_senders, _sending_region, _centre),
    "put_on_hold": (_senders, _sending_region, _centre, _receivers, _planners),
    "withdrawn": (_sending_region, _centre, _planners, _senders),
    "expired": (_senders, _sending_region, _centre),
}


def _write(
    template: str,
    request: TransferRequest,
    groups: Iterable[Group],
    *,
    by: User | None,
    at: datetime,
    occasion: Any,
    condition: str = "",
) -> None:
    """One letter to each, with the page that person can open; who is in two groups is of the first."""
    told = {by.pk} if by else set()
    for group in groups:
        to = {person.pk: person for person in group(request) if person.pk not in told}
        told |= to.keys()
        post.queue(
            template,
            event=f"{template}:{request.number}:{occasion}",
            to=to.values(),
            variables={
                "number": request.number,
                "site": request.sending_site.name,
                "region": request.sending_site.region.name,
                "due": _wall_time(request.clock_due_at),
                "condition": condition,
            },
            link=_page_of(group, template, request),
            at=at,
            asks=_next_step(request) if template in ASKING else "",
        )


def _page_of(group: Group, template: str, request: TransferRequest) -> str:
    """Where people of this group read more: a planner sees the ride, never the request."""
    if group is _planners:
        ride = request.rides.filter(returned_at=None).values_list("pk", flat=True).first()
        return reverse("transfers:ride", args=[ride]) if ride else reverse("transfers:rides")
    if group in (_receivers, _receiving_regions) and template in ENDS_OFFERS:
        return reverse("transfers:offers")
    return reverse("transfers:request", kwargs={"number": request.number})


def _wall_time(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d-%m %H:%M}" if moment else ""
