"""`make run` in a clone of this checkout: from nothing, again, twice, stopped and killed.

Slow: it installs everything. Once as the account that runs the tests, deep in the tree and below a
folder that nobody else may enter; as root once more as an ordinary user.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from devtools.places import ROOT, Places

READY = re.compile(r"LCPS is ready at (http://127\.0\.0\.1:\d+)\n")
FIRST_START, LATER_START = 90, 10
# What the machine is told: nothing of the environment of these tests.
ENV = {
    name: value
    for name, value in os.environ.items()
    if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PORT", "PYTHON")
    and not name.startswith(("PYTEST", "LCPS_", "MAKE", "MFLAGS"))
}

pytestmark = pytest.mark.slow


class Clone:
    """A fresh clone, and what is done in it as one account."""

    def __init__(self, folder: Path, account: pwd.struct_passwd | None) -> None:
        self.folder = folder
        self.env = dict(ENV)
        self.identity = {}
        self.runs: list[subprocess.Popen[str]] = []
        if account:
            self.identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            # An ordinary user sees the machine's own programs only, not those of root.
            self.env |= {"HOME": account.pw_dir, "PATH": "/usr/local/bin:/usr/bin:/bin"}

    def make(self, *words: str, **env: str) -> subprocess.Popen[str]:
        log = self.folder.parent / "log"
        with log.open("w") as target:
            run = subprocess.Popen(
                ["make", *words],
                cwd=self.folder,
                env={**self.env, **env},
                stdin=subprocess.DEVNULL,
                stdout=target,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                **self.identity,
            )
        self.runs.append(run)
        return run

    @property
    def log(self) -> str:
        return (self.folder.parent / "log").read_text(errors="replace")

    def wait_until_ready(self, run: subprocess.Popen[str], seconds: float) -> tuple[str, float]:
        began = time.monotonic()
        while not (ready := READY.search(self.log)):
            assert run.poll() is None, self.log[-3000:]
            assert time.monotonic() - began < seconds, (
                f"not ready in {seconds} s: {self.log[-3000:]}"
            )
            time.sleep(0.05)
        return ready[1], time.monotonic() - began

    def supervisor(self, run: subprocess.Popen[str]) -> int:
        return next(pid for pid in descendants(run.pid) if "devtools.supervisor" in command(pid))


def command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def descendants(pid: int) -> list[int]:
    """Everything a process started, however many steps away."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(stat.parent.name)] = int(fields[1])
    found, last = [], [pid]
    while last:
        last = [child for child, parent in parents.items() if parent in last]
        found += last
    return found


def left_of(pids: list[int], seconds: float) -> list[str]:
    """The processes of these that are still there after a while."""
    end = time.monotonic() + seconds
    while True:
        alive = [pid for pid in pids if command(pid)]
        if not alive or time.monotonic() > end:
            return [command(pid) for pid in alive]
        time.sleep(0.1)


@pytest.fixture(scope="module", params=["ourselves", "ordinary user"])
def clone(request, tmp_path_factory) -> Iterator[Clone]:
    account = None
    if request.param == "ordinary user":
        if os.geteuid() != 0:
            pytest.skip("the tests run as an ordinary user already")
        account = pwd.getpwnam("daemon")
        base = Path("/var/tmp") / f"lcps-test-{os.getpid()}"
        base.mkdir(mode=0o755)
        folder = base / "checkout"
    else:
        base = tmp_path_factory.mktemp("deep")
        folder = base / ("d" * 75) / ("e" * 75) / "checkout"
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
    if account:
        account = pwd.struct_passwd((*account[:5], str(base), account[6]))
        subprocess.run(["chown", "-R", f"{account.pw_uid}:{account.pw_gid}", base], check=True)
    clone = Clone(folder, account)

    yield clone

    for run in clone.runs:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
    uid = account.pw_uid if account else os.geteuid()
    places = Places(folder)
    for path in (base, places.data, Path("/tmp") / f"lcps-{uid}-{places.key}"):
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def prepared(clone) -> tuple[Clone, float]:
    """The clone after its first start, and how long that took."""
    run = clone.make("run")
    _, seconds = clone.wait_until_ready(run, FIRST_START)
    os.killpg(run.pid, signal.SIGINT)
    run.wait(60)
    return clone, seconds


