"""The form as a page: panels with what is still open, and the advice beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions.places.models import Site
from transfers.requests import checks, conditions, forms
from transfers.requests.models import TransferRequest
from transfers.rides import advice
from transfers.rides.models import Ride

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Row:
    """One field with what stands around it."""

    field: BoundField
    unit: Any
    is_number: bool
    is_short: bool
    may_be_empty: bool
    fraction: int | None


@dataclass(frozen=True)
class Panel:
    """A group of fields: `state` is the chip's (done, late, over)."""

    key: str
    number: int
    label: Any
    rows: list[Row]
    state: str
    said: str


@dataclass(frozen=True)
class Criterion:
    """One limit for transport without MICU: is-yes, is-no or is-unknown."""

    label: str
    state: str
    said: str


@dataclass(frozen=True)
class Advice:
    label: str
    because: str
    criteria: list[Criterion]


@dataclass(frozen=True)
class FieldDifference:
    """A field whose stored value is another than what was typed: both are shown."""

    label: Any
    typed: str
    stored: str


@dataclass(frozen=True)
class Sheet:
    """Everything the form page shows."""

    form: forms.RequestForm
    panels: list[Panel]
    advice: Advice | None
    values_until: datetime | None
    differences: list[FieldDifference]

    @property
    def ready(self) -> int:
        return sum(panel.state == "done" for panel in self.panels)


def judge(form: forms.RequestForm, site: Site, now: datetime) -> list[checks.Finding]:
    """What still keeps a filled-in form from going, by the rules of the phase and the level."""
    if not form.is_bound:
        return []
    picture = checks.of(form.cleaned_data if form.is_valid() or form.cleaned_data else {})
    return checks.findings(
        picture,
        is_softened=conditions.is_softened(site.region, now),
        now=now,
        values_until=_until(form, "values_at", now),
        stable_until=_until(form, "stable_at", now),
    )


def sheet(
    form: forms.RequestForm,
    site: Site,
    now: datetime,
    newer: TransferRequest | None = None,
) -> Sheet:
    """The page around a form. An untouched form is judged by what stands in it, and shows no errors yet."""
    judged = form if form.is_bound else _as_bound(form)
    found = judge(judged, site, now)
    return Sheet(
        form=form,
        panels=[
            _panel(number, group, form, judged, found)
            for number, group in enumerate(forms.GROUPS, start=1)
            if forms.bound_fields(form, group)
        ],
        advice=_advice(judged),
        values_until=_until(judged, "values_at", now),
        differences=_differences(form, newer) if newer else [],
    )


def panels(form: forms.PictureForm) -> list[Panel]:
    """The groups of a smaller form, without a word on whether they are complete."""
    found = []
    for number, group in enumerate(forms.GROUPS, start=1):
        rows = [_row(form, field) for field in forms.bound_fields(form, group)]
        if rows:
            found.append(Panel(group.key, number, group.label, rows, "", ""))
    return found


def initial(request: TransferRequest) -> dict[str, Any]:
    """What stands in a request: the draft as typed, or the values."""
    draft = getattr(request, "draft", None)
    if draft is not None:
        return dict(draft.values)
    stood = {name: getattr(request, name) for name in ("urgency", "reason", "in_cohort")}
    stood |= {"own_reference": request.own_reference, "home_area": request.home_area}
    picture = request.picture
    if picture is not None:
        names = {name for group in forms.GROUPS for name in group.names} - set(stood)
        stood |= {name: getattr(picture, name) for name in names}
    return stood


def started() -> dict[str, Any]:
    """What a new form starts with: the usual reason. What is true of a patient only a doctor can say."""
    return {"reason": TransferRequest.Reason.CAPACITY}


def _as_bound(form: forms.RequestForm) -> forms.RequestForm:
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in values.items()}
    return type(form)(data, level=form.level, now=form.now)


def _panel(
    number: int,
    group: forms.Group,
    form: forms.RequestForm,
    judged: forms.RequestForm,
    found: Iterable[checks.Finding],
) -> Panel:
    rows = [_row(form, field) for field in forms.bound_fields(form, group)]
    names = {row.field.name for row in rows}
    wrong = {n for n in names & set(judged.errors) if not _is_open(judged, n)}
    missing = {n for n in names & set(judged.errors) if _is_open(judged, n)}
    later = []
    for one in found:
        if one.field not in names - set(judged.errors):
            continue
        if one.severity == checks.LATER:
            later.append(one)
        elif one.severity == checks.BLOCKS:
            (missing if one.code.endswith("_missing") else wrong).add(one.field)
    state, said = _said(len(wrong), len(missing - wrong), later)
    return Panel(group.key, number, group.label, rows, state, said)


def _is_open(form: forms.RequestForm, name: str) -> bool:
    errors = form.errors.as_data()[name]
    return all(e.code == "required" or str(e.code).endswith("_missing") for e in errors)


def _said(wrong: int, missing: int, later: list[checks.Finding]) -> tuple[str, str]:
    if wrong:
        return "over", ngettext("%(n)s fout", "%(n)s fouten", wrong) % {"n": wrong}
    if missing:
        return "late", _("%(n)s open") % {"n": missing}
    if later:
        words = {"gp_missing": _("huisarts nog niet"), "values_old": _("waarden te oud")}
        return "late", words[later[0].code]
    return "done", _("compleet")


