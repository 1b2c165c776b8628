"""A region in one call: its sites one by one, their totals, and what it signed for."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from capacity.deadlines import calendar
from capacity.deadlines.models import ReportingSlot
from capacity.picture import facts as read
from capacity.picture.facts import ALMOST_A_DAY, Answer, Place, this_call
from capacity.picture.models import RegionalSitrep
from capacity.picture.totals import Figures, Group
from capacity.reports.models import CareLevel, IntakeStop, ReportReason
from regions.phases import selectors as phases
from regions.places.models import Contact, Region

# How long after a call's regional deadline the centre may still ask, when its wall time has passed.
TIME_TO_ASK = timedelta(minutes=90)


@dataclass(frozen=True)
class SiteRow:
    """One site in its region's picture."""

    place: Place
    answer: Answer | None
    figures: dict[str, Figures | None]
    before: dict[str, Figures | None]
    stops: tuple[IntakeStop, ...]
    reasons: tuple[ReportReason, ...]
    phone: str
    is_late: bool

    @property
    def is_silent(self) -> bool:
        return self.answer is None

    @property
    def is_carried(self) -> bool:
        return self.answer is not None and self.answer.is_carried

    @property
    def is_on_behalf(self) -> bool:
        return self.answer is not None and self.answer.is_on_behalf

    @property
    def state(self) -> str:
        """One of silent, carried, on_behalf, late, on_time."""
        if self.is_silent:
            return "silent"
        if self.is_carried:
            return "carried"
        if self.is_on_behalf:
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
    compared: date | None
    sitreps: tuple[RegionalSitrep, ...]
    return_until: datetime

    @property
    def sitrep(self) -> RegionalSitrep | None:
        """The newest signed version."""
        return self.sitreps[0] if self.sitreps else None

    @property
    def silent(self) -> list[SiteRow]:
        return [row for row in self.rows if row.is_silent]

    @property
    def carried(self) -> int:
        return sum(1 for row in self.rows if row.is_carried)

    @property
    def reported(self) -> int:
        return len(self.rows) - len(self.silent) - self.carried

    @property
    def known(self) -> int:
        """Sites whose figures are in the totals."""
        return self.reported + self.carried

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
    facts = read.read(slot, now=now, region=region, days=8)
    settings = phases.settings_at("", now)
    compare = facts.call_before(slot.hospital_due_at - ALMOST_A_DAY)
    here = this_call(slot)
    group = Group(
        today={level.code: facts.figures(level, here) for level in facts.levels},
        before={level.code: facts.figures(level, compare) for level in facts.levels},
    )
    beside = _Beside(_phones(region), _stops(region, now), _reasons(region, slot))
    return RegionPicture(
        region=region,
        slot=slot,
        now=now,
        cohort=settings["cohort.name"],
        levels=tuple(facts.levels),
        rows=tuple(
            _site_row(place, facts.answer(place.id, here), group, slot, beside)
            for place in facts.places.values()
        ),
        group=group,
        compared=compare.day if compare else None,
        sitreps=tuple(RegionalSitrep.objects.filter(region=region, slot=slot).order_by("-version")),
        return_until=return_limit(slot, settings["sitrep.return_until"]),
    )


@dataclass(frozen=True)
class _Beside:
    """What stands beside the figures, by site."""

    phones: dict[int, str]
    stops: dict[int, list[IntakeStop]]
    reasons: dict[int, list[ReportReason]]


def _site_row(
    place: Place,
    answer: Answer | None,
    group: Group,
    slot: ReportingSlot,
    beside: _Beside,
) -> SiteRow:
    return SiteRow(
        place=place,
        answer=answer,
        figures={code: said[place.id] for code, said in group.today.items() if place.id in said},
        before={code: said[place.id] for code, said in group.before.items() if place.id in said},
        stops=tuple(beside.stops.get(place.id, ())),
        reasons=tuple(beside.reasons.get(place.id, ())),
        phone=beside.phones.get(place.id, ""),
        is_late=answer is not None and slot.is_late(answer.first_received_at),
    )


def _phones(region: Region) -> dict[int, str]:
    """Whom to phone at each site: its bed coordination, else its line for all hours."""
    contacts = Contact.objects.filter(
        site__region=region, function__in=[Contact.Function.BEDS, Contact.Function.ALL_HOURS]
    ).exclude(phone="")
    # "24h" sorts before "beds", so that the bed coordination is written last and stands.
    return {c.site_id: c.phone for c in contacts.order_by("function") if c.site_id is not None}


def _stops(region: Region, now: datetime) -> dict[int, list[IntakeStop]]:
    found: dict[int, list[IntakeStop]] = {}
    for stop in IntakeStop.objects.active(now).filter(site__region=region).order_by("target"):
        found.setdefault(stop.site_id, []).append(stop)
    return found


def _reasons(region: Region, slot: ReportingSlot) -> dict[int, list[ReportReason]]:
    """Why figures that stand out are nevertheless right, as the sites said."""
    found: dict[int, list[ReportReason]] = {}
    reasons = ReportReason.objects.filter(
        report__slot=slot, report__is_current=True, report__site__region=region
    )
    for reason in reasons.select_related("report").order_by("field"):
        found.setdefault(reason.report.site_id, []).append(reason)
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
