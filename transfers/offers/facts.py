"""What a receiving doctor must see first of a patient: three short lists of the clinical picture."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from transfers.requests.models import ClinicalPicture, TransferRequest


@dataclass(frozen=True)
class Fact:
    """One value with its unit."""

    label: str | Promise
    value: str
    unit: str = ""


@dataclass(frozen=True)
class Group:
    """Some values under one heading; the first carries the moment they were taken."""

    title: str | Promise
    facts: tuple[Fact, ...]
    has_moment: bool = False


def groups(request: TransferRequest) -> list[Group]:
    """The lists for a card of the inbox; empty after the picture was erased."""
    picture = request.picture
    if picture is None:
        return []
    found = [Group(gettext_lazy("Beademing"), tuple(_breathing(picture)), has_moment=True)]
    if request.level.needs_icu:
        found.append(Group(gettext_lazy("Circulatie en overig"), tuple(_circulation(picture))))
    found.append(Group(gettext_lazy("Infectie en afspraken"), tuple(_infection(picture))))
    if not request.level.needs_icu:
        found.append(Group(gettext_lazy("Overig"), tuple(_rest(picture))))
    return found


def _breathing(picture: ClinicalPicture) -> Iterable[Fact]:
    form = [picture.get_ventilation_display()]
    if picture.airway != ClinicalPicture.Airway.NONE:
        form.insert(0, picture.get_airway_display())
    yield Fact(gettext_lazy("Vorm"), ", ".join(form))
    yield from _known(gettext_lazy("O₂"), picture.oxygen_l_min, "l/min")
    yield from _known(gettext_lazy("FiO₂"), picture.fio2_percent, "%")
    yield from _known(gettext_lazy("PEEP"), picture.peep_cmh2o, "cmH₂O")
    yield from _known(gettext_lazy("Pmax"), picture.pmax_cmh2o, "cmH₂O")
    yield from _known(gettext_lazy("SpO₂"), picture.spo2_percent, "%")


def _circulation(picture: ClinicalPicture) -> Iterable[Fact]:
    yield from _known(gettext_lazy("MAP"), picture.map_mmhg, "mmHg")
    yield from _known(gettext_lazy("Noradrenaline"), picture.noradrenaline_ug_kg_min, "µg/kg/min")
    support = [_("dialyse")] if picture.dialysis else []
    if picture.ecmo != ClinicalPicture.Ecmo.NONE:
        support.append(f"ECMO {picture.get_ecmo_display()}")
    yield Fact(gettext_lazy("Dialyse, ECMO"), ", ".join(support) or _("nee"))
    yield Fact(gettext_lazy("Buikligging"), picture.get_prone_display())
    yield from _known(gettext_lazy("IC-dag"), picture.icu_day)


def _infection(picture: ClinicalPicture) -> Iterable[Fact]:
    since = formats.date_format(picture.infection_date, "j b") if picture.infection_date else ""
    yield Fact(picture.diagnosis_group, picture.get_infection_display(), since)
    yield Fact(gettext_lazy("Isolatie"), picture.get_isolation_display())
    yield Fact(gettext_lazy("BRMO"), picture.mdro or _("niet bekend"))
    if picture.request.level.needs_icu:
        yield from _known(gettext_lazy("Gewicht"), picture.weight_kg, "kg")
    yield Fact(gettext_lazy("Behandelbeperking"), picture.treatment_limits or _("niet opgegeven"))


def _rest(picture: ClinicalPicture) -> Iterable[Fact]:
    yield from _known(gettext_lazy("Gewicht"), picture.weight_kg, "kg")
    yield from _known(gettext_lazy("Ziektedag"), picture.illness_day)
    said = {"agreed": _("akkoord"), "objects": _("bezwaar")}
    yield Fact(gettext_lazy("Naasten"), said.get(picture.informed, _("niet geïnformeerd")))


def _known(label: Promise, value: object, unit: str = "") -> Iterable[Fact]:
    if value is not None:
        yield Fact(label, str(formats.localize(value, use_l10n=True)), unit)
