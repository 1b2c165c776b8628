"""What people type into a request. Types, ranges and what is required; what must be together is in `checks`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from capacity.models import CareLevel
from communications import drafts
from transfers.requests import checks, labels
from transfers.requests.fields import (
    Day,
    DecimalNumber,
    FreeText,
    Moment,
    OxygenFraction,
    WholeNumber,
    YesNo,
    percent_meant,
)
from transfers.requests.models import ClinicalPicture, TransferRequest

MOST_CODE = 60
REQUIRED = _("Vul dit in.")
CHOOSE = _("Maak een keuze.")
# What only an intensive-care patient has; on a ward these fields are not asked.
INTENSIVE = frozenset(
    {
        "icu_day",
        "airway",
        "prone",
        "prone_ended_at",
        "peep_cmh2o",
        "pmax_cmh2o",
        "pf_ratio_mmhg",
        "map_mmhg",
        "noradrenaline_ug_kg_min",
        "other_inotropes",
        "sedation_rass",
        "ecmo",
    }
)
OPTIONAL = frozenset(
    {
        "age_months",
        "height_cm",
        "home_area",
        "own_reference",
        "infection_date",
        "mdro",
        "illness_day",
        "icu_day",
        "prone_ended_at",
        "pf_ratio_mmhg",
        "sedation_rass",
        "special_needs",
        "treatment_limits",
        "vulnerability",
        "geriatric_advice",
    }
)
UNITS: dict[str, Any] = {
    "age_years": _("jaar"),
    "age_months": _("maanden"),
    "weight_kg": "kg",
    "height_cm": "cm",
    "illness_day": _("dag"),
    "icu_day": _("dag"),
    "oxygen_l_min": _("l/min"),
    "fio2_percent": "%",
    "peep_cmh2o": "cmH₂O",
    "pmax_cmh2o": "cmH₂O",
    "spo2_percent": "%",
    "pf_ratio_mmhg": "mmHg",
    "map_mmhg": "mmHg",
    "noradrenaline_ug_kg_min": "µg/kg/min",
    "sedation_rass": _("−5 tot +4"),
}
SHORT = frozenset(
    {"infection_date", "values_at", "stable_at", "informed_at", "prone_ended_at", "home_area"}
)
DIAGNOSES = (
    _("COVID-19, pneumonie"),
    _("Pneumonie, viraal"),
    _("Pneumonie, bacterieel"),
    _("Sepsis"),
    _("Hartfalen"),
    _("Neurologisch"),
    _("Trauma"),
    _("Na operatie"),
)


@dataclass(frozen=True)
class Group:
    """A panel of the form with what still keeps it from being ready."""

    key: str
    label: Any
    names: tuple[str, ...]


GROUPS = (
    Group(
        "patient",
        _("Patiënt"),
        ("age_years", "age_months", "sex", "weight_kg", "height_cm", "home_area", "own_reference"),
    ),
    Group(
        "why",
        _("Waarom en hoe snel"),
        ("urgency", "reason", "diagnosis_group", "in_cohort"),
    ),
    Group(
        "infection",
        _("Infectie"),
        ("infection", "infection_date", "isolation", "mdro", "illness_day", "icu_day"),
    ),
    Group(
        "breathing",
        _("Beademing"),
        (
            "airway",
            "ventilation",
            "prone",
            "prone_ended_at",
            "oxygen_l_min",
            "fio2_percent",
            "peep_cmh2o",
            "pmax_cmh2o",
            "spo2_percent",
            "pf_ratio_mmhg",
        ),
    ),
    Group(
        "circulation",
        _("Circulatie"),
        (
            "map_mmhg",
            "noradrenaline_ug_kg_min",
            "other_inotropes",
            "cpr_24h",
            "worsening_expected",
        ),
    ),
    Group(
        "other",
        _("Overig"),
        (
            "sedation_rass",
            "ecmo",
            "dialysis",
            "treatment_limits",
            "vulnerability",
            "geriatric_advice",
            "special_needs",
            "values_at",
        ),
    ),
    Group(
        "statements",
        _("Verklaringen"),
        (
            "stable_by",
            "stable_at",
            "informed",
            "informed_who",
            "informed_at",
            "objection_override",
            "gp_informed",
        ),
    ),
)


class PictureForm(forms.Form):
    """The fields of a request for one care level; `names` narrows it to some of them."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        level: CareLevel,
        now: datetime,
        names: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.level, self.now = level, now
        wanted = set(names) if names is not None else {n for g in GROUPS for n in g.names}
        wanted -= INTENSIVE if not level.needs_icu else set()
        for name, field in _fields(now, level).items():
            if name in wanted:
                self.fields[name] = field
                field.error_messages["required"] = (
                    CHOOSE if isinstance(field, forms.ChoiceField) else REQUIRED
                )
                if isinstance(field, forms.ChoiceField):
                    field.error_messages["invalid_choice"] = CHOOSE
                field.widget.attrs.setdefault("autocomplete", "off")
        # Errors are told in the order of the page.
        self.order_fields([name for group in GROUPS for name in group.names])

    def values(self) -> dict[str, Any]:
        """The cleaned values, as far as they are right. Empty text is the empty string."""
        return {n: v for n, v in self.cleaned_data.items() if n not in ("version", "submission")}

    def typed(self) -> dict[str, str]:
        """What was typed, as it was typed; but for the NUL that no database holds."""
        return {
            name: str(self.data.get(self.add_prefix(name), "")).replace("\x00", "")
            for name in self.fields
            if name not in ("version", "submission")
        }

    def refuse_too_long(self) -> bool:
        """Say at its field what is longer than that takes, right or not; whether there was any."""
        found = {
            n: text for n, text in self.typed().items() if len(text) > _longest(self.fields[n])
        }
        for name, text in found.items():
            # A free text says so itself.
            if not isinstance(self.fields[name], FreeText):
                said = {"length": len(text), "limit": _longest(self.fields[name])}
                self.errors[name] = self.error_class([drafts.TOO_LONG % said])
        return bool(found)

    def fraction_meant(self) -> int | None:
        """The percentage of oxygen that was probably meant, to offer with one click."""
        return percent_meant(self.data.get("fio2_percent"))

    def wrong_fields(self) -> list[BoundField]:
        """The fields of the page that are to be mended, in its order."""
        return [field for field in self.visible_fields() if field.errors]

    def take_errors(self, refused: ValidationError) -> None:
        """Show what an action refused, beside its field where it has one."""
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for name, errors in refused.error_dict.items():
            for error in errors:
                self.add_error(name if name in self.fields else None, error)

    def take_findings(self, found: Iterable[checks.Finding]) -> None:
        """Show what keeps the request from going, beside the fields."""
        for one in found:
            name = one.field if one.field in self.fields else None
            if name is None or name not in self.errors:
                self.add_error(name, ValidationError(labels.finding(one), code=one.code))


