"""How old a figure may be before it counts for less, or no longer (C8). Pure: no Django.

Age is counted in calls, not in minutes: yesterday's figure is fresh until today's is due. What has
expired is not a free bed and no destination.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Age(StrEnum):
    """The worth of a figure by its age, as word and shape on every screen."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long figures count: hours when asked daily, working days, days in standby."""

    daily_hours: int = 48
    working_days: int = 2
    standby_days: int = 9


def state(
    *, answered_due: datetime, dues: Iterable[datetime], valid_until: datetime, now: datetime
) -> Age:
    """The age of figures that answered the call due at `answered_due`.

    Parameters
    ----------
    answered_due : datetime
        When the call they answer was due.
    dues : Iterable[datetime]
        When calls were due; those after `answered_due` that have passed were missed.
    valid_until : datetime
        When the figures expire.
    now : datetime
        The business moment. On the moment a call is due, it is not yet missed.
    """
    if now >= valid_until:
        return Age.EXPIRED
    missed = sum(1 for due in dues if answered_due < due < now)
    return (Age.FRESH, Age.LATE, Age.STALE)[min(missed, 2)]


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def valid_until(
    *,
    due_at: datetime,
    days: str,
    limits: Limits = Limits(),
    is_working_day: Callable[[date], bool] = is_weekday,
) -> datetime:
    """The instant at which figures that answer a call expire.

    Parameters
    ----------
    due_at : datetime
        When the call was due.
    days : str
        The cadence: `daily` (hours), `working_days` (whole working days; weekends and holidays
        between them do not count) or `wednesday` (days of standby). The last two keep the
        wall-clock time in Amsterdam.
    limits : Limits
        How long each counts.
    is_working_day : Callable[[date], bool]
        Which days count as working days.
    """
    if days == "daily":
        return due_at + timedelta(hours=limits.daily_hours)
    local = due_at.astimezone(AMSTERDAM)
    last = local.date()
    if days == "working_days":
        for _ in range(limits.working_days):
            last += timedelta(days=1)
            while not is_working_day(last):
                last += timedelta(days=1)
    else:
        last += timedelta(days=limits.standby_days)
    return datetime.combine(last, local.timetz()).astimezone(due_at.tzinfo)