def test_first_start_is_ready_in_time_and_stops_in_order(prepared):
    clone, seconds = prepared
    print(f"first start: {seconds:.1f} s")

    assert seconds <= FIRST_START
    assert "lcps | stopped in" in clone.log
    assert "was killed" not in clone.log
    # What a run makes is nobody's to commit.
    git = ["git", "-c", f"safe.directory={clone.folder}", "status", "--porcelain"]
    assert subprocess.check_output(git, cwd=clone.folder, text=True) == ""


def test_second_start_is_quick_and_answers(prepared):
    clone, _ = prepared

    run = clone.make("run")
    address, seconds = clone.wait_until_ready(run, LATER_START)
    print(f"second start: {seconds:.1f} s")

    with urlopen(f"{address}/healthz", timeout=10) as answer:
        assert answer.status == 200
    # Every account of the demonstration is shown with its role.
    assert re.search(r"^\s*reporter\b", clone.log.split("LCPS is ready")[1], re.M)

    second = subprocess.run(
        ["make", "run"],
        cwd=clone.folder,
        env=clone.env,
        capture_output=True,
        text=True,
        check=False,
        **clone.identity,
    )
    assert second.returncode != 0
    assert f"ERROR: `make run` is already running in this checkout at {address}" in second.stdout
    assert len(second.stdout.splitlines()) == 1

    manage = [clone.folder / ".venv/bin/python", "manage.py", "showmigrations", "--plan"]
    joined = subprocess.run(
        manage, cwd=clone.folder, env=clone.env, capture_output=True, text=True, **clone.identity
    )
    assert joined.returncode == 0, joined.stderr
    assert "[X]" in joined.stdout
    assert "[ ]" not in joined.stdout

    everything = descendants(run.pid)
    os.kill(clone.supervisor(run), signal.SIGINT)
    run.wait(60)
    assert left_of(everything, 5) == []


def test_killed_supervisor_leaves_no_process_and_the_next_run_works(prepared):
    clone, _ = prepared
    run = clone.make("run", PORT="8460")
    clone.wait_until_ready(run, LATER_START)
    everything = descendants(run.pid)
    assert len(everything) > 8, "web, mail, worker with two children, beat, PostgreSQL, Valkey"

    os.kill(clone.supervisor(run), signal.SIGKILL)
    run.wait(10)
    # At once, on the same port, while the others are still stopping.
    again = clone.make("run", PORT="8460")

    assert left_of(everything, 30) == []
    clone.wait_until_ready(again, 2 * LATER_START)
    os.killpg(again.pid, signal.SIGINT)
    again.wait(60)


def test_child_that_ends_stops_the_rest(prepared):
    clone, _ = prepared
    run = clone.make("run")
    clone.wait_until_ready(run, LATER_START)
    everything = descendants(run.pid)
    beat = next(pid for pid in everything if " beat " in command(pid))

    os.kill(beat, signal.SIGKILL)

    assert run.wait(60) != 0
    assert "beat ended by itself with status -9: stopping the rest" in clone.log
    assert left_of(everything, 5) == []


def test_killed_make_takes_the_supervisor_along(prepared):
    clone, _ = prepared
    run = clone.make("run")
    clone.wait_until_ready(run, LATER_START)
    everything = descendants(run.pid)

    os.kill(run.pid, signal.SIGKILL)
    run.wait()

    assert left_of(everything, 60) == []


def test_stop_while_starting_leaves_nothing(prepared):
    clone, _ = prepared
    run = clone.make("run")
    end = time.monotonic() + 20
    while not any("devtools.prepare" in command(pid) for pid in descendants(run.pid)):
        assert time.monotonic() < end
        time.sleep(0.02)
    everything = descendants(run.pid)

    os.kill(clone.supervisor(run), signal.SIGTERM)

    assert run.wait(60) == 0
    assert left_of(everything, 5) == []


def test_set_up_without_npm_uses_the_one_in_a_wheel(prepared, tmp_path):
    clone, _ = prepared
    shutil.rmtree(clone.folder / "node_modules")
    programs = clone.folder.parent / "programs"
    programs.mkdir()
    for name in ("sh", "getconf", "git", "env"):
        if found := shutil.which(name, path="/usr/bin:/bin"):
            (programs / name).symlink_to(found)
    python = clone.folder / ".venv/bin/python"

    done = subprocess.run(
        [python, "-m", "devtools.setup"],
        cwd=clone.folder,
        env={**clone.env, "PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
        **clone.identity,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert (clone.folder / "node_modules/htmx.org/dist/htmx.min.js").exists()
