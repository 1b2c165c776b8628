"""No line, no data: opening a request writes one line in the logbook, and so does a list of them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from communications.logbook import actions as logbook
from communications.logbook.models import AuditEvent, AuditEventQuerySet
from regions.people.models import User
from transfers.requests.models import TransferRequest

# A page that refreshes itself is the same look for this long; after that it is a new one.
SAME_LOOK = timedelta(minutes=15)
# Lists that show what patients need, with what the logbook says of a look at them.
LISTS = {"board": "Bord van verplaatsingen bekeken", "rides": "Ritten bekeken"}


def look(*, request: TransferRequest, by: User, now: datetime, is_refresh: bool = False) -> None:
    """Write that somebody saw this request; call it before showing anything of it."""
    about = ("request", request.number)
    if is_refresh and _recent(about, by, now).exists():
        return
    logbook.look(
        sentence=f"Verzoek {request.number} bekeken",
        about=about,
        by=by,
        at=now,
        regions=[request.sending_site.region.code],
    )


def look_at_list(
    name: str,
    *,
    numbers: Collection[str],
    regions: Collection[str],
    by: User,
    now: datetime,
    is_refresh: bool = False,
) -> None:
    """Write one line that names the requests somebody saw in one of `LISTS`; a refresh names the new ones."""
    about, fresh = ("requests", name), set(numbers)
    if is_refresh:
        for detail in _recent(about, by, now).values_list("detail", flat=True):
            fresh -= set(detail["requests"])
    if fresh:
        logbook.look(
            sentence=LISTS[name],
            about=about,
            by=by,
            at=now,
            regions=regions,
            detail={"requests": sorted(fresh)},
        )


def _recent(about: tuple[str, str], by: User, now: datetime) -> AuditEventQuerySet:
    """What this person saw of it a moment ago, in the same role."""
    return AuditEvent.objects.about(*about).filter(
        actor_id=str(by.pk),
        role=by.role_key,
        kind=AuditEvent.Kind.LOOK,
        at__gt=now - SAME_LOOK,
        at__lte=now,
    )
