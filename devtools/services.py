"""All services of this checkout: clear away what killed runs left, find those of a running one."""

import contextlib
import json
import os
import shutil
from typing import Any

from devtools.places import Places
from devtools.processes import is_alive


def sweep(places: Places) -> None:
    """Remove what killed runs left: their names end in the number of a process that is gone."""
    for place in {places.data, places.sockets, places.local}:
        for path in place.glob("*-*") if place.exists() else ():
            number = path.name.removesuffix(".log").rpartition("-")[2]
            is_ours = path.name.startswith(("postgresql-test-", "valkey-", ".migrated-"))
            if not is_ours or not number.isdigit() or is_alive(int(number)):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def running_environment(places: Places | None = None) -> dict[str, str]:
    """What `manage.py` needs to join a running `make run`; without one, to run at all.

    Empty where nobody called `make setup`, or where LCPS_ENV says what this process is: production
    is never mistaken for a demonstration.
    """
    places = places or Places()
    if "LCPS_ENV" in os.environ or not places.local.exists():
        return {}
    if is_running(places):
        return dict(read_running(places)["environment"])
    return {"LCPS_ENV": "demo", "LCPS_DEMO": "1"}


def is_running(places: Places) -> bool:
    found = read_running(places)
    return bool(found) and is_alive(found["pid"])


def read_running(places: Places) -> dict[str, Any]:
    """What a run wrote down about itself; it may have been killed since."""
    with contextlib.suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads(places.running.read_text())
        return found
    return {}
