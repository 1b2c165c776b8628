"""Find a Chromium, or install Debian's where that is allowed."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from devtools.places import Places, make_private

# Chromium without a window frame: the same pages for a third of the work.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "google-chrome", "google-chrome-stable")
MISSING = "no browser: install chromium, or set CHROMIUM=/path/to/chromium"


def find_chromium() -> str | None:
    if given := os.environ.get("CHROMIUM"):
        return given if Path(given).exists() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure_chromium() -> str | None:
    """Find a browser; as root on Debian install one first, also where only a heavier one is."""
    if os.environ.get("CHROMIUM") or shutil.which(SHELL) or not may_install():
        return find_chromium()
    with (make_private(Places().local) / "browser.lock").open("w") as lock:
        # Several test processes may ask at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shutil.which(SHELL):
            install_chromium()
    return find_chromium()


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_chromium() -> None:
    """The light one; on a machine without any, after bringing its lists up to date, or else the full one."""
    if apt_get("install", SHELL) or find_chromium():
        return
    apt_get("update")
    if not apt_get("install", SHELL):
        apt_get("install", "chromium")


def apt_get(action: str, *packages: str) -> bool:
    words = [action, "-q", *(["-y", "--no-install-recommends", *packages] if packages else [])]
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    done = subprocess.run(["apt-get", *words], env=env, capture_output=True, check=False)
    return done.returncode == 0
