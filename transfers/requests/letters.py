"""Who is told what about a request. Codes, places and moments only; no patient data.

The offers room writes its own letters (to the site that was asked, to whoever searches).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from communications.post import actions as post
from regions.people import selectors as people
from regions.people.models import User
from regions.places.models import Region, Site
from transfers.requests import status as states
from transfers.requests import turns
from transfers.requests.models import TransferRequest

WRITTEN_BY_OFFERS = frozenset({"offer_made", "offer_accepted"})


def tell(template: str, request: TransferRequest, *, by: User | None, at: datetime) -> None:
    """Write the letter of a step to everybody concerned but its actor."""
    if template in WRITTEN_BY_OFFERS:
        return
    _write(template, request, RECIPIENTS[template](request), by=by, at=at, occasion=request.version)


def warn_late(request: TransferRequest, *, at: datetime) -> None:
    """The clock of a status has passed: tell whose move it is, and the first step of the ladder (M5)."""
    turn = turns.turn_of(request.status, request.parties())
    to = [*movers(request, turn), *_sending_region(request)]
    if request.searching == TransferRequest.Searching.NATION:
        to += people.holders("shift_lead")
    _write("request_late", request, to, by=None, at=at, occasion=f"{request.status_since:%d%H%M}")


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


def _all(
    *groups: Callable[[TransferRequest], list[User]],
) -> Callable[[TransferRequest], list[User]]:
    return lambda request: [person for group in groups for person in group(request)]


# What goes wrong on the way concerns everybody who counts on the patient.
EVERYBODY = _all(_senders, _sending_region, _receivers, _receiving_regions, _desk)
RECIPIENTS: dict[str, Callable[[TransferRequest], list[User]]] = {
    "request_submitted": _sending_region,
    "info_needed": _senders,
    "request_escalated": lambda request: people.holders("lcps_coordinator"),
    "review_asked": lambda request: people.holders("medical_officer"),
    "found_fit": _all(_senders, _centre),
    "found_unfit": _all(_senders, _sending_region),
    "ride_requested": _planners,
    "ride_planned": _all(_senders, _receivers, _transport),
    "ride_returned": _transport,
    "departed": _all(_receivers, _transport),
    "ride_aborted": EVERYBODY,
    "ended_on_the_way": EVERYBODY,
    "arrived": _all(_senders, _receivers),
    "handed_over": _all(_senders, _sending_region, _centre),
    "put_on_hold": _all(_senders, _sending_region, _centre, _receivers, _planners),
    "withdrawn": _all(_sending_region, _centre, _planners, _senders),
    "expired": _all(_senders, _sending_region, _centre),
}


def _write(
    template: str,
    request: TransferRequest,
    to: Iterable[User],
    *,
    by: User | None,
    at: datetime,
    occasion: Any,
) -> None:
    actor = by.pk if by else None
    post.queue(
        template,
        event=f"{template}:{request.number}:{occasion}",
        to=[person for pk, person in {p.pk: p for p in to}.items() if pk != actor],
        variables={
            "number": request.number,
            "site": request.sending_site.name,
            "region": request.sending_site.region.name,
            "due": _wall_time(request.clock_due_at),
        },
        link=reverse("transfers:request", kwargs={"number": request.number}),
        at=at,
    )


def _wall_time(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d-%m %H:%M}" if moment else ""
