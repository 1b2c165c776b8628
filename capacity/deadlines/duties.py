"""What a person must do by which moment: the bar of every page, and the list on the home page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from capacity.deadlines import answers
from capacity.deadlines.calendar import AMSTERDAM, Ladder, local_day
from capacity.deadlines.letters import report_form
from capacity.deadlines.models import ReportingSlot
from capacity.picture.models import RegionalSitrep
from regions.people import scopes
from regions.people.models import User
from regions.phases import selectors as phases
from regions.places.models import Contact, Region, Site

SOON = Ladder().remind
# Three calls a day at most, and the newest of the day before.
CALLS_LOOKED_AT = 4


@dataclass(frozen=True)
class NextDeadline:
    """What comes next for a person; `state` is ok, soon or over."""

    what: str
    at: datetime
    soon_at: datetime
    left_text: str
    state: str


@dataclass(frozen=True)
class Task:
    """Something to do, by when, and the page to do it on; with the care level when it is about a patient."""

    due_at: datetime
    soon_at: datetime | None
    title: str
    about: str
    url: str
    button: str
    level_label: str = ""
    needs_icu: bool = False


def next_for(user: User, *, now: datetime) -> NextDeadline | None:
    """The next deadline of the role a person acts under; None when nothing waits. One query."""
    for slot in _open_calls(user, now):
        at = _due_at(user, slot)
        return NextDeadline(
            what=_wording(user, slot) % {"time": f"{at.astimezone(AMSTERDAM):%H:%M}"},
            at=at,
            soon_at=at - SOON,
            left_text=left_text(at, now),
            state=state(at, now),
        )
    return None


def tasks_for(user: User, now: datetime) -> list[Task]:
    """What a person has to do for the calls that have opened, by clock."""
    opened = [slot for slot in _open_calls(user, now) if slot.opens_at <= now]
    if not opened or user.acting is None:
        return []
    slot, acting = opened[0], user.acting
    if acting.site and user.role_key in scopes.REPORTERS:
        return [_report_task(acting.site, slot)]
    if acting.region and user.role_key == "regional_coordinator":
        return [_sign_off_task(acting.region, slot), *_phone_tasks(acting.region, slot, now)]
    if user.role_key == "shift_lead":
        return _overview_tasks(slot, now)
    return []


def state(at: datetime, now: datetime) -> str:
    if now >= at:
        return "over"
    return "soon" if now >= at - SOON else "ok"


def left_text(at: datetime, now: datetime) -> str:
    """How long until an instant, or how long it has passed."""
    seconds = (at - now).total_seconds()
    if -60 < seconds <= 0:
        return _("nu")
    # Time that is left counts as whole minutes begun, lateness as whole minutes gone.
    minutes = int(-(-seconds // 60) if seconds > 0 else -seconds // 60)
    hours, rest = divmod(minutes, 60)
    length = (
        _("%(hours)s u %(minutes)s") % {"hours": hours, "minutes": f"{rest:02d}"}
        if hours
        else _("%(minutes)s min") % {"minutes": rest}
    )
    return (_("nog %(time)s") if seconds > 0 else _("%(time)s te laat")) % {"time": length}


def _open_calls(user: User, now: datetime) -> Iterator[ReportingSlot]:
    """The call that is on and today's later ones, as far as they still wait for this person."""
    acting = user.acting
    if acting is None:
        return
    done: Exists | Value
    if user.role_key in scopes.REPORTERS and acting.site and acting.site.reports:
        done = Exists(answers.reports(slot=OuterRef("pk"), site=acting.site_id))
    elif user.role_key in scopes.REGIONAL and acting.region_id:
        done = Exists(answers.pictures(slot=OuterRef("pk"), region=acting.region_id))
    elif user.role_key in scopes.CENTRE:
        done = Value(False)
    else:
        return
    slots = list(
        ReportingSlot.objects.filter(day__lte=local_day(now))
        .annotate(done=done)
        .order_by("-opens_at")[:CALLS_LOOKED_AT]
    )
    current = next((slot for slot in slots if slot.opens_at <= now), None)
    for slot in reversed(slots):
        is_on_or_later = slot is current or slot.opens_at > now
        # Whether the national picture went out is not recorded: its moment just passes.
        is_over = user.role_key in scopes.CENTRE and _due_at(user, slot) <= now
        if is_on_or_later and not slot.done and not is_over:
            yield slot


