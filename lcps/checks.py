"""Start-up refuses unsafe production settings; `manage.py check --deploy` says why."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security)
def unsafe_production(app_configs: Any, **kwargs: Any) -> list[Error]:
    """What must never be true where real patients are moved."""
    if not settings.PRODUCTION:
        return []
    unsafe = {
        "LCPS_DEMO=1 opens public accounts": settings.DEMONSTRATION,
        "SECRET_KEY is shorter than 50 characters or the sample": len(settings.SECRET_KEY) < 50
        or settings.SECRET_KEY.startswith("not-secret"),
        "ALLOWED_HOSTS admits every host": "*" in settings.ALLOWED_HOSTS,
        "SITE_ORIGIN is not https": not settings.SITE_ORIGIN.startswith("https://"),
        "DEBUG is on": settings.DEBUG,
        "MAIL_SINK_DIR shows sent mail on a page": bool(settings.MAIL_SINK_DIR),
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
