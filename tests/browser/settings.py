"""The settings of the server that browser tests look at: those of the tests, N+1 checks included."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from zeal.middleware import zeal_middleware

from tests.settings import *  # noqa: F403


def zeal_on_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """On what is read. A step may look at its own row twice, and the clock plays what many did."""
    watched = zeal_middleware(get_response)
    return lambda request: (watched if request.method == "GET" else get_response)(request)


MIDDLEWARE = [
    "tests.browser.settings.zeal_on_pages" if name == "zeal.middleware.zeal_middleware" else name
    for name in MIDDLEWARE  # noqa: F405
]
