import os
import subprocess
import sys

import pytest

from devtools import browser
from devtools.places import ROOT

NEEDS_A_BROWSER = "def test_page(chromium):\n    assert chromium\n"


@pytest.fixture
def run_tests(tmp_path):
    """A test run of its own, with a test that needs a browser."""
    (tmp_path / "test_page.py").write_text(NEEDS_A_BROWSER)

    def run(**env):
        # Addresses are given, so that the plugin starts no services.
        fixed = {
            "DATABASE_URL": "postgresql://x/x",
            "REDIS_URL": "redis://x",
            "PYTHONPATH": str(ROOT),
        }
        clean = {
            name: value for name, value in os.environ.items() if name not in ("CI", "CHROMIUM")
        }
        plugins = ["-p", "devtools.pytest_services", "-p", "no:django", "-p", "no:xdist"]
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-c",
                os.devnull,
                "--rootdir",
                tmp_path,
                tmp_path,
                *plugins,
            ],
            env={**clean, **fixed, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **env},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_missing_browser_is_a_loud_skip(run_tests):
    done = run_tests(CHROMIUM="/nowhere/chromium")

    assert done.returncode == 0
    assert "BROWSER TESTS NOT RUN" in done.stdout
    assert "1 tests were skipped: no browser: install chromium" in done.stdout


def test_missing_browser_fails_where_ci_is_set(run_tests):
    done = run_tests(CHROMIUM="/nowhere/chromium", CI="true")

    assert done.returncode == 1
    assert "no browser: install chromium" in done.stdout


def test_given_browser_is_used(run_tests):
    done = run_tests(CHROMIUM=sys.executable)

    assert done.returncode == 0
    assert "1 passed" in done.stdout


def test_browser_of_the_machine_is_found(tmp_path, monkeypatch):
    program = tmp_path / "google-chrome"
    program.touch(mode=0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert browser.find_chromium() == str(program)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with only what lies in `tmp_path`, and root's rights; its apt-get installs by the given line."""
    log = tmp_path / "log"
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser.shutil, "which", lambda name: which_in(tmp_path, name))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def with_apt(installs):
        apt = tmp_path / "apt-get"
        put = 'for it in "$@"; do :; done; : > "$(dirname "$0")/$it"; exit 0'
        apt.write_text(
            f'#!/bin/sh\necho "$@" >> {log}\n[ "$1" = update ] && exit 0\n'
            f"if {installs}; then {put}; fi\nexit 100\n"
        )
        apt.chmod(0o755)
        return lambda: log.read_text().splitlines()

    return with_apt


LIGHT = "install -q -y --no-install-recommends chromium-headless-shell"
FULL = "install -q -y --no-install-recommends chromium"


def test_browser_is_installed_as_root_after_an_update(machine, tmp_path):
    """A bare Debian: the first installation fails, because the package lists are missing."""
    said = machine(installs=f"grep -q update {tmp_path}/log")

    assert browser.ensure_chromium() == str(tmp_path / "chromium-headless-shell")
    assert said() == [LIGHT, "update -q", LIGHT]


def test_where_there_is_no_light_browser_the_full_one_is_installed(machine, tmp_path):
    said = machine(installs='[ "$5" = chromium ]')

    assert browser.ensure_chromium() == str(tmp_path / "chromium")
    assert said() == [LIGHT, "update -q", LIGHT, FULL]


def test_a_light_browser_comes_beside_the_full_one(machine, tmp_path):
    (tmp_path / "chromium").touch()
    said = machine(installs="true")

    assert browser.ensure_chromium() == str(tmp_path / "chromium-headless-shell")
    assert browser.ensure_chromium()
    assert said() == [LIGHT]


def test_the_full_browser_does_where_the_light_one_cannot_be_had(machine, tmp_path):
    (tmp_path / "chromium").touch()
    said = machine(installs="false")

    assert browser.ensure_chromium() == str(tmp_path / "chromium")
    assert said() == [LIGHT]


def which_in(folder, name):
    program = folder / name
    return str(program) if program.exists() else None


def test_nobody_installs_a_browser(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(browser, "install_chromium", lambda: pytest.fail("not as an ordinary user"))

    assert browser.ensure_chromium() is None
