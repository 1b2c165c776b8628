"""Every change of a ride, from the question for transport to the handover."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from capacity.beds import actions as beds
from communications import privacy
from communications.logbook import actions as logbook
from communications.post import actions as post
from regions.models import AmbulanceService, User
from transfers.models import ClinicalPicture, HandoverItem, Offer, Ride, TransferRequest
from transfers.offers import actions as offers
from transfers.offers import guards
from transfers.requests import conditions, moving
from transfers.requests import status as states
from transfers.rides import advice, permissions, selectors

if TYPE_CHECKING:
    from collections.abc import Mapping


def picture_of(request: TransferRequest) -> ClinicalPicture:
    if request.picture is None:
        raise ValidationError(_("Het klinisch beeld ontbreekt."), code="picture_missing")
    return request.picture


def advise(clinical: ClinicalPicture, *, is_icu: bool) -> advice.Advice:
    """The kind of transport this patient's values ask for."""
    return advice.advise(advice.patient_of(clinical, is_icu=is_icu))


def devices_of(clinical: ClinicalPicture) -> str:
    """Codes of what the crew must handle on board."""
    needed = {
        "ventilator": clinical.ventilation in ("niv", "invasive"),
        "high_flow": clinical.ventilation == "hfno",
        "pump": bool(clinical.noradrenaline_ug_kg_min) or clinical.other_inotropes,
        "ecmo": clinical.ecmo != ClinicalPicture.Ecmo.NONE,
    }
    return " ".join(code for code, is_needed in needed.items() if is_needed)


@transaction.atomic
def request_ride(
    *,
    request: TransferRequest,
    service: AmbulanceService,
    kind: str,
    by: User,
    now: datetime,
    version: int,
    kind_reason: str = "",
) -> Ride:
    """Ask a service to drive. Another kind than advised asks a reason.

    Raises
    ------
    PermissionDenied
        When the user does not ask for rides of this request.
    ValidationError
        Codes: changed, bsn, birth_date, picture_missing, reason_needed, wrong_service, and those of the step.
    """
    request = moving.lock(request)
    if not permissions.may_ask(by, request):
        raise PermissionDenied
    guards.refuse_old_tab(request, version)
    privacy.refuse_identity(kind_reason=kind_reason)
    clinical = picture_of(request)
    advised = advise(clinical, is_icu=request.level.needs_icu).kind
    if kind != advised and not kind_reason.strip():
        said = _("Het advies is %(kind)s. Schrijf waarom u anders kiest.")
        said = said % {"kind": Ride.Kind(advised).label}
        raise ValidationError({"kind_reason": ValidationError(said, code="reason_needed")})
    if not selectors.fits(service, kind):
        said = _("Een MICU-rit gaat naar een MICU-centrum, een andere rit naar een RAV.")
        raise ValidationError({"service": ValidationError(said, code="wrong_service")})
    moving.row_of(request, "request_transport")
    # Before the step, because its letter goes to the planners of this ride.
    ride = Ride.objects.create(
        request=request,
        offer=request.offers.select_related("site").get(status=Offer.Status.ACCEPTED),
        service=service,
        kind=kind,
        kind_advised=advised,
        kind_reason=kind_reason.strip(),
        weight_kg=clinical.weight_kg,
        isolation=clinical.isolation,
        devices=devices_of(clinical),
        oxygen_l_min=clinical.oxygen_l_min or 0,
        requested_at=now,
    )
    moving.move(request=request, step_name="request_transport", by=by, now=now)
    log(ride, "ride.request", f"Rit gevraagd aan {service}", by=by, now=now)
    return ride


@transaction.atomic
def plan_ride(
    *,
    ride: Ride,
    vehicle: str,
    crew: str,
    pick_up_at: datetime,
    by: User,
    now: datetime,
    escort: str = "",
) -> Ride:
    """Put a vehicle and a crew on the ride; the arrival follows from the road.

    Raises
    ------
    PermissionDenied
        When the user does not plan for the service that has the ride.
    ValidationError
        Codes: returned, bsn, birth_date, in_the_past, required (escort), and those of the step.
    """
    request = moving.lock(ride.request)
    ride = may_still_drive(ride, by)
    privacy.refuse_identity(vehicle=vehicle, crew=crew, escort=escort)
    if pick_up_at < now - timedelta(minutes=5):
        said = _("Het vertrek ligt in het verleden. Kies een tijd vanaf nu.")
        raise ValidationError({"pick_up_at": ValidationError(said, code="in_the_past")})
    if ride.kind in conditions.ESCORTED and not escort.strip():
        said = _("Noem de arts die meegaat; die beslist of de rit doorgaat.")
        raise ValidationError({"escort": guards.required(said)})
    ride.vehicle, ride.crew, ride.escort = vehicle.strip(), crew.strip(), escort.strip()
    ride.pick_up_at, ride.planned_at = pick_up_at, now
    ride.arrival_at = selectors.arrival_of(ride, pick_up_at, now=now)
    ride.save(update_fields=["vehicle", "crew", "escort", "pick_up_at", "planned_at", "arrival_at"])
    moving.move(request=request, step_name="plan_transport", by=by, now=now, clock_from=pick_up_at)
    log(ride, "ride.plan", f"Rit gepland met {ride.vehicle}", by=by, now=now)
    return ride


