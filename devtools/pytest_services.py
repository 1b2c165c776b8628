"""A pytest plugin: throw-away PostgreSQL and Valkey for one test run, and a browser on demand.

Named in `addopts` with -p, so that the environment is complete before Django reads its settings.
The processes of pytest-xdist inherit it and start nothing.
"""

import contextlib
import os
from collections.abc import Iterator

import pytest

from devtools import browser, migrated, throw_away

running = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    # A wrapper runs before every plain hook, also before pytest-django's, which reads the settings.
    if "PYTEST_XDIST_WORKER" not in os.environ and not {"-h", "--help", "--version"} & set(args):
        os.environ["LCPS_ENV"] = "test"
        running.enter_context(throw_away.services(migrated.start))
    return (yield)


def pytest_unconfigure() -> None:
    running.close()


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