class RequestForm(PictureForm):
    """A whole request. It is filled in over time, so it can be saved as a draft at any moment."""

    submission = forms.UUIDField(widget=forms.HiddenInput)


def _longest(field: forms.Field) -> int:
    """How many characters a field takes: its own limit, that of its box, or that of a code."""
    return int(getattr(field, "max_length", None) or field.widget.attrs.get("maxlength", MOST_CODE))


def bound_fields(form: forms.Form, group: Group) -> list[BoundField]:
    return [form[name] for name in group.names if name in form.fields]


def _fields(now: datetime, level: CareLevel) -> dict[str, forms.Field]:
    """Every field, with the words of the screen and the bounds of the table."""
    text = _text_fields()
    return {
        **_measure_fields(),
        **_choice_fields(level),
        **text,
        "infection_date": Day(now, required=False, label=_("Datum uitslag")),
        "prone_ended_at": Moment(now, required=False, label=_("Buikligging tot")),
        "values_at": Moment(now, label=_("Waarden gemeten om")),
        "stable_at": Moment(now, required=False, label=_("Om")),
        "informed_at": Moment(now, required=False, label=_("Om")),
        "gp_informed": forms.BooleanField(required=False, label=_("Huisarts ingelicht")),
    }


def _measure_fields() -> dict[str, forms.Field]:
    words = {
        "age_years": _("Leeftijd"),
        "age_months": _("Maanden, onder 2 jaar"),
        "weight_kg": _("Gewicht"),
        "height_cm": _("Lengte"),
        "illness_day": _("Ziektedag"),
        "icu_day": _("IC-dag"),
        "oxygen_l_min": _("Zuurstof"),
        "peep_cmh2o": "PEEP",
        "pmax_cmh2o": "Pmax",
        "spo2_percent": "SpO₂",
        "pf_ratio_mmhg": "PaO₂/FiO₂",
        "map_mmhg": "MAP",
        "sedation_rass": _("Sedatie, RASS"),
    }
    always = {"age_years", "weight_kg", "spo2_percent", "map_mmhg"}
    fields: dict[str, forms.Field] = {
        name: WholeNumber(*_bounds(name), required=name in always, label=label)
        for name, label in words.items()
    }
    fields["fio2_percent"] = OxygenFraction(*_bounds("fio2_percent"), required=False, label="FiO₂")
    name = "noradrenaline_ug_kg_min"
    fields[name] = DecimalNumber(
        *_bounds(name), label=_("Noradrenaline"), help_text=_("0 als de patiënt het niet krijgt.")
    )
    return fields


