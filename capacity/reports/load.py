"""Loads the care levels; running it again changes nothing."""

from pathlib import Path

from capacity.reports.models import CareLevel
from regions.places.load import rows

FOLDER = Path(__file__).parent / "reference"


def load_levels() -> int:
    """IC and ward; a level added later in the administration stays."""
    made = CareLevel.objects.bulk_create(
        [
            CareLevel(
                code=r["code"],
                label_nl=r["label_nl"],
                label_en=r["label_en"],
                order=int(r["order"]),
                most_beds=int(r["most_beds"]),
                needs_icu=r["needs_icu"] == "yes",
                has_reserve=r["has_reserve"] == "yes",
            )
            for r in rows(FOLDER / "levels.csv")
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label_nl", "label_en", "order", "most_beds", "needs_icu", "has_reserve"],
    )
    return len(made)
