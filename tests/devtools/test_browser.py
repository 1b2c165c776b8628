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


def test_browser_is_installed_as_root_after_an_update(tmp_path, monkeypatch):
    """A bare Debian: the first installation fails, because the package lists are missing."""
    log = tmp_path / "log"
    apt = tmp_path / "apt-get"
    apt.write_text(
        f'#!/bin/sh\necho "$@" >> {log}\n'
        f'[ "$1" = update ] && exit 0\n'
        f"if grep -q update {log}; then : > {tmp_path}/chromium; chmod 755 {tmp_path}/chromium; exit 0; fi\n"
        "exit 100\n"
    )
    apt.chmod(0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "NAMES", ("chromium",))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser.shutil, "which", lambda name: which_in(tmp_path, name))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert browser.install_chromium() == str(tmp_path / "chromium")

    words = log.read_text().splitlines()
    install = "install -y -q --no-install-recommends chromium"
    assert words == [install, "update -q", install]


def which_in(folder, name):
    program = folder / name
    return str(program) if program.exists() else None


def test_nobody_installs_a_browser(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(browser, "install_chromium", lambda: pytest.fail("not as an ordinary user"))

    assert browser.ensure_chromium() is None
