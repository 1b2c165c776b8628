"""Waiting in vain for a lock is no bug: try again a little, then say when to come back.

Only what PostgreSQL itself calls worth repeating, at most three times, and only around a whole view, so
that nothing half done is repeated. What stays busy is answered with 503 and Retry-After (lcps/errors.py).
"""

import logging
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, Final

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

log = logging.getLogger("lcps.patience")

# Serialisation failure, deadlock, and a lock that did not come in time.
WORTH_REPEATING: Final = frozenset({"40001", "40P01", "55P03"})
# A statement that ran into its time limit.
TOO_SLOW: Final = "57014"
# Connection exceptions, a transaction that stood idle too long, and a server that shuts down, crashed or
# cannot accept connections yet.
LOST: Final = ("08", "25P03", "57P01", "57P02", "57P03")
MOST_TRIES: Final = 3
RETRY_AFTER_SECONDS: Final = 2
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Next = Callable[[HttpRequest], HttpResponse]


def is_worth_repeating(error: BaseException | None) -> bool:
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    return getattr(cause, "sqlstate", None) in WORTH_REPEATING


def is_busy(error: BaseException | None) -> bool:
    """Whether somebody who comes back in a moment may find it free: a lock, time, or a connection."""
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    is_slow = getattr(cause, "sqlstate", None) == TOO_SLOW
    return is_slow or is_worth_repeating(error) or isinstance(cause, PoolTimeout)


def is_lost(error: BaseException | None) -> bool:
    """Whether PostgreSQL went away in the middle: it stops, starts, gave up, or the line to it was cut."""
    if isinstance(error, InterfaceError):
        return "connection" in str(error)
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    if not isinstance(cause, psycopg.DatabaseError) or is_busy(error):
        return False
    if cause.sqlstate is None:
        return isinstance(cause, psycopg.OperationalError)
    return cause.sqlstate.startswith(LOST)


def middleware(get_response: Next) -> Next:
    """Repeat the view of an unsafe request that waited for a lock in vain."""

    def pass_on(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method in SAFE or iscoroutinefunction(view):
            return None
        if request.content_type == "application/json":
            request.body  # noqa: B018  (kept, so that it can be read again)
        return _repeated(request, view, args, kwargs)

    pass_on.process_view = process_view  # type: ignore[attr-defined]
    return pass_on


def _repeated(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse:
    tries = 1
    while True:
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except OperationalError as error:
            # Inside somebody else's transaction a repetition would stand on what was rolled back.
            is_last = tries == MOST_TRIES or connection.in_atomic_block
            if is_last or not is_worth_repeating(error):
                raise
            log.info("a view waited for a lock in vain, trying again")
            tries += 1
        else:
            return response
