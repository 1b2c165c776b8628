"""A pytest plugin: throw-away PostgreSQL and Valkey for one test run, and a browser on demand.

Named in `addopts` with -p, so that the environment is complete before Django reads its settings.
The processes of pytest-xdist inherit it and start nothing.
"""

import os
from collections.abc import Iterator

import pytest

from devtools import browser, migrated
from devtools.places import Places
from devtools.postgres import Postgres
from devtools.service import Service
from devtools.services import sweep
from devtools.valkey import Valkey

started: list[Service] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    # A wrapper runs before every plain hook, also before pytest-django's, which reads the settings.
    if "PYTEST_XDIST_WORKER" not in os.environ and not {"-h", "--help", "--version"} & set(args):
        os.environ["LCPS_ENV"] = "test"
        start_services()
    return (yield)


def start_services() -> None:
    places = Places()
    sweep(places)
    instance = f"test-{os.getpid()}"
    if "DATABASE_URL" not in os.environ:
        postgres = Postgres(instance, places, durable=False)
        started.append(postgres)
        migrated.start(postgres)
        os.environ["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in os.environ:
        valkey = Valkey(instance, places)
        started.append(valkey)
        os.environ["REDIS_URL"] = valkey.start().url


def pytest_unconfigure() -> None:
    while started:
        service = started.pop()
        service.stop()
        service.remove()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser. Without one a test skips, loudly; with CI set it fails."""
    found = browser.ensure_chromium()
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(browser.MISSING)
    pytest.skip(browser.MISSING)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    without_browser = [report for report in skipped if browser.MISSING in str(report.longrepr)]
    if without_browser:
        terminalreporter.section("BROWSER TESTS NOT RUN", red=True, bold=True)
        terminalreporter.line(f"{len(without_browser)} tests were skipped: {browser.MISSING}")
