"""How many beds are open, and for whom: assumed, so that the morning of 29 October tells its story.

Worked out backwards: the last day has the room its region is given here, and each earlier day
differs from the next only in whole blocks of beds. Pure: no Django.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from lcps.demonstration.world import dice as chance
from lcps.demonstration.world.apportion import by_largest_remainder
from lcps.demonstration.world.places import Place, reporting_sites
from lcps.demonstration.world.series import national

# Free beds (open - occupied - reserve) per region on 29 October: south and west full, north and
# east with room.
ICU_ROOM = {
    "noord": 16, "zwolle": 8, "euregio": 4, "oost": 10, "midden-nederland": 6, "noordwest": 5,
    "amsterdam": 2, "west": 1, "zuidwest": -2, "brabant": 3, "limburg": 10,
}  # fmt: skip
WARD_ROOM = {
    "noord": 50, "zwolle": 23, "euregio": 15, "oost": 32, "midden-nederland": 19, "noordwest": 12,
    "amsterdam": 9, "west": 4, "zuidwest": 0, "brabant": 11, "limburg": 28,
}  # fmt: skip
ROOM = {"icu": ICU_ROOM, "ward": WARD_ROOM}
# Sites with a story of their own: two ICU beds over, and a cohort ward that opened this morning.
OVERFULL_SITE = "bernhoven-uden"
OPENING_SITE, OPENED_TODAY = "mc-leeuwarden", 9
NO_RESERVE_SITE = "st-anna-geldrop"
OWN_ROOM = {"icu": {OVERFULL_SITE: -2}, "ward": {OPENING_SITE: 12}}
# One staffed acute ward bed per thousand inhabitants.
WARD_BEDS = 17_600
# In summer nine of ten of the later ICU beds were open; the rest opened between these days.
SUMMER_SHARE, SCALE_UP_FROM, SCALE_UP_TO = 0.9, date(2020, 9, 21), date(2020, 10, 25)
ICU_BLOCK, WARD_BLOCK = 2, 4


@dataclass(frozen=True)
class Beds:
    """Beds of one site and level on one day."""

    open_cohort: int
    open_other: int
    reserve: int
    occ_other: int


def room_per_site(level: str, seed: int) -> dict[str, int]:
    """Free beds per site on the last day; the sites of a region sum to its room."""
    dice = chance.of(seed, "room", level)
    result: dict[str, int] = {}
    for region, room in ROOM[level].items():
        weights = {
            s.code: s.weight(level)
            for s in reporting_sites().values()
            if s.region == region and s.weight(level)
        }
        own = {code: beds for code, beds in OWN_ROOM[level].items() if code in weights}
        others = {code: weight for code, weight in weights.items() if code not in own}
        left = room - sum(own.values())
        sign = 1 if left >= 0 else -1
        parts = {
            code: sign * beds for code, beds in by_largest_remainder(abs(left), others).items()
        }
        if level == "icu" and room <= len(weights) and len(others) > 3:
            # A full region is not full to the bed: one site has just more, another uses its
            # reserve.
            up, down = chance.pick(dice, list(others)[::2]), chance.pick(dice, list(others)[1::2])
            parts[up], parts[down] = parts[up] + 1, parts[down] - 1
        result |= parts | own
    return result


def reserve_of(site: Place) -> int:
    """ICU beds kept empty for calamities: two in an academic hospital, one elsewhere."""
    if site.code == NO_RESERVE_SITE:
        return 0
    return 2 if site.size == "academic" else 1


def opened_in_blocks(
    taken: Sequence[int], at_end: int, block: int, slack: int, opened_today: int = 0
) -> list[int]:
    """Beds open per day, from what is open on the last day back to the first.

    Parameters
    ----------
    taken : Sequence[int]
        Beds occupied per day.
    at_end : int
        Beds open on the last day.
    block, slack : int
        Going back, beds close `block` at a time while more than `slack` of them would be empty;
        `block` <= `slack`.
    opened_today : int
        Beds that were not open before the last day.
    """
    beds = [at_end]
    limit = at_end - opened_today
    for occupied in reversed(taken[:-1]):
        limit = max(limit, occupied)
        while limit - occupied > slack:
            limit -= block
        beds.append(limit)
    return beds[::-1]


def icu_beds(site: Place, room: int, confirmed: Sequence[int], other: Sequence[int]) -> list[Beds]:
    """The ICU beds of one site, day by day.

    Parameters
    ----------
    site : Place
        Which hospital.
    room : int
        Free beds on the last day; below 0 is overfull.
    confirmed, other : Sequence[int]
        Beds occupied per day.
    """
    reserve = reserve_of(site)
    most = confirmed[-1] + other[-1] + reserve + room
    at_end = confirmed[-1] + max(0, ceil(room / 2))
    cohort = opened_in_blocks(confirmed, at_end, ICU_BLOCK, ICU_BLOCK + max(1, room))
    result = []
    for each, ours, infected, others in zip(national(), cohort, confirmed, other, strict=True):
        staffed = round(most * share_open(each.day))
        beds = max(staffed, min(most, infected + others + reserve))
        if site.code != OVERFULL_SITE:
            beds = max(beds, infected + others)
        # What others need stays theirs, as long as every infected patient has a bed.
        open_cohort = min(ours, max(infected, beds - others - reserve), beds)
        result.append(Beds(open_cohort, beds - open_cohort, reserve, others))
    return result


def share_open(day: date) -> float:
    """Part of the ICU beds of 29 October that was open on a day, 0.9 to 1."""
    progress = (day - SCALE_UP_FROM) / (SCALE_UP_TO - SCALE_UP_FROM)
    return SUMMER_SHARE + (1 - SUMMER_SHARE) * min(1.0, max(0.0, progress))


def ward_beds(site: Place, room: int, confirmed: Sequence[int], seed: int) -> list[Beds]:
    """The ward beds of one site, day by day: a fixed number; the cohort takes what it needs.

    How many other patients lie there was not published. They fill the rest to the room of the last
    day; earlier, in weekends and in summer some more stood empty.

    Parameters
    ----------
    site : Place
        Which hospital.
    room : int
        Free beds on the last day; below 0 is overfull.
    confirmed : Sequence[int]
        Cohort beds occupied per day.
    seed : int
        Decides how the empty beds vary.
    """
    dice = chance.of(seed, "ward", site.code)
    weight = sum(place.ward_weight for place in reporting_sites().values())
    beds = round(WARD_BEDS * site.ward_weight / weight)
    cohort_room = room if site.code == OPENING_SITE else max(0, ceil(0.6 * room))
    opened_today = OPENED_TODAY if site.code == OPENING_SITE else 0
    slack = WARD_BLOCK + max(3, room)
    cohort = opened_in_blocks(
        confirmed, confirmed[-1] + cohort_room, WARD_BLOCK, slack, opened_today
    )
    last = national()[-1].day
    result = []
    for each, ours in zip(national(), cohort, strict=True):
        age = (last - each.day).days
        weekend = 0.008 if each.day.weekday() >= 5 else 0.0
        noise = 0.01 * min(1.0, age / 10) * abs(chance.ripple(dice))
        open_other = beds - ours
        # At least one bed until two days ago: then only the site that repeats itself is the same
        # three days running.
        empty = max(
            1 if age >= 2 else 0,
            round((0.025 * min(1.0, age / 40) + weekend + noise) * open_other),
        )
        result.append(Beds(ours, open_other, 0, open_other - (room - cohort_room) - empty))
    return result
