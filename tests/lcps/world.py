"""Two regions that mirror each other, with one person per role in the first: who may see what of whom.

Everything a person may see lies in the near half; the far half is foreign to all but the national roles.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from capacity.models import BedPool, Hold, RegionalSitrep
from lcps.middleware import ACTING_KEY
from regions.models import AmbulanceService, Region, Role, Site, User
from regions.people import scopes
from tests import factories
from tests.regions.people.security_key import SecurityKey
from transfers.models import Offer, Ride, TransferRequest

NOW = factories.NOW
NATIONAL = scopes.CENTRE
# A public account of the demonstration.
PUBLIC = "lcps"
# On whose side somebody must stand for a route: most are asked from the sending side.
RECEIVING_ROUTES = {
    "transfers:handover",
    "transfers:offer-answer",
    "api:offer-acceptance",
    "api:offer-refusal",
}
# A step a role may take, and the status it is taken from.
STEPS = {
    "bed_coordinator": ("submitted", "withdraw"),
    "treating_physician": ("submitted", "withdraw"),
    "regional_coordinator": ("submitted", "search_in_region"),
    "lcps_coordinator": ("national_search", "ask_medical_review"),
    "medical_officer": ("medical_review", "find_fit"),
    "transport_coordinator": ("accepted", "put_on_hold"),
}


@dataclass
class Half:
    """A region with a sending and a receiving site, a service of each kind, and requests at every stage."""

    region: Region
    sender: Site
    receiver: Site
    services: dict[str, AmbulanceService]
    sitrep: RegionalSitrep
    requests: dict[str, TransferRequest] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    rides: dict[str, Ride] = field(default_factory=dict)


@dataclass
class World:
    near: Half
    far: Half
    people: dict[tuple[str, str], User]
    strangers: dict[str, User]
    keys: dict[int, int]
    sessions: dict[int, str] = field(default_factory=dict)
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def person(self, role: str, route: str) -> User:
        """Who asks: of the receiving site where that side is asked, else of the sending one."""
        side = "receiver" if route in RECEIVING_ROUTES else "sender"
        return self.people.get((role, side)) or self.people[role, "sender"]

    def client(self, person: User | None) -> Client:
        """One browser, with nothing in it but this person's session."""
        self.browser.cookies.clear()
        if person is not None:
            self.browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person.pk]
        return self.browser


def build() -> World:
    """The two halves and their people. Call `factories.reference()` and set the clock first."""
    slot = factories.slot()
    near, far = (_half(name, slot) for name in ("near", "far"))
    near.requests["crossing"] = _request(near.sender, "accepted", searching="nation")
    near.offers["crossing"] = _offer(near.requests["crossing"], far.receiver, "accepted")
    people = {}
    for role in Role.objects.all():
        people[role.key, "sender"] = factories.user(role.key, **_place(role, near, near.sender))
        if role.key in scopes.HOSPITAL:
            people[role.key, "receiver"] = factories.user(role.key, site=near.receiver)
    strangers = {
        "far": factories.user("bed_coordinator", site=far.sender),
        "none": factories.user(),
    }
    factories.user("lcps_coordinator", username=PUBLIC)
    world = World(near, far, people, strangers, keys={})
    for person in [*people.values(), *strangers.values()]:
        world.sessions[person.pk] = _session(person)
        world.keys[person.pk] = _second_factors(person)
    return world


def _second_factors(person: User) -> int:
    """One of each kind, so that every page of the account has something to show. The key's number."""
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    key = {"name": "sleutel", "credential": SecurityKey().register("unasked")}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=key).pk


def _place(role: Role, half: Half, site: Site) -> dict[str, Any]:
    service = half.services["micu" if role.key == "micu_coordinator" else "rav"]
    return {
        "site": {"site": site},
        "region": {"region": half.region},
        "service": {"service": service},
    }.get(role.scope, {})


