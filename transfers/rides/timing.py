"""How long a ride takes, how much oxygen goes along, and what a planner is warned of (T9). Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
NIGHT_FROM, NIGHT_TO = time(22, 0), time(7, 0)
OXYGEN_MARGIN = 2


@dataclass(frozen=True)
class Pace:
    """The dials of a ride: minutes to load and to clean, and how much slower a MICU drives."""

    load_micu: int = 45
    load_other: int = 20
    clean_plain: int = 30
    clean_isolation: int = 60
    micu_factor: float = 1.3


def drive_minutes(road_minutes: int, *, is_micu: bool, pace: Pace) -> int:
    """Minutes with the patient on board, rounded up."""
    return math.ceil(road_minutes * (pace.micu_factor if is_micu else 1))


def load_minutes(*, is_micu: bool, pace: Pace) -> int:
    return pace.load_micu if is_micu else pace.load_other


def clean_minutes(*, in_isolation: bool, pace: Pace) -> int:
    return pace.clean_isolation if in_isolation else pace.clean_plain


def oxygen_litres(flow_l_min: int, minutes: int) -> int:
    """Litres to take along: flow x minutes x 2."""
    return flow_l_min * minutes * OXYGEN_MARGIN


def arrives_at_night(arrival: datetime) -> bool:
    """Between 22:00 and 07:00 local time."""
    local = arrival.astimezone(ZONE).time()
    return local >= NIGHT_FROM or local < NIGHT_TO


def arrival_of(pick_up: datetime, minutes: int) -> datetime:
    return pick_up + timedelta(minutes=minutes)
