"""What a coordinator fills in to sign the region's picture: types and lengths, nothing else."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from capacity.picture.actions import Signed
from capacity.picture.models import RegionalSitrep
from capacity.picture.selectors import RegionPicture

MOST_TOMORROW = 2000
FLOWS = ("need", "offer")
WHOLE_NUMBER = _("Vul een heel getal in, bijvoorbeeld 3, of laat het leeg.")


class CountField(forms.IntegerField):
    """A whole number as it is written: Python would read 1_0 as 10, and 10.0 too."""

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if text and not (text.isascii() and text.isdigit()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


class SignOffForm(forms.Form):
    """Pressure, one sentence, what limits, transport, tomorrow, and why sites are missing."""

    # An empty field is not yet a wrong one: the browser would mark it red before a word is typed.
    use_required_attribute = False

    pressure = forms.ChoiceField(
        label=_("Druk in de regio"),
        choices=RegionalSitrep.Pressure.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies de druk in de regio.")},
    )
    sentence = forms.CharField(
        label=_("In één zin"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Vat de regio in één zin samen.")},
    )
    limiting_factor = forms.ChoiceField(
        label=_("Wat remt het meest"),
        choices=RegionalSitrep.Limit.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat het meest remt.")},
    )
    transport_available = forms.CharField(
        label=_("Vervoer beschikbaar"), max_length=200, required=False
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    stamp = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, picture: RegionPicture, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.picture = picture
        for level in picture.levels:
            for flow in FLOWS:
                self.fields[f"tomorrow_{level.code}_{flow}"] = CountField(
                    label=f"{FLOW_LABELS[flow]} {level.label}, {_('morgen')}",
                    min_value=0,
                    max_value=MOST_TOMORROW,
                    required=False,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 12}),
                    error_messages={
                        "invalid": WHOLE_NUMBER,
                        "min_value": WHOLE_NUMBER,
                        "max_value": _("Dit is meer dan %(limit_value)s; dat kan niet kloppen."),
                    },
                )
        for row in picture.silent:
            self.fields[f"missing_{row.place.code}"] = forms.ChoiceField(
                label=_("%(site)s ontbreekt, omdat") % {"site": row.place.short_name},
                choices=[("", _("kies een reden")), *RegionalSitrep.Missing.choices],
                required=False,
            )

    @property
    def tomorrow(self) -> list[dict[str, Any]]:
        """Rows of the table of needs and offers: today's sum, and the field of tomorrow."""
        return [
            {
                "label": f"{FLOW_LABELS[flow]} {level.label}",
                "today": getattr(self.picture.group.totals(level.code), flow),
                "field": self[f"tomorrow_{level.code}_{flow}"],
            }
            for flow in FLOWS
            for level in self.picture.levels
        ]

    @property
    def reasons(self) -> list[forms.BoundField]:
        return [self[f"missing_{row.place.code}"] for row in self.picture.silent]

    def signed(self) -> Signed:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        return Signed(
            pressure=given["pressure"],
            sentence=given["sentence"],
            limiting_factor=given["limiting_factor"],
            transport_available=given["transport_available"],
            tomorrow={
                level.code: {flow: given[f"tomorrow_{level.code}_{flow}"] for flow in FLOWS}
                for level in self.picture.levels
            },
            missing={
                row.place.code: given[f"missing_{row.place.code}"]
                for row in self.picture.silent
                if given[f"missing_{row.place.code}"]
            },
        )


class AnswerForm(forms.Form):
    """What the centre answers to a region's picture."""

    sitrep = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    answer = forms.ChoiceField(choices=[("accept", ""), ("return", "")])
    question = forms.CharField(
        max_length=300,
        required=False,
        error_messages={"max_length": _("Stel uw vraag in hooguit %(limit_value)s tekens.")},
    )


FLOW_LABELS = {"need": _("Te plaatsen"), "offer": _("Aanbod")}


def sign_off_form(picture: RegionPicture) -> SignOffForm:
    """An empty form, or what the newest version says when there is one."""
    initial: dict[str, Any] = {"submission": uuid.uuid4()}
    sitrep = picture.sitrep
    if sitrep is not None:
        initial |= {
            "pressure": sitrep.pressure,
            "sentence": sitrep.sentence,
            "limiting_factor": sitrep.limiting_factor,
            "transport_available": sitrep.transport_available,
        }
        initial |= {f"missing_{site}": why for site, why in sitrep.missing.items()}
        initial |= {
            f"tomorrow_{level}_{flow}": value
            for level, flows in sitrep.tomorrow.items()
            for flow, value in flows.items()
        }
    return SignOffForm(initial=initial, picture=picture)
