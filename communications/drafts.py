"""How much somebody may have typed into one form: more is no report and no request."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

MOST_CHARACTERS: Final = 65_536
TOO_MUCH: Final = _(
    "Dit is te veel tekst voor dit formulier. Kort in wat u typte en verstuur opnieuw."
)
TOO_LONG: Final = _("%(length)s tekens is te lang. Kort in tot %(limit)s.")


def is_too_much(typed: Mapping[str, str]) -> bool:
    return sum(len(name) + len(text) for name, text in typed.items()) > MOST_CHARACTERS
