"""Forms of the account, where the library's say too little, too familiarly, or trust what a browser hands over."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

# What the library raises on an answer that only looks like one: parts that are missing, of another type,
# or not to be decoded.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("Dit wachtwoord is te kort: neem minstens %(number)d tekens.") % {
            "number": self.min_length
        }


class TypedTwice:
    """Mixed into a form with a new password in two boxes."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_error("password2") and self.data.get("password2"):
            self.errors["password2"] = self.error_class([_("Dit is een ander wachtwoord.")])
        return cleaned


class NewPasswordForm(TypedTwice, ChangePasswordForm):
    pass


class ForgottenPasswordForm(TypedTwice, ResetPasswordKeyForm):
    pass


class CodeForm(AuthenticateForm):
    @cached_property
    def has_app(self) -> bool:
        """Whether there is an app that shows codes; without one only recovery codes can be typed."""
        return Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).exists()


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
