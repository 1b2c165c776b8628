"""The nation in one call: every region, what they have together, and who carries more than its share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from capacity.deadlines.models import ReportingSlot
from capacity.picture import facts as read
from capacity.picture.facts import ALMOST_A_DAY, CallMoment, Facts, Place, this_call
from capacity.picture.models import SITREP_IN
from capacity.picture.totals import Group, Share, Sum, share
from capacity.reports.models import CareLevel
from regions.phases import selectors as phases
from regions.phases.models import FairShareKey

SPARK_DAYS = 14


@dataclass(frozen=True)
class RegionRow:
    """One region in the national picture."""

    id: int
    code: str
    name: str
    short_name: str
    sitrep: str
    places: tuple[Place, ...]
    silent: tuple[Place, ...]
    carried: int
    newest_at: datetime | None
    group: Group
    share: Share
    series: tuple[int | None, ...]

    @property
    def reported(self) -> int:
        return len(self.places) - len(self.silent) - self.carried

    @property
    def expected(self) -> int:
        return len(self.places)


@dataclass(frozen=True)
class NationalPicture:
    """The country in one call: every region, and all of them together."""

    slot: ReportingSlot
    now: datetime
    cohort: str
    levels: tuple[CareLevel, ...]
    basis: CareLevel
    key: FairShareKey | None
    band: float
    enough: float
    rows: tuple[RegionRow, ...]
    group: Group
    compared: date | None
    series: tuple[int | None, ...]

    @property
    def is_being_asked(self) -> bool:
        """The hospitals' deadline has not passed: who is silent is not late."""
        return self.now < self.slot.hospital_due_at

    @property
    def expected(self) -> int:
        return sum(row.expected for row in self.rows)

    @property
    def reported(self) -> int:
        return sum(row.reported for row in self.rows)

    @property
    def carried(self) -> int:
        return sum(row.carried for row in self.rows)

    @property
    def silent(self) -> int:
        return sum(len(row.silent) for row in self.rows)

    @property
    def sitreps_in(self) -> int:
        return sum(1 for row in self.rows if row.sitrep in SITREP_IN)


@dataclass(frozen=True)
class _Fairness:
    """With what a region's load is compared: the load and the key of the regions that are known well enough.

    Beds of a region that did not report are no reason to call the others overloaded.
    """

    level: CareLevel
    nation: Sum
    loads: Mapping[int, Sum]
    shares: Mapping[int, float]
    band: float
    enough: float

    def of(self, region: int) -> Share:
        known = [other for other, load in self.loads.items() if load.part >= self.enough]
        whole = sum(self.shares.get(other, 0.0) for other in known)
        return share(
            self.loads[region],
            self.nation,
            key=self.shares.get(region),
            whole=whole,
            base=sum(self.loads[other].value or 0 for other in known),
            band=self.band,
            enough=self.enough,
        )


def national_picture(slot: ReportingSlot, now: datetime, *, basis: str = "") -> NationalPicture:
    """The nation in one call, its load compared with the fair share at the level `basis`."""
    facts = read.read(slot, now=now)
    settings = phases.settings_at("", now)
    level = _basis(facts.levels, basis)
    key, shares = phases.fair_shares(level.code, now)
    compare = facts.call_before(slot.hospital_due_at - ALMOST_A_DAY)
    group = _group(facts, slot, now, compare)
    regions = {places: group.of([place.id for place in places]) for places in _by_region(facts)}
    fairness = _Fairness(
        level=level,
        nation=group.totals(level.code).occ_cohort,
        loads={
            places[0].region_id: own.totals(level.code).occ_cohort
            for places, own in regions.items()
        },
        shares=shares,
        band=key.band if key else 0.0,
        enough=settings["staffing.fresh_percent"] / 100,
    )
    days = _days(facts, slot, fairness)
    return NationalPicture(
        slot=slot,
        now=now,
        cohort=settings["cohort.name"],
        levels=tuple(facts.levels),
        basis=level,
        key=key,
        band=fairness.band,
        enough=fairness.enough,
        rows=tuple(
            _region_row(facts, slot, places, own, fairness, days) for places, own in regions.items()
        ),
        group=group,
        compared=compare.day if compare else None,
        series=days.series(group.today[level.code], fairness.nation),
    )


def _by_region(facts: Facts) -> list[tuple[Place, ...]]:
    regions: dict[int, list[Place]] = {}
    for place in facts.places.values():
        regions.setdefault(place.region_id, []).append(place)
    return [tuple(places) for places in regions.values()]


def _region_row(
    facts: Facts,
    slot: ReportingSlot,
    places: tuple[Place, ...],
    group: Group,
    fairness: _Fairness,
    days: "_Days",
) -> RegionRow:
    first = places[0]
    load = group.totals(fairness.level.code).occ_cohort
    answers = {place: facts.answer(place.id, this_call(slot)) for place in places}
    given = [answer for answer in answers.values() if answer is not None]
    return RegionRow(
        id=first.region_id,
        code=first.region_code,
        name=first.region_name,
        short_name=first.region_short_name,
        sitrep=first.sitrep,
        places=places,
        silent=tuple(place for place, answer in answers.items() if answer is None),
        carried=sum(1 for answer in given if answer.is_carried),
        newest_at=max((answer.measured_at for answer in given), default=None),
        group=group,
        share=fairness.of(first.region_id),
        series=days.series(group.today[fairness.level.code], load),
    )


def _basis(levels: Sequence[CareLevel], asked: str) -> CareLevel:
    """The level whose load is compared: as asked, else that of ordinary nursing."""
    for level in levels:
        if level.code == asked:
            return level
    return next((level for level in levels if not level.needs_icu), levels[0])


def _group(facts: Facts, slot: ReportingSlot, now: datetime, compare: CallMoment | None) -> Group:
    """What every site said: in this call, or while it is being asked in the one before it."""
    earlier = facts.call_before(slot.hospital_due_at - timedelta(microseconds=1))
    calls = [this_call(slot), earlier if now < slot.hospital_due_at else None]
    return Group(
        today={level.code: facts.figures(level, *calls) for level in facts.levels},
        before={level.code: facts.figures(level, compare) for level in facts.levels},
    )


@dataclass(frozen=True)
class _Days:
    """Occupied cohort beds per site on each of the earlier days, oldest first."""

    loads: tuple[dict[int, int | None], ...]
    enough: float

    def series(self, sites: Iterable[int], today: Sum) -> tuple[int | None, ...]:
        """One value a day, today's last; a day on which too few sites answered is unknown."""
        wanted = list(sites)
        days = [Sum.over(day.get(site) for site in wanted) for day in self.loads]
        return tuple(day.value if day.part >= self.enough else None for day in (*days, today))


def _days(facts: Facts, slot: ReportingSlot, fairness: _Fairness) -> _Days:
    loads = []
    for call in facts.first_calls(slot.day, SPARK_DAYS)[:-1]:
        said = facts.figures(fairness.level, call)
        loads.append({site: one.occ_cohort if one else None for site, one in said.items()})
    return _Days(tuple(loads), fairness.enough)
