"""Plain functions that make the things tests need, with keyword defaults."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from capacity.beds import actions as beds
from capacity.models import BedPool, CapacityReport, CareLevel, ReportingSlot, ReportLine
from capacity.reports.load import load_levels
from regions.models import AmbulanceService, Assignment, Organisation, Region, Role, Site, User
from regions.people.actions import assign_role
from regions.people.load import load_roles
from regions.phases.load import load_dials, put_phase_in_force
from transfers.models import ClinicalPicture, TransferRequest
from transfers.requests import status as states

NOW = datetime(2020, 10, 29, 7, 5, tzinfo=UTC)
TODAY = NOW.date()
count = itertools.count(1)


def reference() -> None:
    """Roles, care levels, phases, cadence and settings; phase 2b in force. A handful of queries."""
    load_roles()
    load_levels()
    load_dials()
    put_phase_in_force("2b", since=datetime(2020, 9, 1, tzinfo=UTC), decision="test")


def region(code: str | None = None, **fields: Any) -> Region:
    code = code or f"region-{next(count)}"
    defaults = {
        "name": code.title(),
        "short_name": code.title(),
        "network_name": f"Netwerk {code}",
        "trauma_centre": "",
        "population": 1_500_000,
        "latitude": 52.0,
        "longitude": 5.0,
        "boundary_confidence": "high",
        "valid_from": date(2020, 1, 1),
    }
    return Region.objects.get_or_create(code=code, defaults=defaults | fields)[0]


def site(code: str | None = None, *, region: Region | None = None, **fields: Any) -> Site:
    """A reporting site with an ICU, in a region of its own unless one is given."""
    code = code or f"site-{next(count)}"
    organisation = Organisation.objects.get_or_create(code=code, defaults={"name": code.title()})[0]
    defaults = {
        "organisation": organisation,
        "name": f"Ziekenhuis {code.title()}",
        "short_name": code.title(),
        "search_name": code,
        "city": "Stad",
        "postcode": "1234 AB",
        "latitude": 52.0,
        "longitude": 5.0,
        "kind": "general",
        "emergency_department": "24_7",
        "has_icu": True,
        "reports": True,
        "region": region or globals()["region"](),
        "region_confidence": "high",
    }
    return Site.objects.create(code=code, **defaults | fields)


def service(
    code: str | None = None, *, region: Region | None = None, kind: str = "rav"
) -> AmbulanceService:
    code = code or f"service-{next(count)}"
    return AmbulanceService.objects.create(
        code=code,
        name=f"Dienst {code}",
        kind=kind,
        region=region or globals()["region"](),
        latitude=52.0,
        longitude=5.0,
    )


def user(
    role: str = "",
    *,
    site: Site | None = None,
    region: Region | None = None,
    service: AmbulanceService | None = None,
    **fields: Any,
) -> User:
    """A person, acting under `role` (if given) for one place. Call `reference()` first."""
    name = fields.pop("username", f"user-{next(count)}")
    person = User.objects.create_user(name, email=f"{name}@example.org", password="demo", **fields)
    if role:
        person.acting = assign(person, role, site=site, region=region, service=service)
    return person


def assign(person: User, role: str, **place: Any) -> Assignment:
    return assign_role(
        user=person,
        role=Role.objects.get(pk=role),
        valid_from=date(2020, 1, 1),
        by=None,
        now=timezone.now(),
        **place,
    )


def slot(day: date = TODAY, **fields: Any) -> ReportingSlot:
    """The 08:30 / 10:00 / 12:00 call of a winter day (UTC+1), open from local midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1)
    defaults = {
        "opens_at": midnight,
        "region_due_at": midnight + timedelta(hours=10),
        "nation_due_at": midnight + timedelta(hours=12),
        "phase_id": "2b",
        "fields": "full",
    }
    return ReportingSlot.objects.get_or_create(
        hospital_due_at=fields.pop("hospital_due_at", midnight + timedelta(hours=8, minutes=30)),
        defaults={"day": day} | defaults | fields,
    )[0]


LINE = {
    "open_cohort": 10,
    "open_other": 10,
    "reserve": 1,
    "occ_confirmed": 8,
    "occ_other": 8,
    "new_24h": 1,
    "offer": 0,
    "need": 0,
}


def report(
    site: Site,
    slot: ReportingSlot,
    *,
    lines: dict[str, dict[str, int]] | None = None,
    **fields: Any,
) -> CapacityReport:
    """A current report with its lines and pools: 3 free beds per level unless `lines` says otherwise."""
    at = fields.pop("measured_at", slot.hospital_due_at - timedelta(minutes=30))
    earlier = CapacityReport.objects.filter(site=site, slot=slot)
    earlier.update(is_current=False)
    received_at, first = fields.pop("received_at", at), earlier.filter(version=1).first()
    made = CapacityReport.objects.create(
        site=site,
        region=site.region,
        slot=slot,
        version=earlier.count() + 1,
        measured_at=at,
        received_at=received_at,
        first_received_at=first.first_received_at if first else received_at,
        source="manual",
        by_name="Tester",
        submission=uuid4(),
        **fields,
    )
    for level in CareLevel.objects.all():
        figures = LINE | (lines or {}).get(level.code, {})
        line = ReportLine.objects.create(report=made, level=level, **figures)
        line.refresh_from_db()
        pool, _ = BedPool.objects.get_or_create(site=site, level=level)
        BedPool.objects.filter(pk=pool.pk).update(
            line=line,
            measured_at=at,
            valid_until=at + timedelta(hours=48),
            reported_free=line.free_beds,
            moved=0,
            ceiling=max(line.free_beds, pool.held),
        )
    return made


CLINICAL = {
    "age_years": 58,
    "sex": "male",
    "weight_kg": 92,
    "height_cm": 181,
    "diagnosis_group": "COVID-19",
    "infection": "confirmed",
    "isolation": "droplet",
    "stable_by": "dr. A. Bosman",
    "informed": "agreed",
    "informed_who": "patiënt en partner",
    "gp_informed": True,
}


def request_(
    sending_site: Site,
    *,
    status: str = "draft",
    level: str = "ward",
    clinical: Any = None,
    **fields: Any,
) -> TransferRequest:
    """A request in any status, with a stable ward patient, counted; no events, offers or rides with it."""
    at = fields.pop("created_at", NOW - timedelta(hours=1))
    ended = status in ("closed", "withdrawn", "expired", "deceased")
    defaults = {
        "number": f"PMR-2020-{900000 + next(count):06d}",
        "submission": uuid4(),
        "status_since": at,
        "clock_due_at": None if status == "draft" or ended else at + timedelta(hours=4),
        "searching": "nation" if status in ("national_search", "offered") else "",
        "urgency": 24,
        "ended_at": at if ended else None,
    }
    made = TransferRequest.objects.create(
        sending_site=sending_site, status=status, level_id=level, created_at=at, **defaults | fields
    )
    if status in states.OPEN:
        beds.count_request(site=sending_site, level=level, change=1)
    ClinicalPicture.objects.create(
        request=made,
        **CLINICAL
        | {"stable_at": at, "informed_at": at, "values_at": at, "oxygen_l_min": 3}
        | (clinical or {}),
    )
    return made
