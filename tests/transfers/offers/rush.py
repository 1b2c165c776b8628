"""Many people press the button at once: 4 processes of up to 50 threads, all let go at one word.

Run as a program it reads its work from standard input, connects, says "ready", waits for a line, and
writes what it was answered. `rush` starts four of them and adds up.
"""

import http.client
import json
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PROCESSES = 4
PATIENCE = 120


@dataclass(frozen=True)
class Post:
    """One request to send, by whom (a session key)."""

    path: str
    body: dict[str, Any]
    session: str


@dataclass(frozen=True)
class Result:
    """What came back: how often each status, each code of refusal, and how long the slow ones took."""

    statuses: Counter[int]
    codes: Counter[str]
    seconds: list[float]

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95) - 1]


def rush(address: str, posts: Sequence[Post]) -> Result:
    """Send all posts at the same moment; wait for every answer."""
    shares = [posts[number::PROCESSES] for number in range(PROCESSES)]
    clients = [_start(address, share) for share in shares]
    try:
        for client in clients:
            assert client.stdout.readline().strip() == "ready"
        for client in clients:
            client.stdin.write("go\n")
            client.stdin.flush()
        answers = [row for client in clients for row in json.loads(client.stdout.readline())]
    finally:
        for client in clients:
            client.communicate(timeout=PATIENCE)
    return Result(
        statuses=Counter(status for status, _code, _seconds in answers),
        codes=Counter(code for _status, code, _seconds in answers if code),
        seconds=[seconds for _status, _code, seconds in answers],
    )


def _start(address: str, posts: Sequence[Post]) -> Any:
    client = subprocess.Popen(
        [sys.executable, "-m", "tests.transfers.offers.rush"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    work = [(post.path, post.body, post.session) for post in posts]
    client.stdin.write(json.dumps({"address": address, "work": work}) + "\n")
    client.stdin.flush()
    return client


def main() -> None:
    given = json.loads(sys.stdin.readline())
    place = urlsplit(given["address"])
    answers: list[tuple[int, str, float]] = []
    gate = threading.Event()
    at_gate = threading.Barrier(len(given["work"]) + 1)

    def send(path: str, body: dict[str, Any], session: str) -> None:
        line = http.client.HTTPConnection(place.hostname, place.port, timeout=PATIENCE)
        line.connect()
        token = secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "X-CSRFToken": token,
        }
        at_gate.wait()
        gate.wait()
        began = time.monotonic()
        line.request("POST", path, json.dumps(body), headers)
        answer = line.getresponse()
        said = answer.read()
        seconds = time.monotonic() - began
        answers.append((answer.status, _code(answer.status, said), seconds))

    threads = [threading.Thread(target=send, args=job) for job in given["work"]]
    for thread in threads:
        thread.start()
    at_gate.wait()
    print("ready", flush=True)
    sys.stdin.readline()
    gate.set()
    for thread in threads:
        thread.join()
    print(json.dumps(answers), flush=True)


def _code(status: int, said: bytes) -> str:
    """Which rule refused, or the beginning of what a broken server said."""
    try:
        return json.loads(said)["errors"][0]["code"] if status >= 400 else ""
    except (ValueError, KeyError, IndexError):
        return said[:120].decode("utf-8", "replace")


if __name__ == "__main__":
    main()
