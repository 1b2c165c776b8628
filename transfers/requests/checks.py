"""The cross-checks of a request (T3): what keeps it from going, what a doctor must confirm. Pure: no Django.

Ranges and types are the form's work; here stands what fields must be together. Texts live in `labels`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from decimal import Decimal
from typing import Any

# It may not be submitted; the medical officer must confirm; it may go, but not leave the hospital.
BLOCKS = "blocks"
REVIEW = "review"
LATER = "later"

MOST_FRACTION = Decimal(1)
# From this age on nobody counts in months.
YEARS_WITHOUT_MONTHS = 2


@dataclass(frozen=True)
class Finding:
    """One thing to mend or confirm, at a field."""

    field: str
    code: str
    severity: str
    params: Mapping[str, Any] = dataclass_field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """What the checks look at; the names are those of the clinical picture."""

    age_years: int | None = None
    age_months: int | None = None
    airway: str = "none"
    ventilation: str = "none"
    oxygen_l_min: int | None = None
    fio2_percent: int | None = None
    peep_cmh2o: int | None = None
    prone: str = "never"
    ecmo: str = "none"
    vulnerability: str = ""
    geriatric_advice: str = ""
    stable_by: str = ""
    stable_at: datetime | None = None
    informed: str = ""
    informed_who: str = ""
    informed_at: datetime | None = None
    objection_override: str = ""
    gp_informed: bool = False
    values_at: datetime | None = None


def of(source: Any) -> Picture:
    """The picture of anything that has these fields: a row, or a mapping of cleaned values."""
    names = Picture.__dataclass_fields__
    if isinstance(source, Mapping):
        return Picture(**{name: source[name] for name in names if source.get(name) is not None})
    return Picture(**{name: getattr(source, name) for name in names})


def findings(
    picture: Picture,
    *,
    is_softened: bool,
    now: datetime,
    values_until: datetime | None,
    stable_until: datetime | None = None,
) -> list[Finding]:
    """Everything to mend or confirm before this patient goes.

    Parameters
    ----------
    picture : Picture
        What was filled in.
    is_softened : bool
        Whether the phase admits vulnerable patients after a geriatrician's advice (2c and up).
    now : datetime
        The business moment.
    values_until : datetime or None
        Until when the clinical values count; None when they have no moment yet.
    stable_until : datetime or None
        Until when the word counts that the patient is stable; None when it has been judged before.
    """
    return [
        *_age(picture),
        *ventilation(picture),
        *_review(picture),
        *_vulnerability(picture, is_softened),
        *_statements(picture),
        *_stable(now, stable_until),
        *_values(now, values_until),
    ]


def blocking(found: Iterable[Finding]) -> list[Finding]:
    return [one for one in found if one.severity == BLOCKS]


def needs_review(picture: Picture) -> bool:
    """Whether a medical officer must confirm before a bed is asked."""
    return any(_review(picture))


def may_skip_review(picture: Picture) -> bool:
    """Whether a ward patient has nothing that asks a medical officer's eye."""
    return not (
        needs_review(picture) or picture.vulnerability or picture.ventilation in ("niv", "invasive")
    )


def percent_of_fraction(value: Decimal) -> int | None:
    """The percentage somebody meant who typed a fraction of oxygen: 0.6 means 60 %; None for anything else."""
    return round(value * 100) if 0 < value <= MOST_FRACTION else None


def ventilation(picture: Picture) -> list[Finding]:
    """What belongs together in how a patient breathes; asked again with every new values."""
    return list(_ventilation(picture))


def _age(picture: Picture) -> Iterable[Finding]:
    years, months = picture.age_years, picture.age_months
    if months is not None and years is not None and years >= YEARS_WITHOUT_MONTHS:
        yield Finding("age_months", "months_too_old", BLOCKS)


def _ventilation(picture: Picture) -> Iterable[Finding]:
    if picture.ventilation == "invasive":
        if picture.airway == "none":
            yield Finding("airway", "invasive_without_airway", BLOCKS)
        if picture.peep_cmh2o is None:
            yield Finding("peep_cmh2o", "peep_missing", BLOCKS)
        if picture.fio2_percent is None:
            yield Finding("fio2_percent", "fio2_missing", BLOCKS)
    if picture.airway == "tube" and picture.ventilation == "none":
        yield Finding("ventilation", "tube_without_mode", BLOCKS)
    if picture.ventilation in ("o2", "hfno") and picture.oxygen_l_min is None:
        yield Finding("oxygen_l_min", "oxygen_missing", BLOCKS)


def _review(picture: Picture) -> Iterable[Finding]:
    if picture.ecmo != "none":
        yield Finding("ecmo", "ecmo_asks_review", REVIEW)
    if picture.prone == "now":
        yield Finding("prone", "prone_asks_review", REVIEW)


def _vulnerability(picture: Picture, is_softened: bool) -> Iterable[Finding]:
    if picture.vulnerability and not is_softened:
        yield Finding("vulnerability", "vulnerable_stays", BLOCKS)
    elif picture.vulnerability and not picture.geriatric_advice:
        yield Finding("geriatric_advice", "advice_missing", BLOCKS)


def _statements(picture: Picture) -> Iterable[Finding]:
    if not picture.stable_by or picture.stable_at is None:
        yield Finding("stable_by", "stable_missing", BLOCKS)
    if not picture.informed:
        yield Finding("informed", "informed_missing", BLOCKS)
    else:
        if not picture.informed_who:
            yield Finding("informed_who", "informed_who_missing", BLOCKS)
        if picture.informed_at is None:
            yield Finding("informed_at", "informed_at_missing", BLOCKS)
    if picture.informed == "objects" and not picture.objection_override:
        yield Finding("informed", "objection", BLOCKS)
    if not picture.gp_informed:
        yield Finding("gp_informed", "gp_missing", LATER)


def _stable(now: datetime, stable_until: datetime | None) -> Iterable[Finding]:
    if stable_until is not None and stable_until <= now:
        yield Finding("stable_at", "stable_old", BLOCKS)


def _values(now: datetime, values_until: datetime | None) -> Iterable[Finding]:
    if values_until is not None and values_until <= now:
        yield Finding("values_at", "values_old", LATER, {"until": values_until})
