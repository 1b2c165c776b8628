"""Reads what the sites of the country, or of one region, said: two queries whatever the size.

What is read here is turned into the pure figures of `capacity.picture.totals`; everything the
pictures show is computed from those.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from capacity.deadlines.models import ReportingSlot
from capacity.picture.models import RegionalSitrep
from capacity.picture.totals import Figures
from capacity.reports.models import CareLevel, IntakeStop, ReportLine, Source
from regions.places.models import Region, Site

DAYS = 14
# A day's call is compared with the one this much earlier at least: a day of a clock change has 23 h.
ALMOST_A_DAY = timedelta(hours=22)


@dataclass(frozen=True)
class Place:
    """A site that is asked for figures."""

    id: int
    code: str
    name: str
    short_name: str
    city: str
    has_icu: bool
    region_id: int
    region_code: str
    region_name: str
    region_short_name: str
    sitrep: str


@dataclass(frozen=True)
class Promise:
    """What was promised of a pool since its newest report."""

    line_id: int | None
    held: int
    moved: int
    is_stopped: bool


NOTHING_PROMISED = Promise(None, 0, 0, False)


@dataclass
class Answer:
    """One site's answer to one call."""

    report_id: int
    site_id: int
    source: str
    received_at: datetime
    first_received_at: datetime
    measured_at: datetime
    is_on_behalf: bool
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_carried(self) -> bool:
        return self.source == Source.CARRIED


@dataclass(frozen=True)
class CallMoment:
    """A slot as the pictures need it: its day and moment."""

    id: int
    day: date
    due_at: datetime


def this_call(slot: ReportingSlot) -> CallMoment:
    return CallMoment(slot.pk, slot.day, slot.hospital_due_at)


@dataclass(frozen=True)
class Facts:
    """Everything that was read, by site and by call."""

    places: dict[int, Place]
    promises: dict[tuple[int, str], Promise]
    levels: list[CareLevel]
    calls: list[CallMoment]
    answers: Mapping[int, Mapping[int, Answer]]

    def answer(self, site_id: int, *calls: CallMoment | None) -> Answer | None:
        """What a site said in the first of these calls that it answered."""
        found = (self.answers.get(call.id, {}).get(site_id) for call in calls if call is not None)
        return next((answer for answer in found if answer is not None), None)

    def figures(self, level: CareLevel, *calls: CallMoment | None) -> dict[int, Figures | None]:
        """What each site that has this level said in the first of these calls that it answered."""
        return {
            place.id: self._figures(self.answer(place.id, *calls), level)
            for place in self.places.values()
            if place.has_icu or not level.needs_icu
        }

    def _figures(self, answer: Answer | None, level: CareLevel) -> Figures | None:
        line = answer.lines.get(level.code) if answer else None
        if answer is None or line is None:
            return None
        promise = self.promises.get((answer.site_id, level.code), NOTHING_PROMISED)
        return Figures(
            open_cohort=line["open_cohort"],
            open_other=line["open_other"],
            reserve=line["reserve"],
            occ_cohort=line["occ_confirmed"],
            occ_other=line["occ_rest"],
            new=line["new_24h"],
            offer=line["offer"],
            need=line["need"],
            held=promise.held,
            # Who came and went is counted from the pool's own report on; another already has them.
            moved=promise.moved if promise.line_id == line["pk"] else 0,
            is_stopped=promise.is_stopped,
        )

    def call_before(self, due_at: datetime) -> CallMoment | None:
        """The newest call that was due at or before a moment."""
        earlier = (call for call in self.calls if call.due_at <= due_at)
        return max(earlier, key=lambda call: call.due_at, default=None)

    def first_calls(self, until: date, days: int) -> list[CallMoment | None]:
        """The first call of each of the last `days` days, oldest first; None for a day without."""
        by_day: dict[date, CallMoment] = {}
        for call in sorted(self.calls, key=lambda call: call.due_at, reverse=True):
            by_day[call.day] = call
        return [by_day.get(until - timedelta(days=back)) for back in range(days - 1, -1, -1)]


