"""Who may ask for which route: one table, deny by default.

A row says which roles may use the route at all. Which *objects* they see there is decided by
`visible_to(user)`: an object that is not theirs does not exist (404). A route without a row is not
served, and a test fails the build (tests/lcps/test_policy.py).
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url

from regions.people import scopes

ANYONE: Final = frozenset({"*"})
SIGNED_IN: Final = frozenset({"signed in"})

REPORTERS = frozenset({"reporter", "bed_coordinator"})
SENDERS = frozenset({"bed_coordinator", "treating_physician"})
REGION = scopes.REGIONAL
COORDINATORS = frozenset({"regional_coordinator"})
DESK = scopes.TRANSFER_DESK
CENTRE = scopes.CENTRE
PLANNERS = scopes.PLANNERS
REQUEST_READERS = scopes.HOSPITAL | COORDINATORS | DESK
CAPACITY_READERS = scopes.HOSPITAL | REGION | CENTRE
BOARD_READERS = CAPACITY_READERS | {"oversight_reader", "communication", "facilities", "equipment"}


@dataclass(frozen=True)
class Rule:
    """One row: which roles, with which methods, and what kind of object the route shows.

    `about` names the object in the route (site, region, request, offer, ride) whose visibility is
    checked by the view; empty when the route has none.
    """

    roles: frozenset[str]
    methods: frozenset[str] = frozenset({"GET"})
    about: str = ""


def _rule(roles: frozenset[str], methods: str = "GET", about: str = "") -> Rule:
    return Rule(roles, frozenset(methods.split()), about)


TABLE: dict[str, Rule] = {
    # --- open to anyone ---
    "healthz": _rule(ANYONE),
    "readyz": _rule(ANYONE),
    "notices": _rule(ANYONE),
    "accessibility": _rule(ANYONE),
    "set_language": _rule(ANYONE, "POST"),
    "demo-sign-in": _rule(ANYONE, "POST"),
    "account_login": _rule(ANYONE, "GET POST"),
    "account_logout": _rule(ANYONE, "GET POST"),
    "account_signup": _rule(ANYONE, "GET POST"),
    "account_inactive": _rule(ANYONE),
    "account_reset_password": _rule(ANYONE, "GET POST"),
    "account_reset_password_done": _rule(ANYONE),
    "account_reset_password_from_key": _rule(ANYONE, "GET POST"),
    "account_reset_password_from_key_done": _rule(ANYONE),
    "account_confirm_email": _rule(ANYONE, "GET POST"),
    "account_email_verification_sent": _rule(ANYONE),
    "mfa_authenticate": _rule(ANYONE, "GET POST"),
    "account_confirm_login_code": _rule(ANYONE, "GET POST"),
    "api:openapi": _rule(ANYONE),
    # --- anyone who is signed in ---
    "home": _rule(SIGNED_IN),
    "search": _rule(SIGNED_IN),
    "messages": _rule(SIGNED_IN, "GET POST"),
    "switch-role": _rule(SIGNED_IN, "POST"),
    "live": _rule(SIGNED_IN),
    "gallery": _rule(SIGNED_IN),
    "demo-clock": _rule(SIGNED_IN, "POST"),
    "demo-mail": _rule(SIGNED_IN),
    "account_change_password": _rule(SIGNED_IN, "GET POST"),
    "account_set_password": _rule(SIGNED_IN, "GET POST"),
    "account_email": _rule(SIGNED_IN, "GET POST"),
    "account_reauthenticate": _rule(SIGNED_IN, "GET POST"),
    "mfa_index": _rule(SIGNED_IN),
    "mfa_reauthenticate": _rule(SIGNED_IN, "GET POST"),
    "mfa_reauthenticate_webauthn": _rule(SIGNED_IN, "GET POST"),
    "mfa_activate_totp": _rule(SIGNED_IN, "GET POST"),
    "mfa_deactivate_totp": _rule(SIGNED_IN, "GET POST"),
    "mfa_view_recovery_codes": _rule(SIGNED_IN),
    "mfa_generate_recovery_codes": _rule(SIGNED_IN, "GET POST"),
    "mfa_download_recovery_codes": _rule(SIGNED_IN),
    "mfa_list_webauthn": _rule(SIGNED_IN, "GET POST"),
    "mfa_add_webauthn": _rule(SIGNED_IN, "GET POST"),
    "mfa_edit_webauthn": _rule(SIGNED_IN, "GET POST"),
    "mfa_remove_webauthn": _rule(SIGNED_IN, "GET POST"),
    # --- capacity ---
    "national-board": _rule(BOARD_READERS),
    "capacity:site": _rule(CAPACITY_READERS, "GET", "site"),
    "capacity:report": _rule(REPORTERS | COORDINATORS, "GET POST", "site"),
    "capacity:report-draft": _rule(REPORTERS | COORDINATORS, "POST", "site"),
    "capacity:region": _rule(CAPACITY_READERS | {"oversight_reader"}, "GET", "region"),
    "capacity:sign-off": _rule(COORDINATORS, "POST", "region"),
    "capacity:sitrep-answer": _rule(
        frozenset({"lcps_coordinator", "shift_lead"}), "POST", "region"
    ),
    "api:site-reports": _rule(REPORTERS | COORDINATORS, "GET POST", "site"),
    "api:free-beds": _rule(CAPACITY_READERS),
    # --- transfers ---
    "transfers:board": _rule(REQUEST_READERS),
    "transfers:new": _rule(SENDERS, "GET POST"),
    "transfers:request": _rule(REQUEST_READERS, "GET", "request"),
    "transfers:edit": _rule(SENDERS, "GET POST", "request"),
    "transfers:values": _rule(SENDERS, "GET POST", "request"),
    "transfers:step": _rule(REQUEST_READERS | PLANNERS, "POST", "request"),
    "transfers:offer": _rule(COORDINATORS | {"lcps_coordinator"}, "POST", "request"),
    "transfers:handover": _rule(REQUEST_READERS, "POST", "request"),
    "transfers:transport": _rule(COORDINATORS | {"transport_coordinator"}, "GET POST", "request"),
    "transfers:offers": _rule(scopes.HOSPITAL | COORDINATORS | DESK),
    "transfers:offer-answer": _rule(frozenset({"bed_coordinator"}) | COORDINATORS, "POST", "offer"),
    "transfers:offer-contact": _rule(SENDERS | COORDINATORS | DESK, "POST", "offer"),
    "transfers:rides": _rule(PLANNERS | REQUEST_READERS),
    "transfers:ride": _rule(PLANNERS | REQUEST_READERS, "GET", "ride"),
    "transfers:ride-sheet": _rule(PLANNERS | {"transport_coordinator"}, "GET", "ride"),
    "transfers:ride-step": _rule(PLANNERS, "POST", "ride"),
    "api:requests": _rule(REQUEST_READERS),
    "api:request": _rule(REQUEST_READERS, "GET", "request"),
    "api:request-offers": _rule(COORDINATORS | {"lcps_coordinator"}, "POST", "request"),
    "api:offer-acceptance": _rule(frozenset({"bed_coordinator"}) | COORDINATORS, "POST", "offer"),
    "api:offer-refusal": _rule(frozenset({"bed_coordinator"}) | COORDINATORS, "POST", "offer"),
    # --- the logbook ---
    "logbook": _rule(frozenset({"privacy_officer"})),
}

# Pages a person without a second factor must reach to set one up.
SECOND_FACTOR_ROUTES = frozenset(name for name in TABLE if name.startswith(("mfa_", "account_")))


def refuse(request: HttpRequest) -> HttpResponse | None:
    """None when the route may be served; otherwise the answer to give instead.

    Raises Http404 for a route without a row and PermissionDenied for a role that is not in the row.
    """
    match = request.resolver_match
    rule = TABLE.get(match.view_name) if match else None
    if rule is None:
        raise Http404
    if rule.roles is ANYONE:
        return None
    if not request.user.is_authenticated:
        return _ask_to_sign_in(request)
    if (
        settings.SECOND_FACTOR_REQUIRED
        and match.view_name not in SECOND_FACTOR_ROUTES
        and not has_second_factor(request)
    ):
        return redirect("mfa_index")
    if rule.roles is SIGNED_IN or request.user.role_key in rule.roles:
        return None
    raise PermissionDenied


def has_second_factor(request: HttpRequest) -> bool:
    from allauth.mfa.utils import is_mfa_enabled

    return is_mfa_enabled(request.user)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(
            {
                "type": "about:blank",
                "title": "Unauthorized",
                "status": 401,
                "detail": "Sign in first.",
            },
            status=401,
            content_type="application/problem+json",
        )
    back = request.get_full_path() if request.method == "GET" else request.path
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