def _row(form: forms.PictureForm, field: BoundField) -> Row:
    name = field.name
    fraction = form.fraction_meant() if name == "fio2_percent" and form.is_bound else None
    return Row(
        field=field,
        unit=forms.UNITS.get(name, ""),
        is_number=name in forms.UNITS,
        is_short=name in forms.SHORT,
        may_be_empty=name in forms.OPTIONAL,
        fraction=fraction,
    )


def _until(form: forms.RequestForm, name: str, now: datetime) -> datetime | None:
    """Until when counts what was seen at the moment in a field."""
    at = getattr(form, "cleaned_data", {}).get(name)
    return conditions.counts_until(form.level.code, at, now) if at else None


def _differences(form: forms.RequestForm, newer: TransferRequest) -> list[FieldDifference]:
    """What was typed beside what somebody else stored meanwhile."""
    other = forms.RequestForm(level=form.level, now=form.now, initial=initial(newer))
    found = []
    for name in form.fields:
        typed, stored = _text(form, name), _text(other, name)
        if name not in ("version", "submission") and typed != stored:
            found.append(FieldDifference(form[name].label, typed or "—", stored or "—"))
    return found


def _text(form: forms.RequestForm, name: str) -> str:
    """A value as it is read: the label of a choice, the text of a box."""
    value = form[name].value()
    choices = {str(key): str(label) for key, label in getattr(form.fields[name], "choices", [])}
    if value is True or value == "on":
        return _("ja")
    return choices.get(str(value), "" if value in (None, False) else str(value).strip())


def _advice(form: forms.RequestForm) -> Advice | None:
    values = getattr(form, "cleaned_data", {})
    patient = advice.patient_of(values, is_icu=form.level.needs_icu)
    advised = advice.advise(patient)
    needed = advice.needed(values.get("ventilation") or "", is_icu=patient.is_icu)
    missing = {name for name in needed if values.get(name) in (None, "")}
    criteria = _criteria(patient, advised.because, missing) if patient.is_icu else []
    is_decided = advised.kind == advice.B1_NURSE or any(one.state == "no" for one in criteria)
    if missing and not is_decided:
        labels = ", ".join(str(form[name].label) for name in needed if name in missing)
        return Advice(_("nog onbekend"), _("Vul nog in: %s.") % labels, criteria)
    unmet = sum(one.state != "yes" for one in criteria)
    return Advice(
        label=str(Ride.Kind(advised.kind).label),
        because=_because(advised, unmet, len(criteria)),
        criteria=criteria,
    )


def _because(advised: advice.Advice, unmet: int, limits: int) -> str:
    if advised.kind == advice.MICU:
        return _(
            "MICU, want %(unmet)s van %(limits)s eisen voor begeleid vervoer staan niet vast."
        ) % {
            "unmet": unmet,
            "limits": limits,
        }
    if advised.kind == advice.ESCORTED:
        return _("Begeleid kan: alle eisen zijn gehaald.")
    if advised.kind == advice.B1_NURSE:
        return _("Met verpleegkundige, want de patiënt krijgt veel zuurstof of high flow.")
    return _("Gewone ambulance: niets vraagt om meer.")


def _criteria(patient: advice.Patient, unmet: Iterable[str], missing: set[str]) -> list[Criterion]:
    unknown = advice.unknown_limits(missing)
    rows: tuple[tuple[str, str, Any, str], ...] = (
        ("spo2", _("SpO₂ boven %s %%") % advice.SPO2_ABOVE, patient.spo2_percent, "%"),
        ("pmax", _("Pmax onder %s cmH₂O") % advice.PMAX_BELOW, patient.pmax_cmh2o, ""),
        ("peep", _("PEEP onder %s cmH₂O") % advice.PEEP_BELOW, patient.peep_cmh2o, ""),
        ("fio2", _("FiO₂ %s %% of lager") % advice.FIO2_AT_MOST, patient.fio2_percent, "%"),
        ("map", _("MAP boven %s mmHg") % advice.MAP_ABOVE, patient.map_mmhg, ""),
        ("inotropes", _("Geen inotropica"), patient.has_inotropes, ""),
        ("cpr", _("Geen reanimatie in 24 uur"), patient.cpr_24h, ""),
        ("worsening", _("Geen verslechtering verwacht"), patient.worsening_expected, ""),
    )
    return [
        Criterion(label, "unknown", _("onbekend: nog leeg"))
        if code in unknown and value is not True
        else _criterion(code in unmet, label, value, unit)
        for code, label, value, unit in rows
    ]


def _criterion(is_unmet: bool, label: str, value: Any, unit: str) -> Criterion:
    if isinstance(value, bool):
        filled = _("ja") if value else _("nee")
        if is_unmet:
            return Criterion(label, "no", _("voldoet niet (ingevuld: %s)") % filled)
        return Criterion(label, "yes", _("voldoet (ingevuld: %s)") % filled)
    if not is_unmet:
        said = _("voldoet: %s") % f"{value} {unit}".strip() if value is not None else _("voldoet")
        return Criterion(label, "yes", said)
    return Criterion(label, "no", _("voldoet niet: %s") % f"{value} {unit}".strip())
