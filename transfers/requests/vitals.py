"""The clinical picture as a page shows it: groups of values with their unit and age, and the statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from capacity.models import CareLevel
from transfers.requests.models import ClinicalPicture, TransferRequest

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Vital:
    """One value; `value` is None when it was not measured."""

    label: str
    value: str | None
    unit: str = ""


@dataclass(frozen=True)
class Group:
    label: str
    taken_at: datetime | None
    vitals: list[Vital]


@dataclass(frozen=True)
class Statement:
    label: str
    said: str
    is_given: bool
    is_gp: bool = False


def summary(request: TransferRequest) -> list[str]:
    """One line about the patient for the head of the page."""
    picture = request.picture
    if picture is None:
        return [_("reden: %s") % request.get_reason_display()]
    parts = [
        f"{picture.get_sex_display()}, {_age(picture)}",
        picture.get_ventilation_display() if picture.ventilation != "none" else "",
        picture.diagnosis_group,
        _("reden: %s") % request.get_reason_display(),
        _("eigen kenmerk %s") % request.own_reference if request.own_reference else "",
    ]
    return [part for part in parts if part]


def groups(picture: ClinicalPicture | None, level: CareLevel, now: datetime) -> list[Group]:
    """The values by group; empty when there is no picture (a draft, or erased after its time)."""
    if picture is None:
        return []
    taken_at = picture.values_at
    circulation = _circulation(picture) if level.needs_icu else _condition(picture)
    return [
        Group(_("Beademing"), taken_at, list(_breathing(picture, level))),
        Group(_("Circulatie"), taken_at, list(circulation)),
        Group(_("Infectie"), None, list(_infection(picture, level))),
        Group(_("Overig"), taken_at, list(_other(picture, level))),
    ]


def statements(picture: ClinicalPicture | None) -> list[Statement]:
    """What people declared: who, and when."""
    if picture is None:
        return []
    said = {
        "agreed": _("akkoord"),
        "objects": _("bezwaar"),
    }.get(picture.informed, _("nog niet geïnformeerd"))
    who = ", ".join(part for part in (picture.informed_who, _at(picture.informed_at)) if part)
    found = [
        Statement(
            _("Stabiel voor vervoer"),
            ", ".join(p for p in (picture.stable_by, _at(picture.stable_at)) if p) or _("nog niet"),
            bool(picture.stable_by),
        ),
        Statement(
            _("Patiënt of naasten"),
            f"{said} ({who})" if who else said,
            picture.informed == "agreed",
        ),
        Statement(
            _("Huisarts ingelicht"),
            _("ja") if picture.gp_informed else _("nog niet"),
            picture.gp_informed,
            is_gp=True,
        ),
    ]
    if picture.fit_at:
        verdict = _("geschikt onder voorwaarde: %s") % picture.fit if picture.fit else _("geschikt")
        who = ", ".join(part for part in (picture.fit_by, _at(picture.fit_at)) if part)
        found.append(Statement(_("Medisch oordeel"), f"{verdict} ({who})", True))
    if picture.objection_override:
        found.append(Statement(_("Toch verplaatsen, want"), picture.objection_override, True))
    if picture.geriatric_advice:
        found.append(Statement(_("Advies geriater"), picture.geriatric_advice, True))
    return found


def _breathing(picture: ClinicalPicture, level: CareLevel) -> Iterable[Vital]:
    if level.needs_icu:
        yield Vital(_("Luchtweg"), picture.get_airway_display())
    yield Vital(_("Vorm"), picture.get_ventilation_display())
    yield from _measured(_("Zuurstof"), picture.oxygen_l_min, _("l/min"), level.needs_icu)
    yield from _measured("FiO₂", picture.fio2_percent, "%", not level.needs_icu)
    if level.needs_icu:
        yield from _measured("PEEP", picture.peep_cmh2o, "cmH₂O")
        yield from _measured("Pmax", picture.pmax_cmh2o, "cmH₂O")
    yield from _measured("SpO₂", picture.spo2_percent, "%")
    if level.needs_icu:
        yield from _measured("PaO₂/FiO₂", picture.pf_ratio_mmhg, "mmHg")
        ended = _("tot %s") % _at(picture.prone_ended_at) if picture.prone_ended_at else ""
        yield Vital(_("Buikligging"), picture.get_prone_display(), ended)


def _circulation(picture: ClinicalPicture) -> Iterable[Vital]:
    yield from _measured("MAP", picture.map_mmhg, "mmHg")
    yield from _measured(_("Noradrenaline"), picture.noradrenaline_ug_kg_min, "µg/kg/min")
    yield Vital(_("Andere inotropica"), _yes(picture.other_inotropes))
    yield Vital(_("Reanimatie < 24 u"), _yes(picture.cpr_24h))
    yield Vital(_("Verslechtering verwacht"), _yes(picture.worsening_expected))
    yield Vital("ECMO", _("nee") if picture.ecmo == "none" else picture.get_ecmo_display())
    yield Vital(_("Dialyse"), _yes(picture.dialysis))


def _condition(picture: ClinicalPicture) -> Iterable[Vital]:
    yield Vital(_("Reanimatie < 24 u"), _yes(picture.cpr_24h))
    yield Vital(_("Verslechtering verwacht"), _yes(picture.worsening_expected))
    yield Vital(_("Dialyse"), _yes(picture.dialysis))


def _infection(picture: ClinicalPicture, level: CareLevel) -> Iterable[Vital]:
    since = formats.date_format(picture.infection_date, "j b") if picture.infection_date else ""
    yield Vital(_("Infectie"), picture.get_infection_display(), since)
    yield Vital(_("Isolatie"), picture.get_isolation_display())
    yield Vital(_("BRMO"), picture.mdro or _("niet bekend"))
    yield from _measured(_("Ziektedag"), picture.illness_day)
    if level.needs_icu:
        yield from _measured(_("IC-dag"), picture.icu_day)


def _other(picture: ClinicalPicture, level: CareLevel) -> Iterable[Vital]:
    yield Vital(_("Leeftijd, geslacht"), _age(picture), picture.get_sex_display())
    yield from _measured(_("Gewicht"), picture.weight_kg, "kg")
    if picture.height_cm:
        mass = picture.weight_kg / (picture.height_cm / 100) ** 2
        yield Vital(_("Lengte, BMI"), str(picture.height_cm), f"cm, {round(mass)}")
    if level.needs_icu:
        rass = picture.sedation_rass
        yield Vital(_("Sedatie"), None if rass is None else f"RASS {rass}".replace("-", "−"))
    yield Vital(_("Behandelbeperking"), picture.treatment_limits or _("niet opgegeven"))
    yield Vital(_("Bijzonder"), picture.special_needs or _("niet opgegeven"))
    if picture.vulnerability:
        yield Vital(_("Kwetsbaarheid"), picture.vulnerability)


def _measured(label: str, value: Any, unit: str = "", quiet: bool = False) -> Iterable[Vital]:
    """A measure with its unit; one that was not taken is said, unless the level does not ask it."""
    if value is not None:
        yield Vital(label, formats.localize(value, use_l10n=True), unit)
    elif not quiet:
        yield Vital(label, None)


def _age(picture: ClinicalPicture) -> str:
    if picture.age_years < 2 and picture.age_months is not None:
        return _("%s maanden") % picture.age_months
    return _("%s jaar") % picture.age_years


def _yes(value: bool) -> str:
    return _("ja") if value else _("nee")


def _at(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"{formats.date_format(moment.astimezone(AMSTERDAM), 'j b')} {hm(moment)}"


def day(moment: datetime, now: datetime) -> str:
    """The day in the Netherlands, with the year when that is another one: 28 okt, 31 dec 2019."""
    local, today = moment.astimezone(AMSTERDAM), now.astimezone(AMSTERDAM)
    return formats.date_format(local, "j b" if local.year == today.year else "j b Y")


def hm(moment: datetime) -> str:
    """The wall-clock time in the Netherlands."""
    return f"{moment.astimezone(AMSTERDAM):%H:%M}"