def _bounds(name: str) -> tuple[int, int]:
    """The bounds of the table's column, so that they are written once."""
    validators = ClinicalPicture._meta.get_field(name).validators
    low = next(v.limit_value for v in validators if isinstance(v, MinValueValidator))
    high = next(v.limit_value for v in validators if isinstance(v, MaxValueValidator))
    return low, high


def _choice_fields(level: CareLevel) -> dict[str, forms.Field]:
    picture = ClinicalPicture
    ventilation = [
        choice
        for choice in picture.Ventilation.choices
        if level.needs_icu or choice[0] != "invasive"
    ]
    return {
        "sex": _radio(picture.Sex.choices, _("Geslacht")),
        "urgency": forms.TypedChoiceField(
            choices=[(6, _("6 uur")), (24, _("24 uur")), (48, _("48 uur"))],
            coerce=int,
            widget=forms.RadioSelect,
            label=_("Verplaatsen binnen"),
        ),
        "reason": _select(TransferRequest.Reason.choices, _("Reden")),
        "in_cohort": YesNo(label=_("Cohortbed nodig")),
        "infection": _select(picture.Infection.choices, _("Infectie")),
        "isolation": _select(picture.Isolation.choices, _("Isolatie")),
        "airway": _select(picture.Airway.choices, _("Luchtweg")),
        "ventilation": _select(ventilation, _("Vorm")),
        "prone": _select(picture.Prone.choices, _("Buikligging")),
        "ecmo": _select(picture.Ecmo.choices, "ECMO"),
        "other_inotropes": YesNo(label=_("Andere inotropica")),
        "cpr_24h": YesNo(label=_("Reanimatie in 24 uur")),
        "worsening_expected": YesNo(label=_("Verslechtering verwacht")),
        "dialysis": YesNo(label=_("Dialyse of CRRT")),
        "informed": forms.ChoiceField(
            choices=[("agreed", _("akkoord")), ("objects", _("bezwaar"))],
            widget=forms.RadioSelect,
            required=False,
            label=_("Akkoord of bezwaar"),
        ),
    }


def _radio(choices: Any, label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, label=label)


def _select(choices: Any, label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", "—"), *choices], label=label)


def _text_fields() -> dict[str, forms.Field]:
    words = {
        "own_reference": (30, _("Eigen kenmerk"), _("Geen naam, geboortedatum of BSN.")),
        "mdro": (60, _("BRMO"), ""),
        "special_needs": (200, _("Bijzonder"), _("Bijvoorbeeld MRI, chemo, zwanger, tolk.")),
        "treatment_limits": (200, _("Behandelbeperking"), _("Is er geen? Schrijf dan: geen.")),
        "vulnerability": (
            200,
            _("Kwetsbaarheid"),
            _("Ernstige dementie, delier of psychiatrische ziekte."),
        ),
        "geriatric_advice": (200, _("Advies geriater"), ""),
        "stable_by": (100, _("Arts"), ""),
        "informed_who": (100, _("Wie"), ""),
        "objection_override": (200, _("Toch verplaatsen, want"), _("Alleen de behandelend arts.")),
    }
    fields: dict[str, forms.Field] = {
        name: FreeText(longest, required=False, label=label, help_text=help_text)
        for name, (longest, label, help_text) in words.items()
    }
    fields["diagnosis_group"] = FreeText(60, label=_("Diagnosegroep"))
    fields["diagnosis_group"].widget.attrs["list"] = "diagnoses"
    fields["home_area"] = forms.RegexField(
        r"^[0-9]{2}\Z",
        required=False,
        label=_("Postcodegebied thuis"),
        help_text=_("De eerste twee cijfers."),
        error_messages={"invalid": _("Vul de eerste twee cijfers van de postcode in.")},
    )
    fields["home_area"].widget.attrs |= {"inputmode": "numeric", "maxlength": "2"}
    return fields
