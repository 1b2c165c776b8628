"""`make screenshots`: every page as each of its people sees it, wide and on a phone, light and dark.

ARGS="home board" takes only the pages with one of these words in their name. ARGS="--at 09:50" first plays
the demonstration's morning until then, and puts the pictures in a folder of their own. It ends with 1 when
a page answers another status than devtools/pages.py says, or has no picture.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from playwright import sync_api

from devtools import browser, contact_sheet, pages, throw_away
from devtools.pages import Page
from devtools.places import ROOT, ServiceError
from devtools.stage import Stage, seeded

FOLDER = ROOT / "screenshots"
HEIGHT = 900
NO_ANSWER = 0
NO_SUCH_PAGE = 2
INTERRUPTED = 128 + signal.SIGINT
asked_to_stop = threading.Event()


def main(words: Sequence[str]) -> int:
    given = arguments(words)
    if not any(fits(page, given.names) for page in pages.PAGES):
        names = " ".join(sorted(page.name for page in pages.PAGES))
        print(f"no page has such a name; there are: {names}", file=sys.stderr)
        return NO_SUCH_PAGE
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    try:
        with demonstration(given.at) as stage, chromium() as running:
            return take(stage, running, given.names, FOLDER / given.at.replace(":", "."))
    except KeyboardInterrupt:
        print("interrupted: everything that was started is stopped", flush=True)
        return INTERRUPTED
    except ServiceError as error:
        print(f"ERROR: {error}", flush=True)
        return 1


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of the pages to take")
    parser.add_argument("--at", default="", help="play the morning until then, for example 09:50")
    return parser.parse_args(words)


def fits(page: Page, words: Sequence[str]) -> bool:
    return not words or any(word in page.name for word in words)


def interrupt(number: int, frame: FrameType | None) -> None:
    asked_to_stop.set()
    raise KeyboardInterrupt


def say(line: str) -> None:
    """A line of progress; also the place to stop when Python swallowed the interruption."""
    print(line, flush=True)
    # An exception raised while a child process is being started gets lost.
    if asked_to_stop.is_set():
        raise KeyboardInterrupt


@contextlib.contextmanager
def demonstration(at: str) -> Iterator[Stage]:
    """The demonstration at its opening moment or played on, on services of its own or the given ones."""
    with contextlib.ExitStack() as ending:
        say("starting services, making the demonstration's world")
        ending.enter_context(throw_away.services())
        server, queue = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
        name = f"lcps_screenshots_{os.getpid()}"
        world = ending.enter_context(seeded(server, name))
        say("starting the web server")
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        stage = Stage(server, world, f"{name}_stage", folder, queue, "lcps.settings")
        ending.callback(stage.close)
        stage.open()
        if at:
            say(f"playing the morning until {at}")
            stage.manage("morning", "--at", at)
        yield stage


@contextlib.contextmanager
def chromium() -> Iterator[sync_api.Browser]:
    found = browser.ensure_chromium()
    if not found:
        raise ServiceError(browser.MISSING)
    with sync_api.sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found, args=["--disable-gpu"])


def take(stage: Stage, running: sync_api.Browser, words: Sequence[str], folder: Path) -> int:
    """Pictures and contact sheet into `folder`; 1 when a page answered what it should not."""
    everything = list(pages.visits(stage.sql))
    wanted = [visit for visit in everything if fits(visit[0], words)]
    folder.mkdir(parents=True, exist_ok=True)
    # What is no longer a page would stay for ever, and a page that fails would show its earlier picture.
    for old in folder.glob("*.png") if not words else files(folder, wanted):
        old.unlink(missing_ok=True)
    camera = Camera(stage, running, folder)
    wrong = 0
    for number, (page, role, path) in enumerate(wanted, start=1):
        status = camera.take(page, role, path)
        wrong += status != page.status
        answer = "" if status == page.status else f"  WRONG: {status or 'no answer'}"
        say(f"{number:3}/{len(wanted)} {page.name} as {role or 'nobody'}{answer}")
    sheet = contact_sheet.write(folder, f"LCPS at {stage_time(stage)}", everything)
    missing = [file.name for file in files(folder, wanted) if not file.exists()]
    say(f"{sheet}: {wrong} of {len(wanted)} wrong, {len(missing)} pictures missing")
    return 1 if wrong or missing else 0


def files(folder: Path, visits: list[tuple[Page, str, str]]) -> list[Path]:
    """The pictures these visits should give."""
    return [
        folder / contact_sheet.file_name(page, role, *variant)
        for page, role, _ in visits
        for variant in contact_sheet.VARIANTS
    ]


def stage_time(stage: Stage) -> str:
    local = "SELECT to_char(business_anchor AT TIME ZONE 'Europe/Amsterdam', 'HH24:MI')"
    return str(stage.sql(f"{local} FROM lcps_businessclock")[0][0])


class Camera:
    """One browser window per account, however many pages it looks at."""

    def __init__(self, stage: Stage, running: sync_api.Browser, folder: Path) -> None:
        self.stage = stage
        self.browser = running
        self.folder = folder
        self.seats: dict[str, sync_api.Page] = {}

    def seat(self, role: str) -> sync_api.Page:
        if role not in self.seats:
            window = self.browser.new_page(base_url=self.stage.origin, locale="nl-NL")
            if role:
                window.goto("/accounts/login/")
                window.locator("input[name=login]").fill(role)
                window.locator("input[name=password]").fill("demo")
                with window.expect_navigation(url="/"):
                    window.locator("input[name=password]").press("Enter")
            self.seats[role] = window
        return self.seats[role]

    def take(self, page: Page, role: str, path: str) -> int:
        """Photograph the page whatever it answers, and say what it answered."""
        # The clock stands still for a moment: all pictures show the same minute.
        self.stage.sql("UPDATE lcps_businessclock SET real_anchor = now()")
        window = self.seat(role)
        try:
            answer = window.goto(path)
        except sync_api.Error as error:
            say(str(error))
            return NO_ANSWER
        for width, theme in contact_sheet.VARIANTS:
            self.photograph(window, width, theme, contact_sheet.file_name(page, role, width, theme))
        return answer.status if answer else NO_ANSWER

    def photograph(self, window: sync_api.Page, width: int, theme: str, name: str) -> None:
        window.set_viewport_size({"width": width, "height": HEIGHT})
        window.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        # As high as the page: what sticks to the bottom of the window would lie over its middle.
        height = window.evaluate("document.documentElement.scrollHeight")
        window.set_viewport_size({"width": width, "height": max(HEIGHT, height)})
        window.screenshot(path=self.folder / name, full_page=True, animations="disabled")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
