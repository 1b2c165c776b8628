"""The pictures: the nation's and a region's, each in a fixed number of queries.

A picture is of one call. Until the hospitals' deadline a site counts with what it said in the call
before (nobody is late yet); after it, a site that is silent is unknown: the last value is never
reused unseen.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from capacity.deadlines import calendar
from capacity.deadlines.models import ReportingSlot
from capacity.picture import facts as read
from capacity.picture.facts import Answer, Call, Facts, Place
from capacity.picture.models import RegionalSitrep
from capacity.picture.totals import Figures, Group, Share, Sum, share, total
from capacity.reports.models import CareLevel, IntakeStop
from regions.phases import selectors as phases
from regions.phases.models import FairShareKey
from regions.places.models import Contact, Region

# A day's call is compared with the one this much earlier at least: a day of a clock change has 23 h.
ALMOST_A_DAY = timedelta(hours=22)
# How long after a call's regional deadline the centre may still ask, when its wall time has passed.
TIME_TO_ASK = timedelta(minutes=90)
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
    rows: tuple[RegionRow, ...]
    group: Group
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


SITREP_IN = (RegionalSitrep.Status.SUBMITTED, RegionalSitrep.Status.ACCEPTED)


@dataclass(frozen=True)
class _Fairness:
    """With what a region's load is compared."""

    level: CareLevel
    nation: Sum
    shares: dict[int, float]
    band: float
    enough: float

    def of(self, region: int, load: Sum) -> Share:
        return share(
            load, self.nation, key=self.shares.get(region), band=self.band, enough=self.enough
        )


def national_picture(slot: ReportingSlot, now: datetime, *, basis: str = "") -> NationalPicture:
    """The nation in one call, its load compared with the fair share at the level `basis`."""
    facts = read.read(slot)
    settings = phases.settings_at("", now)
    level = _basis(facts.levels, basis)
    key, shares = phases.fair_shares(level.code, now)
    group = _group(facts, slot, now)
    fairness = _Fairness(
        level=level,
        nation=group.totals(level.code).occ_cohort,
        shares=shares,
        band=float(key.band_percent) / 100 if key else 0.10,
        enough=settings.get("staffing.fresh_percent", 80) / 100,
    )
    return NationalPicture(
        slot=slot,
        now=now,
        cohort=settings.get("cohort.name", ""),
        levels=tuple(facts.levels),
        basis=level,
        key=key,
        band=fairness.band,
        rows=tuple(
            _region_row(facts, slot, places, group.of([p.id for p in places]), fairness)
            for places in _by_region(facts)
        ),
        group=group,
        series=_series(facts, slot, fairness, list(facts.places), fairness.nation),
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
        share=fairness.of(first.region_id, load),
        series=_series(facts, slot, fairness, [place.id for place in places], load),
    )


def _basis(levels: Sequence[CareLevel], asked: str) -> CareLevel:
    """The level whose load is compared: as asked, else that of ordinary nursing."""
    for level in levels:
        if level.code == asked:
            return level
    return next((level for level in levels if not level.needs_icu), levels[0])


def this_call(slot: ReportingSlot) -> Call:
    return Call(slot.pk, slot.day, slot.hospital_due_at)


def _group(facts: Facts, slot: ReportingSlot, now: datetime) -> Group:
    """What every site said: in this call, or while it is being asked in the one before it."""
    earlier = facts.call_before(slot.hospital_due_at - timedelta(microseconds=1))
    calls = [this_call(slot), earlier if now < slot.hospital_due_at else None]
    compare = facts.call_before(slot.hospital_due_at - ALMOST_A_DAY)
    return Group(
        today={level.code: facts.figures(level, *calls) for level in facts.levels},
        before={level.code: facts.figures(level, compare) for level in facts.levels},
    )


def _series(
    facts: Facts, slot: ReportingSlot, fairness: _Fairness, ids: Iterable[int], now: Sum
) -> tuple[int | None, ...]:
    """Occupied cohort beds per day, today's last; a day on which too few sites answered is unknown."""
    wanted = set(ids)
    values: list[int | None] = []
    for call in facts.first_calls(slot.day, SPARK_DAYS)[:-1]:
        said = facts.figures(fairness.level, call)
        day = total(figures for site, figures in said.items() if site in wanted).occ_cohort
        values.append(day.value if day.part >= fairness.enough else None)
    return (*values, now.value if now.part >= fairness.enough else None)


@dataclass(frozen=True)
class SiteRow:
    """One site in its region's picture."""

    place: Place
    answer: Answer | None
    figures: dict[str, Figures | None]
    before: dict[str, Figures | None]
    stops: tuple[IntakeStop, ...]
    phone: str
    is_late: bool

    @property
    def state(self) -> str:
        """One of silent, carried, on_behalf, late, on_time."""
        if self.answer is None:
            return "silent"
        if self.answer.is_carried:
            return "carried"
        if self.answer.is_on_behalf:
            return "on_behalf"
        return "late" if self.is_late else "on_time"


