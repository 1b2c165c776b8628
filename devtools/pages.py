"""Every page of the system on the demonstration's world, with the people who use it.

The browser tests and the screenshots walk this list; a test compares it with the table of routes, so
that a page without a row here fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Query = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Page:
    """`path` may name an object in braces, found by FIND; `roles` are accounts, "" is nobody."""

    name: str
    route: str
    path: str
    roles: tuple[str, ...] = ("",)
    status: int = 200


PAGES: tuple[Page, ...] = (
    Page("sign-in", "account_login", "/accounts/login/"),
    Page("notices", "notices", "/notices", ("lcps",)),
    Page("accessibility", "accessibility", "/accessibility", ("lcps",)),
    Page("gallery", "gallery", "/gallery", ("beheer",)),
    Page("sign-out", "account_logout", "/accounts/logout/", ("beheer",)),
    Page(
        "home",
        "home",
        "/",
        (
            "lcps",
            "regio",
            "reporter",
            "bedden",
            "arts",
            "medisch",
            "vervoer",
            "ambulance",
            "beheer",
        ),
    ),
    Page("national-board", "national-board", "/board", ("lcps", "toezicht", "reporter")),
    Page("search", "search", "/search?q=maas", ("lcps",)),
    Page("messages", "messages", "/messages", ("bedden", "beheer")),
    Page("logbook", "logbook", "/logbook", ("privacy",)),
    Page("demo-mail", "demo-mail", "/demo/mail", ("lcps",)),
    Page("site", "capacity:site", "/capacity/sites/maasstad-rotterdam", ("reporter", "lcps")),
    Page(
        "capacity-form",
        "capacity:report",
        "/capacity/sites/maasstad-rotterdam/report",
        ("reporter", "regio"),
    ),
    Page("region", "capacity:region", "/capacity/regions/zuidwest", ("regio", "lcps", "toezicht")),
    Page("board", "transfers:board", "/transfers/requests", ("lcps", "regio", "arts")),
    Page("list", "transfers:board", "/transfers/requests?view=list", ("lcps",)),
    Page("request-form", "transfers:new", "/transfers/requests/new", ("arts",)),
    Page(
        "request-searching",
        "transfers:request",
        "/transfers/requests/PMR-2020-000415",
        ("lcps", "arts", "regio"),
    ),
    Page("request-offered", "transfers:request", "/transfers/requests/PMR-2020-000414", ("lcps",)),
    Page("request-submitted", "transfers:request", "/transfers/requests/{submitted}", ("lcps",)),
    Page("request-review", "transfers:request", "/transfers/requests/{in_review}", ("medisch",)),
    Page("request-accepted", "transfers:request", "/transfers/requests/{accepted}", ("vervoer",)),
    Page("request-closed", "transfers:request", "/transfers/requests/{closed}", ("lcps",)),
    Page("request-edit", "transfers:edit", "/transfers/requests/PMR-2020-000415/edit", ("arts",)),
    Page(
        "request-values",
        "transfers:values",
        "/transfers/requests/PMR-2020-000415/values",
        ("arts",),
    ),
    Page("offers", "transfers:offers", "/transfers/offers", ("bedden", "regio", "lcps")),
    Page(
        "transport", "transfers:transport", "/transfers/requests/{accepted}/transport", ("vervoer",)
    ),
    Page("rides", "transfers:rides", "/transfers/rides", ("ambulance", "micu", "vervoer")),
    Page("ride-asked", "transfers:ride", "/transfers/rides/{asked_ride}", ("ambulance",)),
    Page("ride-planned", "transfers:ride", "/transfers/rides/{planned_ride}", ("ambulance",)),
    Page("ride-under-way", "transfers:ride", "/transfers/rides/{driving_ride}", ("vervoer",)),
    Page(
        "ride-sheet",
        "transfers:ride-sheet",
        "/transfers/rides/{planned_ride}/sheet",
        ("ambulance",),
    ),
    # What one sees when a page is not there, or not for this role.
    Page("not-found", "", "/nowhere", ("lcps",), 404),
    Page("refused", "", "/logbook", ("lcps",), 403),
    Page("shared-account", "", "/accounts/2fa/", ("beheer", ""), 403),
)

WALKED = "walked by tests/browser/test_account_pages.py, outside the demonstration"
# Routes that answer a GET with something other than a page of ours, or elsewhere only: why they are not here.
NO_PAGE: dict[str, str] = {
    "account_change_password": WALKED,
    "account_reset_password": WALKED,
    "account_reset_password_done": WALKED,
    "healthz": "for machines",
    "readyz": "for machines",
    "live": "the event stream",
    "task-count": "a number in the menu of every page",
    "api:openapi": "JSON",
    "api:free-beds": "JSON",
    "api:site-reports": "JSON",
    "api:requests": "JSON",
    "api:request": "JSON",
    "account_signup": "closed: the administrator makes accounts",
    "account_inactive": "redirects here",
    "account_confirm_email": "needs a key from a letter",
    "account_email_verification_sent": "needs a letter that was sent",
    "account_reset_password_from_key": WALKED,
    "account_reset_password_from_key_done": WALKED,
    "account_confirm_login_code": "sign-in by code is not in use",
    "account_set_password": "only for who has none; redirects",
    "account_email": "redirects to a fresh sign-in",
    "account_reauthenticate": WALKED,
    "mfa_index": WALKED,
    "mfa_authenticate": WALKED,
    "mfa_reauthenticate": WALKED,
    "mfa_reauthenticate_webauthn": WALKED,
    "mfa_activate_totp": WALKED,
    "mfa_deactivate_totp": WALKED,
    "mfa_view_recovery_codes": WALKED,
    "mfa_generate_recovery_codes": WALKED,
    "mfa_download_recovery_codes": "a text file",
    "mfa_list_webauthn": WALKED,
    "mfa_add_webauthn": WALKED,
    "mfa_edit_webauthn": WALKED,
    "mfa_remove_webauthn": WALKED,
}

REQUEST = "SELECT number FROM transfers_transferrequest WHERE status = '{}' ORDER BY number LIMIT 1"
RIDE = (
    "SELECT r.id FROM transfers_ride r JOIN transfers_transferrequest q ON q.id = r.request_id"
    " JOIN regions_ambulanceservice s ON s.id = r.service_id"
    " WHERE s.code = 'rav-17' AND q.status = '{}' AND r.returned_at IS NULL ORDER BY r.id LIMIT 1"
)
FIND: dict[str, str] = {
    "submitted": REQUEST.format("submitted"),
    "in_review": REQUEST.format("medical_review"),
    "accepted": REQUEST.format("accepted"),
    "closed": REQUEST.format("closed"),
    "asked_ride": RIDE.format("transport_requested"),
    "planned_ride": RIDE.format("transport_planned"),
    "driving_ride": RIDE.format("departed"),
}


def objects(query: Query) -> dict[str, str]:
    """The objects that paths name, in this world.

    Raises
    ------
    LookupError
        When the world has none: then a page would silently not be looked at.
    """
    found = {}
    for name, statement in FIND.items():
        rows = query(statement)
        if not rows:
            raise LookupError(f"the demonstration has no {name}")
        found[name] = str(rows[0][0])
    return found


def visits(query: Query) -> Iterator[tuple[Page, str, str]]:
    """Each page with each of its people: page, account, address."""
    known = objects(query)
    for page in PAGES:
        for role in page.roles:
            yield page, role, page.path.format(**known)