def read(
    slot: ReportingSlot, *, now: datetime, region: Region | None = None, days: int = DAYS
) -> Facts:
    """Sites with their pools, and the current answers to the calls of the last `days` days."""
    places: dict[int, Place] = {}
    promises: dict[tuple[int, str], Promise] = {}
    for row in _sites(slot, region, now):
        places.setdefault(row["id"], _place(row))
        if row["pools__level_id"]:
            promises[row["id"], row["pools__level_id"]] = Promise(
                row["pools__line_id"], row["pools__held"], row["pools__moved"], row["is_stopped"]
            )
    levels: dict[str, CareLevel] = {}
    calls = {slot.pk: this_call(slot)}
    answers: dict[int, dict[int, Answer]] = {}
    for row in _lines(slot, region, days):
        if row["level_id"] not in levels:
            levels[row["level_id"]] = _level(row)
        calls.setdefault(row["slot_id"], CallMoment(row["slot_id"], row["day"], row["due_at"]))
        answer = answers.setdefault(row["slot_id"], {}).setdefault(row["site_id"], _answer(row))
        answer.lines[row["level_id"]] = row
    known = sorted(levels.values(), key=lambda level: level.order)
    return Facts(
        places, promises, known or list(CareLevel.objects.all()), list(calls.values()), answers
    )


def _sites(slot: ReportingSlot, region: Region | None, now: datetime) -> Iterable[dict[str, Any]]:
    sites = Site.objects.reporting()
    if region is not None:
        sites = sites.filter(region=region)
    stops = IntakeStop.objects.active(now).filter(
        site=OuterRef("pk"), target=OuterRef("pools__level")
    )
    signed = RegionalSitrep.objects.current().filter(region=OuterRef("region"), slot=slot)
    return sites.annotate(
        is_stopped=Exists(stops),
        sitrep=Coalesce(Subquery(signed.values("status")[:1]), Value("")),
    ).values(
        "id",
        "code",
        "name",
        "short_name",
        "city",
        "has_icu",
        "region_id",
        "region__code",
        "region__name",
        "region__short_name",
        "pools__level_id",
        "pools__line_id",
        "pools__held",
        "pools__moved",
        "is_stopped",
        "sitrep",
    )


def _lines(slot: ReportingSlot, region: Region | None, days: int) -> Iterable[dict[str, Any]]:
    since = slot.hospital_due_at - timedelta(days=days)
    lines = ReportLine.objects.filter(
        report__is_current=True,
        report__slot__hospital_due_at__gt=since,
        report__slot__hospital_due_at__lte=slot.hospital_due_at,
    )
    if region is not None:
        lines = lines.filter(report__site__region=region)
    return lines.order_by().values(
        "pk",
        "report_id",
        "level_id",
        "open_cohort",
        "open_other",
        "reserve",
        "occ_confirmed",
        "new_24h",
        "offer",
        "need",
        occ_rest=F("occ_other") + Coalesce(F("occ_delabelled"), 0),
        slot_id=F("report__slot_id"),
        day=F("report__slot__day"),
        due_at=F("report__slot__hospital_due_at"),
        site_id=F("report__site_id"),
        source=F("report__source"),
        received_at=F("report__received_at"),
        first_received_at=F("report__first_received_at"),
        measured_at=F("report__measured_at"),
        spoken_with=F("report__spoken_with"),
        label_nl=F("level__label_nl"),
        label_en=F("level__label_en"),
        order=F("level__order"),
        needs_icu=F("level__needs_icu"),
        has_reserve=F("level__has_reserve"),
    )


def _place(row: dict[str, Any]) -> Place:
    return Place(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        city=row["city"],
        has_icu=row["has_icu"],
        region_id=row["region_id"],
        region_code=row["region__code"],
        region_name=row["region__name"],
        region_short_name=row["region__short_name"],
        sitrep=row["sitrep"],
    )


def _answer(row: dict[str, Any]) -> Answer:
    return Answer(
        report_id=row["report_id"],
        site_id=row["site_id"],
        source=row["source"],
        received_at=row["received_at"],
        first_received_at=row["first_received_at"],
        measured_at=row["measured_at"],
        is_on_behalf=bool(row["spoken_with"]),
    )


def _level(row: dict[str, Any]) -> CareLevel:
    """The level as its lines name it, so that it costs no query of its own."""
    return CareLevel(
        code=row["level_id"],
        label_nl=row["label_nl"],
        label_en=row["label_en"],
        order=row["order"],
        needs_icu=row["needs_icu"],
        has_reserve=row["has_reserve"],
    )
