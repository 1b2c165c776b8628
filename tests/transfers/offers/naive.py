"""The application with the defect that the last-bed test must catch. Only tests serve it.

A bed is taken by looking first and writing later, an answer by reading the offer without a lock. The
test drops the constraints that repeat the rule in the database.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from lcps.asgi import application

from capacity.beds import actions as beds  # isort: skip  (Django is set up by the line above)
from capacity.beds.models import BedPool, Hold  # isort: skip
from transfers.offers import closing  # isort: skip
from transfers.offers.models import Offer  # isort: skip

__all__ = ["application"]


def hold(*, site: Any, level: str, reference: str, until: datetime, now: datetime) -> Hold:
    pool = BedPool.objects.get(site=site, level=level)
    if pool.free_beds < 1:
        raise ValidationError("Hier is geen bed meer vrij.", code="no_free_bed")
    made = Hold.objects.create(pool=pool, reference=reference, placed_at=now, until=until)
    pool.held += 1
    pool.save(update_fields=["held"])
    return made


def locked(offer_id: int) -> Offer:
    return Offer.objects.with_places().select_related("request__clinical").get(pk=offer_id)


def answer(offer: Offer, to: str, *, by: Any, now: datetime, **fields: str) -> None:
    if offer.status != Offer.Status.OPEN or offer.answer_due_at <= now:
        raise closing.guards.too_late(offer)
    offer.status, offer.answered_at, offer.answered_name = to, now, str(by)
    for name, value in fields.items():
        setattr(offer, name, value)
    offer.save()


beds.hold = hold
closing.locked = locked
closing.answer = answer
