"""The API's edges: strict JSON in, problem+json out (RFC 9457), all errors in one answer."""

import json
import math
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from lcps.errors import API_VERSION, PROBLEM

MOST_DEPTH = 32
TOKEN = gettext_lazy("Het CSRF-token ontbreekt of is oud. Haal een nieuw en stuur het opnieuw.")
SAID = {
    exceptions.NotFound: gettext_lazy("Dit adres is er niet, of niet voor u."),
    exceptions.PermissionDenied: gettext_lazy("Dit mag u met deze rol niet doen."),
    exceptions.NotAuthenticated: gettext_lazy("Log opnieuw in."),
    exceptions.AuthenticationFailed: gettext_lazy("Log opnieuw in."),
    exceptions.MethodNotAllowed: gettext_lazy("Dit adres kent deze methode niet."),
    exceptions.UnsupportedMediaType: gettext_lazy("Stuur JSON, met Content-Type application/json."),
    exceptions.NotAcceptable: gettext_lazy("LCPS antwoordt in JSON. Vraag application/json."),
    exceptions.Throttled: gettext_lazy("Dit is te vaak. Probeer het straks opnieuw."),
}


class TooLarge(exceptions.APIException):
    """More than a report or a request can be."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = gettext_lazy("Dit verzoek is te groot.")


class Unreadable(ValueError):
    """Why a body is no JSON we take, in words."""


class StrictJSONParser(JSONParser):
    """JSON without duplicate names, NUL characters, surrogates, NaN, infinity or deep nesting."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            value = json.loads(
                body.decode("utf-8"),
                object_pairs_hook=_no_duplicates,
                parse_constant=_no_constant,
                parse_float=_finite,
            )
            _look_through(value, depth=0)
        except (ValueError, RecursionError) as error:
            said = _("Deze JSON is niet te lezen: %(why)s.") % {"why": _why(error)}
            raise exceptions.ParseError(said) from error
        return value


def _why(error: Exception) -> str:
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, json.JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return _("kijk bij regel %(line)s, teken %(column)s") % place
    if isinstance(error, UnicodeError):
        return _("een teken is geen goede UTF-8")
    if isinstance(error, RecursionError):
        return _("het is te diep genest")
    return _("een getal is te lang")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) != len(pairs):
        raise Unreadable(_("een naam staat twee keer in één object"))
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise Unreadable(_("%(name)s is geen getal") % {"name": name})


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise Unreadable(_("%(number)s is te groot") % {"number": text[:40]})
    return value


def _look_through(value: Any, *, depth: int) -> None:
    if isinstance(value, dict | list) and depth == MOST_DEPTH:
        raise Unreadable(_("het is te diep genest"))
    if isinstance(value, str):
        value.encode("utf-8")  # a lone surrogate is a UnicodeError, which is a ValueError
        if "\0" in value:
            raise Unreadable(_("er staat een NUL-teken in"))
    inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    for one in inner if isinstance(inner, list) else ():
        _look_through(one, depth=depth + 1)


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as problem+json; None for a bug, which then reaches the error log."""
    # That module reads the settings that name this one.
    from rest_framework.views import set_rollback

    set_rollback()
    if isinstance(error, DjangoValidationError):
        return _answer(status.HTTP_409_CONFLICT, _django_errors(error))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {"WWW-Authenticate": getattr(error, "auth_header", None)}
    wait = getattr(error, "wait", None)
    headers |= {"Retry-After": str(math.ceil(wait)) if wait is not None else None}
    return _answer(error.status_code, _errors(error), headers)


def _answer(
    code: int, errors: list[dict[str, str]], headers: dict[str, str | None] | None = None
) -> Response:
    return Response(
        {
            "type": "about:blank",
            "title": HTTPStatus(code).phrase,
            "status": code,
            "detail": " ".join(error["detail"] for error in errors),
            "errors": errors,
        },
        status=code,
        content_type=PROBLEM,
        headers={"API-Version": API_VERSION}
        | {name: value for name, value in (headers or {}).items() if value},
    )


def _django_errors(error: DjangoValidationError) -> list[dict[str, str]]:
    if not hasattr(error, "error_dict"):
        return [_row("", e.code, " ".join(e.messages)) for e in error.error_list]
    return [
        _row("" if field == "__all__" else field, e.code, " ".join(e.messages))
        for field, errors in error.error_dict.items()
        for e in errors
    ]


def _errors(error: exceptions.APIException) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def walk(detail: Any, path: str) -> None:
        if isinstance(detail, dict):
            for name, inner in detail.items():
                walk(inner, f"{path}.{name}" if path else str(name))
        elif isinstance(detail, list):
            for place, inner in enumerate(detail):
                walk(inner, path if isinstance(inner, str) else f"{path}.{place}")
        else:
            found.append(_row(path, getattr(detail, "code", None), str(detail)))

    walk(_said(error), "")
    return found


def _said(error: exceptions.APIException) -> Any:
    """What a refusal says: of the framework's own in our words, of others what it carries."""
    if type(error) not in SAID:
        return error.detail
    is_token = str(error.detail).startswith("CSRF")
    return exceptions.ErrorDetail(
        str(TOKEN if is_token else SAID[type(error)]), code=getattr(error.detail, "code", None)
    )


def _row(field: str, code: str | None, detail: str) -> dict[str, str]:
    """One error; with its field where it has one."""
    row = {"code": code or "invalid", "detail": detail}
    return {"in": "body", "field": field, **row} if field else row
