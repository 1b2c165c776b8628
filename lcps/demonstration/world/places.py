"""The hospitals of the demonstration, as the reference files describe them. Pure: no Django."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).parents[3] / "regions" / "places" / "reference"


@dataclass(frozen=True)
class Place:
    """A reporting hospital location, with the assumed weights of docs/data.md."""

    code: str
    region: str
    postcode: str
    latitude: float
    longitude: float
    size: str
    has_icu: bool
    icu_weight: int
    ward_weight: int

    def weight(self, level: str) -> int:
        return self.icu_weight if level == "icu" else self.ward_weight


@cache
def reporting_sites() -> dict[str, Place]:
    """Sites that report, by code, in the order of the file."""
    with (REFERENCE / "sites.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["reports"] == "yes"]
    return {
        row["code"]: Place(
            code=row["code"],
            region=row["region"],
            postcode=row["postcode"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            size=row["assumed_size"],
            has_icu=row["assumed_icu"] == "yes",
            icu_weight=int(row["assumed_icu_weight"]),
            ward_weight=int(row["assumed_ward_weight"]),
        )
        for row in rows
    }


@cache
def inhabitants() -> dict[str, int]:
    """Inhabitants by region code, in the order of the file."""
    with (REFERENCE / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: int(row["population"]) for row in csv.DictReader(file)}
