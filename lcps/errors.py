"""What an address answers when it cannot give what was asked: a page for people, problem+json for the API."""

import sys
from collections.abc import Collection
from http import HTTPStatus
from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.views import defaults

from lcps import patience

API_VERSION: Final = "1.0.0"
PROBLEM: Final = "application/problem+json"


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JsonResponse:
    """A refusal of the API from outside its views, in the form of RFC 9457."""
    title = HTTPStatus(status).phrase
    code = title.lower().replace(" ", "_")
    return JsonResponse(
        {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "errors": [{"code": code, "detail": detail}],
        },
        status=status,
        content_type=PROBLEM,
        headers={"API-Version": API_VERSION} | (headers or {}),
    )


def method_not_allowed(request: HttpRequest, methods: Collection[str]) -> HttpResponse:
    """405, with what is allowed."""
    response = (
        problem(405, _("Dit adres kent deze methode niet."))
        if is_api(request)
        else render(request, "405.html", status=405)
    )
    response["Allow"] = ", ".join(sorted(methods))
    return response


def shared_account(request: HttpRequest) -> HttpResponse:
    """In the demonstration: who gave a public account a password or second factor would keep others out."""
    return render(request, "account/shared.html", status=403)


def no_role(request: HttpRequest) -> HttpResponse:
    """Signed in, but nobody has given this person a role (or it has ended)."""
    if is_api(request):
        return problem(403, _("U hebt nog geen rol."))
    return render(request, "account/no_role.html", status=403)


# The four handlers of lcps.urls: what Django calls when a view or a middleware raised.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request) and isinstance(exception, RequestDataTooBig):
        return problem(413, _("Dit verzoek is te groot."))
    if is_api(request):
        return problem(400, _("Dit verzoek is niet te lezen."))
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(403, _("Dit mag u met deze rol niet doen."))
    return defaults.permission_denied(request, exception)


def busy(request: HttpRequest, *, is_lost: bool = False) -> HttpResponse:
    """503, with when to come back: a lock or a connection did not come, or PostgreSQL went away.

    When it went away nobody knows whether the last change was stored.
    """
    said = (
        _("De database viel even weg. Kijk eerst of uw wijziging er staat.")
        if is_lost
        else _("Het is erg druk. Probeer het zo opnieuw; er is niets opgeslagen.")
    )
    again = {"Retry-After": str(patience.RETRY_AFTER_SECONDS)}
    if is_api(request):
        return problem(503, said, again)
    page = loader.render_to_string("503.html", {"is_lost": is_lost})
    return HttpResponse(page, status=503, headers=again)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(404, _("Dit adres is er niet, of niet voor u."))
    return defaults.page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    error = sys.exception()
    is_lost = patience.is_lost(error)
    if is_lost or patience.is_busy(error):
        return busy(request, is_lost=is_lost)
    if is_api(request):
        return problem(500, _("LCPS heeft een storing. Probeer het later opnieuw."))
    return defaults.server_error(request)
