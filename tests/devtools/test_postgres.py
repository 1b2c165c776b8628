import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from devtools.places import ROOT, ServiceError
from devtools.postgres import Postgres
from devtools.processes import is_alive
from devtools.valkey import Valkey


def version(postgres):
    with psycopg.connect(postgres.url) as connection:
        return connection.info.server_version // 10000


def test_postgres_answers_on_a_private_socket_only(places, started):
    postgres = started(Postgres("test-1", places, durable=False))

    with psycopg.connect(postgres.url) as connection:
        row = connection.execute(
            "select current_setting('listen_addresses'), current_setting('server_version'),"
            " (select datlocprovider::text || datlocale from pg_database where datname = 'app')"
        ).fetchone()

    assert row is not None
    assert row[1].startswith("18.")
    assert (row[0], row[2]) == ("", "bC.UTF-8")
    assert postgres.socket_folder.stat().st_mode & 0o777 == 0o700
    assert postgres.folder.stat().st_mode & 0o777 == 0o700


def test_half_made_data_folder_is_made_again(places, started):
    postgres = Postgres("test-1", places, durable=False)
    (postgres.folder / "base").mkdir(parents=True)
    cut_off = places.data / f".{postgres.folder.name}.1"
    (cut_off / "PG_VERSION").parent.mkdir()
    (cut_off / "PG_VERSION").write_text("18\n")

    started(postgres)

    assert version(postgres) == 18
    assert not cut_off.exists()


def test_data_of_another_major_version_name_the_folder_to_delete(places):
    postgres = Postgres("test-1", places, durable=False)
    postgres.folder.mkdir()
    (postgres.folder / "PG_VERSION").write_text("17\n")

    with pytest.raises(ServiceError) as refused:
        postgres.start()

    assert str(postgres.folder) in str(refused.value)
    assert "17" in str(refused.value)
    assert (postgres.folder / "PG_VERSION").exists()


def test_server_that_does_not_start_shows_its_own_words(places):
    postgres = Postgres("test-1", places, durable=False)
    postgres.make_cluster()
    (postgres.folder / "postgresql.conf").write_text("shared_buffers = nonsense\n")

    with pytest.raises(ServiceError, match='invalid value for parameter "shared_buffers"'):
        postgres.start()


def test_two_deep_checkouts_run_at_once(tmp_path, make_places, started):
    # A socket's path has 107 bytes at most; these folders are longer.
    deep = tmp_path / ("d" * 75) / ("e" * 75)
    first, second = make_places(deep / "one"), make_places(deep / "two")

    one = started(Postgres("run", first, durable=False))
    two = started(Postgres("run", second, durable=False))
    with psycopg.connect(one.url) as connection:
        connection.execute("create table only_here (id int)")

    assert len(str(one.socket_folder / ".s.PGSQL.5432")) < 107
    with psycopg.connect(two.url) as connection:
        assert connection.execute("select to_regclass('only_here')").fetchone() == (None,)


PARENT = """
import sys, time
from pathlib import Path
from devtools.places import Places
from devtools.postgres import Postgres
from devtools.valkey import Valkey
places = Places(Path(sys.argv[1]))
postgres = Postgres("run", places, durable=False).start()
valkey = Valkey("run", places).start()
print(postgres.process.pid, valkey.process.pid, flush=True)
time.sleep(60)
"""


def start_in_a_parent(root: Path) -> tuple[subprocess.Popen[str], list[int]]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, root], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        return parent, [int(number) for number in parent.stdout.readline().split()]


def gone_within(seconds: float, pids: list[int]) -> bool:
    end = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_killed_parent_takes_its_services_along(places):
    parent, pids = start_in_a_parent(places.root)
    assert len(pids) == 2
    assert all(is_alive(pid) for pid in pids)

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()

    assert gone_within(10, pids)


def test_next_start_waits_for_a_server_that_is_still_stopping(places, started):
    parent, pids = start_in_a_parent(places.root)

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    postgres = started(Postgres("run", places, durable=False))

    assert version(postgres) == 18
    assert gone_within(10, pids)


def test_stop_ends_open_sessions(places, started):
    postgres = started(Postgres("test-1", places, durable=False))
    connection = psycopg.connect(postgres.url)

    began = time.monotonic()
    stopped_by_itself = postgres.stop()

    assert stopped_by_itself
    assert time.monotonic() - began < 5
    with pytest.raises(psycopg.OperationalError):
        connection.execute("select 1")


def test_valkey_answers_until_it_is_stopped(places, started):
    valkey = started(Valkey("test-1", places))

    assert valkey.answers()
    assert valkey.socket_folder.stat().st_mode & 0o777 == 0o700

    assert valkey.stop()
    assert not valkey.answers()
