"""Loads the dials: phases with their cadence, settings and fair-share keys. Running it again changes nothing."""

import json
from collections import defaultdict
from datetime import UTC, datetime, time
from pathlib import Path

from django.db import transaction

from regions.phases.models import Cadence, FairShareKey, FairShareLine, Phase, PhasePeriod, Setting
from regions.places.load import FOLDER as PLACES
from regions.places.load import rows
from regions.places.models import Region

FOLDER = Path(__file__).parent / "reference"
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
BAND_PERCENT = 10
ON_RECORD = "startwaarde, vast te stellen door het LNAZ"


@transaction.atomic
def load_dials() -> dict[str, int]:
    """Phases, cadences and settings. A setting that was changed by decision keeps its newer value."""
    phases = Phase.objects.bulk_create(
        [
            Phase(
                code=r["code"],
                label_nl=r["label_nl"],
                label_en=r["label_en"],
                order=order,
                field_groups=r["field_groups"].split(),
            )
            for order, r in enumerate(rows(FOLDER / "phases.csv"))
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label_nl", "label_en", "order", "field_groups"],
    )
    Cadence.objects.bulk_create(
        [
            Cadence(
                phase_id=r["phase"],
                days=r["days"],
                hospital_at=time.fromisoformat(r["hospital_at"]),
                region_at=time.fromisoformat(r["region_at"]),
                nation_at=time.fromisoformat(r["nation_at"]) if r["nation_at"] else None,
                fields=r["fields"],
            )
            for r in rows(FOLDER / "cadences.csv")
        ],
        update_conflicts=True,
        unique_fields=["phase", "hospital_at"],
        update_fields=["days", "region_at", "nation_at", "fields"],
    )
    settings = Setting.objects.bulk_create(
        [
            Setting(
                name=r["name"], value=json.loads(r["value"]), valid_from=SINCE, decision=ON_RECORD
            )
            for r in rows(FOLDER / "settings.csv")
        ],
        ignore_conflicts=True,
    )
    return {"phases": len(phases), "settings": len(settings)}


@transaction.atomic
def load_fair_shares() -> int:
    """The fair-share key per care level, once; the percentages of a key must sum to 100.00."""
    region = dict(Region.objects.values_list("code", "pk"))
    keys: dict[tuple[str, str], list[FairShareLine]] = defaultdict(list)
    for r in rows(PLACES / "fair_share.csv"):
        keys[r["care_level"], r["valid_from"]].append(
            FairShareLine(region_id=region[r["region"]], percent=r["percentage"])
        )
    for (level, since), lines in keys.items():
        moment = datetime.fromisoformat(since).replace(tzinfo=UTC)
        if FairShareKey.objects.filter(level=level, valid_from=moment).exists():
            continue
        key = FairShareKey.objects.create(
            level=level,
            band_percent=BAND_PERCENT,
            valid_from=moment,
            decision="voorbeeld naar inwoners; de echte verdeelsleutel is niet openbaar",
        )
        for line in lines:
            line.key = key
        FairShareLine.objects.bulk_create(lines)
    return len(keys)


def put_phase_in_force(code: str, *, since: datetime, decision: str) -> None:
    """Start with a national phase, unless one was declared already."""
    if not PhasePeriod.objects.filter(region=None).exists():
        PhasePeriod.objects.create(phase_id=code, valid_from=since, decision=decision)