@transaction.atomic
def return_ride(*, ride: Ride, reason: str, by: User, now: datetime) -> Ride:
    """Give the ride back: somebody else must drive.

    Raises
    ------
    PermissionDenied
        When the user does not plan for the service that has the ride.
    ValidationError
        Codes: returned, required (reason), and those of the step.
    """
    request = moving.lock(ride.request)
    ride = may_still_drive(ride, by)
    if not reason.strip():
        said = _("Schrijf waarom u de rit teruggeeft.")
        raise ValidationError({"reason": guards.required(said)})
    # While the ride is still this service's: who drives decides who may give it back.
    moving.move(
        request=request, step_name="return_transport", by=by, now=now, reason=reason.strip()
    )
    ride.returned_at, ride.return_reason = now, reason.strip()
    ride.save(update_fields=["returned_at", "return_reason"])
    log(ride, "ride.return", "Rit teruggegeven", by=by, now=now)
    return ride


@transaction.atomic
def call_off(*, request: TransferRequest, now: datetime, why: str) -> None:
    """End the ride of a request that ends or waits; one that has left stays as it was driven.

    `why` is a label. The planner reads it in the letter about the request.
    """
    rides = request.rides.filter(returned_at=None, departed_at=None)
    for ride in rides.select_related("request__sending_site__region", "offer__site__region"):
        ride.returned_at, ride.return_reason = now, why
        ride.save(update_fields=["returned_at", "return_reason"])
        log(ride, "ride.call_off", "Rit vervallen", by=None, now=now)


@transaction.atomic
def depart(*, ride: Ride, by: User, now: datetime, escort_agrees: bool = False) -> Ride:
    """The patient leaves the sending site: its bed is free from now on.

    Raises
    ------
    PermissionDenied
        When the user does not plan for the service that has the ride.
    ValidationError
        Codes: returned, required (escort_agrees), and those of the step.
    """
    request = moving.lock(ride.request)
    ride = may_still_drive(ride, by)
    if ride.escort and not escort_agrees:
        said = _("Bevestig dat de begeleidende arts akkoord is met vertrek.")
        raise ValidationError({"escort_agrees": guards.required(said)})
    ride.departed_at, ride.arrival_at = now, selectors.arrival_of(ride, now, now=now)
    ride.escort_agreed_at = now if ride.escort else None
    ride.save(update_fields=["departed_at", "arrival_at", "escort_agreed_at"])
    moving.move(request=request, step_name="depart", by=by, now=now, clock_from=ride.arrival_at)
    beds.record_departure(
        site=request.sending_site, level=request.level_id, reference=request.number, at=now
    )
    log(ride, "ride.depart", "Vertrokken", by=by, now=now)
    return ride


@transaction.atomic
def arrive(*, ride: Ride, by: User, now: datetime, is_there: bool = False) -> Ride:
    """At the receiving site; the responsibility has not passed yet.

    Too early to be likely is a slip of the hand, unless `is_there` confirms it.

    Raises
    ------
    PermissionDenied
        When the user does not plan for the service that has the ride.
    ValidationError
        Codes: returned, too_early (is_there), and those of the step.
    """
    request = moving.lock(ride.request)
    ride = may_still_drive(ride, by)
    if ride.would_arrive_early(now) and not is_there:
        said = _("De patiënt wordt pas later verwacht. Bevestig dat de patiënt er al is.")
        raise ValidationError({"is_there": ValidationError(said, code="too_early")})
    ride.arrived_at = now
    ride.save(update_fields=["arrived_at"])
    moving.move(request=request, step_name="arrive", by=by, now=now)
    log(ride, "ride.arrive", "Aangekomen", by=by, now=now)
    return ride


@transaction.atomic
def abort(*, ride: Ride, reason: str, by: User, now: datetime) -> Ride:
    """Turn back: the patient lies at the sending site again, and that decides how it goes on.

    Raises PermissionDenied, and ValidationError at the reason.
    """
    why = gettext_lazy("de rit is afgebroken")
    ride = _cut_short(ride, "abort", why, is_back=True, reason=reason, by=by, now=now)
    log(ride, "ride.abort", "Rit afgebroken", by=by, now=now)
    return ride


