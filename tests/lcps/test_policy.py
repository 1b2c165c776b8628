"""The generated matrix: every route x every role x own, foreign and missing object x every method."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lcps import policy
from lcps.policy import Rule
from regions.models import Role
from tests.lcps import world as worlds
from tests.lcps.world import World

Pattern = URLPattern | URLResolver
METHODS = ("GET", "POST")
RARE_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS")
NOBODY, ROLELESS = "(not signed in)", "(no role)"
# Rooms of the house, so that the matrix is played in parallel.
ROOMS = ("account", "mfa", "api", "capacity", "transfers", "")
# Their pages belong to one person: not to a public account of the demonstration.
PERSONAL_ROOMS = ("account", "mfa")


@dataclass(frozen=True)
class Route:
    name: str
    arguments: tuple[str, ...]

    @property
    def room(self) -> str:
        start = self.name.replace("_", ":").partition(":")[0]
        return start if start in ROOMS else ""


@dataclass(frozen=True)
class Cell:
    """One question to the wall."""

    route: Route
    role: str
    kind: str  # own, foreign, missing; plain where the route is about nothing in particular
    method: str


def routes() -> list[Route]:
    """Every named address of the project, from the resolver itself."""

    def walk(patterns: list[Pattern], space: str, before: tuple[str, ...]) -> Iterator[Route]:
        for one in patterns:
            arguments = (*before, *one.pattern.regex.groupindex)
            if isinstance(one, URLResolver):
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from walk(one.url_patterns, inner, arguments)
            else:
                assert one.name, f"{one.pattern} has no name, so it can have no row"
                yield Route(f"{space}{one.name}", arguments)

    found = {route.name: route for route in walk(get_resolver().url_patterns, "", ())}
    return sorted(found.values(), key=lambda route: route.name)


def cells(route: Route, rule: Rule, roles: list[str]) -> Iterator[Cell]:
    """All questions about one route. A method that is not in the row needs no object.

    The rare methods are in no row: they are asked by who may least and who may most.
    """
    kinds = ("own", "foreign", "missing") if rule.about else ("plain",)
    insiders = sorted(rule.roles & set(roles)) or roles
    everybody = product([NOBODY, ROLELESS, *roles], METHODS)
    for role, method in [*everybody, *product([NOBODY, insiders[0]], RARE_METHODS)]:
        asked = kinds if rule.is_served and rule.admits(method) else kinds[:1]
        for kind in asked:
            yield Cell(route, role, kind, method)


def expected(cell: Cell, rule: Rule) -> str:
    """What the row says to this question."""
    named = rule.roles not in (policy.ANYONE, policy.OWNERS, policy.SIGNED_IN)
    if not rule.is_served:
        return "404"
    if not rule.admits(cell.method):
        has_page = cell.method == "GET" and cell.route.room in ("capacity", "transfers")
        return "served" if has_page else "405"
    if rule.roles == policy.ANYONE:
        return "served"
    if cell.role == NOBODY:
        # A stream shows no page to sign in on: it ends.
        page = "204" if cell.route.name == "live" else "sign in"
        return "401" if cell.route.room == "api" else page
    if cell.role == ROLELESS and rule.roles != policy.OWNERS:
        return "403"
    if named and cell.role not in rule.roles:
        return "403"
    if cell.route.name == "switch-role" and cell.role == ROLELESS:
        return "404"  # the role is named in the form, and this person has none
    return "404" if cell.kind in ("foreign", "missing") else "served"


def answered(response) -> str:
    status = response.status_code
    if status == 302 and response["Location"].startswith(f"{reverse('account_login')}?next="):
        return "sign in"
    return str(status) if status in (204, 401, 403, 404, 405) or status >= 500 else "served"


class Player:
    """Asks the questions of the matrix, one by one, each undone afterwards."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.count: Counter[str] = Counter()
        self.wrong: list[str] = []

    def play(self, cell: Cell, rule: Rule) -> None:
        person = self.person(cell)
        arguments = self.arguments(cell, rule, person)
        if arguments is None:
            self.count["not there"] += 1
            return
        address = reverse(cell.route.name, kwargs=arguments)
        with transaction.atomic():
            response = self.world.client(person).generic(
                cell.method, address, self.body(cell, person), self.content_type(cell)
            )
            transaction.set_rollback(True)
        want, got = expected(cell, rule), answered(response)
        self.count[want] += 1
        if want != got:
            self.wrong.append(
                f"{cell.method} {cell.route.name} by {cell.role}, {cell.kind}: {got}, not {want}"
            )

    def person(self, cell: Cell):
        if cell.role == NOBODY:
            return None
        if cell.role == ROLELESS:
            return self.world.strangers["none"]
        return self.world.person(cell.role, cell.route.name)

    def arguments(self, cell: Cell, rule: Rule, person) -> dict[str, object] | None:
        """What stands in the address: of the near half, the far half, or of nothing that exists."""
        given = {"step": "withdraw", "key": "x-y", "uidb36": "1", "region": "near", "pk": 1}
        if rule.about == "security key":
            keys = self.world.keys
            own = keys[person.pk] if person else 1
            foreign = keys[self.world.strangers["far"].pk]
            given["pk"] = {"own": own, "foreign": foreign, "missing": 999_999}[cell.kind]
        elif rule.about:
            role = cell.role if cell.role in rule.roles else sorted(rule.roles)[0]
            half = self.world.far if cell.kind == "foreign" else self.world.near
            about = worlds.thing(
                self.world, half, route=cell.route.name, about=rule.about, role=role
            )
            if about is None:
                return None
            given |= MISSING if cell.kind == "missing" else address_of(rule.about, about)
            given["step"] = "plan" if rule.about == "ride" else worlds.STEPS.get(role, ("", "x"))[1]
        return {name: given[name] for name in cell.route.arguments}

    def body(self, cell: Cell, person) -> str:
        """What is posted: nothing, but where the object is named in the form and not in the address."""
        half = self.world.far if cell.kind == "foreign" else self.world.near
        acting = person.acting if person else None
        named = {
            "capacity:sitrep-answer": f"sitrep={half.sitrep.pk}",
            "demo-sign-in": f"role={worlds.PUBLIC}",
            "switch-role": f"assignment={acting.pk if acting else ''}",
        }
        return "{}" if cell.route.room == "api" else named.get(cell.route.name, "")

    def content_type(self, cell: Cell) -> str:
        is_api = cell.route.room == "api"
        return "application/json" if is_api else "application/x-www-form-urlencoded"


