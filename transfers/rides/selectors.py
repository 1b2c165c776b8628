"""Reads of rides: a planner's day, one ride, and how long the road is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regions.models import AmbulanceService, Contact, User
from regions.phases import selectors as phases
from regions.places import travel
from transfers.models import ClinicalPicture, Ride, TransferRequest
from transfers.requests import status as states
from transfers.rides import advice, dayline, timing
from transfers.rides.permissions import may_drive

DEVICES = {
    "ventilator": gettext_lazy("beademing"),
    "high_flow": gettext_lazy("high flow"),
    "pump": gettext_lazy("spuitpompen"),
    "ecmo": "ECMO",
}
# How long after its end a ride still shows what the patient needed.
BLANK_AFTER = timedelta(hours=24)
RUNNING = (states.TRANSPORT_REQUESTED, states.TRANSPORT_PLANNED, states.DEPARTED, states.ARRIVED)


def pace_at(now: datetime) -> timing.Pace:
    dials = phases.settings_at("ride.", now)
    return timing.Pace(
        load_micu=dials["load_minutes"]["micu"],
        load_other=dials["load_minutes"]["other"],
        clean_plain=dials["clean_minutes"]["plain"],
        clean_isolation=dials["clean_minutes"]["isolation"],
        micu_factor=dials["micu_factor"],
    )


def minutes_of(ride: Ride, *, pace: timing.Pace) -> int:
    """Minutes with the patient on board."""
    road = travel.minutes(ride.request.sending_site, ride.offer.site)
    return timing.drive_minutes(road, is_micu=ride.kind == Ride.Kind.MICU, pace=pace)


def arrival_of(ride: Ride, pick_up_at: datetime, *, now: datetime) -> datetime:
    return timing.arrival_of(pick_up_at, minutes_of(ride, pace=pace_at(now)))


@dataclass(frozen=True)
class Fact:
    """Something to prepare for: its name, what it is, and both in a row of a list."""

    name: str
    value: str
    in_row: str


@dataclass(frozen=True)
class RideCard:
    """A ride as its planner sees it: places, times, what to prepare for. No diagnosis.

    A day after its end nothing of the patient is left to see (`is_blank`, T10).
    """

    ride: Ride
    minutes: int
    oxygen_litres: int
    facts: tuple[Fact, ...]
    warnings: tuple[str, ...]
    clock: datetime | None
    expected_at: datetime | None
    leaves_late: bool
    next_step: str
    is_blank: bool

    @property
    def status(self) -> str:
        return self.ride.request.status

    @property
    def awaits_handover(self) -> bool:
        return self.status == states.ARRIVED

    @property
    def step_title(self) -> str:
        """The next step as a heading says it."""
        return str(STEP_WORDS[self.next_step][0])

    @property
    def step_button(self) -> str:
        """The next step as a button says it."""
        return str(STEP_WORDS[self.next_step][1])


def card(ride: Ride, user: User, *, pace: timing.Pace, now: datetime) -> RideCard:
    """The ride as this person sees it; its next step only for who drives it."""
    minutes = minutes_of(ride, pace=pace)
    ended_at = ride.handed_over_at or ride.returned_at or ride.request.ended_at
    is_blank = ended_at is not None and ended_at <= now - BLANK_AFTER
    litres = 0 if is_blank else timing.oxygen_litres(ride.oxygen_l_min, minutes)
    return RideCard(
        ride=ride,
        minutes=minutes,
        oxygen_litres=litres,
        facts=() if is_blank else tuple(facts_of(ride, litres)),
        warnings=tuple(warnings_of(ride, now)),
        clock=clock_of(ride),
        expected_at=ride.expected_at(now),
        leaves_late=ride.leaves_late(now),
        next_step=NEXT_STEP.get(ride.request.status, "") if may_drive(user, ride) else "",
        is_blank=is_blank,
    )


NEXT_STEP = {
    states.TRANSPORT_REQUESTED: "plan",
    states.TRANSPORT_PLANNED: "depart",
    states.DEPARTED: "arrive",
}
STEP_WORDS = {
    "plan": (gettext_lazy("Plan de rit"), gettext_lazy("Plan rit")),
    "depart": (gettext_lazy("Meld vertrek"), gettext_lazy("Meld vertrek")),
    "arrive": (gettext_lazy("Meld aankomst"), gettext_lazy("Meld aankomst")),
}


def facts_of(ride: Ride, litres: int) -> Iterable[Fact]:
    if ride.isolation and ride.isolation != ClinicalPicture.Isolation.NONE:
        kind = str(ClinicalPicture.Isolation(ride.isolation).label)
        yield Fact(_("Isolatie"), kind, _("isolatie %(kind)s") % {"kind": kind})
    if ride.weight_kg:
        yield Fact(_("Gewicht"), f"{ride.weight_kg} kg", f"{ride.weight_kg} kg")
    if ride.devices:
        devices = ", ".join(str(DEVICES[code]) for code in ride.devices.split())
        yield Fact(_("Apparatuur"), devices, devices)
    if ride.oxygen_l_min:
        oxygen = _("%(flow)s l/min, %(litres)s liter mee") % {
            "flow": ride.oxygen_l_min,
            "litres": formats.number_format(litres, use_l10n=True, force_grouping=True),
        }
        yield Fact("O₂", oxygen, f"O₂ {oxygen}")


def warnings_of(ride: Ride, now: datetime) -> Iterable[str]:
    arrival = ride.expected_at(now)
    if arrival and not ride.arrived_at and timing.arrives_at_night(arrival):
        yield _("aankomst in de nacht, vraag toestemming")
    if ride.request.status == states.TRANSPORT_PLANNED and not ride.offer.contact_at:
        yield _("arts en arts hebben elkaar nog niet gesproken")


def clock_of(ride: Ride) -> datetime | None:
    """What this ride is counted against now, as its request is (`TransferRequest.due_at`)."""
    return ride.due_at(ride.request.status) or ride.request.clock_due_at


def day_of_rides(user: User, *, now: datetime) -> dict[str, Any]:
    """A person's rides in four lists: the next to depart, running, without a vehicle, and done today."""
    rides = (
        Ride.objects.visible_to(user)
        .filter(returned_at=None)
        .select_related(
            "request__sending_site__region", "request__level", "offer__site__region", "service"
        )
    )
    pace = pace_at(now)
    running = [card(r, user, pace=pace, now=now) for r in rides.filter(request__status__in=RUNNING)]
    done = [
        card(r, user, pace=pace, now=now)
        for r in rides.filter(handed_over_at__gt=now - BLANK_AFTER).order_by("-handed_over_at")
    ]
    planned = sorted(
        (c for c in running if c.status != states.TRANSPORT_REQUESTED),
        key=lambda c: (c.clock is None, c.clock or now, c.ride.pk),
    )
    waiting = sorted(
        (c for c in running if c.status == states.TRANSPORT_REQUESTED),
        key=lambda c: (c.clock is None, c.clock or now, c.ride.pk),
    )
    departing = [c for c in planned if c.status == states.TRANSPORT_PLANNED]
    return {
        "next": departing[0] if departing else None,
        "planned": planned,
        "waiting": waiting,
        "done": done,
        "lanes": lanes([*planned, *done], now=now, pace=pace),
    }


