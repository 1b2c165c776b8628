"""Which kind of transport a patient needs (T8). Pure: no Django.

Limits from the Dutch guideline for the transport of IC patients: without a MICU only when all of them hold.
The physician decides; another choice than the advice asks a reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

MICU, ESCORTED, B1_NURSE, B2 = "micu", "escorted", "b1_nurse", "b2"

# Accompanied transport without MICU: every one of these.
SPO2_ABOVE = 98
PMAX_BELOW = 20
PEEP_BELOW = 6
FIO2_AT_MOST = 50
MAP_ABOVE = 70
# Ward: more oxygen than this, or high flow, needs a nurse along.
OXYGEN_WITHOUT_NURSE = 15


@dataclass(frozen=True)
class Patient:
    """What the advice looks at. Units: %, cmH2O, mmHg, l/min; None is not measured."""

    is_icu: bool
    ventilation: str = "none"
    spo2_percent: int | None = None
    pmax_cmh2o: int | None = None
    peep_cmh2o: int | None = None
    fio2_percent: int | None = None
    map_mmhg: int | None = None
    has_inotropes: bool = False
    cpr_24h: bool = False
    worsening_expected: bool = False
    oxygen_l_min: int | None = None


MEASURES = (
    "spo2_percent",
    "pmax_cmh2o",
    "peep_cmh2o",
    "fio2_percent",
    "map_mmhg",
    "oxygen_l_min",
)


def patient_of(source: object, *, is_icu: bool) -> Patient:
    """What the advice looks at, of a clinical picture or of values being typed; unknown stays unknown."""

    def value(name: str) -> Any:
        return source.get(name) if isinstance(source, Mapping) else getattr(source, name)

    return Patient(
        is_icu=is_icu,
        ventilation=value("ventilation") or "none",
        has_inotropes=bool(value("noradrenaline_ug_kg_min") or value("other_inotropes")),
        cpr_24h=bool(value("cpr_24h")),
        worsening_expected=bool(value("worsening_expected")),
        **{name: value(name) for name in MEASURES},
    )


@dataclass(frozen=True)
class Advice:
    """The kind, and the codes of what decided it (empty when nothing speaks against the lightest kind)."""

    kind: str
    because: tuple[str, ...]


def advise(patient: Patient) -> Advice:
    """The lightest kind of transport that is safe.

    An IC patient travels without MICU only when every limit is known to hold: a value that was not
    measured counts as not met.
    """
    if patient.is_icu:
        unmet = unmet_limits(patient)
        return Advice(MICU, unmet) if unmet else Advice(ESCORTED, ())
    heavy = tuple(
        code
        for code, is_so in (
            ("high_flow", patient.ventilation == "hfno"),
            ("much_oxygen", (patient.oxygen_l_min or 0) > OXYGEN_WITHOUT_NURSE),
        )
        if is_so
    )
    return Advice(B1_NURSE, heavy) if heavy else Advice(B2, ())


def unmet_limits(patient: Patient) -> tuple[str, ...]:
    """Codes of the limits for accompanied IC transport that do not hold or are not known."""
    ventilated = patient.ventilation in ("niv", "invasive")
    unmet = {
        "spo2": not _above(patient.spo2_percent, SPO2_ABOVE),
        "pmax": ventilated and not _below(patient.pmax_cmh2o, PMAX_BELOW),
        "peep": ventilated and not _below(patient.peep_cmh2o, PEEP_BELOW),
        "fio2": not _below(patient.fio2_percent, FIO2_AT_MOST + 1),
        "map": not _above(patient.map_mmhg, MAP_ABOVE),
        "inotropes": patient.has_inotropes,
        "cpr": patient.cpr_24h,
        "worsening": patient.worsening_expected,
    }
    return tuple(code for code, is_unmet in unmet.items() if is_unmet)


# What each limit is read from; the pressures count for who is ventilated.
READ_FROM = {
    "spo2": ("spo2_percent",),
    "pmax": ("ventilation", "pmax_cmh2o"),
    "peep": ("ventilation", "peep_cmh2o"),
    "fio2": ("fio2_percent",),
    "map": ("map_mmhg",),
    "inotropes": ("noradrenaline_ug_kg_min", "other_inotropes"),
    "cpr": ("cpr_24h",),
    "worsening": ("worsening_expected",),
}


def needed(ventilation: str, *, is_icu: bool) -> tuple[str, ...]:
    """The values this advice is read from; `ventilation` is empty as long as nobody said which."""
    if not is_icu:
        return ("ventilation", "oxygen_l_min") if ventilation in ("", "o2") else ("ventilation",)
    names = dict.fromkeys(name for names in READ_FROM.values() for name in names)
    is_ventilated = ventilation in ("niv", "invasive")
    return tuple(n for n in names if is_ventilated or n not in ("pmax_cmh2o", "peep_cmh2o"))


def unknown_limits(missing: Collection[str]) -> tuple[str, ...]:
    """Codes of the limits of which a value is missing."""
    return tuple(code for code, names in READ_FROM.items() if set(names) & set(missing))


def _above(value: int | None, limit: int) -> bool:
    return value is not None and value > limit


def _below(value: int | None, limit: int) -> bool:
    return value is not None and value < limit