def _due_at(user: User, slot: ReportingSlot) -> datetime:
    if user.role_key in scopes.REPORTERS:
        return slot.hospital_due_at
    if user.role_key in scopes.REGIONAL:
        return slot.region_due_at
    return slot.nation_due_at or slot.region_due_at


def _wording(user: User, slot: ReportingSlot) -> str:
    if user.role_key in scopes.REPORTERS:
        return _("Aanleveren tot %(time)s")
    if user.role_key in scopes.REGIONAL:
        return _("Regiobeeld indienen tot %(time)s")
    if slot.nation_due_at is None:
        return _("Regiobeelden binnen om %(time)s")
    if user.role_key == "shift_lead":
        return _("Landelijk beeld publiceren om %(time)s")
    return _("Landelijk beeld om %(time)s")


def task(due_at: datetime, **words: str) -> Task:
    """Something to do for a call, with its reminder."""
    return Task(due_at=due_at, soon_at=due_at - SOON, **words)


def _report_task(site: Site, slot: ReportingSlot) -> Task:
    return task(
        slot.hospital_due_at,
        title=_("Capaciteit aanleveren"),
        about=site.name,
        url=report_form(site),
        button=_("Vul in"),
    )


def _sign_off_task(region: Region, slot: ReportingSlot) -> Task:
    returned = RegionalSitrep.objects.current().filter(slot=slot, region=region).first()
    if returned:
        title, about = _("Regiobeeld opnieuw indienen"), returned.question
    else:
        asked = Site.objects.reporting().filter(region=region).count()
        here = asked - len(answers.missing_sites(slot, region=region))
        title = _("Regiobeeld indienen")
        about = _("%(here)d van %(asked)d ziekenhuizen hebben aangeleverd") % {
            "here": here,
            "asked": asked,
        }
    return task(
        slot.region_due_at,
        title=title,
        about=about,
        url=reverse("capacity:region", kwargs={"region": region.code}),
        button=_("Open regiobeeld"),
    )


def _phone_tasks(region: Region, slot: ReportingSlot, now: datetime) -> list[Task]:
    """From three quarters of an hour after the deadline: phone who is missing (C5)."""
    minutes = phases.setting_at("late_phone.minutes", now)
    if now < slot.hospital_due_at + timedelta(minutes=minutes):
        return []
    missing = answers.missing_sites(slot, region=region)
    phones = dict(
        Contact.objects.filter(site__in=missing, function=Contact.Function.BEDS)
        .exclude(phone="")
        .values_list("site", "phone")
    )
    return [
        task(
            slot.region_due_at,
            title=_("Bel %(site)s: nog geen cijfers") % {"site": site.name},
            about=_("Beddencoördinatie %(phone)s") % {"phone": phones[site.pk]}
            if site.pk in phones
            else _("Telefoonnummer onbekend"),
            url=report_form(site),
            button=_("Vul namens hen in"),
        )
        for site in missing
    ]


def _overview_tasks(slot: ReportingSlot, now: datetime) -> list[Task]:
    """Between preparing the national picture and its moment."""
    minutes = phases.setting_at("overview.prepared_minutes", now)
    if slot.nation_due_at is None or now < slot.nation_due_at - timedelta(minutes=minutes):
        return []
    missing = answers.missing_regions(slot)
    return [
        task(
            slot.nation_due_at,
            title=_("Landelijk beeld controleren"),
            about=_("Zonder regiobeeld: %(names)s") % {"names": ", ".join(r.name for r in missing)}
            if missing
            else _("Alle regiobeelden zijn binnen"),
            url=reverse("national-board"),
            button=_("Open landelijk bord"),
        )
    ]
