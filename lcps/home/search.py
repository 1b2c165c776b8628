"""Search by request number, hospital or region, within what a person may see."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from communications.logbook import actions as logbook
from communications.logbook.models import AuditEvent
from lcps import policy
from regions.models import Region, Site, User
from regions.people import scopes
from regions.places.load import folded
from transfers.requests.models import TransferRequest
from transfers.rides.models import Ride

SHORTEST = 2
MOST = 20


@dataclass(frozen=True)
class Hit:
    """One thing found, with where to see it; without an address it is only named."""

    title: str
    about: str
    url: str = ""


@dataclass(frozen=True)
class Found:
    """What a search found."""

    query: str
    requests: list[Hit] = field(default_factory=list)
    rides: list[Hit] = field(default_factory=list)
    sites: list[Hit] = field(default_factory=list)
    regions: list[Hit] = field(default_factory=list)

    @property
    def is_too_short(self) -> bool:
        return len(self.query) < SHORTEST

    @property
    def is_empty(self) -> bool:
        return not (self.requests or self.rides or self.sites or self.regions)


def find(user: User, text: str, now: datetime) -> Found:
    """Requests and rides by number, hospitals and regions by name; at most twenty of each."""
    printable = "".join(one for one in text if one.isprintable() or one.isspace())
    query = " ".join(printable.split())[:60]
    if len(query) < SHORTEST:
        return Found(query)
    found = Found(
        query,
        requests=_requests(user, query),
        rides=_rides(user, query),
        sites=_sites(user, query),
        regions=_regions(user, query),
    )
    if found.requests or found.rides:
        _record(user, query, len(found.requests) + len(found.rides), now)
    return found


def _digits(query: str) -> str:
    """The number that was asked for, without what people type around it."""
    return "".join(character for character in query if character.isdigit())


def _number_part(query: str) -> str:
    """What to look for in a number; empty when the text is no number: "PMR-2020-000418", "418"."""
    plain = query.upper().removeprefix("PMR").strip(" -–")
    return (
        plain.replace(" ", "-")
        if plain and plain.replace(" ", "").replace("-", "").isdecimal()
        else ""
    )


def _requests(user: User, query: str) -> list[Hit]:
    part = _number_part(query)
    if not part:
        return []
    requests = TransferRequest.objects.visible_to(user).filter(number__contains=part)
    return [
        Hit(
            request.number,
            f"{request.level.label} · {request.get_status_display()} · "
            f"{request.sending_site.short_name}, {request.sending_site.region.short_name}",
            reverse("transfers:request", kwargs={"number": request.number}),
        )
        for request in requests.select_related("level", "sending_site__region").order_by("-number")[
            :MOST
        ]
    ]


def _rides(user: User, query: str) -> list[Hit]:
    """Planners find their rides by the number of the request."""
    part = _number_part(query)
    if not part or user.role_key not in scopes.PLANNERS:
        return []
    rides = Ride.objects.visible_to(user).filter(request__number__contains=part, returned_at=None)
    return [
        Hit(
            ride.request.number,
            f"{ride.request.sending_site.short_name} → {ride.offer.site.short_name}",
            reverse("transfers:ride", kwargs={"ride": ride.pk}),
        )
        for ride in rides.select_related("request__sending_site", "offer__site")[:MOST]
    ]


def _sites(user: User, query: str) -> list[Hit]:
    """Every hospital is known by name; its page opens for who may see it, else its region's."""
    sites = Site.objects.filter(search_name__contains=folded(query), closed_on=None)
    mine = set(
        Site.objects.filter(
            scopes.site_filter(user, site="", region="region"), pk__in=sites.values("pk")
        ).values_list("pk", flat=True)
    )
    may_open_region = user.role_key in policy.TABLE["capacity:region"].roles
    return [
        Hit(
            site.name,
            _("%(city)s, regio %(region)s") % {"city": site.city, "region": site.region.name},
            reverse("capacity:site", kwargs={"site": site.code})
            if site.pk in mine
            else reverse("capacity:region", kwargs={"region": site.region.code})
            if may_open_region
            else "",
        )
        for site in sites.select_related("region")[:MOST]
    ]


def _regions(user: User, query: str) -> list[Hit]:
    may_open = user.role_key in policy.TABLE["capacity:region"].roles
    return [
        Hit(
            _("Regio %(name)s") % {"name": region.name},
            region.network_name,
            reverse("capacity:region", kwargs={"region": region.code}) if may_open else "",
        )
        for region in Region.objects.filter(name__icontains=query, valid_to=None)[:MOST]
    ]


def _record(user: User, query: str, count: int, now: datetime) -> None:
    """A search that showed requests is a look. Only the digits are kept: a query may hold a name."""
    logbook.record(
        "search",
        sentence=f"Zocht op nummer en zag {count} verzoeken in de lijst",
        about=("search", _digits(query)[:20]),
        by=user,
        at=now,
        kind=AuditEvent.Kind.LOOK,
    )
