"""People at their browsers: each signs in on a page of their own, and everything that goes wrong there is kept."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    WebError,
    expect,
)

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Long enough for a machine that does much else; nothing waits when the page is there.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE / 4)
# Chromium says this itself for every answer of 400 and up; the status is judged in `on_response`.
FAILED_TO_LOAD = re.compile(r"Failed to load resource: the server responded with a status of \d+")


class Watch:
    """Keeps what no page may do: console errors, broken scripts, policy violations, answers of 500 and up.

    An answer of 400 and up is a complaint too, unless it was expected.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        context.on("console", self.on_console)
        context.on("weberror", self.on_error)
        context.on("response", self.on_response)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not FAILED_TO_LOAD.match(message.text):
            self.complaints.append(f"console {message.type}: {message.text}")

    def on_error(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")

    def on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(
                f"{response.status}: {response.request.method} {response.request.url}"
            )

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        before, self.expected = self.expected, self.expected | set(statuses)
        yield
        self.expected = before


class Person:
    """One person with a browser of their own."""

    def __init__(self, browser: Browser, origin: str, **options: Any) -> None:
        self.context = browser.new_context(
            base_url=origin, locale="nl-NL", **({"viewport": WIDE} | options)
        )
        self.context.set_default_timeout(PATIENCE)
        self.watch = Watch(self.context)
        self.page: Page = self.context.new_page()

    def takes_role(self, role: str) -> "Person":
        """One click on the role's card of the sign-in page."""
        self.page.goto("/accounts/login/")
        self.page.locator(f".lcps-role[value={role}]").click()
        expect(self.page).to_have_url(re.compile(r"/$"))
        return self

    def signs_in(self, username: str, password: str = "demo") -> "Person":
        self.page.goto("/accounts/login/")
        self.page.locator("input[name=login]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.get_by_role("button", name="Log in", exact=True).click()
        expect(self.page).to_have_url(re.compile(r"/$"))
        return self

    def status_of(self, path: str) -> int:
        """What the server answers to a request with this person's session, outside any page."""
        return self.context.request.get(path, max_redirects=0).status


def until(page: Page, happened: Callable[[], bool], what: str, seconds: int = 120) -> None:
    """For what Playwright cannot wait for itself: look again and again, while the page goes on."""
    end = monotonic() + seconds
    while not happened():
        assert monotonic() < end, f"not within {seconds} s: {what}"
        page.wait_for_timeout(500)
