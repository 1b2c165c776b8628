"""Writing the logbook, in the transaction of the change or look it speaks of."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import override

from communications.logbook.models import AuditEvent

# The network address of the person whose request is being served; set by lcps.middleware.
client_address: ContextVar[str | None] = ContextVar("client_address", default=None)


class Actor(Protocol):
    """Who acts: a person under one role for one place."""

    pk: Any

    @property
    def role_key(self) -> str: ...

    @property
    def place_label(self) -> str: ...


@override("nl")
def record(
    action: str,
    *,
    sentence: str,
    about: tuple[str, str],
    by: Actor | None,
    at: datetime,
    kind: str = AuditEvent.Kind.CHANGE,
    purpose: str = "patiëntenspreiding",
    regions: Iterable[str] = (),
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one line: `by` did `action` to `about` (kind, number or code) at the business moment `at`.

    `by=None` is the system itself. `sentence` is plain Dutch without patient data: the logbook is in one
    language, whoever acts.
    """
    return AuditEvent.objects.create(
        at=at,
        entered_at=timezone.now(),
        kind=kind,
        action=action,
        sentence=sentence[:300],
        actor_id=str(by.pk) if by else "system",
        actor_name=str(by)[:150] if by else "LCPS",
        role=by.role_key if by else "system",
        place=by.place_label[:200] if by else "",
        purpose=purpose,
        object_kind=about[0],
        object_reference=about[1],
        region_codes=sorted(set(regions)),
        detail=dict(detail or {}),
        address=client_address.get(),
    )


def look(
    *,
    sentence: str,
    about: tuple[str, str],
    by: Actor,
    at: datetime,
    regions: Iterable[str] = (),
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write that somebody saw patient data. No line, no data: call it before rendering."""
    record(
        f"{about[0]}.look",
        sentence=sentence,
        about=about,
        by=by,
        at=at,
        kind=AuditEvent.Kind.LOOK,
        regions=regions,
        detail=detail,
    )
