"""The API's edges: strict JSON in, problem+json out (RFC 9457), all errors in one answer."""

import codecs
import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import set_rollback

API_VERSION = "1.0.0"
MOST_DEPTH = 32


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a name occurs twice in one object")
    return dict(pairs)


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


class StrictJSONParser(JSONParser):
    """JSON without duplicate names, NUL characters, surrogates, NaN or deep nesting."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            text = codecs.getreader("utf-8")(stream).read()
            if "\x00" in text or "\\u0000" in text:
                raise ValueError("a NUL character is not allowed")
            value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
            json.dumps(value, ensure_ascii=False).encode("utf-8")
            if _depth(value) > MOST_DEPTH:
                raise ValueError(f"nested deeper than {MOST_DEPTH}")
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(f"This is not acceptable JSON: {error}") from error
        return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as problem+json; None for a bug, which then reaches the error log."""
    set_rollback()
    if isinstance(error, DjangoValidationError):
        return _answer(status.HTTP_409_CONFLICT, "Conflict", _django_errors(error))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    response = _answer(
        error.status_code, error.default_code.replace("_", " ").title(), _errors(error)
    )
    if getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = error.auth_header
    return response


def _answer(code: int, title: str, errors: list[dict[str, str]]) -> Response:
    detail = " ".join(e["detail"] for e in errors)
    return Response(
        {"type": "about:blank", "title": title, "status": code, "detail": detail, "errors": errors},
        status=code,
        content_type="application/problem+json",
        headers={"API-Version": API_VERSION},
    )


def _django_errors(error: DjangoValidationError) -> list[dict[str, str]]:
    if hasattr(error, "error_dict"):
        return [
            {
                "in": "body",
                "field": field,
                "code": e.code or "invalid",
                "detail": " ".join(e.messages),
            }
            for field, es in error.error_dict.items()
            for e in es
        ]
    return [{"code": e.code or "invalid", "detail": " ".join(e.messages)} for e in error.error_list]


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
            row = {"code": getattr(detail, "code", "invalid"), "detail": str(detail)}
            found.append({"in": "body", "field": path, **row} if path else row)

    walk(error.detail, "")
    return found