def lanes(cards: Iterable[RideCard], *, now: datetime, pace: timing.Pace) -> dict[str, Any]:
    """The day per vehicle on an axis from 06:00 to 24:00 local time."""
    midnight = now.astimezone(timing.ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    axis = dayline.Axis(midnight + timedelta(hours=6), midnight + timedelta(hours=24))
    drives = [drive_of(c, pace=pace) for c in cards if c.ride.pick_up_at and c.ride.arrival_at]
    hours = [midnight + timedelta(hours=hour) for hour in range(6, 25, 2)]
    night = midnight + timedelta(hours=22)
    return {
        "vehicles": dayline.lanes(drives, axis),
        "hours": [(axis.at(h), f"{h:%H}") for h in hours[:-1]],
        "night_x": axis.at(night),
        "night_width": 100 - axis.at(night),
        "morning_width": axis.at(midnight + timedelta(hours=7)),
        "now_x": axis.at(now),
    }


def drive_of(card: RideCard, *, pace: timing.Pace) -> dayline.Drive:
    ride = card.ride
    start, end = ride.departed_at or ride.pick_up_at, ride.arrived_at or ride.arrival_at
    assert start is not None and end is not None
    label = f"{ride.request.short_number} → {ride.offer.site.city}"
    local = [moment.astimezone(timing.ZONE) for moment in (start, end)]
    state = "is-done" if ride.handed_over_at else "is-busy" if ride.departed_at else ""
    return dayline.Drive(
        vehicle=ride.vehicle,
        crew=ride.crew,
        label=label,
        said=_("rit %(label)s van %(start)s tot %(end)s")
        % {"label": label, "start": f"{local[0]:%H:%M}", "end": f"{local[1]:%H:%M}"},
        pick_up_at=start,
        arrival_at=end,
        load_minutes=timing.load_minutes(is_micu=ride.kind == Ride.Kind.MICU, pace=pace),
        clean_minutes=timing.clean_minutes(
            in_isolation=ride.isolation not in ("", "none"), pace=pace
        ),
        state=state or ("is-warn" if card.warnings else ""),
    )


@dataclass(frozen=True)
class ServiceNearby:
    """A service that could drive, with the road minutes from its base to the patient."""

    service: AmbulanceService
    minutes: int


def services_by_distance(request: TransferRequest, *, kind: str) -> list[ServiceNearby]:
    """Every service that can drive this kind, the nearest to the patient first; ties by name."""
    found = [
        ServiceNearby(s, travel.minutes(s, request.sending_site))
        for s in AmbulanceService.objects.select_related("region")
        if fits(s, kind)
    ]
    return sorted(found, key=lambda s: (s.minutes, s.service.name))


def fits(service: AmbulanceService, kind: str) -> bool:
    """A MICU ride needs a MICU centre; every other kind an ambulance service."""
    return (kind == Ride.Kind.MICU) == (service.kind == AmbulanceService.Kind.MICU)


def proposed(advised: advice.Advice, services: Iterable[ServiceNearby]) -> dict[str, Any]:
    """What the form to ask for a ride starts with: the kind advised, and the nearest who drives it."""
    first = next(iter(services), None)
    return {"kind": advised.kind, "service": first and first.service.pk}


REASONS = {
    "spo2": gettext_lazy("SpO₂ is niet boven 98 %"),
    "pmax": gettext_lazy("Pmax is niet onder 20 cmH₂O"),
    "peep": gettext_lazy("PEEP is niet onder 6 cmH₂O"),
    "fio2": gettext_lazy("FiO₂ is boven 50 %"),
    "map": gettext_lazy("MAP is niet boven 70 mmHg"),
    "inotropes": gettext_lazy("bloeddrukondersteuning"),
    "cpr": gettext_lazy("reanimatie in de laatste 24 uur"),
    "worsening": gettext_lazy("verslechtering verwacht"),
    "high_flow": gettext_lazy("high flow zuurstof"),
    "much_oxygen": gettext_lazy("meer dan 15 l/min zuurstof"),
}


def advice_in_words(given: advice.Advice) -> dict[str, Any]:
    return {
        "kind": given.kind,
        "label": Ride.Kind(given.kind).label,
        "because": [REASONS[code] for code in given.because],
    }


def contacts_of(ride: Ride) -> list[Contact]:
    """Whom the crew phones: the bed coordinators of both sites."""
    sites = [ride.request.sending_site_id, ride.offer.site_id]
    wanted = Contact.objects.filter(site__in=sites, function=Contact.Function.BEDS)
    return sorted(wanted.select_related("site"), key=lambda c: sites.index(c.site_id))
