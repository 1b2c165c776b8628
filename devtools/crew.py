"""The child processes of the supervisor. One thread reads what they all write, and starts them."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from devtools.places import ROOT
from devtools.processes import die_with_parent, stop

COLOURS = {"web": 36, "worker": 33, "beat": 35, "mail": 34}


class Stopped(Exception):
    """Somebody asked for an end."""


def say(line: str, who: str = "lcps") -> None:
    tag = f"{who:>8} | "
    if sys.stdout.isatty():
        tag = f"\033[{COLOURS.get(who, 32)}m{tag}\033[0m"
    print(tag + line, flush=True)


@dataclass
class Member:
    name: str
    process: subprocess.Popen[bytes]
    lines: IO[bytes]
    patience: float
    unfinished_line: bytes = b""

    def stop(self) -> bool:
        return stop(self.process, signal.SIGTERM, self.patience)


class Crew:
    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.stopping = False

    def ask_to_stop(self, *_: object) -> None:
        """A signal handler: the loop sees it within a fraction of a second."""
        self.stopping = True

    def start(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        patience: float = 10,
        sockets: Sequence[int] = (),
        own_stdout: int | None = None,
    ) -> Member:
        """Start a child whose lines appear after its name; `own_stdout` keeps its results apart."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if own_stdout is None else own_stdout,
            stderr=subprocess.STDOUT if own_stdout is None else subprocess.PIPE,
            pass_fds=sockets,
            # Ctrl-C in the terminal reaches the supervisor only, which then stops things in order.
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        lines = process.stdout or process.stderr
        assert lines is not None
        member = Member(name, process, lines, patience)
        os.set_blocking(lines.fileno(), False)
        self.selector.register(lines, selectors.EVENT_READ, member)
        return member

    def listen(self, seconds: float) -> None:
        """Show what the children write, for a while; raise `Stopped` when an end was asked for."""
        end = time.monotonic() + seconds
        while True:
            self.show(max(0, min(0.2, end - time.monotonic())))
            if self.stopping:
                raise Stopped
            if time.monotonic() >= end:
                return

    def show(self, timeout: float = 0) -> bool:
        """Show what was written since; False when that was nothing."""
        ready = self.selector.select(timeout)
        for key, _ in ready:
            member: Member = key.data
            written = os.read(key.fd, 65536)
            if not written:
                self.selector.unregister(key.fileobj)
                member.lines.close()
                written = b"\n" if member.unfinished_line else b""
            *lines, member.unfinished_line = (member.unfinished_line + written).split(b"\n")
            for line in lines:
                say(line.decode(errors="replace"), member.name)
        return bool(ready)

    def wait_for(self, member: Member) -> int:
        """Wait for a child that ends by itself, showing what it writes."""
        while member.process.poll() is None:
            self.listen(0.05)
        while self.show():
            pass
        return member.process.returncode
