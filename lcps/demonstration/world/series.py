"""The published figures the demonstration rests on, read from file. Pure: no Django."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILES = Path(__file__).parent / "series"


@dataclass(frozen=True)
class NationalDay:
    """One day in the Netherlands. Counts of beds (occupied) and of patients (new in 24 h).

    `new_source` is `lcps`, or `nice_day_before` while LCPS published no admissions (docs/data.md).
    """

    day: date
    icu_occ_confirmed: int
    icu_occ_other: int
    ward_occ_confirmed: int
    icu_new_24h: int
    ward_new_24h: int
    new_source: str


@cache
def national() -> tuple[NationalDay, ...]:
    """Every day from 25 August to 29 October 2020, in order."""
    with (FILES / "national.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            NationalDay(
                day=date.fromisoformat(row["date"]),
                icu_occ_confirmed=int(row["icu_occ_confirmed"]),
                icu_occ_other=int(row["icu_occ_other"]),
                ward_occ_confirmed=int(row["ward_occ_confirmed"]),
                icu_new_24h=int(row["icu_new_24h"]),
                ward_new_24h=int(row["ward_new_24h"]),
                new_source=row["new_source"],
            )
            for row in csv.DictReader(file)
        )


@cache
def regional_admissions() -> Mapping[date, Mapping[str, int]]:
    """Hospital admissions with COVID-19 by day and region of residence, from 11 August 2020."""
    with (FILES / "regional_admissions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        date.fromisoformat(row.pop("date")): {
            region: int(patients) for region, patients in row.items()
        }
        for row in rows
    }
