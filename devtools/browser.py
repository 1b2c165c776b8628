"""Find a Chromium, or install Debian's where that is allowed."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from devtools.places import Places, make_private

NAMES = ("chromium", "google-chrome", "google-chrome-stable")
MISSING = "no browser: install chromium, or set CHROMIUM=/path/to/chromium"


def find_chromium() -> str | None:
    if given := os.environ.get("CHROMIUM"):
        return given if Path(given).exists() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure_chromium() -> str | None:
    """Find a browser; as root on Debian install one first."""
    if found := find_chromium():
        return found
    if os.environ.get("CHROMIUM") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    with (make_private(Places().local) / "browser.lock").open("w") as lock:
        # Several test processes may ask at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return find_chromium() or install_chromium()


def install_chromium() -> str | None:
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
    for command in (install, ["apt-get", "update", "-q"], install):
        done = subprocess.run(command, env=env, capture_output=True, check=False)
        if done.returncode == 0 and (found := find_chromium()):
            return found
    return None
