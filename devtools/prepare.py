"""Bring the database, the browser files and the demonstration up to date, in one process.

One process, because starting Django costs more than these steps when there is nothing to do.
Prints the demonstration accounts; what happens meanwhile goes to the error stream.
"""

import hashlib
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from devtools.places import Places

STEPS = ("migrate", "load_reference", "seed_demo")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lcps.settings")
    django.setup()
    lift_time_limits(connection)
    collect_static(Places().local / "static.stamp")
    for name in STEPS:
        step(name)
    call_command("demo_accounts")


def lift_time_limits(connection: BaseDatabaseWrapper) -> None:
    """Nobody waits behind this process, and a slow machine may need long: let it take its time."""
    connection.settings_dict["OPTIONS"].pop("options", None)


def step(name: str, **options: object) -> None:
    started = time.monotonic()
    call_command(name, verbosity=0, stdout=sys.stderr, **options)
    seconds = time.monotonic() - started
    if seconds > 1:
        print(f"{name}: {seconds:.1f} s", file=sys.stderr, flush=True)


def collect_static(stamp: Path) -> None:
    """Hashing and compressing is slow, so it happens only when a file has changed."""
    wanted = static_digest()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    step("collectstatic", interactive=False)
    stamp.write_text(wanted)


def static_digest() -> str:
    total = hashlib.sha256(repr(settings.STORAGES).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            total.update(f"{storage.path(name)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return total.hexdigest()


if __name__ == "__main__":
    main()
