"""Reading the logbook: by period, person, object and kind, newest first."""

from datetime import datetime

from django.db.models import Q

from communications.logbook.models import AuditEvent, AuditEventQuerySet


def lines(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    who: str = "",
    about: str = "",
    kind: str = "",
) -> AuditEventQuerySet:
    """The lines that fit every given filter; `who` and `about` match a part of the text."""
    found = AuditEvent.objects.all()
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if who:
        found = found.filter(Q(actor_name__icontains=who) | Q(role__icontains=who))
    if about:
        # A look at a list names its requests in the detail.
        named = Q(detail__requests__icontains=about)
        found = found.filter(Q(object_reference__icontains=about) | named)
    if kind:
        found = found.filter(kind=kind)
    return found
