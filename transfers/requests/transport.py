"""Asks the advice on transport about a request: from what is stored, or from what is being typed."""

from collections.abc import Mapping
from typing import Any

from transfers.requests.models import ClinicalPicture
from transfers.rides import advice

MEASURES = (
    "spo2_percent",
    "pmax_cmh2o",
    "peep_cmh2o",
    "fio2_percent",
    "map_mmhg",
    "oxygen_l_min",
)


def patient_of(source: ClinicalPicture | Mapping[str, Any], *, is_icu: bool) -> advice.Patient:
    """What the advice looks at; an unknown value stays unknown."""

    def value(name: str) -> Any:
        return source.get(name) if isinstance(source, Mapping) else getattr(source, name)

    return advice.Patient(
        is_icu=is_icu,
        ventilation=value("ventilation") or "none",
        has_inotropes=bool(value("noradrenaline_ug_kg_min") or value("other_inotropes")),
        cpr_24h=bool(value("cpr_24h")),
        **{name: value(name) for name in MEASURES},
    )


def needs_micu(picture: ClinicalPicture, *, is_icu: bool) -> bool:
    """Whether the patient travels by mobile intensive care only."""
    return advice.advise(patient_of(picture, is_icu=is_icu)).kind == advice.MICU
