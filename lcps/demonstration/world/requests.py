"""Two dozen transfer requests in every stage, worked out from the stories. Pure: no Django."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from lcps.demonstration.world import dice as chance
from lcps.demonstration.world.dials import dial
from lcps.demonstration.world.patients import DOCTORS, ClinicalPicture, picture
from lcps.demonstration.world.places import reporting_sites
from lcps.demonstration.world.stories import STORIES, Story
from regions.places import travel
from transfers.requests import status as states
from transfers.rides import timing

ZONE = ZoneInfo("Europe/Amsterdam")
ROLES = {
    "submit": "treating_physician",
    "search_in_region": "regional_coordinator",
    "escalate": "regional_coordinator",
    "ask_sender": "regional_coordinator",
    "ask_medical_review": "lcps_coordinator",
    "skip_medical_review": "lcps_coordinator",
    "find_fit": "medical_officer",
    "offer_nationally": "lcps_coordinator",
    "accept": "bed_coordinator",
    "request_transport": "transport_coordinator",
    "hand_over": "bed_coordinator",
    "close": "lcps_coordinator",
    "withdraw": "treating_physician",
    "put_on_hold": "treating_physician",
    "search_nation_again": states.SYSTEM,
    "expire": states.SYSTEM,
}
PLANNER_STEPS = {"plan_transport", "depart", "arrive"}
# Steps whose words are a reason or a question, kept with the event.
WITH_NOTE = {"escalate", "ask_sender", "put_on_hold"}
INITIALS = {
    "hmc-westeinde": "HMC",
    "amphia-molengracht": "AMP",
    "maasstad-rotterdam": "MZ",
    "reinier-delft": "RDG",
    "ikazia-rotterdam": "IKA",
    "etz-elisabeth": "ETZ",
    "catharina-eindhoven": "CZE",
    "erasmus-mc-rotterdam": "EMC",
    "franciscus-gasthuis": "FG",
    "franciscus-vlietland": "FV",
    "alrijne-leiderdorp": "ALR",
    "ijsselland-capelle": "YSL",
    "mmc-veldhoven": "MMC",
    "jeroen-bosch-den-bosch": "JBZ",
    "langeland-zoetermeer": "LLZ",
    "bravis-roosendaal": "BRA",
    "bernhoven-uden": "BH",
    "st-anna-geldrop": "STA",
}


@dataclass(frozen=True)
class Event:
    """One step a request took, as a row of the status table.

    `place` is a site, region or service code, or `lcps`; empty when the system took the step.
    """

    step: str
    since: str
    to: str
    at: datetime
    role: str
    place: str
    note: str = ""


@dataclass(frozen=True)
class Offer:
    """One bed asked of one site. `hold_until` is when the bed is free again if nothing happens."""

    site: str
    rank: int
    offered_at: datetime
    answer_due_at: datetime
    hold_until: datetime
    status: str = "open"
    answered_at: datetime | None = None
    accepting_doctor: str = ""
    unit: str = ""
    refusal: str = ""
    contact_names: str = ""
    contact_at: datetime | None = None


@dataclass(frozen=True)
class Ride:
    """One journey. `arrival_at` is the planned pick-up plus the travel time."""

    service: str
    kind: str
    oxygen_l_min: int
    requested_at: datetime
    vehicle: str = ""
    crew: str = ""
    escort: str = ""
    escort_agreed_at: datetime | None = None
    planned_at: datetime | None = None
    pick_up_at: datetime | None = None
    arrival_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    handed_over_at: datetime | None = None


@dataclass(frozen=True)
class Request:
    """One transfer request as it stands on 29 October 2020, 08:05. All moments are UTC."""

    number: int | None
    sending_site: str
    level: str
    urgency: int
    created_at: datetime
    own_reference: str
    home_area: str
    clinical: ClinicalPicture
    status_since: datetime
    status: str = states.DRAFT
    searching: str = ""
    question: str = ""
    end_reason: str = ""
    ended_at: datetime | None = None
    fit: str = ""
    fit_by: str = ""
    fit_at: datetime | None = None
    in_cohort: bool = True
    reason: str = "capacity"
    events: tuple[Event, ...] = ()
    offers: tuple[Offer, ...] = ()
    ride: Ride | None = None

    @property
    def is_in_bed(self) -> bool:
        """Whether the sending site still has to place this patient."""
        return self.status in states.OPEN


def moment(text: str, near: datetime | None = None) -> datetime:
    """`29 07:25` (October 2020, local) in UTC; `08:45` alone is the next such time after `near`."""
    day, _, clock = text.rpartition(" ")
    local_day = (
        date(2020, 10, int(day))
        if day
        else near.astimezone(ZONE).date()
        if near
        else date(2020, 10, 29)
    )
    local = datetime.combine(local_day, time.fromisoformat(clock), ZONE)
    if near and local < near:
        local = datetime.combine(local_day + timedelta(days=1), time.fromisoformat(clock), ZONE)
    return local.astimezone(UTC)


def two_dozen_requests(seed: int) -> tuple[Request, ...]:
    """Requests in every stage; the seed decides the patients, the stories what happened to them.

    Raises
    ------
    NoSuchStep
        When a story takes a step that the status table does not allow.
    """
    return tuple(tell(story, chance.of(seed, "request", story.number)) for story in STORIES)


def tell(story: Story, dice: Random) -> Request:
    """Follow one story step by step."""
    values_at = moment(story.values)
    known = {
        name: Decimal(str(value)) if name == "noradrenaline_ug_kg_min" else value
        for name, value in story.known.items()
    }
    lines = [line.split(maxsplit=3) for line in story.steps.splitlines()]
    first = moment(f"{lines[0][0]} {lines[0][1]}") if lines else values_at + timedelta(minutes=10)
    created_at = first - timedelta(minutes=chance.between(dice, 8, 25))
    label = "IC" if story.level == "icu" else "KL"
    request = Request(
        number=story.number,
        sending_site=story.site,
        level=story.level,
        urgency=story.urgency_hours,
        created_at=created_at,
        own_reference=f"{INITIALS[story.site]}-{label}-{10 + 37 * (story.number or 0) % 89}",
        home_area=reporting_sites()[story.site].postcode[:2],
        clinical=picture(dice, story.level, values_at, **known),
        status_since=created_at,
    )
    for day, clock, step, *rest in lines:
        request = take(request, step, moment(f"{day} {clock}"), rest[0] if rest else "", dice)
    return request


def take(request: Request, step: str, at: datetime, words: str, dice: Random) -> Request:
    """The request after one step; a refusal answers an offer and is no step of the request."""
    if step == "refuse":
        return answer(request, at, status="refused", refusal=words)
    row = states.step(step, since=request.status)
    if step in CHANGES:
        request = CHANGES[step](request, at, words, dice)
    role = ROLES.get(step, "")
    if step in PLANNER_STEPS and request.ride:
        role = "micu_coordinator" if request.ride.kind == "micu" else "ambulance_planner"
    note = words if step in WITH_NOTE else ""
    event = Event(step, request.status, row.to, at, role, place_of(row.party, request), note)
    search = states.STATUSES[row.to].search
    return replace(
        request,
        status=row.to,
        status_since=at,
        searching=request.searching if search is None else search,
        ended_at=at if row.to in states.ENDED else None,
        events=(*request.events, event),
    )


def place_of(party: str, request: Request) -> str:
    """Where the person stands who takes the step."""
    places: dict[str, Callable[[], str]] = {
        states.SENDER: lambda: request.sending_site,
        states.SENDING_REGION: lambda: reporting_sites()[request.sending_site].region,
        states.RECEIVER: lambda: request.offers[-1].site,
        states.PLANNER: lambda: request.ride.service if request.ride else "",
        states.SYSTEM: lambda: "",
    }
    return places.get(party, lambda: "lcps")()


def answer(request: Request, at: datetime, **changes: object) -> Request:
    """The newest offer with its answer."""
    answered = replace(request.offers[-1], answered_at=at, **changes)  # type: ignore[arg-type]
    return replace(request, offers=(*request.offers[:-1], answered))


def found_fit(request: Request, at: datetime, words: str, dice: Random) -> Request:
    return replace(request, fit_by=chance.pick(dice, DOCTORS), fit_at=at)


def offer(request: Request, at: datetime, words: str, dice: Random) -> Request:
    due = at + timedelta(minutes=dial("clock.offered")[str(request.urgency)])
    asked = Offer(
        words, chance.between(dice, 1, 3), offered_at=at, answer_due_at=due, hold_until=due
    )
    return replace(request, offers=(*request.offers, asked))


def accept(request: Request, at: datetime, words: str, dice: Random) -> Request:
    return answer(
        request,
        at,
        status="accepted",
        hold_until=at + timedelta(hours=dial("hold.hours")[str(request.urgency)]),
        accepting_doctor=chance.pick(dice, DOCTORS),
        unit="IC" if request.level == "icu" else "Cohortafdeling",
    )


def request_transport(request: Request, at: datetime, words: str, dice: Random) -> Request:
    kind = "micu" if request.level == "icu" else "b2"
    return replace(
        request,
        ride=Ride(words, kind, oxygen_l_min=request.clinical.oxygen_l_min or 10, requested_at=at),
    )


def plan_transport(request: Request, at: datetime, words: str, dice: Random) -> Request:
    """The ride gets a vehicle and times, and the two doctors have spoken."""
    asked = ride_of(request)
    pick_up_at = moment(words, near=at)
    by_micu = asked.kind == "micu"
    number = asked.service[-2:]
    ride = replace(
        asked,
        planned_at=at,
        pick_up_at=pick_up_at,
        arrival_at=arrival_of(request, pick_up_at),
        vehicle="MICU 1" if by_micu else f"{number}-{chance.between(dice, 101, 149)}",
        crew=f"ploeg {chance.between(dice, 1, 9)}",
        escort=chance.pick(dice, DOCTORS) if by_micu else "",
    )
    accepted = request.offers[-1]
    spoken = replace(
        accepted,
        contact_names=f"{request.clinical.stable_by} en {accepted.accepting_doctor}",
        contact_at=at - timedelta(minutes=10),
    )
    return replace(request, ride=ride, offers=(*request.offers[:-1], spoken))


def arrival_of(request: Request, pick_up_at: datetime) -> datetime:
    """When the ride is expected, as a planner's page works it out."""
    sites = reporting_sites()
    road = travel.minutes(sites[request.sending_site], sites[request.offers[-1].site])
    by_micu = ride_of(request).kind == "micu"
    minutes = timing.drive_minutes(road, is_micu=by_micu, pace=timing.Pace())
    return timing.arrival_of(pick_up_at, minutes)


