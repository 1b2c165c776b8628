"""What the walks over all pages share: one browser window per account, and the addresses of the pages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from devtools import pages
from devtools.stage import Stage
from tests.browser.people import Person
from tests.browser.stages import browser, person, stage, template

__all__ = ["browser", "person", "stage", "template"]


@pytest.fixture(scope="package")
def seats(browser: Browser, stage: Stage) -> Iterator[dict[str, Person]]:
    """Who has signed in so far: nobody signs in twice."""
    seats: dict[str, Person] = {}
    yield seats
    for each in seats.values():
        each.context.close()


@pytest.fixture(scope="package")
def objects(stage: Stage) -> dict[str, str]:
    return pages.objects(stage.sql)


@pytest.fixture
def visit(
    seats: dict[str, Person], browser: Browser, stage: Stage, objects: dict[str, str]
) -> Iterator[Callable[[pages.Page, str], Page]]:
    """`visit(page, role)` opens that page as that account; afterwards nothing may be amiss there."""
    visitors: list[Person] = []

    def open_page(page: pages.Page, role: str) -> Page:
        if role not in seats:
            seats[role] = Person(browser, stage.origin)
            if role:
                seats[role].signs_in(role)
        visitors.append(seats[role])
        with seats[role].watch.expecting(page.status):
            answer = seats[role].page.goto(page.path.format(**objects))
        assert answer is not None and answer.status == page.status
        return seats[role].page

    yield open_page

    complaints = [complaint for each in visitors for complaint in each.watch.complaints]
    for each in visitors:
        each.watch.complaints.clear()
        each.page.emulate_media(color_scheme="light")
    assert not complaints, "\n".join([*complaints, stage.errors()])
