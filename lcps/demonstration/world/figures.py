"""The demonstration's world: real national figures, spread over hospitals, until 29 October 2020.

What is published, derived, assumed and invented stands in docs/data.md. Everything follows from
the seed. Pure: no Django.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256

from lcps.demonstration.world import beds as rules
from lcps.demonstration.world import dice as chance
from lcps.demonstration.world import occupancy
from lcps.demonstration.world.beds import Beds
from lcps.demonstration.world.occupancy import UNCHANGED_SINCE, UNCHANGED_SITE, Parts
from lcps.demonstration.world.places import reporting_sites
from lcps.demonstration.world.requests import Request, two_dozen_requests
from lcps.demonstration.world.schedule import LAST_DAY, filings
from lcps.demonstration.world.series import NationalDay, national

# The demonstration everybody sees.
SEED = 20201029
LEVELS = ("icu", "ward")
# The centre was woken on this day; before it nobody asked for or offered beds.
RESTART = date(2020, 9, 23)
# Who asks and who offers, in the proportions of 29 October.
ASKING = {"zuidwest": 5, "brabant": 3, "west": 2}
OFFERED = {
    "icu": {"noord": 2, "oost": 1, "limburg": 1},
    "ward": {"noord": 6, "oost": 4, "limburg": 3, "zwolle": 3, "midden-nederland": 2},
}
# Limburg offers one ICU bed where it offered two the day before.
OFFERED_THE_DAY_BEFORE = {"icu": {"noord": 2, "oost": 1, "limburg": 2}, "ward": OFFERED["ward"]}
MOST_OFFERED = {"icu": 2, "ward": 3}
# Patients for whom no request was made: the report says they should leave, nobody wrote down who
# they are.
WITHOUT_REQUEST = Counter({("etz-elisabeth", "ward"): 2})


@dataclass(frozen=True)
class Line:
    """The figures of one care level in one report; the fields of the report form."""

    level: str
    open_cohort: int
    open_other: int
    reserve: int
    occ_confirmed: int
    occ_other: int
    occ_delabelled: int | None
    suspected: int | None
    new_24h: int
    offer: int
    need: int

    @property
    def free(self) -> int:
        """Open, less occupied and reserve; below 0 is overfull."""
        return (
            self.open_cohort + self.open_other - self.occ_confirmed - self.occ_other - self.reserve
        )


@dataclass(frozen=True)
class GivenReason:
    """Why a figure that stands out is right: which field, what is odd, and the reason code."""

    field: str
    warning: str
    code: str
    text: str = ""


@dataclass(frozen=True)
class Report:
    """One site's figures for one day. Moments are UTC.

    On 29 October this is what the hospital will send at `received_at`; None means it never will,
    and the lines are the truth that nobody hears.
    """

    day: date
    site: str
    region: str
    measured_at: datetime
    received_at: datetime | None
    filed_by: str
    spoken_with: str
    spoken_at: datetime | None
    lines: tuple[Line, ...]
    reasons: tuple[GivenReason, ...] = ()

    def line(self, level: str) -> Line | None:
        return next((line for line in self.lines if line.level == level), None)


@dataclass(frozen=True)
class World:
    """Reports by day and site (in the order of the site file), requests, and the series."""

    seed: int
    national: tuple[NationalDay, ...]
    reports: tuple[Report, ...]
    requests: tuple[Request, ...]

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(each.day for each in self.national)

    def on(self, day: date) -> tuple[Report, ...]:
        """The reports of one day."""
        return tuple(report for report in self.reports if report.day == day)

    def lines(self, day: date, level: str) -> Iterator[tuple[Report, Line]]:
        """The lines of one level on one day, each with its report."""
        for report in self.on(day):
            line = report.line(level)
            if line is not None:
                yield report, line

    def checksum(self) -> str:
        """A fingerprint of every figure, moment and request."""
        digest = sha256()
        for report in self.reports:
            moments = (
                report.measured_at.isoformat(),
                report.received_at and report.received_at.isoformat(),
            )
            figures = [tuple(vars(line).values()) for line in report.lines]
            digest.update(
                repr(
                    (report.day.isoformat(), report.site, report.filed_by, moments, figures)
                ).encode()
            )
        digest.update(repr(self.requests).encode())
        return digest.hexdigest()


def build_world(seed: int) -> World:
    """Spread the national series over the hospitals, from 25 August to 29 October 2020.

    Parameters
    ----------
    seed : int
        Same seed, same world.

    Returns
    -------
    World
        For each day and level, confirmed, other (ICU) and new patients sum to the national series
        exactly.
    """
    requests = two_dozen_requests(seed)
    sites = reporting_sites()
    stock = {series: occupancy.occupied(series, seed) for series in occupancy.FOLLOWS_ADMISSIONS}
    new = {
        level: occupancy.admitted(f"{level}_new_24h", stock[f"{level}_occ_confirmed"], seed)
        for level in LEVELS
    }
    beds = {level: open_beds(level, stock, seed) for level in LEVELS}
    reports = []
    for index, each in enumerate(national()):
        arrivals = filings(each.day, seed)
        lines = {}
        for level in LEVELS:
            confirmed = stock[f"{level}_occ_confirmed"][index]
            today = {code: beds[level][code][index] for code in beds[level]}
            lines[level] = lines_of(
                level, each, confirmed, today, new[level][index], requests, seed
            )
        for code, site in sites.items():
            own = tuple(lines[level][code] for level in LEVELS if code in lines[level])
            filing = arrivals[code]
            reports.append(
                Report(
                    day=each.day,
                    site=code,
                    region=site.region,
                    measured_at=filing.measured_at,
                    received_at=filing.received_at,
                    filed_by=filing.filed_by,
                    spoken_with=filing.spoken_with,
                    spoken_at=filing.spoken_at,
                    lines=own,
                    reasons=reasons_of(code, each.day, own),
                )
            )
    return World(seed, national(), repeat_unchanged(reports), requests)


def reasons_of(code: str, day: date, lines: tuple[Line, ...]) -> tuple[GivenReason, ...]:
    """Why the odd figures of a report are right, in the words of the hospital."""
    reasons = [
        GivenReason(f"{line.level}.occupied", "occupied_over_open", "real_peak")
        for line in lines
        if line.occ_confirmed + line.occ_other > line.open_cohort + line.open_other
    ]
    if code == rules.NO_RESERVE_SITE:
        reasons.append(
            GivenReason("icu.reserve", "no_reserve", "other", "Geen personeel voor een extra bed")
        )
    if code == rules.OPENING_SITE and day == LAST_DAY:
        reasons.append(GivenReason("ward.open_cohort", "large_change", "scale_up"))
    reasons += [
        GivenReason(f"{line.level}.need", "need_without_request", "request_follows")
        for line in lines
        if day == LAST_DAY and (code, line.level) in WITHOUT_REQUEST
    ]
    if code == UNCHANGED_SITE and day == LAST_DAY:
        reasons.append(
            GivenReason("report", "three_identical", "other", "Geen verschil met gisteren")
        )
    return tuple(reasons)


def open_beds(level: str, stock: dict[str, list[Parts]], seed: int) -> dict[str, list[Beds]]:
    """Open beds of every site with this level, per day."""
    room = rules.room_per_site(level, seed)
    confirmed = stock[f"{level}_occ_confirmed"]
    result = {}
    for site in reporting_sites().values():
        if not site.weight(level):
            continue
        infected = [day[site.code] for day in confirmed]
        if level == "icu":
            others = [day[site.code] for day in stock["icu_occ_other"]]
            result[site.code] = rules.icu_beds(site, room[site.code], infected, others)
        else:
            result[site.code] = rules.ward_beds(site, room[site.code], infected, seed)
    return result


def lines_of(
    level: str,
    each: NationalDay,
    confirmed: Parts,
    beds: dict[str, Beds],
    new: Parts,
    requests: tuple[Request, ...],
    seed: int,
) -> dict[str, Line]:
    """The lines of one level on one day, by site."""
    lines = {
        code: Line(
            level=level,
            open_cohort=own.open_cohort,
            open_other=own.open_other,
            reserve=own.reserve,
            occ_confirmed=confirmed[code],
            occ_other=own.occ_other,
            # The field did not exist in 2020: these patients are counted in other.
            occ_delabelled=None,
            suspected=suspected(suspected_share(level, code, seed), confirmed[code]),
            new_24h=new[code],
            offer=0,
            need=0,
        )
        for code, own in beds.items()
    }
    need = (
        Counter(needs_of_requests(requests, level))
        if each.day == LAST_DAY
        else needs(level, each, lines, seed)
    )
    offer = offers(level, each, lines)
    busy = need.keys() | offer.keys()
    changed = {
        code: replace(lines[code], offer=offer.get(code, 0), need=need[code])
        for code in lines
        if code in busy
    }
    return lines | changed


@cache
def suspected_share(level: str, code: str, seed: int) -> float | None:
    """Patients under test per confirmed patient; one hospital in seven leaves the field empty."""
    dice = chance.of(seed, "suspected", level, code)
    return None if dice.random() < 1 / 7 else 0.04 + 0.08 * dice.random()


def suspected(share: float | None, confirmed: int) -> int | None:
    return None if share is None else round(share * confirmed)


def needs_of_requests(requests: tuple[Request, ...], level: str) -> Counter[str]:
    """Patients each site has to place on the last day: its running requests, and some without."""
    asked = Counter(
        each.sending_site for each in requests if each.level == level and each.is_in_bed
    )
    asked.update(
        {code: patients for (code, at), patients in WITHOUT_REQUEST.items() if at == level}
    )
    return asked


def needs(level: str, each: NationalDay, lines: dict[str, Line], seed: int) -> Counter[str]:
    """Patients to place on an earlier day, where chance puts them in the full regions.

    As many per ward patient as on the last day.
    """
    if each.day < RESTART:
        return Counter()
    dice = chance.of(seed, "needs", level, each.day)
    at_the_end = {"icu": 6, "ward": 14}[level]
    patients = round(at_the_end * each.ward_occ_confirmed / national()[-1].ward_occ_confirmed)
    sites = [
        site for site in reporting_sites().values() if site.code in lines and site.region in ASKING
    ]
    weights = [ASKING[site.region] * lines[site.code].occ_confirmed for site in sites]
    result: Counter[str] = Counter()
    for _ in range(patients):
        result[chance.pick(dice, sites, weights).code] += 1
    return result


def offers(level: str, each: NationalDay, lines: dict[str, Line]) -> dict[str, int]:
    """Beds for patients of others: a region's offer, at its sites with most room."""
    if each.day < RESTART:
        return {}
    by_region = OFFERED[level] if each.day == LAST_DAY else OFFERED_THE_DAY_BEFORE[level]
    share = each.ward_occ_confirmed / national()[-1].ward_occ_confirmed
    sites = reporting_sites()
    result = {}
    for region, offered in by_region.items():
        left = round(offered * share)
        own = [line for line in lines.items() if sites[line[0]].region == region]
        for code, line in sorted(own, key=lambda item: -item[1].free):
            result[code] = max(0, min(left, line.free, MOST_OFFERED[level]))
            left -= result[code]
    return result


def repeat_unchanged(reports: list[Report]) -> tuple[Report, ...]:
    """The reports, with one site sending the same lines on its unchanged days."""
    last = next(report.lines for report in reversed(reports) if report.site == UNCHANGED_SITE)
    return tuple(
        replace(report, lines=last)
        if report.site == UNCHANGED_SITE and report.day >= UNCHANGED_SINCE
        else report
        for report in reports
    )
