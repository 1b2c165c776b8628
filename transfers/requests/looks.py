"""No line, no data: opening a request writes one line in the logbook."""

from datetime import datetime, timedelta

from communications.logbook import actions as logbook
from communications.logbook.models import AuditEvent
from regions.people.models import User
from transfers.requests.models import TransferRequest

# A page that refreshes itself is the same look for this long; after that it is a new one.
SAME_LOOK = timedelta(minutes=15)


def look(*, request: TransferRequest, by: User, now: datetime, is_refresh: bool = False) -> None:
    """Write that somebody saw this request; call it before showing anything of it."""
    about = ("request", request.number)
    if is_refresh:
        recent = AuditEvent.objects.about(*about).filter(
            actor_id=str(by.pk),
            role=by.role_key,
            kind=AuditEvent.Kind.LOOK,
            at__gt=now - SAME_LOOK,
            at__lte=now,
        )
        if recent.exists():
            return
    logbook.look(
        sentence=f"Verzoek {request.number} bekeken",
        about=about,
        by=by,
        at=now,
        regions=[request.sending_site.region.code],
    )
