"""What planners and coordinators fill in for a ride."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.models import AmbulanceService
from transfers.models import HandoverItem, Ride

ZONE = ZoneInfo("Europe/Amsterdam")


class TransportForm(forms.Form):
    """Ask a service to drive."""

    kind = forms.ChoiceField(label=_("Soort vervoer"), choices=Ride.Kind.choices)
    service = forms.ModelChoiceField(
        label=_("Wie rijdt"), queryset=AmbulanceService.objects.order_by("kind", "name")
    )
    kind_reason = forms.CharField(
        label=_("Waarom anders dan het advies"),
        help_text=_("Alleen als u anders kiest dan het advies."),
        required=False,
        max_length=200,
    )


class PlanForm(forms.Form):
    """Vehicle, crew and time of departure; a B2 ride goes without a doctor."""

    vehicle = forms.CharField(label=_("Voertuig"), max_length=40)
    crew = forms.CharField(label=_("Ploeg"), max_length=100)
    escort = forms.CharField(label=_("Begeleidende arts"), max_length=100, required=False)
    pick_up_at = forms.TimeField(
        label=_("Vertrek met de patiënt om"),
        widget=forms.TimeInput(
            attrs={"inputmode": "numeric", "placeholder": "09:30"}, format="%H:%M"
        ),
        error_messages={"invalid": _("Schrijf een tijd als 09:30.")},
    )

    def __init__(self, *args: Any, ride: Ride, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, initial={"escort": ride.escort}, **kwargs)
        self.now = now
        if ride.kind == Ride.Kind.B2:
            del self.fields["escort"]

    def clean_pick_up_at(self) -> datetime:
        """The next time the clock shows this: a departure at 01:00 asked at 23:00 is tomorrow's."""
        wanted = self.cleaned_data["pick_up_at"]
        local = self.now.astimezone(ZONE)
        moment = datetime.combine(local.date(), wanted, ZONE)
        # Half a day back is a typing error, and is refused by the action; more is tomorrow.
        if (local - moment).total_seconds() > 12 * 3600:
            moment = datetime.combine(
                local.date().fromordinal(local.date().toordinal() + 1), wanted, ZONE
            )
        return moment.astimezone(UTC)


class DepartForm(forms.Form):
    escort_agrees = forms.BooleanField(
        label=_("De begeleidende arts is akkoord met vertrek"), required=False
    )

    def __init__(self, *args: Any, ride: Ride, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ride.escort:
            del self.fields["escort_agrees"]


class ArriveForm(forms.Form):
    is_there = forms.BooleanField(
        label=_("De patiënt is er al, eerder dan verwacht"), required=False
    )


class ReturnForm(forms.Form):
    prefix = "return"
    title, button = _("Geef de rit terug"), _("Geef terug")
    reason = forms.CharField(label=_("Waarom geeft u de rit terug"), max_length=200)


class AbortForm(forms.Form):
    prefix = "abort"
    title, button = _("Breek de rit af"), _("Meld dat de patiënt teruggaat")
    reason = forms.CharField(label=_("Waarom gaat de patiënt terug"), max_length=200)


class DeathForm(forms.Form):
    prefix = "death"
    title, button = _("Meld overlijden"), _("Meld overlijden")
    reason = forms.CharField(label=_("Waar en wanneer onderweg"), max_length=200)


class HandoverForm(forms.Form):
    """The checklist: every item given, or not applicable."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in HandoverItem.Item:
            self.fields[item.value] = forms.ChoiceField(
                label=item.label,
                choices=HandoverItem.State.choices,
                widget=forms.RadioSelect,
                required=False,
            )

    @property
    def answers(self) -> dict[str, str]:
        return {
            item.value: self.cleaned_data[item.value]
            for item in HandoverItem.Item
            if self.cleaned_data.get(item.value)
        }
