"""Reads of the dials: what is in force at a moment."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from regions.phases.models import FairShareKey, FairShareLine, Phase, PhasePeriod, Setting
from regions.places.models import Region


def phase_at(moment: datetime, region: Region | None = None) -> Phase | None:
    """The phase in force: the nation's, or the region's own when that is higher."""
    periods = PhasePeriod.objects.at(moment).select_related("phase")
    places = [None] if region is None else [None, region.pk]
    phases = [p.phase for p in periods if p.region_id in places]
    return max(phases, key=lambda phase: phase.order, default=None)


def setting_at(name: str, moment: datetime) -> Any:
    """The value of a setting at a moment.

    Raises ImproperlyConfigured when it was never set: load the reference data.
    """
    row = Setting.objects.at(moment).filter(name=name).order_by("-valid_from").first()
    if row is None:
        raise ImproperlyConfigured(
            f"The setting {name!r} has no value at {moment:%Y-%m-%d}; run manage.py load_reference."
        )
    return row.value


def settings_at(prefix: str, moment: datetime) -> dict[str, Any]:
    """All settings whose name starts with `prefix`, without it."""
    rows = Setting.objects.at(moment).filter(name__startswith=prefix).order_by("valid_from")
    return {row.name.removeprefix(prefix): row.value for row in rows}


def fair_shares(level: str, moment: datetime) -> tuple[FairShareKey | None, dict[int, float]]:
    """The key of a level in force, and each region's fraction (0 to 1) of the national load by region id."""
    newest = FairShareKey.objects.at(moment).filter(level=level).order_by("-valid_from")[:1]
    lines = list(FairShareLine.objects.filter(key__in=newest).select_related("key"))
    if not lines:
        return None, {}
    return lines[0].key, {line.region_id: float(line.percent) / 100 for line in lines}
