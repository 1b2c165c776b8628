"""Allauth's pages where ours do otherwise: role cards beside the sign-in form, a last key that stays."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lcps.demonstration.accounts import ACCOUNTS
from regions.models import Role

# Headings of the role cards, in order, with what people in that group see.
GROUPS = (
    ("hospital", _("In het ziekenhuis"), _("je ziet je eigen locatie")),
    ("region", _("In de regio"), _("je ziet alle locaties van je regio")),
    ("nation", _("Landelijk, bij LCPS"), _("je ziet het hele land")),
    ("transport", _("Onderweg"), _("je ziet alleen jouw ritten")),
    ("oversight", _("Toezicht en beheer"), _("totalen, logboek en rollen; geen patiënten")),
)


class SignInView(LoginView):
    """allauth's sign-in with the demonstration's role cards beside it."""

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        form = super().get_form(form_class)
        form.fields["login"].label = _("Gebruikersnaam of e-mailadres")
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)
        # The page itself has the way to a new password, where there is one.
        form.fields["password"].help_text = ""
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cards = demonstration_roles() if settings.DEMONSTRATION else []
        return super().get_context_data(**kwargs) | {"demo_roles": cards}


class RemoveKeyView(RemoveWebAuthnView):
    """The last second factor stays: allauth asks the adapter so for an app only."""

    def form_valid(self, form: Form) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            form.add_error(None, adapter.error_messages["cannot_delete_authenticator"])
            return self.form_invalid(form)
        return super().form_valid(form)


def demonstration_roles() -> list[dict[str, Any]]:
    """The role cards by group: each with the user name it signs in as."""
    roles = Role.objects.in_bulk()
    return [
        {
            "title": title,
            "hint": hint,
            "roles": [
                {"key": a.username, "label": roles[a.role].label, "text": roles[a.role].task}
                for a in ACCOUNTS
                if a.role in roles and roles[a.role].group == group
            ],
        }
        for group, title, hint in GROUPS
    ]


def slow_down(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """After ten wrong passwords for one account from one place: wait, there, for a while."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "account/slow_down.html", {"minutes": minutes}, status=429)
