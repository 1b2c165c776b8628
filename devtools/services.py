"""All services of this checkout: clear away what killed runs left, find those of a running one."""

import json
import os
import shutil

from devtools.places import Places
from devtools.processes import is_alive


def sweep(places: Places) -> None:
    """Remove what killed runs left: their names end in the number of a process that is gone."""
    for place in {places.data, places.sockets, places.local}:
        for path in place.glob("*-*") if place.exists() else ():
            number = path.name.removesuffix(".log").rpartition("-")[2]
            is_ours = path.name.startswith(("postgresql-test-", "valkey-"))
            if not is_ours or not number.isdigit() or is_alive(int(number)):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def running_environment(places: Places | None = None) -> dict[str, str]:
    """What `manage.py` needs to join a running `make run`."""
    places = places or Places()
    if "LCPS_ENV" in os.environ or not places.running.exists():
        return {}
    found = json.loads(places.running.read_text())
    return dict(found["environment"]) if is_alive(found["pid"]) else {}
