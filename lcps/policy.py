"""Who may ask for which route, and how: one table, deny by default.

A row says which roles may use the route at all, and with which methods. Which *objects* they see there is
decided by `visible_to(user)`: an object that is not theirs does not exist (404). A route without a row is
not served, and the generated matrix fails the build (tests/lcps/test_policy.py).
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from lcps import errors, presence
from regions.people import scopes
from transfers.requests import status

ANYONE: Final = frozenset({"*"})
# Signed in, with or without a role: one's own account.
OWNERS: Final = frozenset({"signed in"})
# Signed in and acting under a role, whichever it is.
SIGNED_IN: Final = frozenset({"any role"})
# Brought by a library and not served: there is no such page here.
CLOSED: Final[frozenset[str]] = frozenset()

REPORTERS = scopes.REPORTERS
SENDERS = scopes.SENDERS
REGION = scopes.REGIONAL
COORDINATORS = frozenset({"regional_coordinator"})
DESK = scopes.TRANSFER_DESK
CENTRE = scopes.CENTRE
PLANNERS = scopes.PLANNERS
REQUEST_READERS = scopes.HOSPITAL | COORDINATORS | DESK
CAPACITY_READERS = scopes.HOSPITAL | REGION | CENTRE
BOARD_READERS = CAPACITY_READERS | {"oversight_reader", "communication", "facilities", "equipment"}
OFFERERS = COORDINATORS | {"lcps_coordinator"}
ANSWERERS = COORDINATORS | {"bed_coordinator"}
# Whoever has a step of their own in the table of steps that does not belong to another page.
STEPPERS = frozenset(
    role
    for step in status.TABLE
    if step.name not in status.ELSEWHERE
    for role in step.roles - {status.SYSTEM}
)

# Where the address of a form lies below that of the page it stands on.
WITH_PAGES = ("capacity", "transfers")


@dataclass(frozen=True)
class Rule:
    """One row: which roles, with which methods, and what kind of object the route shows.

    `about` names the object in the route (site, region, request, offer, ride) whose visibility is
    checked by the view; empty when the route has none, or when everybody may see each of them.
    `shows_patients` closes the page after a while of silence (lcps/presence.py). `is_personal` says in the
    demonstration, whose accounts are everybody's, that nothing can be changed there.
    """

    roles: frozenset[str]
    methods: frozenset[str] = frozenset({"GET"})
    about: str = ""
    shows_patients: bool = False
    is_personal: bool = False

    @property
    def is_served(self) -> bool:
        return self.roles != CLOSED

    def admits(self, method: str | None) -> bool:
        """Whether this method is one of the row; HEAD is a GET without its body."""
        return ("GET" if method == "HEAD" else method) in self.methods


def _rule(roles: frozenset[str], methods: str = "GET", about: str = "") -> Rule:
    return Rule(roles, frozenset(methods.split()), about)


def _personal(roles: frozenset[str], methods: str = "GET", about: str = "") -> Rule:
    return Rule(roles, frozenset(methods.split()), about, is_personal=True)


def _patients(roles: frozenset[str], methods: str = "GET", about: str = "") -> Rule:
    return Rule(roles, frozenset(methods.split()), about, shows_patients=True)


TABLE: dict[str, Rule] = {
    # Open to anyone.
    "healthz": _rule(ANYONE),
    "readyz": _rule(ANYONE),
    "notices": _rule(ANYONE),
    "accessibility": _rule(ANYONE),
    "set_language": _rule(ANYONE, "POST"),
    "demo-sign-in": _rule(ANYONE, "POST"),
    "account_login": _rule(ANYONE, "GET POST"),
    "account_logout": _rule(ANYONE, "GET POST"),
    "account_reset_password": _personal(ANYONE, "GET POST"),
    "account_reset_password_done": _personal(ANYONE),
    "account_reset_password_from_key": _personal(ANYONE, "GET POST"),
    "account_reset_password_from_key_done": _personal(ANYONE),
    "mfa_authenticate": _rule(ANYONE, "GET POST"),
    "api:openapi": _rule(ANYONE),
    # Nobody: accounts and addresses are made by the administrator.
    "account_signup": _rule(CLOSED),
    "account_inactive": _rule(CLOSED),
    "account_email": _rule(CLOSED),
    "account_confirm_email": _rule(CLOSED),
    "account_email_verification_sent": _rule(CLOSED),
    "account_confirm_login_code": _rule(CLOSED),
    "account_set_password": _rule(CLOSED),
    # One's own account.
    "switch-role": _rule(OWNERS, "POST"),
    "gallery": _rule(OWNERS),
    "account_change_password": _personal(OWNERS, "GET POST"),
    "account_reauthenticate": _rule(OWNERS, "GET POST"),
    "mfa_index": _personal(OWNERS),
    "mfa_reauthenticate": _rule(OWNERS, "GET POST"),
    "mfa_reauthenticate_webauthn": _rule(OWNERS, "GET POST"),
    "mfa_activate_totp": _personal(OWNERS, "GET POST"),
    "mfa_deactivate_totp": _personal(OWNERS, "GET POST"),
    "mfa_view_recovery_codes": _personal(OWNERS),
    "mfa_generate_recovery_codes": _personal(OWNERS, "GET POST"),
    "mfa_download_recovery_codes": _personal(OWNERS),
    "mfa_list_webauthn": _personal(OWNERS),
    "mfa_add_webauthn": _personal(OWNERS, "GET POST"),
    "mfa_edit_webauthn": _personal(OWNERS, "GET POST", "security key"),
    "mfa_remove_webauthn": _personal(OWNERS, "GET POST", "security key"),
    # Anyone with a role.
    "home": _rule(SIGNED_IN),
    "task-count": _rule(SIGNED_IN),
    "search": _patients(SIGNED_IN),
    "messages": _rule(SIGNED_IN, "GET POST"),
    "live": _rule(SIGNED_IN),
    "demo-clock": _rule(SIGNED_IN, "POST"),
    "demo-mail": _rule(SIGNED_IN),
    # Capacity.
    "national-board": _rule(BOARD_READERS),
    "capacity:site": _rule(CAPACITY_READERS, "GET", "site"),
    "capacity:report": _rule(REPORTERS | COORDINATORS, "GET POST", "site"),
    "capacity:report-draft": _rule(REPORTERS | COORDINATORS, "POST", "site"),
    # Every region's totals may be seen; its sites only by the region itself and the centre (R3).
    "capacity:region": _rule(CAPACITY_READERS | {"oversight_reader"}),
    "capacity:sign-off": _rule(COORDINATORS, "POST", "region"),
    "capacity:sitrep-answer": _rule(scopes.JUDGES, "POST", "region"),
    "api:site-reports": _rule(REPORTERS | COORDINATORS, "GET POST", "site"),
    "api:free-beds": _rule(CAPACITY_READERS),
    # Transfers.
    "transfers:board": _patients(REQUEST_READERS),
    "transfers:new": _patients(SENDERS, "GET POST"),
    "transfers:request": _patients(REQUEST_READERS, "GET", "request"),
    "transfers:edit": _patients(SENDERS, "GET POST", "request"),
    "transfers:values": _patients(SENDERS, "GET POST", "request"),
    "transfers:gp": _patients(SENDERS, "POST", "request"),
    "transfers:step": _patients(STEPPERS, "POST", "request"),
    "transfers:offer": _patients(OFFERERS, "POST", "request"),
    "transfers:handover": _patients(SENDERS, "POST", "request"),
    "transfers:transport": _patients(
        COORDINATORS | {"transport_coordinator"}, "GET POST", "request"
    ),
    "transfers:offers": _patients(REQUEST_READERS),
    "transfers:offer-answer": _patients(ANSWERERS, "POST", "offer"),
    "transfers:offer-contact": _patients(SENDERS | COORDINATORS | DESK, "POST", "offer"),
    "transfers:rides": _patients(PLANNERS | REQUEST_READERS),
    "transfers:ride": _patients(PLANNERS | REQUEST_READERS, "GET", "ride"),
    "transfers:ride-sheet": _patients(PLANNERS | {"transport_coordinator"}, "GET", "ride"),
    "transfers:ride-step": _patients(PLANNERS, "POST", "ride"),
    "api:requests": _patients(REQUEST_READERS),
    "api:request": _patients(REQUEST_READERS, "GET", "request"),
    "api:request-offers": _patients(OFFERERS, "POST", "request"),
    "api:offer-acceptance": _patients(ANSWERERS, "POST", "offer"),
    "api:offer-refusal": _patients(ANSWERERS, "POST", "offer"),
    # The logbook.
    "logbook": _patients(frozenset({"privacy_officer"})),
}


def refuse(request: HttpRequest) -> HttpResponse | None:
    """None when the route may be served; otherwise the answer to give instead.

    Raises Http404 for a route that is not served and PermissionDenied for a role that is not in the row.
    """
    match = request.resolver_match
    rule = TABLE.get(match.view_name) if match else None
    if rule is None or not rule.is_served:
        raise Http404
    if rule.is_personal and settings.DEMONSTRATION:
        return errors.shared_account(request)
    if not rule.admits(request.method):
        return _page_above(request) or errors.method_not_allowed(request, rule.methods)
    if rule.roles is ANYONE:
        return None
    return presence.doubt(request, shows_patients=rule.shows_patients) or _refuse_role(
        request, rule
    )


def _page_above(request: HttpRequest) -> HttpResponse | None:
    """For who comes back to an address that only takes forms: the page that the form stood on."""
    match, path = request.resolver_match, request.path
    if request.method not in ("GET", "HEAD") or not match or match.namespace not in WITH_PAGES:
        return None
    while path := path.rpartition("/")[0]:
        try:
            rule = TABLE.get(resolve(path).view_name)
        except Resolver404:
            continue
        if rule and rule.admits("GET"):
            return redirect(path)
    return None


def _refuse_role(request: HttpRequest, rule: Rule) -> HttpResponse | None:
    if rule.roles is OWNERS:
        return None
    if request.user.acting is None:
        return errors.no_role(request)
    if rule.roles is SIGNED_IN or request.user.role_key in rule.roles:
        return None
    raise PermissionDenied
