"""The settings of the tests: the real ones, and what a test run must have otherwise."""

import os

os.environ.setdefault("LCPS_ENV", "test")

from lcps.settings import *  # noqa: E402, F403

DATABASES["default"]["OPTIONS"].pop("pool")  # noqa: F405  (each test process keeps one connection)
# Copied from a database that is migrated already, where the test run keeps one (devtools/migrated.py).
DATABASES["default"]["TEST"]["TEMPLATE"] = os.environ.get("LCPS_TEST_TEMPLATE", "template0")  # noqa: F405
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]  # noqa: F405
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]  # noqa: F405
ZEAL_RAISE = True
# allauth asks for each kind of second factor apart; there are three.
ZEAL_ALLOWLIST = [{"model": "mfa.Authenticator", "field": "*"}]
SECOND_FACTOR_REQUIRED = False  # its own tests switch it on
# Looks a file up when it is asked for, instead of walking all of them for every client a test makes (0.1 s).
WHITENOISE_AUTOREFRESH = True
