"""The calendar of calls: on which local days a phase asks for figures, and at which instants (C4, C5).

Pure. A deadline is a wall time in the Netherlands, turned into an instant once; after that only instants
are compared and added to (docs/adr/0003).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
WEDNESDAY = 2
SATURDAY = 5

# After a longer silence the days before are not asked for again.
MOST_MISSED_DAYS = 7


@dataclass(frozen=True)
class Rhythm:
    """One time a day at which a phase asks for figures: a row of its cadence."""

    days: str
    hospital_at: time
    region_at: time
    nation_at: time | None = None
    fields: str = "full"

    def __post_init__(self) -> None:
        if self.days not in ("daily", "working_days", "wednesday"):
            raise ValueError(f"unknown days {self.days!r}")
        if not self.hospital_at < self.region_at < (self.nation_at or time.max):
            raise ValueError("hospitals answer before regions, regions before the nation")


@dataclass(frozen=True)
class Call:
    """One call for figures, as instants."""

    day: date
    opens_at: datetime
    hospital_due_at: datetime
    region_due_at: datetime
    nation_due_at: datetime | None
    fields: str

    @property
    def done_at(self) -> datetime:
        """Its last deadline."""
        return self.nation_due_at or self.region_due_at


@dataclass(frozen=True)
class Ladder:
    """How far before or after a deadline something happens (C5, C14)."""

    remind: timedelta = timedelta(minutes=30)
    late_list: timedelta = timedelta(minutes=15)
    prepare: timedelta = timedelta(minutes=20)


@dataclass(frozen=True)
class Step:
    """One moment of a call on which something is checked, for each site, each region or the nation."""

    what: str
    party: str
    due_at: datetime


def instant(day: date, at: time, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """The instant (UTC) of a wall time on a local day.

    A time that is skipped in spring moves on by the gap (02:30 becomes 03:30); of a time that comes twice
    in autumn it is the first. Both are what `fold=0` means (PEP 495).
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def local_day(moment: datetime, zone: ZoneInfo = AMSTERDAM) -> date:
    """The day it is in the Netherlands."""
    return moment.astimezone(zone).date()


def is_working_day(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def asks(day: date, days: str, holidays: frozenset[date]) -> bool:
    """Whether a rhythm asks for figures on a local day."""
    if days == "daily":
        return True
    if days == "working_days":
        return is_working_day(day, holidays)
    # Wednesday, or the first working day after it.
    wednesday = day - DAY * ((day.weekday() - WEDNESDAY) % 7)
    passed = (wednesday + DAY * n for n in range((day - wednesday).days))
    return is_working_day(day, holidays) and not any(is_working_day(d, holidays) for d in passed)


def calls_on(day: date, rhythms: Iterable[Rhythm], holidays: frozenset[date]) -> list[Call]:
    """The calls of one phase on a local day, in order.

    The first opens at local midnight. A later one opens when the one before it is done, so that figures
    counted in the morning never answer the call of the afternoon, and the morning's picture is not left
    before it is complete.
    """
    calls: list[Call] = []
    opens_at = instant(day, time.min)
    for rhythm in sorted(rhythms, key=lambda r: r.hospital_at):
        if not asks(day, rhythm.days, holidays):
            continue
        due_at = instant(day, rhythm.hospital_at)
        if calls:
            opens_at = (
                calls[-1].done_at if calls[-1].done_at < due_at else calls[-1].hospital_due_at
            )
        calls.append(
            Call(
                day=day,
                opens_at=opens_at,
                hospital_due_at=due_at,
                region_due_at=instant(day, rhythm.region_at),
                nation_due_at=instant(day, rhythm.nation_at) if rhythm.nation_at else None,
                fields=rhythm.fields,
            )
        )
    return calls


def steps(call: Call, ladder: Ladder) -> list[Step]:
    """What is checked for one call, for whom and when, in clock order."""
    found = [
        Step("remind_hospital", "site", call.hospital_due_at - ladder.remind),
        Step("hospital_late", "site", call.hospital_due_at),
        Step("late_list", "region", call.hospital_due_at + ladder.late_list),
        Step("remind_region", "region", call.region_due_at - ladder.remind),
        Step("region_late", "region", call.region_due_at),
    ]
    if call.nation_due_at:
        found += [
            Step("overview_prepared", "nation", call.nation_due_at - ladder.prepare),
            Step("overview_due", "nation", call.nation_due_at),
        ]
    return sorted(found, key=lambda step: step.due_at)


def days_to_open(newest: date | None, today: date, most: int = MOST_MISSED_DAYS) -> Sequence[date]:
    """Today, and before it the days missed since the newest day with a call; none when there never was one."""
    first = today if newest is None else max(min(newest + DAY, today), today - DAY * most)
    return [first + DAY * n for n in range((today - first).days + 1)]
