"""The logbook as the privacy officer reads it: by person, object, kind and day; reading is logged too."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q

from capacity.deadlines.calendar import AMSTERDAM
from communications.logbook import actions as logbook
from communications.logbook.models import AuditEvent
from regions.models import Role, User

PAGE_SIZE = 50


@dataclass(frozen=True)
class Asked:
    """Which lines are asked for."""

    text: str = ""
    kind: str = ""
    day: date | None = None

    @property
    def address(self) -> str:
        """The question as it stands in the address, to page through its answer."""
        parts = {"q": self.text, "kind": self.kind, "day": self.day.isoformat() if self.day else ""}
        return urlencode({name: value for name, value in parts.items() if value})


def asked(*, text: str, kind: str, day: str) -> Asked:
    """What the address asks; what cannot be read is left out."""
    try:
        wanted = date.fromisoformat(day) if day else None
    except ValueError:
        wanted = None
    known = kind if kind in AuditEvent.Kind.values else ""
    return Asked(" ".join(text.split())[:60], known, wanted)


def lines(wanted: Asked, page: str | None) -> Page[AuditEvent]:
    """The lines that answer, newest first."""
    events = AuditEvent.objects.all()
    if wanted.text:
        events = events.filter(
            Q(actor_name__icontains=wanted.text)
            | Q(object_reference__icontains=wanted.text)
            | Q(place__icontains=wanted.text)
        )
    if wanted.kind:
        events = events.filter(kind=wanted.kind)
    if wanted.day:
        start = datetime.combine(wanted.day, time(), AMSTERDAM)
        events = events.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return Paginator(events, PAGE_SIZE).get_page(page)


def role_labels() -> dict[str, str]:
    """A log line keeps the key of the role; people read its name."""
    return {role.key: role.label for role in Role.objects.all()}


def record_reading(wanted: Asked, *, by: User, at: datetime) -> None:
    """Whoever reads the log is in it."""
    logbook.record(
        "logbook.read",
        sentence="Las het logboek" + (f", gezocht op {wanted.text}" if wanted.text else ""),
        about=("logbook", wanted.day.isoformat() if wanted.day else "alles"),
        by=by,
        at=at,
        kind=AuditEvent.Kind.LOOK,
        purpose="toezicht op inzage",
    )
