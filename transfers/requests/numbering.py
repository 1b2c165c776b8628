"""The number of a request: PMR-<year>-<six digits>, counted by a PostgreSQL sequence (T1).

A sequence never hands out a number twice and never waits; a number of a transaction that failed is skipped.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

SEQUENCE = "transfers_request_number"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def next_number(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        (count,) = cursor.fetchone()
    return f"PMR-{now.astimezone(AMSTERDAM):%Y}-{count:06d}"


def skip_to(last: int) -> None:
    """Let the next number come after `last`: for data that brings its own numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(%s, GREATEST(%s, (SELECT last_value FROM {SEQUENCE})))",
            [SEQUENCE, last],
        )
