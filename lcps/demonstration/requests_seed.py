"""Writes the demonstration's requests with their events, offers, holds and rides, as facts."""

from collections.abc import Iterable
from dataclasses import asdict
from uuid import NAMESPACE_URL, uuid5

from capacity.beds import actions as beds
from capacity.models import BedPool, Hold, Movement
from lcps.demonstration.world import requests as told
from regions.models import AmbulanceService, Site
from regions.phases import selectors as phases
from transfers.models import (
    ClinicalPicture,
    HandoverItem,
    Offer,
    RequestEvent,
    Ride,
    TransferRequest,
)
from transfers.requests import clocks, numbering
from transfers.requests import status as states
from transfers.rides import actions as rides

FIRST_DRAFT = 439
ENDS = {
    "accepted": "",
    "open": "",
    "refused": Hold.End.RELEASED,
    "expired": Hold.End.EXPIRED,
    "voided": Hold.End.RELEASED,
}


def write(requests: Iterable[told.Request]) -> None:
    """Every request of the world; the clock of each status as the settings of its moment say."""
    sites = {site.code: site for site in Site.objects.select_related("region")}
    services = {service.code: service for service in AmbulanceService.objects.all()}
    drafts = iter(range(FIRST_DRAFT, FIRST_DRAFT + 100))
    for request in requests:
        number = request.number or next(drafts)
        row = write_request(request, number, sites)
        accepted = [write_offer(row, offer, request, sites) for offer in request.offers]
        if request.ride:
            write_ride(row, accepted[-1], request.ride, services)
        if request.status == states.CLOSED:
            write_handover(row, request)
    # The next request of a person comes after those of the story.
    numbering.skip_to(next(drafts) - 1)


def write_request(request: told.Request, number: int, sites: dict[str, Site]) -> TransferRequest:
    minutes = phases.settings_at("clock.", request.status_since)
    row = TransferRequest.objects.create(
        number=f"PMR-2020-{number:06d}",
        submission=uuid5(NAMESPACE_URL, f"lcps-demonstration:request:{number}"),
        version=len(request.events) + 1,
        status=request.status,
        status_since=request.status_since,
        clock_due_at=clock_of(request, minutes),
        searching=request.searching,
        level_id=request.level,
        in_cohort=request.in_cohort,
        reason=request.reason,
        urgency=request.urgency,
        sending_site=sites[request.sending_site],
        own_reference=request.own_reference,
        home_area=request.home_area,
        question=request.question,
        end_reason=request.end_reason,
        ended_at=request.ended_at,
        created_at=request.created_at,
    )
    if row.status in states.OPEN:
        beds.count_request(site=row.sending_site, level=row.level_id, change=1)
    names = {code: site.short_name for code, site in sites.items()} | {"lcps": "LCPS"}
    names |= {site.region.code: f"RCPS {site.region.short_name}" for site in sites.values()}
    fit = {"fit": request.fit, "fit_by": request.fit_by, "fit_at": request.fit_at}
    ClinicalPicture.objects.create(request=row, **asdict(request.clinical), **fit)
    RequestEvent.objects.bulk_create(
        RequestEvent(
            request=row,
            step=event.step,
            since=event.since,
            to=event.to,
            at=event.at,
            actor_name="LCPS" if event.role == states.SYSTEM else "",
            role=event.role,
            place=names.get(event.place, event.place),
            note=event.note,
        )
        for event in request.events
    )
    return row


def clock_of(request: told.Request, minutes: dict[str, dict[str, int]]) -> object:
    """When the status is late; rides count from their planned moments."""
    ride = request.ride
    if request.status == states.TRANSPORT_PLANNED and ride:
        return clocks.due_at(request.status, request.urgency, ride.pick_up_at, minutes)
    if request.status == states.DEPARTED and ride:
        return clocks.due_at(request.status, request.urgency, ride.arrival_at, minutes)
    return clocks.due_at(request.status, request.urgency, request.status_since, minutes)


def write_offer(
    row: TransferRequest, offer: told.Offer, request: told.Request, sites: dict[str, Site]
) -> Offer:
    pool, _ = BedPool.objects.get_or_create(site=sites[offer.site], level_id=request.level)
    handed_over = request.ride and request.ride.handed_over_at
    end = ENDS[offer.status]
    ended_at = offer.answered_at if end else None
    if handed_over:
        end, ended_at = Hold.End.ARRIVED, handed_over
    hold = Hold.objects.create(
        pool=pool,
        reference=row.number,
        placed_at=offer.offered_at,
        until=offer.hold_until,
        ended_at=ended_at,
        end=end,
    )
    if handed_over:
        Movement.objects.create(pool=pool, reference=row.number, at=handed_over, change=-1)
    return Offer.objects.create(
        request=row,
        site=sites[offer.site],
        hold=hold,
        status=offer.status,
        rank=offer.rank,
        offered_at=offer.offered_at,
        offered_name="LCPS-coördinator",
        answer_due_at=offer.answer_due_at,
        answered_at=offer.answered_at,
        answered_name="beddencoördinator" if offer.answered_at else "",
        accepting_doctor=offer.accepting_doctor,
        unit=offer.unit,
        refusal=offer.refusal,
        contact_names=offer.contact_names,
        contact_at=offer.contact_at,
    )


def write_ride(
    row: TransferRequest, offer: Offer, ride: told.Ride, services: dict[str, AmbulanceService]
) -> None:
    clinical = row.clinical
    facts = asdict(ride) | {
        "service": services[ride.service],
        "weight_kg": clinical.weight_kg,
        "isolation": clinical.isolation,
        "devices": rides.devices_of(clinical),
    }
    Ride.objects.create(request=row, offer=offer, kind_advised=ride.kind, **facts)
    if ride.departed_at:
        pool, _ = BedPool.objects.get_or_create(site=row.sending_site, level=row.level)
        Movement.objects.create(pool=pool, reference=row.number, at=ride.departed_at, change=1)


def write_handover(row: TransferRequest, request: told.Request) -> None:
    at = request.ride.handed_over_at if request.ride else request.status_since
    HandoverItem.objects.bulk_create(
        HandoverItem(
            request=row, item=item, state=HandoverItem.State.SENT, at=at, by_name="dienstdoende"
        )
        for item in HandoverItem.Item.values
    )
