"""The morning's stage: as in the browser tests, and with worker, beat and mail sink running."""

import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from devtools.stage import Stage
from devtools.valkey import Valkey
from tests.browser.stages import browser, person, template

__all__ = ["browser", "person", "template"]

MORNING = datetime(2020, 10, 29, 7, 55, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture(scope="package")
def queue() -> Iterator[str]:
    """A queue of one's own: a worker takes whatever it finds in a shared one."""
    valkey = Valkey(f"stage-{os.getpid()}")
    try:
        yield valkey.start().url
    finally:
        valkey.stop()
        valkey.remove()


@pytest.fixture(scope="package")
def stage(
    chromium: str,
    template: str,
    queue: str,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    """Thursday 29 October 2020, 07:55: the world before most hospitals have reported."""
    folder = tmp_path_factory.mktemp("morning")
    name = f"{template}_morning_{worker_id}"
    stage = Stage(os.environ["DATABASE_URL"], template, name, folder, queue, "lcps.settings")
    try:
        stage.open()
        stage.set_clock(MORNING)
        stage.open_back_room()
        yield stage
    finally:
        stage.close()
