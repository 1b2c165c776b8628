"""Every route again: the headers of its answers, what its pages may hold, and what it asks of a form."""

import re
from unittest.mock import MagicMock

import pytest
from django.conf import settings as conf
from django.db import transaction
from django.test import Client
from django.urls import reverse

from lcps import policy
from lcps.errors import API_VERSION
from tests import factories
from tests.lcps.test_policy import NOBODY, Cell, Player, Route, routes
from tests.lcps.test_policy import world as world  # noqa: PLC0414  (the fixture)

CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "font-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TOKEN = "a" * 32


def insider(route: Route) -> str:
    """A role that may use the route."""
    named = sorted(policy.TABLE[route.name].roles - {"*", "signed in", "any role"})
    return named[0] if named else "reporter"


def ask(player: Player, route: Route, role: str, method: str, client: Client, **extra):
    """Put one question, and undo what it did."""
    cell = Cell(route, role, "own", method)
    person = player.person(cell)
    arguments = player.arguments(cell, policy.TABLE[route.name], person)
    address = reverse(route.name, kwargs=arguments)
    if person is not None:
        client.cookies[conf.SESSION_COOKIE_NAME] = player.world.sessions[person.pk]
    with transaction.atomic():
        body, kind = player.body(cell, person), player.content_type(cell)
        response = client.generic(method, address, extra.pop("body", body), kind, **extra)
        transaction.set_rollback(True)
    return response


def wrong_headers(response, *, is_api: bool) -> list[str]:
    """What is missing or other than it must be on an answer."""
    found = {
        name: directive.split()[1:]
        for directive in response.headers.get("Content-Security-Policy", "").split(";")
        for name in directive.split()[:1]
    }
    wrong = [] if found == CSP else [f"policy {found}"]
    wrong += [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    if "no-store" not in response.headers.get("Cache-Control", ""):
        wrong.append("may be stored")
    if is_api and response.headers.get("API-Version") != API_VERSION:
        wrong.append("API-Version")
    return wrong


def forbidden_in_page(html: str) -> list[str]:
    """What our policy would not let the browser do: scripts and styles inside the page."""
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html)
    tag = r"<[a-z][^>]*?\s"
    return inline + re.findall(rf"{tag}(?:style|on[a-z]+)=", html) + re.findall(r"<style\b", html)


@pytest.fixture
def player(world, monkeypatch) -> Player:
    monkeypatch.setattr("lcps.live.connections.close_all", lambda: None)
    monkeypatch.setattr("lcps.live.hub", MagicMock())
    return Player(world)


def test_every_answer_has_its_headers_and_nothing_inline(player, settings):
    wrong = []
    for route in routes():
        settings.DEMONSTRATION = not policy.TABLE[route.name].is_personal
        method = "GET" if policy.TABLE[route.name].admits("GET") else "POST"
        for role in (NOBODY, insider(route)):
            client = Client(raise_request_exception=False)
            response = ask(player, route, role, method, client)
            faults = wrong_headers(response, is_api=route.room == "api")
            if "html" in response.headers.get("Content-Type", ""):
                faults += forbidden_in_page(response.text)
            wrong += [f"{route.name} to {role}: {fault}" for fault in faults]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", ["/nergens", "/api/v1/nergens", "/accounts/login"])
def test_addresses_that_do_not_exist_have_them_too(client, db, address):
    response = client.get(address)

    assert response.status_code == 404
    assert wrong_headers(response, is_api=address.startswith("/api/")) == []


def test_refusal_of_a_foreign_host_has_them_too(client, db):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert set(wrong_headers(response, is_api=False)) <= {"Permissions-Policy", "may be stored"}


@pytest.mark.parametrize(
    "page", ["<p style='x'>", '<a onclick="x">', "<script>x</script>", "<style>p{}</style>"]
)
def test_inline_code_is_found(page):
    assert forbidden_in_page(page)


def test_pages_may_load_what_they_name(player):
    page = ask(player, Route("gallery", ()), "reporter", "GET", Client()).text

    assert forbidden_in_page(page) == []
    assert re.findall(r'(?:src|href)="(?!/|#|data:|https?://|mailto:|tel:)[^"]*"', page) == []


# ----- forms ----------------------------------------------------------------------------------------


def test_every_form_needs_its_token_and_our_own_page(player, settings):
    wrong, asked = [], 0
    for route in routes():
        rule = policy.TABLE[route.name]
        if not rule.is_served or not rule.admits("POST"):
            continue
        settings.DEMONSTRATION = not rule.is_personal
        asked += 1
        for extra, is_right in (
            ({}, False),
            ({"headers": {"X-CSRFToken": "b" * 32}}, False),
            ({"headers": {"X-CSRFToken": TOKEN, "Origin": "https://evil.example"}}, False),
            ({"headers": {"X-CSRFToken": TOKEN, "Origin": "null"}}, False),
            ({"headers": {"X-CSRFToken": TOKEN, "Origin": "http://testserver"}}, True),
        ):
            client = Client(enforce_csrf_checks=True, raise_request_exception=False)
            client.cookies[conf.CSRF_COOKIE_NAME] = TOKEN
            response = ask(player, route, insider(route), "POST", client, **extra)
            if (response.status_code != 403) != is_right or response.status_code >= 500:
                wrong.append(f"{route.name} {extra}: {response.status_code}")

    assert asked > 30
    assert not wrong, "\n".join(wrong)


def test_refused_form_says_what_to_do(reference):
    person = factories.user("reporter", site=factories.site())
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    refused = client.post(reverse("messages"))

    assert refused.status_code == 403
    assert "Er is niets veranderd" in refused.text
