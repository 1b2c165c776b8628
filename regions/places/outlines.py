"""The outlines of the regions, for the maps: paths in the map's own units. Pure, read once."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "reference" / "outlines.json"


@dataclass(frozen=True)
class Outline:
    """A region's shape as an SVG path, and where its name stands."""

    path: str
    label_x: int
    label_y: int
    at_sea: bool


@cache
def outlines() -> dict[str, Outline]:
    """By region code. A region without an outline is in the table and not on the map."""
    found = json.loads(FILE.read_text(encoding="utf-8"))["regions"]
    return {
        code: Outline(one["path"], one["label_x"], one["label_y"], one["at_sea"])
        for code, one in found.items()
    }