MISSING = {
    "site": "nergens",
    "region": "nergens",
    "number": "PMR-2020-999999",
    "offer": 999_999,
    "ride": 999_999,
}


def address_of(about: str, thing) -> dict[str, object]:
    if about == "request":
        return {"number": thing.number}
    return {about: thing.code if about in ("site", "region") else thing.pk}


@pytest.fixture
def world(reference, demonstration_clock, settings, tmp_path) -> World:
    settings.MAIL_SINK_DIR = str(tmp_path)
    return worlds.build()


@pytest.fixture
def short_refusals():
    """Refusals without their pages (those have tests of their own), and a stream that ends at once."""

    def of(status: int):
        return lambda request, *args, **kwargs: HttpResponse(status=kwargs.get("status", status))

    with (
        mock.patch("lcps.errors.defaults.permission_denied", of(403)),
        mock.patch("lcps.errors.defaults.page_not_found", of(404)),
        mock.patch("lcps.errors.render", of(200)),
        mock.patch("lcps.live.connections.close_all"),
        mock.patch("lcps.live.hub"),
    ):
        yield


def play(world: World, names: set[str]) -> Player:
    """Every question about these routes."""
    roles = list(Role.objects.values_list("key", flat=True))
    assert len(roles) == 18
    player = Player(world)
    for route in routes():
        if route.name in names:
            for cell in cells(route, policy.TABLE[route.name], roles):
                player.play(cell, policy.TABLE[route.name])
    return player


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize("room", ROOMS)
def test_every_route_answers_every_role_as_its_row_says(room, world, capsys, settings):
    settings.DEMONSTRATION = room not in PERSONAL_ROOMS
    names = {route.name for route in routes() if route.room == room and route.name in policy.TABLE}

    player = play(world, names)

    with capsys.disabled():
        print(f"\n{room or 'frame'}: {player.count.total()} cells, {len(player.wrong)} wrong")
    assert not player.wrong, "\n".join(player.wrong)


