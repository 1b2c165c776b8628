"""Six figures of what a role looks after: its hospital, region, country, rides, log or accounts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from capacity.deadlines.calendar import AMSTERDAM
from capacity.picture.fairness import ABOVE
from capacity.picture.selectors import NationalPicture, RegionRow
from communications.logbook.models import AuditEvent
from lcps.home import board
from lcps.home import figures as tiles
from lcps.home.figures import Figure
from lcps.templatetags.lcps import number
from regions.models import Assignment, User
from regions.people import scopes
from transfers.requests import status as states
from transfers.rides.models import Ride


@dataclass(frozen=True)
class Overview:
    """Six figures of what this role looks after, with the page that says more."""

    title: str
    figures: list[Figure]
    url: str = ""
    link: str = ""


def overview(user: User, picture: NationalPicture | None, now: datetime) -> Overview | None:
    if user.role_key in scopes.PLANNERS:
        return _rides_overview(user, now)
    if user.role_key == "privacy_officer":
        return _log_overview(now)
    if user.role_key == "admin":
        return _people_overview(now)
    if picture is None:
        return None
    row = own_row(user, picture)
    if row is not None and user.acting and user.acting.site:
        return _site_overview(user, picture, row)
    if row is not None:
        return _region_overview(picture, row)
    return _nation_overview(picture)


def _nation_overview(picture: NationalPicture) -> Overview:
    source = board.source(picture)
    above = [row.name for row in picture.rows if row.share.side == ABOVE]
    figures = [
        *([tiles.occupied(source, source.intensive, says_since=True)] if source.intensive else []),
        *([tiles.free(source, source.intensive)] if source.intensive else []),
        *([tiles.occupied(source, source.nursing)] if source.nursing else []),
        tiles.need(source, tiles.places_of_need(board.regions_in_need(picture))),
        tiles.offer(source),
        Figure(
            key="above",
            label=_("Boven de band"),
            value=number(len(above)),
            change_text=_("van %(count)s regio’s") % {"count": len(picture.rows)},
            note=", ".join(above) or _("geen enkele regio"),
        ),
    ]
    return Overview(
        _("Nederland"), figures, reverse("national-board"), _("Naar het landelijk bord")
    )


def _region_overview(picture: NationalPicture, row: RegionRow) -> Overview:
    source = tiles.Source(
        group=row.group,
        levels=picture.levels,
        cohort=picture.cohort,
        reported=row.reported,
        expected=row.expected,
        is_being_asked=picture.is_being_asked,
        day=picture.slot.day,
        compared=picture.compared,
    )
    return Overview(
        _("Regio %(name)s") % {"name": row.name},
        tiles.six(source),
        reverse("capacity:region", kwargs={"region": row.code}),
        _("Naar de regio"),
    )


def _site_overview(user: User, picture: NationalPicture, row: RegionRow) -> Overview:
    assert user.acting is not None
    assert user.acting.site is not None
    site = user.acting.site
    source = tiles.Source(
        group=row.group.of([site.pk]),
        levels=[level for level in picture.levels if site.has_icu or not level.needs_icu],
        cohort=picture.cohort,
        reported=int(site.pk not in {place.id for place in row.silent}),
        expected=1,
        is_being_asked=picture.is_being_asked,
        day=picture.slot.day,
        compared=picture.compared,
    )
    return Overview(
        site.name,
        tiles.six(source),
        reverse("capacity:site", kwargs={"site": site.code}),
        _("Naar mijn ziekenhuis"),
    )


def _rides_overview(user: User, now: datetime) -> Overview:
    """One query, whatever the number of rides."""
    start = midnight(now)

    def status(code: str) -> Count:
        return Count("pk", filter=Q(returned_at=None, request__status=code))

    counts = Ride.objects.visible_to(user).aggregate(
        asked=status(states.TRANSPORT_REQUESTED),
        planned=status(states.TRANSPORT_PLANNED),
        driving=status(states.DEPARTED),
        arrived=status(states.ARRIVED),
        done=Count("pk", filter=Q(handed_over_at__gte=start)),
        returned=Count("pk", filter=Q(returned_at__gte=start)),
    )
    labels = {
        "asked": _("Zonder wagen"),
        "planned": _("Gepland"),
        "driving": _("Onderweg"),
        "arrived": _("Wacht op overdracht"),
        "done": _("Overgedragen vandaag"),
        "returned": _("Teruggegeven vandaag"),
    }
    return Overview(
        _("Ritten van %(place)s") % {"place": user.place_label},
        _tiles(labels, counts),
        reverse("transfers:rides"),
        _("Naar de ritten"),
    )


def _log_overview(now: datetime) -> Overview:
    """One query: what the logbook took down today."""
    kind = AuditEvent.Kind
    counts = AuditEvent.objects.filter(at__gte=midnight(now)).aggregate(
        looks=Count("pk", filter=Q(kind=kind.LOOK)),
        people=Count("actor_id", filter=Q(kind=kind.LOOK), distinct=True),
        opened=Count(
            "object_reference", filter=Q(kind=kind.LOOK, object_kind="request"), distinct=True
        ),
        changes=Count("pk", filter=Q(kind=kind.CHANGE)),
        by_system=Count("pk", filter=Q(kind=kind.CHANGE, actor_id="system")),
        sign_ins=Count("pk", filter=Q(action="user.sign_in")),
    )
    labels = {
        "looks": _("Inzagen vandaag"),
        "people": _("Mensen die inzagen"),
        "opened": _("Verzoeken geopend"),
        "changes": _("Wijzigingen vandaag"),
        "by_system": _("Waarvan door de klok"),
        "sign_ins": _("Aanmeldingen vandaag"),
    }
    return Overview(_("Logboek"), _tiles(labels, counts), reverse("logbook"), _("Naar het logboek"))


def _people_overview(now: datetime) -> Overview:
    """Two queries: accounts and what they may do. Roles are dated in real days, as sign-in is."""
    people = User.objects.filter(is_active=True).aggregate(
        active=Count("pk"),
        roleless=Count("pk", filter=Q(assignments=None)),
        never=Count("pk", filter=Q(last_login=None)),
    )
    roles = Assignment.objects.filter(valid_to=None, user__is_active=True).aggregate(
        given=Count("pk"),
        hospitals=Count("site", distinct=True),
        services=Count("service", distinct=True),
    )
    labels = {
        "active": _("Actieve accounts"),
        "roleless": _("Zonder rol"),
        "never": _("Nooit aangemeld"),
        "given": _("Rollen gegeven"),
        "hospitals": _("Ziekenhuizen met een account"),
        "services": _("Diensten met een account"),
    }
    return Overview(_("Accounts en rollen"), _tiles(labels, people | roles))


def _tiles(labels: dict[str, str], counts: dict[str, int]) -> list[Figure]:
    return [
        Figure(key=key, label=label, value=number(counts[key])) for key, label in labels.items()
    ]


def own_row(user: User, picture: NationalPicture) -> RegionRow | None:
    region = user.acting.home_region if user.acting else None
    if region is None:
        return None
    return next((row for row in picture.rows if row.id == region.pk), None)


def midnight(now: datetime) -> datetime:
    return now.astimezone(AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0)
