"""What happens to requests by themselves: they are late, they lapse, they are closed. Swept, not hoped for.

Each row is claimed and changed in its own transaction, so a sweep that runs late, twice or beside another
changes nothing more.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from communications.post import actions as post
from regions.phases import selectors as phases
from transfers.offers import actions as offers
from transfers.requests import letters
from transfers.requests import status as states
from transfers.requests.models import RequestEvent, TransferRequest
from transfers.requests.moving import move, note, record
from transfers.rides.models import HandoverItem

log = logging.getLogger("lcps.transfers")

LATE = "late"
EXPIRING = next(row for row in states.TABLE if row.name == "expire").since


def sweep(*, now: datetime) -> None:
    """Everything that is due: offers first, for a request whose last offer ends searches again."""
    offers.expire_offers(now=now)
    expire_requests(now=now)
    close_requests(now=now)
    warn_late(now=now)


def expire_requests(*, now: datetime) -> int:
    """Let requests lapse that nobody touched for too long. How many did."""
    hours = phases.setting_at("expire.hours", now)
    too_long = Q()
    for urgency, limit in hours.items():
        too_long |= Q(urgency=int(urgency), updated_at__lte=now - timedelta(hours=limit))
    touched = Max("events__at", filter=~Q(events__step=LATE))
    idle = (
        TransferRequest.objects.filter(status__in=EXPIRING)
        .annotate(updated_at=Greatest("status_since", touched))
        .filter(too_long)
    )
    return _each(idle.values_list("pk", flat=True), lambda request: _expire(request, now))


def close_requests(*, now: datetime) -> int:
    """Close what was handed over, its clock run out and its handover complete. How many."""
    complete = (
        TransferRequest.objects.filter(status=states.HANDED_OVER, clock_due_at__lte=now)
        .annotate(items=Count("handover"))
        .filter(items__gte=len(HandoverItem.Item.values))
    )
    return _each(complete.values_list("pk", flat=True), lambda request: _close(request, now))


def warn_late(*, now: datetime) -> int:
    """Tell whose move it is, and the first step of the ladder, once per clock. How many were late."""
    warned = RequestEvent.objects.filter(
        request=OuterRef("pk"), step=LATE, at__gte=OuterRef("status_since")
    )
    late = TransferRequest.objects.running().filter(~Exists(warned), clock_due_at__lte=now)
    return _each(late.values_list("pk", flat=True), lambda request: _warn(request, now))


def _each(ids: Iterable[int], change: Callable[[TransferRequest], bool]) -> int:
    """Change every row that nobody else holds, in its own transaction; one that fails stops no other."""
    changed, failures = 0, []
    for pk in list(ids):
        try:
            with transaction.atomic():
                request = _claim(pk)
                changed += bool(request and change(request))
        except Exception as error:
            log.exception("sweep of request failed", extra={"fields": {"request": pk}})
            failures.append(error)
    if failures:
        raise failures[0]
    return changed


def _claim(pk: int) -> TransferRequest | None:
    rows = TransferRequest.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.with_places().filter(pk=pk).first()


def _expire(request: TransferRequest, now: datetime) -> bool:
    if request.status not in EXPIRING:
        return False
    move(request=request, step_name="expire", by=None, now=now)
    offers.void_offers(request=request, now=now, why=_("verzoek verlopen"))
    return True


def _close(request: TransferRequest, now: datetime) -> bool:
    if request.status != states.HANDED_OVER:
        return False
    move(request=request, step_name="close", by=None, now=now)
    return True


def _warn(request: TransferRequest, now: datetime) -> bool:
    if request.clock_due_at is None or request.clock_due_at > now:
        return False
    if request.events.filter(step=LATE, at__gte=request.status_since).exists():
        return False
    note(request, LATE, by=None, now=now)
    record(request, LATE, by=None, now=now, detail={"status": request.status})
    letters.warn_late(request, at=now)
    post.announce("transfers")
    return True
