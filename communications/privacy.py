"""No text may say who a patient is: what `identity` finds is refused here, in words."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communications import identity

WORDS: Mapping[str, Promise] = {
    identity.BSN: _("Hier lijkt een BSN te staan. Haal het weg: LCPS bewaart geen identiteit."),
    identity.BIRTH_DATE: _(
        "Hier lijkt een geboortedatum te staan. Haal hem weg; schrijf bij een datum alleen dag en maand."
    ),
}


def refuse_identity(**typed: str) -> None:
    """Stop text that would say who the patient is.

    Raises ValidationError at the field, codes bsn and birth_date.
    """
    found = {name: identity.find(text) for name, text in typed.items() if text}
    wrong = {name: ValidationError(WORDS[code], code=code) for name, code in found.items() if code}
    if wrong:
        raise ValidationError(wrong)
