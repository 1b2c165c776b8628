import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devtools.places import Places
from devtools.service import Service

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs a second account")


@pytest.fixture
def make_places() -> Iterator[Callable[[Path], Places]]:
    """Checkouts elsewhere, whose services leave nothing behind."""
    made: list[Places] = []

    def make(root: Path) -> Places:
        root.mkdir(parents=True, exist_ok=True)
        made.append(Places(root))
        return made[-1]

    yield make

    for places in made:
        for folder in (places.data, places.sockets):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def places(tmp_path: Path, make_places: Callable[[Path], Places]) -> Places:
    return make_places(tmp_path / "checkout")


@pytest.fixture
def started() -> Iterator[Callable[[Service], Service]]:
    services: list[Service] = []

    def start(service: Service) -> Service:
        services.append(service)
        service.start()
        return service

    yield start

    for service in reversed(services):
        service.stop()
