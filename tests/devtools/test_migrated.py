import os

import psycopg
import pytest

from devtools import migrated
from devtools.postgres import Postgres


@pytest.fixture(autouse=True)
def no_template(monkeypatch):
    monkeypatch.setenv(migrated.VARIABLE, "")
    monkeypatch.delenv(migrated.VARIABLE)


@pytest.fixture
def run(places):
    """Start the server of one test run after another."""
    servers = []

    def start():
        for server in servers:
            server.stop()
        postgres = Postgres(f"test-{len(servers)}", places, durable=False)
        servers.append(postgres)
        migrated.start(postgres)
        return postgres

    yield start

    for server in servers:
        server.stop()


def make_a_table(url):
    with psycopg.connect(url) as connection:
        connection.execute("create table made_by_migrating (id int)")
    return True


def tables(postgres):
    with psycopg.connect(postgres.url) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'public'")
        return [name for (name,) in rows]


def test_second_run_starts_from_what_the_first_migrated(run, monkeypatch):
    monkeypatch.setattr(migrated, "migrate", make_a_table)
    first = run()
    assert tables(first) == ["made_by_migrating"]
    monkeypatch.setattr(migrated, "migrate", lambda url: pytest.fail("migrated again"))

    second = run()

    assert tables(second) == ["made_by_migrating"]
    assert os.environ[migrated.VARIABLE] == "app"


def test_changed_migration_is_not_served_from_an_old_copy(run, monkeypatch, tmp_path):
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    migration = tmp_path / "capacity/migrations/0001_initial.py"
    for path in (migration, tmp_path / "requirements/dev.txt"):
        path.parent.mkdir(parents=True)
        path.write_text("first")
    calls = []
    monkeypatch.setattr(migrated, "migrate", lambda url: calls.append(url) or True)
    run()

    migration.write_text("second")
    run()

    assert len(calls) == 2


def test_failed_migration_is_not_kept(run, places, monkeypatch):
    monkeypatch.setattr(migrated, "migrate", lambda url: False)

    run()

    assert migrated.VARIABLE not in os.environ
    assert list(places.data.glob("*migrated-*")) == []


def test_only_the_latest_copies_are_kept(places, tmp_path):
    places.data.mkdir(parents=True, exist_ok=True)
    source = tmp_path / "source"
    source.mkdir()
    for number in range(migrated.KEPT + 2):
        kept = places.data / f"migrated-{number}"
        migrated.keep(source, kept)
        os.utime(kept, (number, number))
    migrated.keep(source, places.data / "migrated-last")

    names = {path.name for path in places.data.glob("migrated-*")}
    assert names == {"migrated-3", "migrated-4", "migrated-last"}
