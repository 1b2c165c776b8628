"""Public holidays in the Netherlands: the calendar, with what the centre added and removed."""

from collections.abc import Iterable
from datetime import date, datetime

from regions.phases import selectors as phases


def public_holidays(years: Iterable[int], now: datetime) -> frozenset[date]:
    """The days that are no working days, for the given years."""
    # Imported here: half a second that no web process needs.
    from holidays import country_holidays

    added, removed = (
        frozenset(date.fromisoformat(day) for day in phases.setting_at(name, now))
        for name in ("holidays.added", "holidays.removed")
    )
    return frozenset(country_holidays("NL", years=set(years))) - removed | added
