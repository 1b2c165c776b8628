"""What people type about an offer: types and ranges, nothing else."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from regions.places.models import Site
from transfers.offers.models import Offer


def put_errors(form: forms.Form, refusal: ValidationError) -> None:
    """Show why an action refused: at the field it names, else above the form."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class OfferForm(forms.Form):
    """Ask a site for a bed."""

    site = forms.ModelChoiceField(
        Site.objects.reporting().select_related("region"),
        to_field_name="code",
        error_messages={"invalid_choice": _("Dit ziekenhuis bestaat niet of meldt geen bedden.")},
    )
    version = forms.IntegerField(min_value=1)
    message = forms.CharField(max_length=300, required=False, label=_("Bericht"))
    rank_reason = forms.CharField(max_length=200, required=False, label=_("Reden"))


class AcceptForm(forms.Form):
    """Take the patient: who, where, and how to reach that doctor."""

    # Its part is hidden while "refuse" is chosen; the browser would stop at a field nobody sees.
    use_required_attribute = False

    doctor = forms.CharField(
        max_length=100,
        label=_("Accepterend arts"),
        error_messages={"required": _("Noem de arts die de patiënt accepteert.")},
    )
    phone = forms.CharField(max_length=20, required=False, label=_("Direct nummer"))
    unit = forms.CharField(
        max_length=100,
        label=_("Afdeling en bed"),
        error_messages={"required": _("Noem de afdeling en het bed.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class RefuseForm(forms.Form):
    """Say no, with the reason."""

    use_required_attribute = False

    refusal = forms.ChoiceField(
        choices=Offer.Refusal.choices,
        widget=forms.RadioSelect,
        label=_("Reden"),
        error_messages={"required": _("Kies waarom het niet kan.")},
    )
    text = forms.CharField(max_length=200, required=False, label=_("Toelichting"))


class ContactForm(forms.Form):
    """Which doctors spoke to each other."""

    names = forms.CharField(
        max_length=200,
        label=_("Wie sprak met wie"),
        help_text=_("Nodig voor vertrek; de tijd wordt vastgelegd."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Noem de twee artsen die elkaar spraken.")},
    )
