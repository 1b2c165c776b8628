"""Loads the roles; running it again changes nothing."""

from pathlib import Path

from django.db import transaction

from regions.people.models import Role
from regions.places.load import rows

FOLDER = Path(__file__).parent / "reference"


@transaction.atomic
def load_roles() -> int:
    """Every role with its scope and its words, in the order of the file."""
    words = ["label_nl", "label_en", "task_nl", "task_en"]
    made = Role.objects.bulk_create(
        [
            Role(
                key=r["key"],
                scope=r["scope"],
                group=r["group"],
                order=order,
                **{w: r[w] for w in words},
            )
            for order, r in enumerate(rows(FOLDER / "roles.csv"), start=1)
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["scope", "group", "order", *words],
    )
    return len(made)
