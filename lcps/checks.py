"""Start-up refuses unsafe production settings; `manage.py check --deploy` lists them all."""

import sys
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection


@register(Tags.security)
def unsafe_production(app_configs: Any, **kwargs: Any) -> list[Error]:
    """What must never be true where real patients are moved."""
    if not settings.PRODUCTION:
        return []
    unsafe = {
        "LCPS_DEMO=1 opens public accounts": settings.DEMONSTRATION,
        "SECRET_KEY is shorter than 50 characters or the sample": _is_weak(settings.SECRET_KEY),
        "ALLOWED_HOSTS admits every host": "*" in settings.ALLOWED_HOSTS,
        "SITE_ORIGIN is not https": not settings.SITE_ORIGIN.startswith("https://"),
        "DEBUG is on": settings.DEBUG,
        "MAIL_SINK_DIR shows sent mail on a page": bool(settings.MAIL_SINK_DIR),
        "OLD_SECRET_KEYS holds a weak key": any(map(_is_weak, settings.SECRET_KEY_FALLBACKS)),
        "CSRF_TRUSTED_ORIGINS trusts forms sent without https": any(
            not origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS
        ),
        "SSL_REDIRECT=0 without a proxy that redirects": not settings.SECURE_SSL_REDIRECT
        and not settings.PROXY_COUNT,
        "a password alone signs in": not settings.SECOND_FACTOR_REQUIRED,
    }
    return [
        Error(
            f"Unsafe in production: {what}.",
            hint="See docs/operations.md.",
            id=f"lcps.E{number:03d}",
        )
        for number, (what, is_so) in enumerate(unsafe.items(), start=1)
        if is_so
    ]


@register(Tags.database)
def public_accounts(
    app_configs: Any, databases: Collection[str] | None = None, **kwargs: Any
) -> list[Error]:
    """A database that once was a demonstration's has accounts whose password everybody knows."""
    from lcps.demonstration.accounts import MAIL_DOMAIN
    from regions.models import User

    if not settings.PRODUCTION or not databases:
        return []
    if User._meta.db_table not in connection.introspection.table_names():
        return []
    if not User.objects.filter(email__endswith=f"@{MAIL_DOMAIN}", is_active=True).exists():
        return []
    return [
        Error(
            "Unsafe in production: this database holds accounts of the demonstration.",
            hint="Begin with an empty database.",
            id="lcps.E101",
        )
    ]


def refuse_unsafe_start() -> None:
    """No web, worker, beat or command starts unsafely; `check` itself does, to say why."""
    if sys.argv[1:2] == ["check"]:
        return
    errors = unsafe_production(None)
    if errors:
        raise ImproperlyConfigured(" ".join(error.msg for error in errors))


def _is_weak(key: str) -> bool:
    return len(key) < 50 or key.startswith("not-secret")
