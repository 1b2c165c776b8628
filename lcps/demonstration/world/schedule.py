"""Who reports when: most in time, some late, some by telephone, three never. Pure: no Django."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from lcps.demonstration.world import dice as chance
from lcps.demonstration.world.places import reporting_sites

ZONE = ZoneInfo("Europe/Amsterdam")
LAST_DAY = date(2020, 10, 29)
FIRST_MINUTE, LAST_MINUTE = 7 * 60 + 20, 8 * 60 + 29

# On the last day: not at all, after the deadline, or told by telephone to their region.
NEVER = frozenset({"skb-winterswijk", "elkerliek-helmond", "van-weel-dirksland"})
AT = {
    # Places where the tour of the demonstration looks in while they still have to report.
    "maasstad-rotterdam": time(8, 24),
    "erasmus-mc-rotterdam": time(8, 19),
    "rijnstate-arnhem": time(8, 26),
    "bernhoven-uden": time(8, 29),
    "etz-elisabeth": time(8, 27),
    "langeland-zoetermeer": time(8, 37),
    "etz-tweesteden": time(8, 41),
    "zaans-mc-zaandam": time(8, 52),
    "rivierenland-tiel": time(9, 4),
}
BY_TELEPHONE = {
    "maasziekenhuis-beugen": time(9, 4),
    "mmc-veldhoven": time(9, 4),
    "bravis-roosendaal": time(9, 36),
    "bravis-bergen-op-zoom": time(9, 36),
}
LATE_PER_DAY, BY_TELEPHONE_PER_DAY = 3, 1


@dataclass(frozen=True)
class Filing:
    """When a report was measured and came in (UTC), and who filed it."""

    measured_at: datetime
    received_at: datetime | None
    filed_by: str = "site"
    spoken_with: str = ""
    spoken_at: datetime | None = None


def filings(day: date, seed: int) -> dict[str, Filing]:
    """How each site's report of one day comes in.

    On earlier days every site reports; a few are late, and one is entered by its region after a
    call.
    """
    dice = chance.of(seed, "filing", day)
    sites = list(reporting_sites())
    minutes = {}
    for code in sites:
        usual = habit(code, seed) + 0.15 * (dice.random() - 0.5)
        minutes[code] = FIRST_MINUTE + round(
            (LAST_MINUTE - FIRST_MINUTE) * min(1.0, max(0.0, usual))
        )
    if day == LAST_DAY:
        minutes |= {code: at.hour * 60 + at.minute for code, at in (AT | BY_TELEPHONE).items()}
        telephoned, never = set(BY_TELEPHONE), NEVER
    else:
        some = sorted(sites, key=lambda _: dice.random())[: LATE_PER_DAY + BY_TELEPHONE_PER_DAY]
        minutes |= {code: 8 * 60 + 31 + chance.between(dice, 0, 50) for code in some}
        telephoned, never = set(some[:BY_TELEPHONE_PER_DAY]), frozenset()
    return {
        code: filing(
            day, minutes[code], chance.between(dice, 12, 35), code in telephoned, code in never
        )
        for code in sites
    }


@cache
def habit(code: str, seed: int) -> float:
    """When a hospital usually reports: 0 (at once) to 1 (at the deadline), later being likelier."""
    dice = chance.of(seed, "habit", code)
    return max(dice.random(), dice.random())


def filing(day: date, minute: int, measured_before: int, telephoned: bool, never: bool) -> Filing:
    """One report, from local minutes after midnight; nobody counts beds before 06:45."""
    received = local(day, minute)
    # Every count is of the morning itself, also when it comes in late.
    measured = local(day, min(minute, LAST_MINUTE) - measured_before)
    if telephoned:
        return Filing(
            measured, received, "region", "beddencoördinator", received - timedelta(minutes=4)
        )
    return Filing(measured, None if never else received)


def local(day: date, minute: int) -> datetime:
    """The moment, in UTC, at which clocks in the Netherlands show this minute of the day."""
    hours, minutes = divmod(minute, 60)
    return datetime.combine(day, time(hours, minutes), ZONE).astimezone(UTC)
