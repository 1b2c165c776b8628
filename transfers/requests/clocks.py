"""When a request is late in its status, and from when that is near. Pure: no Django.

The limits are settings with validity dates: minutes by name of the clock and urgency in hours (T4).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from transfers.requests import status as states

Limits = Mapping[str, Mapping[str, int]]

# A clock is "soon" in its last quarter, and always in its last twenty minutes.
SOON_PART = 4
SOON_LEAST = timedelta(minutes=20)


def due_at(status: str, urgency: int, since: datetime, limits: Limits) -> datetime | None:
    """When a request that came into `status` is late.

    Parameters
    ----------
    status : str
        Code of the status.
    urgency : int
        Hours within which the patient must move: a key of each limit.
    since : datetime
        From when the clock runs: when the status began; for a ride its planned departure or arrival.
    limits : mapping
        Minutes by name of the clock and urgency.

    Returns
    -------
    datetime or None
        None when no clock runs in this status.

    Raises
    ------
    KeyError
        When a clock has no limit for this urgency: the settings are incomplete.
    """
    name = states.STATUSES[status].clock
    if not name:
        return None
    return since + timedelta(minutes=limits[name][str(urgency)])


def soon_at(since: datetime, due: datetime | None) -> datetime | None:
    """From when the clock asks attention; not before it started."""
    if due is None:
        return None
    return max(since, due - max((due - since) / SOON_PART, SOON_LEAST))


def values_until(level: str, taken_at: datetime, hours: Mapping[str, int]) -> datetime:
    """Until when clinical values count.

    An unknown level gets the shortest limit: rather ask once too often.
    """
    return taken_at + timedelta(hours=hours.get(level, min(hours.values())))