@dataclass(frozen=True)
class RegionPicture:
    """A region in one call: its sites, their totals, and what it signed for."""

    region: Region
    slot: ReportingSlot
    now: datetime
    cohort: str
    levels: tuple[CareLevel, ...]
    rows: tuple[SiteRow, ...]
    group: Group
    sitreps: tuple[RegionalSitrep, ...]
    return_until: datetime

    @property
    def sitrep(self) -> RegionalSitrep | None:
        """The newest signed version."""
        return self.sitreps[0] if self.sitreps else None

    @property
    def silent(self) -> list[SiteRow]:
        return [row for row in self.rows if row.answer is None]

    @property
    def carried(self) -> int:
        return sum(1 for row in self.rows if row.state == "carried")

    @property
    def reported(self) -> int:
        return len(self.rows) - len(self.silent) - self.carried

    @property
    def is_being_asked(self) -> bool:
        return self.now < self.slot.hospital_due_at

    @property
    def totals(self) -> dict[str, dict[str, int | None]]:
        """The totals as they are kept with a signature."""
        return {level.code: self.group.totals(level.code).stored() for level in self.levels}

    @property
    def stamp(self) -> str:
        """Names exactly these reports: whoever signs, signs for what stood on the page."""
        reports = sorted(row.answer.report_id for row in self.rows if row.answer)
        return hashlib.sha256(repr(reports).encode()).hexdigest()[:16]


def region_picture(region: Region, slot: ReportingSlot, now: datetime) -> RegionPicture:
    """A region in one call, site by site."""
    facts = read.read(slot, region=region, days=8)
    settings = phases.settings_at("", now)
    compare = facts.call_before(slot.hospital_due_at - ALMOST_A_DAY)
    here = this_call(slot)
    group = Group(
        today={level.code: facts.figures(level, here) for level in facts.levels},
        before={level.code: facts.figures(level, compare) for level in facts.levels},
    )
    phones, stops = _phones(region), _stops(region)
    return RegionPicture(
        region=region,
        slot=slot,
        now=now,
        cohort=settings.get("cohort.name", ""),
        levels=tuple(facts.levels),
        rows=tuple(
            _site_row(place, facts.answer(place.id, here), group, slot, phones, stops)
            for place in facts.places.values()
        ),
        group=group,
        sitreps=tuple(RegionalSitrep.objects.filter(region=region, slot=slot).order_by("-version")),
        return_until=return_limit(slot, settings.get("sitrep.return_until", "11:30")),
    )


def _site_row(
    place: Place,
    answer: Answer | None,
    group: Group,
    slot: ReportingSlot,
    phones: dict[int, str],
    stops: dict[int, list[IntakeStop]],
) -> SiteRow:
    return SiteRow(
        place=place,
        answer=answer,
        figures={code: said[place.id] for code, said in group.today.items() if place.id in said},
        before={code: said[place.id] for code, said in group.before.items() if place.id in said},
        stops=tuple(stops.get(place.id, ())),
        phone=phones.get(place.id, ""),
        is_late=answer is not None and answer.received_at > slot.hospital_due_at,
    )


def _phones(region: Region) -> dict[int, str]:
    """Whom to phone at each site: its bed coordination, else its line for all hours."""
    contacts = Contact.objects.filter(
        site__region=region, function__in=[Contact.Function.BEDS, Contact.Function.ALL_HOURS]
    ).exclude(phone="")
    # "24h" sorts before "beds", so that the bed coordination is written last and stands.
    return {c.site_id: c.phone for c in contacts.order_by("function") if c.site_id is not None}


def _stops(region: Region) -> dict[int, list[IntakeStop]]:
    found: dict[int, list[IntakeStop]] = {}
    for stop in IntakeStop.objects.filter(site__region=region, ended_at=None).order_by("target"):
        found.setdefault(stop.site_id, []).append(stop)
    return found


def return_limit(slot: ReportingSlot, wall_time: str) -> datetime:
    """Until when the centre may return a picture of this call with a question."""
    limit = calendar.instant(slot.day, time.fromisoformat(wall_time))
    return limit if limit > slot.region_due_at else slot.region_due_at + TIME_TO_ASK


@dataclass(frozen=True)
class Difference:
    """A figure that is no longer what the region signed for."""

    level: str
    figure: str
    signed: int | None
    now: int | None


def differences(picture: RegionPicture) -> list[Difference]:
    """What changed since the newest version was signed; a later report makes it visible."""
    if picture.sitrep is None:
        return []
    return [
        Difference(level, figure, picture.sitrep.totals.get(level, {}).get(figure), value)
        for level, figures in picture.totals.items()
        for figure, value in figures.items()
        if picture.sitrep.totals.get(level, {}).get(figure) != value
    ]