def _session(person: User) -> str:
    """A session that was signed in a moment ago, with the password just given again."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    if person.acting:
        session[ACTING_KEY] = person.acting.pk
    session.save()
    return session.session_key


def _half(name: str, slot: Any) -> Half:
    region = factories.region(name)
    sender = factories.site(f"{name}-sender", region=region)
    receiver = factories.site(f"{name}-receiver", region=region)
    plenty = {"ward": {"open_other": 60}, "icu": {"open_other": 60}}
    for site in (sender, receiver):
        factories.report(site, slot, lines=plenty)
    half = Half(
        region=region,
        sender=sender,
        receiver=receiver,
        services={
            kind: factories.service(f"{name}-{kind}", region=region, kind=kind)
            for kind in ("rav", "micu")
        },
        sitrep=_sitrep(region, slot),
    )
    for status in ("draft", "submitted", "regional_search", "medical_review", "national_search"):
        half.requests[status] = _request(sender, status)
    half.requests["offered"] = _request(sender, "offered", searching="region")
    half.offers["open"] = _offer(half.requests["offered"], receiver, "open")
    for status in ("accepted", "arrived"):
        half.requests[status] = _request(sender, status, searching="region")
        half.offers[status] = _offer(half.requests[status], receiver, "accepted")
    half.rides["arrived"] = _ride(half, "arrived", "rav", arrived=True)
    for kind in ("rav", "micu"):
        half.requests[kind] = _request(sender, "transport_requested", searching="region")
        half.offers[kind] = _offer(half.requests[kind], receiver, "accepted")
        half.rides[kind] = _ride(half, kind, kind)
    return half


def _sitrep(region: Region, slot: Any) -> RegionalSitrep:
    return RegionalSitrep.objects.create(
        region=region,
        slot=slot,
        version=1,
        submission=_uuid(),
        status="submitted",
        pressure="orange",
        sentence="Het is druk.",
        limiting_factor="staff",
        totals={},
        submitted_at=NOW,
        submitted_name="Tester",
    )


def _uuid() -> str:
    return f"00000000-0000-4000-8000-{next(_numbers):012d}"


_numbers = count(1)


def _request(site: Site, status: str, **fields: Any) -> TransferRequest:
    return factories.request_(site, status=status, **fields)


def _offer(request: TransferRequest, site: Site, status: str) -> Offer:
    pool = BedPool.objects.get(site=site, level=request.level_id)
    hold = Hold.objects.create(
        pool=pool,
        reference=request.number,
        placed_at=NOW - timedelta(minutes=10),
        until=NOW + timedelta(hours=6),
    )
    BedPool.objects.filter(pk=pool.pk).update(held=pool.holds.active().count())
    answered = {
        "answered_at": NOW,
        "answered_name": "Tester",
        "accepting_doctor": "dr. A. Bosman",
        "unit": "C2",
    }
    return Offer.objects.create(
        request=request,
        site=site,
        hold=hold,
        status=status,
        offered_at=NOW - timedelta(minutes=10),
        offered_name="Tester",
        answer_due_at=NOW + timedelta(hours=1),
        **(answered if status == "accepted" else {}),
    )


def _ride(half: Half, stage: str, kind: str, *, arrived: bool = False) -> Ride:
    on_the_way = {
        "vehicle": "17-101",
        "pick_up_at": NOW - timedelta(hours=1),
        "arrival_at": NOW,
        "planned_at": NOW - timedelta(hours=2),
        "departed_at": NOW - timedelta(hours=1),
        "arrived_at": NOW,
    }
    return Ride.objects.create(
        request=half.requests[stage],
        offer=half.offers[stage],
        service=half.services[kind],
        kind="micu" if kind == "micu" else "b1_nurse",
        kind_advised="b1_nurse",
        requested_at=NOW - timedelta(hours=2),
        **(on_the_way if arrived else {}),
    )


# ----- which object a route is about, for whom ------------------------------------------------------


def thing(world: World, half: Half, *, route: str, about: str, role: str) -> Any:
    """The object of this half that the route would be about when this role asks; None when there is none."""
    return THINGS[about](world, half, route, role)


def _request_for(world: World, half: Half, route: str, role: str) -> TransferRequest | None:
    if half is world.far and role in NATIONAL:
        return half.requests["draft"]  # the centre sees every request but what is not submitted yet
    if route == "transfers:step":
        return half.requests[STEPS[role][0]]
    if route in ("transfers:offer", "api:request-offers"):
        stage = "national_search" if role == "lcps_coordinator" else "regional_search"
        return half.requests[stage]
    if route == "transfers:transport":
        stage = "crossing" if role == "transport_coordinator" else "accepted"
        return half.requests[stage]
    stages = {"transfers:handover": "arrived", "transfers:edit": "submitted"}
    return half.requests[stages.get(route, "regional_search")]


def _unless_national(pick: Callable[[Half, str, str], Any]) -> Callable[..., Any]:
    """For things of which the centre sees all: nothing in the far half is foreign to it."""

    def chosen(world: World, half: Half, route: str, role: str) -> Any:
        return None if half is world.far and role in NATIONAL else pick(half, route, role)

    return chosen


THINGS: dict[str, Callable[..., Any]] = {
    "site": _unless_national(lambda half, route, role: half.sender),
    "region": _unless_national(lambda half, route, role: half.region),
    "request": _request_for,
    "offer": _unless_national(
        lambda half, route, role: half.offers[
            "accepted" if route == "transfers:offer-contact" else "open"
        ]
    ),
    "ride": _unless_national(
        lambda half, route, role: half.rides["micu" if role == "micu_coordinator" else "rav"]
    ),
}
