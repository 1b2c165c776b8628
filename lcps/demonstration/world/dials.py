"""The numbers every installation starts with, from the same file. Pure: no Django."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[3] / "regions" / "phases" / "reference" / "settings.csv"


@cache
def dials() -> dict[str, Any]:
    with FILE.open(newline="", encoding="utf-8") as lines:
        return {row["name"]: json.loads(row["value"]) for row in csv.DictReader(lines)}


def dial(name: str) -> Any:
    """The value of one dial. Raises KeyError for one that is not in the file."""
    return dials()[name]
