"""Forms of the second factor: what a browser hands over from a security key is judged, never trusted."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms

# What the library raises on an answer that only looks like one: parts that are missing, of another type,
# or not to be decoded.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


class AddKeyForm(forms.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class ShowKeyForm(forms.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class ShowKeyAgainForm(ShowKeyForm):
    reauthenticated = True
