"""Production does not start unsafely, and its own settings are strict."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from devtools.places import ROOT
from lcps import checks
from tests import factories

PRODUCTION = {
    "LCPS_ENV": "production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV",
    "ALLOWED_HOSTS": "lcps.example.nl",
    "SITE_ORIGIN": "https://lcps.example.nl",
    "DATABASE_URL": "postgresql://app@db.example/app",
    "REDIS_URL": "redis://queue.example",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "DJANGO_SETTINGS_MODULE": "lcps.settings",
}


def run(*arguments, **changed):
    """A Python of our own with the environment of a production server."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=clean | PRODUCTION | changed,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def production(settings):
    """The settings as a safe production server has them."""
    settings.PRODUCTION = True
    settings.DEMONSTRATION = settings.DEBUG = False
    settings.SECRET_KEY = PRODUCTION["SECRET_KEY"]
    settings.SECRET_KEY_FALLBACKS, settings.CSRF_TRUSTED_ORIGINS = [], []
    settings.ALLOWED_HOSTS = ["lcps.example.nl"]
    settings.SITE_ORIGIN = "https://lcps.example.nl"
    settings.MAIL_SINK_DIR = ""
    settings.SECURE_SSL_REDIRECT = settings.SECOND_FACTOR_REQUIRED = True
    settings.PROXY_COUNT = 0
    return settings


def test_safe_settings_start(production):
    assert checks.unsafe_production(None) == []
    checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    ("name", "unsafe", "words"),
    [
        ("DEMONSTRATION", True, "public accounts"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("SECRET_KEY", "not-secret-" + "x" * 50, "SECRET_KEY"),
        ("ALLOWED_HOSTS", ["lcps.example.nl", "*"], "every host"),
        ("SITE_ORIGIN", "http://lcps.example.nl", "SITE_ORIGIN"),
        ("DEBUG", True, "DEBUG"),
        ("MAIL_SINK_DIR", "/somewhere", "MAIL_SINK_DIR"),
        ("SECRET_KEY_FALLBACKS", ["not-secret-" + "x" * 50], "OLD_SECRET_KEYS"),
        ("CSRF_TRUSTED_ORIGINS", ["http://lcps.example.nl"], "CSRF_TRUSTED_ORIGINS"),
        ("SECURE_SSL_REDIRECT", False, "SSL_REDIRECT"),
        ("SECOND_FACTOR_REQUIRED", False, "password alone"),
    ],
)
def test_unsafe_setting_is_named_and_refused(production, name, unsafe, words):
    setattr(production, name, unsafe)

    (error,) = checks.unsafe_production(None)

    assert words in error.msg
    with pytest.raises(ImproperlyConfigured, match="Unsafe in production"):
        checks.refuse_unsafe_start()


def test_database_of_a_demonstration_is_refused(production, reference):
    person = factories.user("analyst", username="analist")
    assert checks.public_accounts(None, databases=["default"]) == []

    person.email = "analist@voorbeeld.example"
    person.save()

    (error,) = checks.public_accounts(None, databases=["default"])
    assert error.id == "lcps.E101"


def test_demonstration_is_no_production(settings):
    settings.PRODUCTION, settings.DEBUG = False, True

    assert checks.unsafe_production(None) == []


def test_check_deploy_has_no_warnings():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("program", ["lcps.asgi", "lcps.wsgi"])
def test_unsafe_server_does_not_start(program):
    assert run("-c", f"import {program}").returncode == 0

    refused = run("-c", f"import {program}", LCPS_DEMO="1", SITE_ORIGIN="http://x")

    assert refused.returncode != 0
    assert "LCPS_DEMO=1" in refused.stderr
    assert "SITE_ORIGIN" in refused.stderr


def test_missing_setting_is_named():
    refused = run("-c", "import lcps.asgi", SECRET_KEY="")

    assert "SECRET_KEY" in refused.stderr


HEADERS = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get("/healthz", secure=True, headers={"host": "lcps.example.nl"})
plain = Client().get("/healthz", headers={"host": "lcps.example.nl"})
names = [n for n in dir(settings) if n.endswith("_COOKIE_NAME")]
print(json.dumps({
    "headers": dict(answer.headers),
    "plain": [plain.status_code, plain.headers.get("Location")],
    "cookies": {n: getattr(settings, n) for n in names},
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,
               settings.LANGUAGE_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "paths": [settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_PATH, settings.LANGUAGE_COOKIE_PATH],
    "domains": [settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN, settings.LANGUAGE_COOKIE_DOMAIN],
}))
"""


def test_production_answers_strictly():
    done = run("-c", HEADERS)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    hsts = found["headers"]["Strict-Transport-Security"]
    assert hsts == "max-age=31536000; includeSubDomains; preload"
    assert found["plain"] == [301, "https://lcps.example.nl/healthz"]
    # A __Host- cookie is of this host alone, over https alone, for every path.
    assert {name: value for name, value in found["cookies"].items() if value[:7] != "__Host-"} == {}
    assert set(found["cookies"]) >= {
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "LANGUAGE_COOKIE_NAME",
        "SEEN_COOKIE_NAME",
        "DEVICE_COOKIE_NAME",
    }
    assert found["secure"] == [True] * 4
    assert found["paths"] == ["/"] * 3
    assert found["domains"] == [None] * 3
