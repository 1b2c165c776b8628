"""Who plays in the morning, and how a test speaks of what stands on their screens."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Person

# How soon an open page follows what happened elsewhere; without the live stream it never would.
LIVE = 60_000

# User name in the demonstration, and who that is.
ROLES = {
    "reporter": "capacity reporter of Maasstad Rotterdam, which is full",
    "bedden": "bed coordinator of Rijnstate Arnhem, which has room",
    "arts": "treating physician in Maasstad",
    "regio": "coordinator of the region Zuidwest",
    "lcps": "coordinator of the centre",
    "medisch": "medical officer of the centre",
    "dienstleider": "shift lead, who keeps the national board open all morning",
    "vervoer": "transport coordinator of the centre",
    "micu": "planner of MICU Rotterdam, which drives",
    "ambulance": "planner of an ambulance service that does not",
    "privacy": "privacy officer, who reads the logbook",
}


class Cast:
    """Everybody of the morning, each at a browser of their own; they sign in when first called."""

    def __init__(self, sit_down: Callable[[], Person]) -> None:
        self.sit_down = sit_down
        self.seats: dict[str, Person] = {}

    def __getattr__(self, role: str) -> Page:
        """`cast.regio` is the page before the region's coordinator."""
        return self.seat(role).page

    def seat(self, role: str) -> Person:
        if role not in ROLES:
            raise AttributeError(role)
        if role not in self.seats:
            self.seats[role] = self.sit_down().takes_role(role)
        return self.seats[role]


def button(place: Page | Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def take_up(page: Page, task: str) -> None:
    """From the home page to the page of one task."""
    page.goto("/")
    row = page.get_by_role("main").get_by_role("listitem").filter(has_text=task)
    row.get_by_role("link").click()


def figure(page: Page, region: str, label: str) -> Locator:
    """One cell of a region's row on the national board."""
    return page.locator(f"#regio-{region} td[data-label='{label}']")


def whole(cell: Locator) -> int:
    """The number in a cell, which may say "≥ −2"."""
    digits = re.search(r"[−-]?\d+", cell.inner_text())
    assert digits, cell.inner_text()
    return int(digits.group().replace("−", "-"))


def becomes(cell: Locator, number: int) -> None:
    """By the live stream: the page is not asked again."""
    said = str(number).replace("-", "−")
    expect(cell).to_have_text(re.compile(rf"^\s*(≥\s)?{said}\s*$"), timeout=LIVE)


def stage_of(page: Page) -> Locator:
    """Where a request is and whose move it is, on its own page."""
    return page.locator(".lcps-stage")


def open_request(page: Page, number: str) -> None:
    page.goto(f"/transfers/requests/{number}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
