"""Bodies of the API: strict in their names and types, and refused in words that say what to send instead."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.settings import api_settings

Words = str | Promise

MOST_SHOWN: Final = 40
STRINGS: Final = (serializers.CharField, serializers.UUIDField, serializers.SlugRelatedField)

FILL_IN: Final = _("Vul dit in.")
BY_CODE: Final[Mapping[str, Words]] = {
    "required": FILL_IN,
    "null": FILL_IN,
    "blank": FILL_IN,
    "unknown": _("Deze naam kent LCPS niet. Laat hem weg, of schrijf hem als in de beschrijving."),
    "max_length": _("Dit is te lang. Schrijf er hoogstens %(max_length)s tekens."),
    "min_value": _("“%(value)s” is te laag. Stuur %(min_value)s of meer."),
    "max_value": _("“%(value)s” is te hoog. Stuur hoogstens %(max_value)s."),
    "invalid_choice": _("“%(value)s” kan hier niet. Stuur een van: %(choices)s."),
    "does_not_exist": _("“%(value)s” bestaat niet. Stuur een code die bestaat."),
}
# By kind of field, the narrowest first: what it must be.
BY_KIND: Final[tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], Words], ...]] = (
    (
        serializers.BaseSerializer,
        _("“%(value)s” is geen object. Stuur namen met waarden tussen { en }."),
    ),
    (
        serializers.DictField,
        _("“%(value)s” is geen object. Stuur namen met waarden tussen { en }."),
    ),
    (serializers.UUIDField, _("“%(value)s” is geen UUID. Stuur er een tussen aanhalingstekens.")),
    (
        serializers.DateTimeField,
        _("“%(value)s” is geen moment. Schrijf het als 2020-10-29T08:00:00+01:00."),
    ),
    (
        serializers.DecimalField,
        _("“%(value)s” is geen getal met hoogstens één cijfer na de punt. Stuur bijvoorbeeld 7.8."),
    ),
    (
        serializers.IntegerField,
        _("“%(value)s” is geen heel getal. Stuur een heel getal, zonder aanhalingstekens."),
    ),
    (serializers.Field, _("“%(value)s” is geen tekst. Stuur tekst tussen aanhalingstekens.")),
)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses names it does not know and values of another type: nothing is left out or guessed."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is None and self.parent is None:
            none = {api_settings.NON_FIELD_ERRORS_KEY: _error("invalid")}
            raise serializers.ValidationError(self._in_words(none, data))
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        sent = data if isinstance(data, Mapping) else {}
        strict = self._strange(sent) | self._of_another_type(sent)
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            found = dict(error.detail) if isinstance(error.detail, dict) else {}
            raise serializers.ValidationError(self._in_words(found | strict, data)) from error
        if strict:
            raise serializers.ValidationError(self._in_words(strict, data))
        return value

    def _strange(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _error("unknown") for name in sorted(set(sent) - set(self.fields))}

    def _of_another_type(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: _error("invalid")
            for name, field in self.fields.items()
            if _is_of_another_type(field, sent.get(name))
        }

    def _in_words(self, found: Mapping[str, Any], data: Any) -> dict[str, Any]:
        sent = data if isinstance(data, Mapping) else {}
        return {
            name[:60]: in_words(self.fields.get(name, self), sent.get(name, data), errors)
            for name, errors in found.items()
        }


def _is_of_another_type(field: object, value: object) -> bool:
    """The framework reads 5 as "5" and "5" as 5; a client that mixes them up should hear of it."""
    if isinstance(field, STRINGS):
        return not isinstance(value, str | None)
    return isinstance(field, serializers.IntegerField) and isinstance(value, str | bool)


def in_words(field: Any, value: Any, errors: Any) -> Any:
    """The errors of one field in our words; what lies deeper has them already."""
    if not isinstance(errors, list):
        return errors
    return [serializers.ErrorDetail(_sentence(field, value, e.code), e.code) for e in errors]


def _sentence(field: Any, value: Any, code: str) -> str:
    words = BY_CODE.get(code) or next(words for kind, words in BY_KIND if isinstance(field, kind))
    params = {
        "value": _shown(value),
        "choices": ", ".join(str(choice) for choice in getattr(field, "choices", ())),
        **{name: getattr(field, name, "") for name in ("max_length", "min_value", "max_value")},
    }
    return str(words) % params


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _error(code: str) -> list[serializers.ErrorDetail]:
    return [serializers.ErrorDetail("", code)]
