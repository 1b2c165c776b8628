"""The web server of `make run`: loads the program while the database is prepared, then serves.

Loading takes seconds and needs neither the database nor the browser files, which only come to be
meanwhile. The supervisor opens the gate when they are there.
"""

import argparse
import importlib
import os
import sys

import django
import uvicorn
from django.conf import settings
from django.urls import get_resolver


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--fd", type=int, required=True, help="a listening socket, handed over")
    arguments.add_argument("--gate", type=int, required=True, help="a pipe; one byte means: serve")
    given = arguments.parse_args()
    load()
    if not os.read(given.gate, 1):
        # The supervisor closed it without a word: it never came so far.
        return 0
    uvicorn.run(
        "lcps.asgi:application",
        fd=given.fd,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        # A live stream never ends by itself.
        timeout_graceful_shutdown=3,
    )
    return 0


def load() -> None:
    django.setup()
    importlib.import_module(settings.ROOT_URLCONF)
    assert get_resolver().url_patterns


if __name__ == "__main__":
    sys.exit(main())
