import os
import subprocess
import sys

import pytest

from devtools.places import ROOT, Places, ServiceError, make_private
from devtools.postgres import Postgres
from devtools.services import running_environment, sweep
from devtools.supervisor import write_private, write_running
from tests.devtools.conftest import as_root

A_PID_THAT_IS_GONE = 2**22 + 1


@pytest.fixture
def outside_tests(monkeypatch):
    monkeypatch.delenv("LCPS_ENV")


def test_folder_is_for_its_owner_only(tmp_path):
    folder = tmp_path / "private"
    folder.mkdir(mode=0o755)

    make_private(folder)

    assert folder.stat().st_mode & 0o777 == 0o700


@as_root
def test_folder_that_somebody_else_put_there_is_refused(tmp_path):
    folder = tmp_path / "private"
    folder.mkdir()
    os.chown(folder, 12345, 12345)

    with pytest.raises(ServiceError, match="uid 12345"):
        make_private(folder)


def test_link_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "private").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ServiceError):
        make_private(tmp_path / "private")


@as_root
def test_program_that_nobody_may_enter_is_copied(places, monkeypatch):
    monkeypatch.setattr(Postgres, "can_run", lambda self, program: ROOT not in program.parents)

    postgres = Postgres("test-1", places, durable=False)

    assert places.data in postgres.programs.parents
    assert postgres.run(postgres.programs / "initdb", "--version").stdout.startswith("initdb")


def test_sweep_removes_what_killed_runs_left_and_nothing_else(places):
    folders = [places.data, places.sockets, places.local]
    for folder in folders:
        make_private(folder)
        for name in ("postgresql-test", "valkey-test", "valkey-run"):
            (folder / f"{name}-{A_PID_THAT_IS_GONE}").mkdir()
            (folder / f"{name}-{os.getpid()}").mkdir(exist_ok=True)
        (folder / "postgresql-run").mkdir(exist_ok=True)
    (places.local / f"postgresql-test-{A_PID_THAT_IS_GONE}.log").touch()

    sweep(places)

    left = {path.name for folder in set(folders) for path in folder.iterdir()}
    mine = {f"{name}-{os.getpid()}" for name in ("postgresql-test", "valkey-test", "valkey-run")}
    assert left == mine | {"postgresql-run"}


@pytest.mark.usefixtures("outside_tests")
def test_manage_finds_the_running_services(places):
    make_private(places.local)
    env = {"DATABASE_URL": "postgresql://x", "REDIS_URL": "unix://y", "SITE_ORIGIN": "http://z"}

    write_running(places, 8000, env)

    assert running_environment(places) == env
    assert places.running.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("outside_tests")
def test_addresses_of_a_killed_run_are_not_used(places):
    make_private(places.local)
    places.running.write_text(f'{{"pid": {A_PID_THAT_IS_GONE}, "environment": {{"A": "b"}}}}')

    assert running_environment(places) == {"LCPS_ENV": "demo", "LCPS_DEMO": "1"}


@pytest.mark.usefixtures("outside_tests")
def test_machine_without_a_set_up_is_not_taken_for_a_demonstration(places):
    assert running_environment(places) == {}


def test_given_environment_is_never_overruled(places, monkeypatch):
    make_private(places.local)
    monkeypatch.setenv("LCPS_ENV", "production")

    assert running_environment(places) == {}


def test_private_file_appears_whole(tmp_path):
    write_private(tmp_path / "secret", "first")
    write_private(tmp_path / "secret", "second")

    assert (tmp_path / "secret").read_text() == "second"
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_services_module_needs_no_installed_package():
    """manage.py imports it before anything else, also in a bare environment."""
    command = [sys.executable, "-S", "-c", "import devtools.services"]

    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_two_checkouts_have_nothing_in_common(tmp_path):
    one, two = Places(tmp_path / "one"), Places(tmp_path / "two")

    assert {one.local, one.data, one.sockets}.isdisjoint({two.local, two.data, two.sockets})