@transaction.atomic
def report_death(*, ride: Ride, reason: str, by: User, now: datetime) -> Ride:
    """The patient died on the way: nobody needs the bed any more.

    Raises PermissionDenied, and ValidationError at the reason.
    """
    step, why = "report_death_on_the_way", gettext_lazy("onderweg beëindigd")
    ride = _cut_short(ride, step, why, is_back=False, reason=reason, by=by, now=now)
    log(ride, "ride.end", "Onderweg beëindigd", by=by, now=now)
    return ride


def _cut_short(
    ride: Ride, step: str, why: Promise, *, is_back: bool, reason: str, by: User, now: datetime
) -> Ride:
    """Take a step that ends a ride on the way and frees the bed it drove to; `is_back`: the patient is, too."""
    request = moving.lock(ride.request)
    ride = may_still_drive(ride, by)
    moving.move(request=request, step_name=step, by=by, now=now, reason=reason)
    if is_back:
        ride.returned_at, ride.return_reason = now, reason.strip()
        ride.save(update_fields=["returned_at", "return_reason"])
        beds.record_return(
            site=request.sending_site, level=request.level_id, hold=ride.offer.hold, at=now
        )
    with override("nl"):  # it is kept, and read by others than who acts
        offers.void_offers(request=request, now=now, why=str(why))
    return ride


def hand_over(
    *, request: TransferRequest, items: "Mapping[str, str]", by: User, now: datetime, version: int
) -> TransferRequest:
    """The receiving site takes over: here the responsibility passes, and the held bed is taken.

    `items` maps items of the checklist to `sent` or `not_applicable`. While one is open the handover is
    refused; what was answered is kept.

    Raises
    ------
    PermissionDenied
        When the user is not of the site that accepted the patient.
    ValidationError
        Codes: not_accepted, changed, incomplete, and those of the step.
    """
    with transaction.atomic():
        request = moving.lock(request)
        accepted = request.offers.filter(status=Offer.Status.ACCEPTED)
        offer = accepted.select_related("site", "hold").first()
        if offer is None:
            raise ValidationError(
                _("Nog geen ziekenhuis accepteerde deze patiënt: er is niets over te dragen."),
                code="not_accepted",
            )
        if not permissions.may_hand_over(by, offer):
            raise PermissionDenied
        guards.refuse_old_tab(request, version)
        if request.status == states.ARRIVED:
            record_items(request, items, by=by, now=now)
        still_open = open_items(request)
        if not still_open:
            request = take_over(request, offer, by=by, now=now)
    # Only now: a refusal inside the transaction would undo the answers.
    if still_open:
        raise ValidationError(
            _("Nog te beantwoorden: %(names)s.") % {"names": ", ".join(still_open)},
            code="incomplete",
        )
    return request


def take_over(
    request: TransferRequest, offer: Offer, *, by: User, now: datetime
) -> TransferRequest:
    ride = request.rides.select_for_update().get(returned_at=None)
    ride.handed_over_at = now
    ride.save(update_fields=["handed_over_at"])
    beds.record_arrival(hold=offer.hold, at=now)
    request = moving.move(request=request, step_name="hand_over", by=by, now=now)
    log(ride, "ride.hand_over", "Overgedragen", by=by, now=now)
    return request


def open_items(request: TransferRequest) -> list[str]:
    """What of the checklist was not answered, in its order."""
    answered = set(request.handover.values_list("item", flat=True))
    return [str(item.label) for item in HandoverItem.Item if item not in answered]


def record_items(
    request: TransferRequest, items: "Mapping[str, str]", *, by: User, now: datetime
) -> None:
    """Keep what of the checklist was answered; the last answer counts."""
    HandoverItem.objects.bulk_create(
        [
            HandoverItem(request=request, item=item, state=state, at=now, by_name=str(by))
            for item, state in items.items()
            if item in HandoverItem.Item.values and state in HandoverItem.State.values
        ],
        update_conflicts=True,
        unique_fields=["request", "item"],
        update_fields=["state", "at", "by_name"],
    )


def may_still_drive(ride: Ride, by: User) -> Ride:
    """The ride, locked, when `by` plans for its service and it was not given back."""
    ride = (
        Ride.objects.select_for_update(of=("self",))
        .select_related(
            "request__sending_site__region", "offer__site__region", "offer__hold", "service"
        )
        .get(pk=ride.pk)
    )
    if not permissions.may_drive(by, ride):
        raise PermissionDenied
    if ride.returned_at is not None:
        raise ValidationError(_("Deze rit is al teruggegeven."), code="returned")
    return ride


def log(ride: Ride, action: str, sentence: str, *, by: User | None, now: datetime) -> None:
    request = ride.request
    logbook.record(
        action,
        sentence=sentence,
        about=("request", request.number),
        by=by,
        at=now,
        regions=[request.sending_site.region.code, ride.offer.site.region.code],
    )
    post.announce("rides")
