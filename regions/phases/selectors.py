"""Reads of the dials: what is in force at a moment."""

from collections.abc import Mapping
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
    # Without its whole name as the prefix, nothing is left of it.
    return settings_at(name, moment)[""]


class Dials(dict[str, Any]):
    """Values of settings by name, without the `prefix` they share.

    Asked for one that was never set, it raises ImproperlyConfigured: load the reference data.
    """

    def __init__(self, values: Mapping[str, Any], *, prefix: str, moment: datetime) -> None:
        super().__init__(values)
        self.prefix, self.moment = prefix, moment

    def __missing__(self, name: str) -> Any:
        raise ImproperlyConfigured(
            f"The setting {self.prefix + name!r} has no value at {self.moment:%Y-%m-%d}; "
            "run manage.py load_reference."
        )


def settings_at(prefix: str, moment: datetime) -> Dials:
    """All settings whose name starts with `prefix`, without it."""
    rows = Setting.objects.at(moment).filter(name__startswith=prefix).order_by("valid_from")
    values = {row.name.removeprefix(prefix): row.value for row in rows}
    return Dials(values, prefix=prefix, moment=moment)


def fair_shares(level: str, moment: datetime) -> tuple[FairShareKey | None, dict[int, float]]:
    """The key of a level in force, and each region's fraction (0 to 1) of the national load by region id."""
    newest = FairShareKey.objects.at(moment).filter(level=level).order_by("-valid_from")[:1]
    lines = list(FairShareLine.objects.filter(key__in=newest).select_related("key"))
    if not lines:
        return None, {}
    return lines[0].key, {line.region_id: float(line.percent) / 100 for line in lines}
