"""Reads about requests: one, many with their destination, and what somebody must do now."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from capacity.deadlines.duties import Task
from regions.people import permissions as people
from transfers.offers.models import Offer
from transfers.requests import clocks, conditions, labels, permissions, turns
from transfers.requests import status as states
from transfers.requests.labels import Words
from transfers.requests.models import TransferRequest, TransferRequestQuerySet
from transfers.rides.models import Ride

if TYPE_CHECKING:
    from regions.people.models import User


def get_visible(user: "User", number: str) -> TransferRequest:
    """The request a user asks for by number. Raises Http404 when it is not theirs to see."""
    found = TransferRequest.objects.visible_to(user)
    request = with_destination(found.with_places().filter(number=number)).first()
    if request is None:
        raise Http404
    return request


def with_destination(requests: TransferRequestQuerySet) -> TransferRequestQuerySet:
    """With the offers that count and the ride that is live: two queries, however many requests."""
    offers = Offer.objects.filter(status__in=["open", "accepted"]).select_related("site__region")
    rides = Ride.objects.filter(returned_at=None).select_related("service")
    return requests.prefetch_related(
        Prefetch("offers", offers.order_by("offered_at"), to_attr="live_offers"),
        Prefetch("rides", rides, to_attr="live_rides"),
    )


def is_mine(user: "User", request: TransferRequest) -> bool:
    """Whether it is this person's move. Asks no database when the destination was fetched with it."""
    acting = user.acting
    return acting is not None and turns.turn_of(request.status, request.parties()).is_of(
        acting.role_id, site=acting.site_id, region=acting.region_id, service=acting.service_id
    )


def mover_name(request: TransferRequest) -> str:
    """Whose move it is, as a card says it."""
    turn = turns.turn_of(request.status, request.parties())
    region = f"RCPS {request.sending_site.region.short_name}"
    if turn.party == states.TRANSPORT:
        return region if turn.regions else "LCPS"
    if turn.party == states.RECEIVER:
        return ", ".join(offer.site.short_name for offer in request.live_offers)
    if turn.party == states.PLANNER:
        return request.live_rides[0].service.name if request.live_rides else "LCPS"
    return {
        states.SENDER: request.sending_site.short_name,
        states.SENDING_REGION: region,
        states.CENTRE: "LCPS",
        states.MEDICAL: "Medical officer",
    }.get(turn.party, "")


def tasks_for(user: "User", now: datetime) -> list[Task]:
    """What waits for this person, by clock. Planners find theirs among the rides."""
    waiting = TransferRequest.objects.visible_to(user).running().exclude(status=states.DRAFT)
    requests = list(with_destination(waiting.with_places()))
    timed = [(request, request.due_at) for request in requests if request.due_at]
    tasks = [
        _task(request, due_at, *said) for request, due_at in timed for said in _asked(user, request)
    ]
    return sorted(tasks, key=lambda task: task.due_at)


def task_said(request: TransferRequest) -> tuple[Words, Words]:
    """What whoever is to move does, named like the button on the page; empty when nobody is to move."""
    if conditions.needs_judgement(request):
        return labels.ASK_JUDGEMENT
    return labels.TASKS.get(request.status, ("", ""))


def task_title(request: TransferRequest) -> str:
    """What whoever is to move does, with the number of the request; empty when nobody is to move."""
    title, _button = task_said(request)
    return str(title) % {"number": request.short_number} if title else ""


def _asked(user: "User", request: TransferRequest) -> Iterable[tuple[Words, Words, str]]:
    """What a request asks of this person: a title, a button, and where on its page."""
    if is_mine(user, request):
        yield (*task_said(request), "")
    if request.status not in states.TO_DEPART:
        return
    if permissions.is_sender(user, request) and conditions.gp_must_know(request):
        yield (*labels.INFORM_GP, "verklaringen")
    if _is_of_either_side(user, request) and not request.live_offers[0].contact_at:
        yield (*labels.RECORD_TALK, "arts-en-arts")


def _is_of_either_side(user: "User", request: TransferRequest) -> bool:
    """Whether this person treats or places patients where this one leaves, or is accepted."""
    return user.role_key in states.SENDER_ROLES and any(
        people.is_of_site(user, offer.site) or people.is_of_site(user, request.sending_site)
        for offer in request.live_offers
    )


def _task(
    request: TransferRequest, due_at: datetime, title: Words, button: Words, part: str
) -> Task:
    site = request.sending_site
    within = _("< %(hours)s u") % {"hours": request.urgency}
    page = reverse("transfers:request", kwargs={"number": request.number})
    return Task(
        due_at=due_at,
        title=str(title) % {"number": request.short_number},
        about=f"{site.short_name}, {site.region.short_name} · {within}",
        url=f"{page}#{part}" if part else page,
        button=str(button),
        level_label=request.level.label,
        needs_icu=request.level.needs_icu,
        soon_at=clocks.soon_at(request.status_since, due_at),
    )