@pytest.mark.parametrize("method", METHODS)
def test_public_account_cannot_be_made_somebodys_own(world, method):
    """In the demonstration: one visitor's password or second factor would keep all others out."""
    person = world.person("reporter", "")
    personal = [route for route in routes() if policy.TABLE[route.name].is_personal]
    player = Player(world)

    for route in personal:
        cell = Cell(route, "reporter", "own", method)
        arguments = player.arguments(cell, policy.TABLE[route.name], person)
        answer = world.client(person).generic(method, reverse(route.name, kwargs=arguments))
        assert (answer.status_code, answer.templates[0].name) == (403, "account/shared.html")
    assert {route.name for route in personal} >= {
        "account_change_password",
        "account_reset_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
    }


def test_every_route_has_a_row_and_every_row_a_route():
    names = {route.name for route in routes()}

    assert sorted(names - policy.TABLE.keys()) == []
    assert sorted(policy.TABLE.keys() - names) == []


# ----- the matrix sees a wall that is gone ----------------------------------------------------------


def everything(queryset, user):
    return queryset.all()


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize(
    ("filtered", "route"),
    [
        ("transfers.requests.models.TransferRequestQuerySet", "transfers:request"),
        ("transfers.requests.models.TransferRequestQuerySet", "api:request"),
        ("transfers.offers.models.OfferQuerySet", "transfers:offer-answer"),
        ("transfers.rides.models.RideQuerySet", "transfers:ride-sheet"),
    ],
)
def test_matrix_finds_a_filter_that_is_gone(filtered, route, world, monkeypatch):
    monkeypatch.setattr(f"{filtered}.visible_to", everything)

    wrong = play(world, {route}).wrong

    assert wrong
    assert all("foreign" in cell for cell in wrong)


@pytest.mark.usefixtures("short_refusals")
def test_matrix_finds_a_view_that_refuses_its_own_row(world, monkeypatch):
    wider = policy.TABLE["transfers:ride"]
    wider = replace(wider, roles=wider.roles | {"oversight_reader"})
    monkeypatch.setitem(policy.TABLE, "transfers:ride", wider)

    assert play(world, {"transfers:ride"}).wrong == [
        "GET transfers:ride by oversight_reader, own: 404, not served"
    ]


@pytest.mark.usefixtures("short_refusals")
def test_matrix_finds_403_where_404_is_due(world, monkeypatch):
    def refuse(queryset, user):
        raise PermissionDenied

    monkeypatch.setattr("transfers.requests.models.TransferRequestQuerySet.visible_to", refuse)

    assert "GET transfers:request by treating_physician, foreign: 403, not 404" in (
        play(world, {"transfers:request"}).wrong
    )


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/transfers/rides/10/plan", "/transfers/rides/10"),
        (
            "/transfers/requests/PMR-2020-000418/steps/withdraw",
            "/transfers/requests/PMR-2020-000418",
        ),
        ("/transfers/requests/PMR-2020-000418/handover", "/transfers/requests/PMR-2020-000418"),
        ("/transfers/offers/12/answer", "/transfers/offers"),
        ("/capacity/regions/zuidwest/sign-off", "/capacity/regions/zuidwest"),
        ("/capacity/sites/jbz/report/draft", "/capacity/sites/jbz/report"),
    ],
)
def test_who_comes_back_to_an_address_that_only_takes_forms_gets_its_page(client, address, page):
    answer = client.get(address)

    assert (answer.status_code, answer["Location"]) == (302, page)


def test_an_address_elsewhere_that_only_takes_forms_says_so(client):
    assert client.get("/demo/clock").status_code == 405
    assert client.put("/transfers/rides/10/plan").status_code == 405