def ride_of(request: Request) -> Ride:
    """The ride of a request that has one.

    Raises
    ------
    ValueError
        When a story plans a ride that was never asked for.
    """
    if request.ride is None:
        raise ValueError(f"request {request.number} has no ride")
    return request.ride


def depart(request: Request, at: datetime, words: str, dice: Random) -> Request:
    ride = ride_of(request)
    agreed_at = at - timedelta(minutes=10) if ride.kind == "micu" else None
    left = replace(
        ride, departed_at=at, escort_agreed_at=agreed_at, arrival_at=arrival_of(request, at)
    )
    return replace(request, ride=left)


def arrive(request: Request, at: datetime, words: str, dice: Random) -> Request:
    return replace(request, ride=replace(ride_of(request), arrived_at=at))


def hand_over(request: Request, at: datetime, words: str, dice: Random) -> Request:
    return replace(request, ride=replace(ride_of(request), handed_over_at=at))


def ask_sender(request: Request, at: datetime, words: str, dice: Random) -> Request:
    return replace(request, question=words)


def withdraw(request: Request, at: datetime, words: str, dice: Random) -> Request:
    return replace(request, end_reason=words)


Change = Callable[[Request, datetime, str, Random], Request]
CHANGES: dict[str, Change] = {
    "find_fit": found_fit,
    "offer_nationally": offer,
    "accept": accept,
    "request_transport": request_transport,
    "plan_transport": plan_transport,
    "depart": depart,
    "arrive": arrive,
    "hand_over": hand_over,
    "ask_sender": ask_sender,
    "withdraw": withdraw,
}
