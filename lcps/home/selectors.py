"""The home page of each role: what to do now, the day, who else must act, and six figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capacity.deadlines import selectors as deadlines
from capacity.deadlines.models import ReportingSlot
from capacity.picture.selectors import NationalPicture, RegionRow, national_picture, return_limit
from lcps.home import words
from lcps.home.overviews import Overview, midnight, overview, own_row
from lcps.home.tasks import TaskGroup, Turn, grouped, tasks_for, turns_of_others
from lcps.templatetags.lcps import hm
from regions.models import User
from regions.people import scopes
from regions.phases import selectors as phases
from transfers.rides.models import Ride

__all__ = ["Home", "home", "tasks_for"]


@dataclass(frozen=True)
class Home:
    """Everything the home page shows."""

    groups: list[TaskGroup]
    count: int
    late: int
    quiet: words.Quiet
    quiet_url: str
    day: list[dict[str, Any]]
    turns: list[Turn]
    overview: Overview | None


def home(user: User, now: datetime) -> Home:
    """The home page of the role a person acts under."""
    slot = deadlines.slot_at(now)
    picture = national_picture(slot, now) if slot and _looks_at_beds(user) else None
    groups = grouped(tasks_for(user, now), now)
    quiet = words.QUIET.get(user.role_key, words.NO_ROLE)
    return Home(
        groups=groups,
        count=sum(len(group.tasks) for group in groups),
        late=sum(len(group.tasks) for group in groups if group.is_late),
        quiet=quiet,
        quiet_url=_url(quiet.route, user),
        day=_day(user, slot, picture, now) if slot else [],
        turns=turns_of_others(user),
        overview=overview(user, picture, now),
    )


def task_count(user: User, now: datetime) -> tuple[int, int]:
    """How many tasks wait for a person, and how many of them are late."""
    due = [task.due_at for task in tasks_for(user, now)]
    return len(due), sum(1 for at in due if at <= now)


def _looks_at_beds(user: User) -> bool:
    return user.role_key not in {*scopes.PLANNERS, "privacy_officer", "admin", ""}


def _url(route: str, user: User) -> str:
    acting = user.acting
    if not route or acting is None:
        return ""
    kwargs = {}
    if route == "capacity:report" and acting.site:
        kwargs = {"site": acting.site.code}
    if route == "capacity:region" and acting.region:
        kwargs = {"region": acting.region.code}
    try:
        return reverse(route, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def _day(
    user: User, slot: ReportingSlot, picture: NationalPicture | None, now: datetime
) -> list[dict[str, Any]]:
    """The moments of the day in order, with "now" between what was and what comes."""
    moments = _rides_today(user, now) if picture is None else _calls(user, slot, picture, now)
    items = [
        moment | {"state": "done" if moment["at"] <= now else "next"}
        for moment in sorted(moments, key=lambda moment: moment["at"])
    ]
    if not items:
        return []
    place = sum(1 for item in items if item["state"] == "done")
    here = {"at": now, "text": _("Nu"), "by": "", "state": "current"}
    return [*items[:place], here, *items[place:]]


def _calls(
    user: User, slot: ReportingSlot, picture: NationalPicture, now: datetime
) -> list[dict[str, Any]]:
    row = own_row(user, picture)
    moments = [
        {
            "at": slot.hospital_due_at,
            "text": _("Ziekenhuizen melden"),
            "by": _sites_in(user, picture, row),
        },
        {"at": slot.region_due_at, "text": _("Regiobeelden"), "by": _sitreps_in(picture, row)},
        {
            "at": return_limit(slot, phases.setting_at("sitrep.return_until", now)),
            "text": _("Terugsturen sluit"),
            "by": "",
        },
    ]
    if slot.nation_due_at:
        moments.append({"at": slot.nation_due_at, "text": _("Landelijk beeld"), "by": ""})
    return moments


def _sites_in(user: User, picture: NationalPicture, row: RegionRow | None) -> str:
    site = user.acting.site if user.acting else None
    if site is not None and row is not None and site.reports:
        silent = site.pk in {place.id for place in row.silent}
        return _("uw ziekenhuis nog niet") if silent else _("uw ziekenhuis is binnen")
    counted = row or picture
    return _("%(reported)s van %(expected)s binnen") % {
        "reported": counted.reported,
        "expected": counted.expected,
    }


SITREP_WORDS = {
    "": gettext_lazy("van uw regio nog niet"),
    "submitted": gettext_lazy("van uw regio ingediend"),
    "returned": gettext_lazy("van uw regio teruggestuurd met een vraag"),
    "accepted": gettext_lazy("van uw regio akkoord"),
}


def _sitreps_in(picture: NationalPicture, row: RegionRow | None) -> str:
    if row is not None:
        return str(SITREP_WORDS[row.sitrep])
    return _("%(count)s van %(all)s binnen") % {
        "count": picture.sitreps_in,
        "all": len(picture.rows),
    }


def _rides_today(user: User, now: datetime) -> list[dict[str, Any]]:
    """A planner's day: planned departures and arrivals."""
    if user.role_key not in scopes.PLANNERS:
        return []
    start = midnight(now)
    planned = (
        Ride.objects.visible_to(user)
        .filter(returned_at=None, pick_up_at__gte=start, pick_up_at__lt=start + timedelta(days=1))
        .select_related("request__sending_site", "offer__site")
    )
    return [
        {
            "at": ride.pick_up_at,
            "text": _("Vertrek %(number)s") % {"number": ride.request.short_number},
            "by": _("%(origin)s naar %(destination)s, aankomst %(time)s")
            % {
                "origin": ride.request.sending_site.short_name,
                "destination": ride.offer.site.short_name,
                "time": hm(ride.arrival_at),
            },
        }
        for ride in planned
    ]
