"""`make run`: services, database and demonstration, then web, worker and beat until told to stop.

What it starts never outlives it: an orderly stop ends each child in turn, and after a kill -9 the
kernel ends them (devtools/processes.py).
"""

import contextlib
import fcntl
import http.client
import json
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from devtools.crew import Crew, Member, Stopped, say
from devtools.places import Places, ServiceError, make_private
from devtools.postgres import Postgres
from devtools.processes import stop_when_parent_ends
from devtools.service import Service
from devtools.services import read_running, sweep
from devtools.valkey import Valkey

PORTS = range(8000, 8020)
HOST = "127.0.0.1"
SECONDS_TO_ANSWER = 60


class Stoppable(Protocol):
    def stop(self) -> bool: ...


def main(arguments: list[str]) -> int:
    if "--stop-with-parent" in arguments:
        # `make` is our parent: without it nobody could stop us from its terminal.
        stop_when_parent_ends(signal.SIGTERM)
    crew = Crew()
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        # Ignored means nohup: it is to outlive its terminal.
        signals.append(signal.SIGHUP)
    for number in signals:
        signal.signal(number, crew.ask_to_stop)
    try:
        return Supervisor(Places(), crew).run()
    except Stopped:
        return 0
    except ServiceError as error:
        say(f"ERROR: {error}")
        return 1


class Supervisor:
    def __init__(self, places: Places, crew: Crew) -> None:
        self.places = places
        self.crew = crew
        self.started: list[tuple[str, Stoppable]] = []
        self.members: list[Member] = []
        self.services: list[Service] = []

    def run(self) -> int:
        make_private(self.places.local)
        with only_one(self.places), contextlib.ExitStack() as sockets:
            try:
                web = sockets.enter_context(listen_for_web(self.places))
                mail = sockets.enter_context(listen_on(0))
                port = web.getsockname()[1]
                env = self.environment(port, mail.getsockname()[1])
                self.start_services(env)
                self.start_mail(env, mail)
                with gate() as (entrance, open_gate):
                    # It loads while the database is prepared, and serves after that.
                    self.start_web(env, web, entrance)
                    accounts = self.prepare(env)
                    open_gate()
                write_running(self.places, port, env)
                self.wait_until_ready(port)
                # Beside a web server that is still starting they would slow it down.
                self.start_worker_and_beat(env)
                print(f"LCPS is ready at http://{HOST}:{port}\n{accounts}", flush=True)
                return self.watch()
            finally:
                self.stop()

    def environment(self, port: int, mail_port: int) -> dict[str, str]:
        """What every process of the demonstration is told; addresses of services come later."""
        mails = make_private(self.places.local / "mail")
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lcps.settings",
            "LCPS_ENV": "demo",
            "LCPS_DEMO": "1",
            "SECRET_KEY": secret_key(self.places),
            "ALLOWED_HOSTS": f"{HOST},localhost",
            "SITE_ORIGIN": f"http://{HOST}:{port}",
            "EMAIL_URL": f"smtp://{HOST}:{mail_port}",
            "MAIL_SINK_DIR": str(mails / "sent"),
            "PYTHONUNBUFFERED": "1",
            # Celery warns that root runs it; here root chose to, on a machine of its own.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }

    def start_services(self, env: dict[str, str]) -> None:
        sweep(self.places)
        for variable, kind in (("DATABASE_URL", Postgres), ("REDIS_URL", Valkey)):
            if variable in env:
                continue
            service: Postgres | Valkey = kind(places=self.places)
            self.services.append(service)
            self.started.append((service.name, service))
            env[variable] = service.start().url
            self.crew.listen(0)

    def prepare(self, env: dict[str, str]) -> str:
        """Migrate and load; the accounts to show once everything runs."""
        with tempfile.TemporaryFile() as accounts:
            command = [sys.executable, "-m", "devtools.prepare"]
            member = self.crew.start("prepare", command, env, own_stdout=accounts.fileno())
            self.started.append((member.name, member))
            if self.crew.wait_for(member):
                raise ServiceError("the database or the demonstration could not be made; see above")
            self.started.pop()
            accounts.seek(0)
            return accounts.read().decode()

    def start_mail(self, env: dict[str, str], listener: socket.socket) -> None:
        number = listener.fileno()
        command = ["devtools.mail_sink", "--fd", str(number), "--maildir", env["MAIL_SINK_DIR"]]
        self.start("mail", command, env, patience=5, sockets=[number])

    def start_web(self, env: dict[str, str], listener: socket.socket, gate: int) -> None:
        sockets = [listener.fileno(), gate]
        command = ["devtools.web", "--fd", str(sockets[0]), "--gate", str(sockets[1])]
        self.start("web", command, env, patience=10, sockets=sockets)

    def start_worker_and_beat(self, env: dict[str, str]) -> None:
        celery = ["celery", "-q", "-A", "lcps"]
        queues = ["-Q", "deadlines,post,heavy,celery", "-c", "2"]
        alone = ["--without-gossip", "--without-mingle", "-l", "warning"]
        self.start("worker", [*celery, "worker", *queues, *alone], env, patience=30)
        schedule = str(self.places.local / "beat")
        beat = [*celery, "beat", "--pidfile=", "-s", schedule, "-l", "warning"]
        self.start("beat", beat, env, patience=10)

    def start(
        self,
        name: str,
        module: list[str],
        env: dict[str, str],
        patience: float,
        sockets: Sequence[int] = (),
    ) -> None:
        """Start a Python module; a script's first line could not name a deep environment."""
        command = [sys.executable, "-m", *module]
        member = self.crew.start(name, command, env, patience, sockets)
        self.members.append(member)
        self.started.append((name, member))

    def wait_until_ready(self, port: int) -> None:
        end = time.monotonic() + SECONDS_TO_ANSWER
        while (answer := health(port)) != "200":
            self.crew.listen(0.1)
            if ended := self.first_ended():
                raise ServiceError(f"{ended} before it was ready; see above")
            if time.monotonic() > end:
                raise ServiceError(f"the web server does not answer at /healthz: {answer}")

    def watch(self) -> int:
        while True:
            if ended := self.first_ended():
                self.crew.show()
                say(f"{ended}: stopping the rest")
                return 1
            self.crew.listen(0.5)

    def first_ended(self) -> str | None:
        running: list[Service | Member] = [*self.services, *self.members]
        for one in running:
            if one.process is not None and one.process.poll() is not None:
                return f"{one.name} ended by itself with status {one.process.returncode}"
        return None

    def stop(self) -> None:
        """Beat, worker, web, mail, then the services: each may need what started before it."""
        self.places.running.unlink(missing_ok=True)
        if not self.started:
            return
        say("stopping ...")
        began = time.monotonic()
        while self.started:
            name, process = self.started.pop()
            if not process.stop():
                say(f"{name} did not stop in time and was killed")
            self.crew.show()
        say(f"stopped in {time.monotonic() - began:.1f} s")


