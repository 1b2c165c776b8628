"""Invented clinical pictures: plausible together, true of nobody.

Ranges follow the bounds of the request form; a ventilated patient's oxygenation follows from the
oxygen given. Pure: no Django.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from lcps.demonstration.world.dice import between, pick

DOCTORS = (
    "dr. Aalbers",
    "dr. Boonstra",
    "dr. Celik",
    "dr. Dijkhuis",
    "dr. Ekkelboom",
    "dr. Faber",
    "dr. Groeneveld",
    "dr. Hofstra",
    "dr. Idrissi",
    "dr. Jagroep",
    "dr. Kleinjan",
    "dr. Lammers",
)


@dataclass(frozen=True)
class ClinicalPicture:
    """What the receiving doctor must know; the fields and units of the request form."""

    age_years: int
    sex: str
    weight_kg: int
    height_cm: int
    diagnosis_group: str
    infection: str
    infection_date: date
    isolation: str
    illness_day: int
    values_at: datetime
    mdro: str = ""
    icu_day: int | None = None
    airway: str = "none"
    ventilation: str = "none"
    oxygen_l_min: int | None = None
    fio2_percent: int | None = None
    peep_cmh2o: int | None = None
    pmax_cmh2o: int | None = None
    spo2_percent: int | None = None
    pf_ratio_mmhg: int | None = None
    prone: str = "never"
    map_mmhg: int | None = None
    noradrenaline_ug_kg_min: Decimal | None = None
    other_inotropes: bool = False
    cpr_24h: bool = False
    sedation_rass: int | None = None
    ecmo: str = "none"
    dialysis: bool = False
    special_needs: str = ""
    treatment_limits: str = ""
    vulnerability: str = ""
    stable_by: str = ""
    stable_at: datetime | None = None
    informed: str = ""
    informed_who: str = ""
    informed_at: datetime | None = None
    gp_informed: bool = False


def picture(dice: Random, level: str, values_at: datetime, **known: object) -> ClinicalPicture:
    """A patient with COVID-19 on an ICU (ventilated) or a ward (with oxygen).

    Parameters
    ----------
    dice : Random
        Where the throws come from.
    level : str
        `icu` or `ward`.
    values_at : datetime
        When the values were taken; the doctor calls the patient stable 10 minutes later.
    **known
        Values that the story fixes, by field name.
    """
    sex = "male" if dice.random() < 0.66 else "female"
    height = between(dice, 170, 192) if sex == "male" else between(dice, 157, 176)
    body_mass = between(dice, 25, 34)
    illness_day = between(dice, 9, 16) if level == "icu" else between(dice, 6, 12)
    patient = ClinicalPicture(
        age_years=between(dice, 49, 74) if level == "icu" else between(dice, 46, 81),
        sex=sex,
        height_cm=height,
        weight_kg=round(body_mass * (height / 100) ** 2),
        diagnosis_group="COVID-19, pneumonie",
        infection="confirmed",
        infection_date=values_at.date() - timedelta(days=illness_day - 2),
        isolation="droplet",
        illness_day=illness_day,
        values_at=values_at,
        stable_by=pick(dice, DOCTORS),
        stable_at=values_at + timedelta(minutes=10),
        informed="agreed",
        informed_who="naasten" if level == "icu" else "patiënt en naasten",
        informed_at=values_at + timedelta(minutes=5),
        gp_informed=level == "ward",
        treatment_limits=pick(dice, ["geen", "geen", "geen", "niet reanimeren"])
        if level == "ward"
        else "geen",
    )
    condition = ventilated(dice, illness_day) if level == "icu" else on_oxygen(dice)
    return replace(patient, **{**condition, **known})  # type: ignore[arg-type]


def ventilated(dice: Random, illness_day: int) -> dict[str, object]:
    """Invasive ventilation, deeply sedated, some noradrenaline."""
    fio2 = 5 * between(dice, 8, 13)
    oxygen_pressure = between(dice, 64, 82)
    return {
        "icu_day": between(dice, 1, max(1, illness_day - 7)),
        "airway": "tube",
        "ventilation": "invasive",
        "fio2_percent": fio2,
        "peep_cmh2o": 8 + 2 * between(dice, 0, 3),
        "pmax_cmh2o": between(dice, 23, 30),
        # Arterial oxygen of 64-82 mmHg goes with a saturation of 92-96 %.
        "spo2_percent": 92 + (oxygen_pressure - 64) // 4,
        "pf_ratio_mmhg": round(100 * oxygen_pressure / fio2),
        "prone": pick(dice, ["never", "earlier"], [2, 3]),
        "map_mmhg": between(dice, 66, 82),
        "noradrenaline_ug_kg_min": Decimal(between(dice, 0, 18)) / 100,
        "sedation_rass": between(dice, -5, -3),
    }


def on_oxygen(dice: Random) -> dict[str, object]:
    """Awake on a ward with 1 to 5 litres of oxygen."""
    return {
        "ventilation": "o2",
        "oxygen_l_min": between(dice, 1, 5),
        "spo2_percent": between(dice, 92, 96),
        "map_mmhg": between(dice, 78, 102),
        "sedation_rass": 0,
    }
