"""The container files, read as data: no Docker is needed to see what they would start."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from devtools.places import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
# It runs to its end before the others start, so there is nothing to watch.
ONE_SHOT = {"migrate"}
OURS = [name for name, service in SERVICES.items() if service.get("image", "").startswith("lcps:")]
QUEUES = {"deadlines", "post", "heavy", "celery"}


def documented():
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)`", OPERATIONS))


def test_every_process_has_its_service():
    assert set(SERVICES) == {
        *("migrate", "web", "stream", "worker-deadlines", "worker-post", "worker-heavy"),
        *("beat", "postgres", "valkey", "mail"),
    }


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_watched_and_comes_back(name):
    service = SERVICES[name]

    if name in ONE_SHOT:
        assert service["restart"] == "no"
    else:
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_an_ordinary_user_without_privileges(name):
    service = SERVICES[name]

    assert str(service["user"]) not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert name == "postgres" or service["read_only"]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_open_to_the_network(name):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_image_has_a_version(name):
    image = SERVICES[name]["image"]

    assert ":" in image
    assert not image.endswith(":latest")


@pytest.mark.parametrize("name", OURS)
def test_our_processes_wait_for_a_migrated_database(name):
    needed = SERVICES[name]["depends_on"]

    assert needed["postgres"]["condition"] == "service_healthy"
    if name != "migrate":
        assert needed["migrate"]["condition"] == "service_completed_successfully"
        assert needed["valkey"]["condition"] == "service_healthy"


def test_every_queue_has_a_worker():
    commands = [SERVICES[name]["command"] for name in OURS if name.startswith("worker")]
    served = {
        queue for command in commands for queue in re.search(r"-Q (\S+)", command)[1].split(",")
    }
    from lcps.celery import app

    used = {entry["options"]["queue"] for entry in app.conf.beat_schedule.values()}

    assert served == QUEUES
    assert used <= served


def test_database_is_made_as_in_development():
    arguments = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    development = (ROOT / "devtools/postgres.py").read_text()

    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert all(argument in development for argument in arguments.split())


def test_every_variable_of_the_file_is_documented():
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))

    assert used
    assert used <= documented()


def test_every_variable_that_the_code_reads_is_given_and_documented():
    packages = ("lcps", "regions", "capacity", "transfers", "communications")
    code = [path.read_text() for name in packages for path in (ROOT / name).rglob("*.py")]
    read = {
        name
        for text in code
        for name in re.findall(r'(?:\benv\(|environ\.get\(|environ\[)\s*"([A-Z_]+)"', text)
    }
    given = {*SERVICES["web"]["environment"], "DJANGO_SETTINGS_MODULE"}

    assert "SECRET_KEY" in read
    assert read <= given
    assert read <= documented()


def test_secrets_have_no_default():
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert re.findall(rf"\$\{{{secret}(.)", COMPOSE) == [":"] * COMPOSE.count(f"${{{secret}")
        assert f"${{{secret}:-" not in COMPOSE


def environment(**changed):
    """What the file gives the web, its variables filled in."""
    values = {
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "lcps.example.nl",
        "SITE_ORIGIN": "https://lcps.example.nl",
        "POSTGRES_PASSWORD": "secret",
    }

    def fill(text):
        inner = re.compile(r"\$\{([A-Z_]+)(?::([-?])([^${}]*))?\}")
        while inner.search(text):
            text = inner.sub(lambda found: values.get(found[1], found[3] or ""), text)
        return text

    given = {name: fill(str(value)) for name, value in SERVICES["web"]["environment"].items()}
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**clean, **given, "DJANGO_SETTINGS_MODULE": "lcps.settings", **changed}


def check(env):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_given_environment_passes_the_start_up_check():
    done = check(environment())

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "unsafe",
    [
        {"LCPS_DEMO": "1"},
        {"SECRET_KEY": "short"},
        {"ALLOWED_HOSTS": "*"},
        {"SITE_ORIGIN": "http://x"},
    ],
    ids=lambda unsafe: next(iter(unsafe)),
)
def test_unsafe_environment_does_not_start(unsafe):
    done = check(environment(**unsafe))

    assert done.returncode != 0
    assert "Unsafe in production" in done.stderr


def test_start_and_migration_begin_with_the_check():
    checked = "python manage.py check --deploy --fail-level ERROR"

    assert checked in SERVICES["migrate"]["command"]
    assert (ROOT / "docker/serve").read_text().index(checked) < (
        (ROOT / "docker/serve").read_text().index("exec gunicorn")
    )


def test_options_of_the_web_server_exist():
    options = re.findall(r"(--[a-z-]+) ", (ROOT / "docker/serve").read_text().split("gunicorn")[1])
    command = [sys.executable, "-m", "gunicorn", "--help"]
    help_text = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert len(options) > 5
    assert [option for option in options if option not in help_text] == []


def test_image_runs_as_an_ordinary_user_and_knows_its_health():
    dockerfile = (ROOT / "Dockerfile").read_text()
    last = dockerfile.rpartition("\nFROM ")[2]

    assert re.search(r"^USER 10001$", last, re.M)
    assert re.search(r"^HEALTHCHECK ", last, re.M)
    assert "--require-hashes" in dockerfile
    assert "collectstatic" in dockerfile
    assert "devtools.catalogues compile" in dockerfile


def test_image_is_built_from_files_that_exist():
    allowed = [
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    ]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)

    assert [name for name in allowed if not (ROOT / name).exists()] == []
    for name in " ".join(copied).split():
        assert name == "." or name in allowed
