"""What stands around every page: who I am, the clock and its next deadline, the menu, the strips."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from capacity.deadlines import selectors as deadlines
from communications.post import selectors as post
from lcps import policy
from regions.phases import selectors as phases

# Menu entries in order; each is shown to the roles of its route. At most seven a role.
MENU: tuple[tuple[str, Any], ...] = (
    ("home", _("Nu te doen")),
    ("capacity:report", _("Aanlevering")),
    ("capacity:region", _("Regio")),
    ("national-board", _("Landelijk bord")),
    ("transfers:board", _("Verplaatsingen")),
    ("transfers:offers", _("Aanbod")),
    ("transfers:rides", _("Ritten")),
    ("logbook", _("Logboek")),
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NO_COUNT: tuple[int | None, bool] = (None, False)
MILESTONES = ("08:31", "10:01", "11:40", "12:01")


def frame(request: HttpRequest) -> dict[str, Any]:
    """The template variable `frame`."""
    user = getattr(request, "user", None)
    if user is None or not hasattr(request, "now"):
        return {"frame": None}
    signed_in = user.is_authenticated
    acting = user.acting if signed_in else None
    phase = phases.phase_at(request.now) if signed_in else None
    return {
        "frame": {
            "user_name": str(user) if signed_in else "",
            "role_label": acting.role.label if acting else "",
            "scope_label": acting.scope_label if acting else "",
            "assignments": [
                {
                    "id": a.pk,
                    "label": a.role.label,
                    "scope": a.scope_label,
                    "current": acting is not None and a.pk == acting.pk,
                }
                for a in getattr(request, "assignments", [])
            ],
            "now": request.now,
            "deadline": deadlines.next_for(user, now=request.now) if acting else None,
            "phase_label": phase.label if phase else "",
            "nav": menu(request) if acting else [],
            "message_count": post.unread_count(user.pk) if signed_in else 0,
            "demonstration": demonstration(request.now) if settings.DEMONSTRATION else None,
            "language": get_language(),
        }
    }


def demonstration(now: datetime) -> dict[str, Any]:
    """The milestones of the demonstration's day that are still to come."""
    clock = f"{now.astimezone(AMSTERDAM):%H:%M}"
    to_come = [at for at in MILESTONES if at > clock]
    return {"milestones": to_come, "next": to_come[0] if to_come else None}


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries this role may use, with the current one marked."""
    acting = request.user.acting
    places = {
        "capacity:report": acting.site and {"site": acting.site.code},
        "capacity:region": acting.home_region and {"region": acting.home_region.code},
    }
    entries = []
    for route, label in MENU:
        rule = policy.TABLE[route]
        if rule.roles is not policy.SIGNED_IN and acting.role_id not in rule.roles:
            continue
        kwargs = places.get(route, {})
        if kwargs is None:
            continue
        try:
            url = reverse(route, kwargs=kwargs or None)
        except NoReverseMatch:
            continue
        # The home page knows the count; other pages ask for it once they stand.
        count, is_over = getattr(request, "task_count", NO_COUNT) if route == "home" else NO_COUNT
        entries.append(
            {
                "label": label,
                "url": url,
                "current": request.resolver_match is not None
                and request.resolver_match.view_name == route,
                "counts_tasks": route == "home",
                "count": count,
                "is_over": is_over,
            }
        )
    return entries
