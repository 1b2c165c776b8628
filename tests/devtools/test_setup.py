"""The set-up, with its commands recorded instead of run. tests/devtools/test_fresh_clone.py runs it."""

import subprocess
from pathlib import Path

import pytest

from devtools import setup

TOOLS = {
    "-m venv": "-m venv",
    "uv pip": "uv pip sync",
    "npm": " ci --ignore-scripts",
    "-m pip": "-m pip install",
    "catalogues": "-m devtools.catalogues",
}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with lock files, and nothing installed."""
    for name in ("requirements/bootstrap.txt", "requirements/dev.txt", "package.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(setup, "BOOTSTRAP", tmp_path / "requirements/bootstrap.txt")
    monkeypatch.setattr(setup, "REQUIREMENTS", tmp_path / "requirements/dev.txt")
    monkeypatch.setattr(setup, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(setup, "NODE_LOCKS", [tmp_path / "package.json"])
    return tmp_path


@pytest.fixture
def ran(checkout, monkeypatch):
    """What would have been run. Names in `ran.failing` end with status 1."""

    class Ran(list):
        failing: set[str] = set()

    ran = Ran()

    def run(command, quiet=False):
        words = " ".join(str(word) for word in command)
        tool = next(tool for tool in TOOLS if TOOLS[tool] in words)
        ran.append(tool)
        if tool == "-m venv":
            setup.PYTHON.parent.mkdir(parents=True)
            setup.PYTHON.touch()
        if tool == "npm":
            setup.NODE_MODULES.mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, int(tool in ran.failing), "", "no venv here")

    monkeypatch.setattr(setup, "run", run)
    monkeypatch.setattr(setup, "available_npms", lambda: iter([["npm"], ["wheel/npm"]]))
    return ran


def test_second_call_runs_nothing(ran):
    assert setup.main() == 0
    assert ran == ["-m venv", "-m pip", "uv pip", "npm", "catalogues"]
    ran.clear()

    assert setup.main() == 0
    assert ran == []


def test_changed_lock_installs_again_in_the_same_environment(ran, checkout):
    setup.main()
    kept = setup.VENV / "kept"
    kept.touch()
    (checkout / "requirements/dev.txt").write_text("another version")
    ran.clear()
    ran.failing = {"-m venv"}  # would fail, were it needed

    assert setup.main() == 0

    assert ran == ["-m pip", "uv pip"]
    assert kept.exists()


def test_half_made_environment_is_made_again(ran):
    setup.VENV.mkdir()
    (setup.VENV / "half").touch()

    assert setup.main() == 0

    assert not (setup.VENV / "half").exists()


def test_environment_of_another_folder_is_made_again(ran, checkout, monkeypatch):
    setup.main()
    (setup.VENV / "left").touch()
    monkeypatch.setattr(setup, "ROOT", checkout / "moved")
    ran.clear()

    setup.make_environment()

    assert "-m venv" in ran
    assert not (setup.VENV / "left").exists()


def test_without_uv_pip_does_the_work(ran):
    ran.failing = {"uv pip"}

    assert setup.main() == 0

    assert ran[:4] == ["-m venv", "-m pip", "uv pip", "-m pip"]


def test_nothing_installed_is_said_and_tried_again_next_time(ran, capsys):
    ran.failing = {"uv pip", "-m pip"}

    assert setup.main() == 1
    assert "Is the Python package index reachable?" in capsys.readouterr().err

    ran.failing = set()
    assert setup.main() == 0


def test_failing_npm_is_followed_by_the_one_of_the_wheel(ran, capsys):
    ran.failing = {"npm"}

    assert setup.main() == 1

    assert ran[-2:] == ["npm", "npm"]
    assert "Is the npm registry reachable?" in capsys.readouterr().err


def test_python_without_venv_says_which_package_to_install(ran, capsys):
    ran.failing = {"-m venv"}

    assert setup.main() == 1

    assert "no venv here" in capsys.readouterr().err


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 14, 0), (4, 0, 0)])
def test_other_pythons_are_refused(version, monkeypatch, ran, capsys):
    monkeypatch.setattr("sys.version_info", version)

    assert setup.main() == 1

    assert "Python 3.11, 3.12 or 3.13 is needed" in capsys.readouterr().err
    assert ran == []


def test_lost_catalogue_is_compiled_again(ran, checkout):
    source = checkout / "locale/en/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.touch()
    setup.main()
    source.with_suffix(".mo").touch()
    ran.clear()

    setup.main()
    assert ran == []

    source.with_suffix(".mo").unlink()
    setup.main()
    assert ran == ["catalogues"]


def test_account_without_a_home_keeps_its_caches_in_the_checkout(checkout, monkeypatch):
    monkeypatch.setenv("HOME", "/nonexistent")

    env = setup.environment()

    assert Path(env["HOME"]) == Path(env["UV_CACHE_DIR"]).parent == setup.LOCAL


def test_foreign_python_settings_do_not_leak_in(checkout, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")

    env = setup.environment()

    assert "PYTHONPATH" not in env
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
