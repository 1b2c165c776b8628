"""Fixtures shared by the browser tests and the journeys; each folder's conftest imports them.

Stage and browser live as long as one folder's tests: while Playwright runs, Django's ORM cannot be called from
this process, so the browser is closed before other tests come.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from devtools.stage import Stage, seeded
from tests.browser.people import Person

SETTINGS = "tests.browser.settings"


@pytest.fixture(scope="session")
def template(testrun_uid: str) -> Iterator[str]:
    """A database with the demonstration's world, shared by all processes of this run, made once."""
    with seeded(os.environ["DATABASE_URL"], f"lcps_world_{testrun_uid[:12]}") as name:
        yield name


@pytest.fixture(scope="package")
def stage(
    chromium: str, template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The demonstration, served by a web server of its own; `chromium` first, to skip without a browser."""
    folder = tmp_path_factory.mktemp("stage")
    name = f"{template}_{worker_id}_{os.getpid()}"
    queue = os.environ["REDIS_URL"]
    stage = Stage(os.environ["DATABASE_URL"], template, name, folder, queue, SETTINGS)
    try:
        yield stage.open()
    finally:
        stage.close()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def person(browser: Browser, stage: Stage) -> Iterator[Callable[..., Person]]:
    """`person()` sits down at a browser; at the end nobody may have anything to complain of."""
    everybody: list[Person] = []

    def sit_down(**options: object) -> Person:
        everybody.append(Person(browser, stage.origin, **options))
        return everybody[-1]

    yield sit_down

    complaints = [complaint for each in everybody for complaint in each.watch.complaints]
    for each in everybody:
        each.context.close()
    assert not complaints, "\n".join([*complaints, stage.errors()])