@contextlib.contextmanager
def only_one(places: Places) -> Iterator[None]:
    with (places.local / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            where = f" at {read_running(places).get('origin')}" if read_running(places) else ""
            raise ServiceError(f"`make run` is already running in this checkout{where}") from None
        yield


@contextlib.contextmanager
def gate() -> Iterator[tuple[int, Callable[[], object]]]:
    """A pipe: what a child waits at, and how to let it through. Closed, it lets nobody through."""
    entrance, handle = os.pipe()
    try:
        yield entrance, lambda: os.write(handle, b"1")
    finally:
        os.close(entrance)
        os.close(handle)


def listen_for_web(places: Places) -> socket.socket:
    """Bind the port and hand it over: a port that is only looked for can be lost again."""
    # A web server whose supervisor was killed a moment ago may still be stopping.
    predecessor = read_running(places).get("port")
    if wanted := os.environ.get("PORT"):
        if not wanted.isdigit() or not 0 < int(wanted) < 65536:
            raise ServiceError(f"PORT={wanted} is not a port number. Try: PORT=8080 make run")
        candidates = [int(wanted)]
    else:
        candidates = list(PORTS)
    for port in candidates:
        patience = 8.0 if port == predecessor else 0.0
        with contextlib.suppress(OSError):
            return listen_on(port, patience)
    if wanted:
        raise ServiceError(f"port {wanted} is taken. Choose another: PORT=8080 make run")
    raise ServiceError(
        f"ports {PORTS[0]} to {PORTS[-1]} are all taken. Choose one: PORT=9000 make run"
    )


def listen_on(port: int, patience: float = 0) -> socket.socket:
    end = time.monotonic() + patience
    while True:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(512)
        except OSError:
            listener.close()
            if time.monotonic() >= end:
                raise
            time.sleep(0.1)
        else:
            return listener


def health(port: int) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()


def secret_key(places: Places) -> str:
    """Random, and kept, so that a restart does not sign everybody out."""
    path = places.local / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text()


def write_running(places: Places, port: int, env: dict[str, str]) -> None:
    changed = {name: value for name, value in env.items() if os.environ.get(name) != value}
    shared = {**changed, **{n: env[n] for n in ("DATABASE_URL", "REDIS_URL")}}
    found = {"pid": os.getpid(), "port": port, "origin": env["SITE_ORIGIN"], "environment": shared}
    write_private(places.running, json.dumps(found))


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as target:
        target.write(text)
    unfinished.rename(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
