"""A real server on the database of the test: uvicorn with the application as it is deployed."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 60
PROCESSES = 2
MOST_SAID = 4_000


@contextmanager
def serving(application: str = "lcps.asgi:application") -> Iterator[str]:
    """The address of a server with `application`, as long as the block runs."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lcps.settings",
        "LCPS_ENV": "test",
        "DB_POOL_TIMEOUT": "120",
        "LCPS_DEMO": "1",  # the business clock of the demonstration, and no second factor
        "DATABASE_URL": psycopg.conninfo.make_conninfo(
            os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]
        ),
    }
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port)]
    command += ["--workers", str(PROCESSES), "--log-level", "warning"]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            _wait_for(address, server)
            yield address
        except BaseException:
            said.seek(0)
            print("the server said:", said.read()[-MOST_SAID:])
            raise
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server stopped with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
