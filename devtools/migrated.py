"""A migrated database, kept for the next test run.

Migrating an empty database takes seconds and gives the same result as long as no migration
changes. So the data folder is kept after the first time; a test run starts from a copy, and
Django makes each of its test databases from the one in it. Django still runs `migrate` on them,
and finds nothing to do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from devtools.places import ROOT
from devtools.postgres import DATABASE, Postgres
from devtools.service import fingerprint

# Read by tests/settings.py: the database that test databases are copied from.
VARIABLE = "LCPS_TEST_TEMPLATE"
KEPT = 3


def start(postgres: Postgres) -> None:
    """Start a throw-away server whose database is migrated already."""
    kept = postgres.places.data / f"migrated-{digest(postgres)}"
    if kept.exists():
        os.utime(kept)
        copy(kept, postgres.folder)
        postgres.start()
    else:
        postgres.start()
        if not migrate(postgres.url):
            # The tests meet the same error, and say it better.
            return
        postgres.stop()
        keep(postgres.folder, kept)
        postgres.start()
    os.environ[VARIABLE] = DATABASE


def digest(postgres: Postgres) -> str:
    total = hashlib.sha256(fingerprint(postgres.programs / "postgres").encode())
    # Packages bring migrations too; the lock says which.
    for path in [ROOT / "requirements" / "dev.txt", *sorted(ROOT.glob("*/migrations/*.py"))]:
        total.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return total.hexdigest()[:12]


def migrate(url: str) -> bool:
    env = dict(os.environ, DATABASE_URL=url, DJANGO_SETTINGS_MODULE="tests.settings")
    env.setdefault("REDIS_URL", "redis://unused")
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    return (
        subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False).returncode == 0
    )


def keep(folder: Path, kept: Path) -> None:
    unfinished = kept.with_name(f".migrated-{os.getpid()}")
    copy(folder, unfinished)
    try:
        unfinished.rename(kept)
    except OSError:
        # Another run was first.
        shutil.rmtree(unfinished, ignore_errors=True)
    everything = sorted(kept.parent.glob("migrated-*"), key=lambda path: path.stat().st_mtime)
    for old in everything[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def copy(source: Path, target: Path) -> None:
    """With its owner and modes, which PostgreSQL insists on."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", source, target], check=True)
