"""PostgreSQL and Valkey for one run of something, gone when it ends: the tests, the screenshots."""

import contextlib
import os
from collections.abc import Callable, Iterator

from devtools.places import Places
from devtools.postgres import Postgres
from devtools.service import Service
from devtools.services import sweep
from devtools.valkey import Valkey


@contextlib.contextmanager
def services(start_postgres: Callable[[Postgres], object] = Postgres.start) -> Iterator[None]:
    """DATABASE_URL and REDIS_URL in the environment; what is there already is used and left alone."""
    places = Places()
    sweep(places)
    instance = f"test-{os.getpid()}"
    with contextlib.ExitStack() as ending:
        if "DATABASE_URL" not in os.environ:
            postgres = Postgres(instance, places, durable=False)
            ending.callback(throw_away, postgres)
            start_postgres(postgres)
            os.environ["DATABASE_URL"] = postgres.url
            ending.callback(os.environ.pop, "DATABASE_URL")
        if "REDIS_URL" not in os.environ:
            valkey = Valkey(instance, places)
            ending.callback(throw_away, valkey)
            os.environ["REDIS_URL"] = valkey.start().url
            ending.callback(os.environ.pop, "REDIS_URL")
        yield


def throw_away(service: Service) -> None:
    service.stop()
    service.remove()
