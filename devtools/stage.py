"""The demonstration served on a database of its own: what the browser tests and the screenshots look at.

The world is written once into a template database; each stage plays on a copy, which PostgreSQL makes
in a tenth of a second. Web, worker and beat are the real ones, as child processes.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from devtools import migrated
from devtools.places import ROOT, ServiceError
from devtools.processes import die_with_parent, stop
from devtools.supervisor import HOST, health, listen_on

SECONDS_TO_ANSWER = 60
# Any numbers will do, as long as nothing else on the server locks them.
MAKING, IN_USE = 2020_10_29_01, 2020_10_29_02


def environment(database: str, settings: str = "lcps.settings") -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": database,
        "LCPS_ENV": "test",
        "LCPS_DEMO": "1",
        "PYTHONUNBUFFERED": "1",
        # Celery warns that root runs it; a test of ours may be run by root.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


@contextlib.contextmanager
def seeded(server: str, name: str) -> Iterator[str]:
    """The name of a database that holds the demonstration's world, to be copied, not played on.

    Shared by the test processes of one run: the first makes it, the last to leave drops it.
    """
    with connect(server) as here:
        with alone(here):
            if not exists(here, name):
                make_world(here, server, name)
            here.execute("SELECT pg_advisory_lock_shared(%s)", [IN_USE])
        try:
            yield name
        finally:
            with alone(here):
                here.execute("SELECT pg_advisory_unlock_shared(%s)", [IN_USE])
                if one(here, "SELECT pg_try_advisory_lock(%s)", IN_USE):
                    drop(here, name)


def connect(server: str) -> psycopg.Connection[Any]:
    """Beside the databases that are copied: one that somebody is connected to cannot be."""
    return psycopg.connect(make_conninfo(server, dbname="postgres"), autocommit=True)


@contextlib.contextmanager
def alone(here: psycopg.Connection[Any]) -> Iterator[None]:
    """One process at a time makes or drops the world."""
    here.execute("SELECT pg_advisory_lock(%s)", [MAKING])
    try:
        yield
    finally:
        here.execute("SELECT pg_advisory_unlock(%s)", [MAKING])


def one(here: psycopg.Connection[Any], statement: str, *values: object) -> Any:
    row = here.execute(statement.encode(), values).fetchone()
    return row and row[0]


def exists(here: psycopg.Connection[Any], name: str) -> bool:
    return bool(one(here, "SELECT 1 FROM pg_database WHERE datname = %s", name))


def drop(here: psycopg.Connection[Any], name: str) -> None:
    here.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def copy(here: psycopg.Connection[Any], template: str, name: str) -> None:
    words = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    here.execute(words.format(sql.Identifier(name), sql.Identifier(template)))


def make_world(here: psycopg.Connection[Any], server: str, name: str) -> None:
    # Migrated already, where a test run keeps such a one.
    copy(here, os.environ.get(migrated.VARIABLE, "template0"), name)
    done = subprocess.run(
        [sys.executable, "-m", "devtools.stage"],
        cwd=ROOT,
        env=environment(make_conninfo(server, dbname=name)),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        drop(here, name)
        raise ServiceError(f"the demonstration could not be made:\n{done.stderr[-3000:]}")


class Stage:
    """One copy of the world with its own web server and, when asked for, worker, beat and mail."""

    def __init__(
        self, server: str, template: str, name: str, folder: Path, queue: str, settings: str
    ) -> None:
        self.server = server
        self.template = template
        self.name = name
        self.folder = folder
        self.letters = folder / "letters"
        self.url = make_conninfo(server, dbname=name)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.sockets: list[socket.socket] = []
        self.web, self.mail = self.listen(), self.listen()
        self.origin = f"http://{HOST}:{self.port}"
        self.env = environment(self.url, settings) | {
            "REDIS_URL": queue,
            "SITE_ORIGIN": self.origin,
            "EMAIL_URL": f"smtp://{HOST}:{self.mail.getsockname()[1]}",
            "MAIL_SINK_DIR": str(self.letters),
        }

    @property
    def port(self) -> int:
        return int(self.web.getsockname()[1])

    def listen(self) -> socket.socket:
        self.sockets.append(listen_on(0))
        return self.sockets[-1]

    def open(self) -> "Stage":
        self.reset()
        web = ["uvicorn", "lcps.asgi:application", "--fd", str(self.web.fileno())]
        quiet = ["--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "1"]
        self.launch("web", [*web, *quiet], self.web)
        end = time.monotonic() + SECONDS_TO_ANSWER
        while (answer := health(self.port)) != "200":
            if self.processes[0].poll() is not None or time.monotonic() > end:
                raise ServiceError(f"the web server says {answer}:\n{self.log('web')}")
            time.sleep(0.05)
        return self

    def open_letter_box(self) -> None:
        """The mail sink alone: letters arrive when somebody sends them."""
        mail = ["devtools.mail_sink", "--fd", str(self.mail.fileno())]
        self.launch("mail", [*mail, "--maildir", str(self.letters)], self.mail)

    def open_back_room(self) -> None:
        """Worker, beat and mail sink: letters go out and deadlines fire by themselves."""
        self.open_letter_box()
        celery = ["celery", "-q", "-A", "lcps"]
        queues = ["-Q", "deadlines,post,heavy,celery", "-c", "2", "-l", "warning"]
        self.launch("worker", [*celery, "worker", *queues, "--without-gossip", "--without-mingle"])
        schedule = ["--pidfile=", "-s", str(self.folder / "beat")]
        self.launch("beat", [*celery, "beat", "-l", "warning", *schedule])

    def launch(self, name: str, words: Sequence[str], *handed: socket.socket) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", *words],
                    cwd=ROOT,
                    env=self.env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=[each.fileno() for each in handed],
                    start_new_session=True,
                    preexec_fn=die_with_parent(signal.SIGTERM),
                )
            )

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-20000:] if path.exists() else ""

    def errors(self) -> str:
        """What the web server logged as going wrong, with its line breaks."""
        lines = self.log("web").splitlines()
        return "\n".join(line.replace("\\n", "\n") for line in lines if '"error"' in line)

    def reset(self) -> None:
        """A fresh copy of the world: nothing that was done on the stage is left."""
        with connect(self.server) as here:
            drop(here, self.name)
            copy(here, self.template, self.name)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as here:
            done = here.execute(statement.encode(), values)
            return done.fetchall() if done.description else []

    def set_clock(self, at: datetime) -> None:
        self.sql("UPDATE lcps_businessclock SET business_anchor = %s, real_anchor = now()", at)

    def manage(self, *words: str) -> str:
        """One management command on this stage's database."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServiceError(f"manage.py {' '.join(words)}:\n{done.stderr[-3000:]}")
        return done.stdout

    def close(self) -> None:
        while self.processes:
            stop(self.processes.pop(), signal.SIGTERM, 10)
        for each in self.sockets:
            each.close()
        with connect(self.server) as here:
            drop(here, self.name)


def main() -> None:
    """Fill the database of DATABASE_URL: in one process, because starting Django takes a second."""
    import django

    django.setup()
    # Only now: it reads the settings.
    from devtools.prepare import STEPS, step

    for name in STEPS:
        step(name)


if __name__ == "__main__":
    main()
