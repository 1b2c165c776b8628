"""How an offer ends otherwise than by a yes, and the search goes on. Parts of this room's actions."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from capacity.beds import actions as beds
from capacity.beds.models import Hold
from communications.logbook import actions as logbook
from communications.post import actions as post
from regions.people.models import User
from transfers.offers import guards, letters
from transfers.offers.models import Offer, OfferQuerySet
from transfers.requests import moving as requests
from transfers.requests import status as states
from transfers.requests.models import TransferRequest

Status = Offer.Status
BY_SYSTEM = "LCPS"

SENTENCES = {
    "refuse": "Aanbod van %(number)s aan %(site)s geweigerd",
    "expire": "Aanbod van %(number)s aan %(site)s verlopen, bed vrijgegeven",
    "void": "Aanbod van %(number)s aan %(site)s vervallen, bed vrijgegeven",
    "lapse": "Bed voor %(number)s in %(site)s vrijgegeven: termijn voorbij",
    "extend": "Bed voor %(number)s in %(site)s langer vastgehouden",
    "contact": "Contact tussen artsen over %(number)s vastgelegd, bestemming %(site)s",
}


def locked(offer_id: int) -> Offer:
    """The offer as it is now, with its request locked before it."""
    known = Offer.objects.select_related("request").get(pk=offer_id)
    request = requests.lock(known.request)
    rows = Offer.objects.select_for_update(of=("self",), no_key=True)
    offer = rows.select_related("site__region", "hold").get(pk=offer_id)
    offer.request = request
    return offer


def answer(offer: Offer, to: str, *, by: User, now: datetime, **fields: str) -> None:
    """Move an offer from open, if it still is and its time has not passed, by the database's word.

    Raises ValidationError with code expired or answered.
    """
    fields |= {"status": to, "answered_name": str(by)[:150]}
    in_time = Offer.objects.open().filter(pk=offer.pk, answer_due_at__gt=now)
    if not in_time.update(answered_at=now, **fields):
        raise guards.too_late(offer)
    offer.refresh_from_db(fields=["answered_at", *fields])
    post.mark_done(letters.answer_to(offer), at=now)


def void(offers: OfferQuerySet, *, now: datetime, why: str) -> int:
    """Withdraw offers of a locked request and free their beds; how many there were."""
    # By number of the pool: patients whose offers cross never wait for each other in a circle.
    rows = offers.with_places().order_by("hold__pool_id")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    for offer in found:
        offer.status, offer.answered_at, offer.answered_name = Status.VOIDED, now, BY_SYSTEM
        offer.save(update_fields=["status", "answered_at", "answered_name"])
        beds.release(hold=offer.hold, end=Hold.End.RELEASED, now=now)
        post.mark_done(letters.answer_to(offer), at=now)
        record("void", offer, by=None, now=now)
        letters.voided(offer, at=now, why=why)
    return len(found)


@transaction.atomic
def expire(offer_id: int, *, now: datetime) -> bool:
    """Close one offer that was not answered in time; False when it was answered after all."""
    offer = locked(offer_id)
    due = Offer.objects.open().filter(pk=offer.pk, answer_due_at__lte=now)
    if not due.update(status=Status.EXPIRED, answered_at=now, answered_name=BY_SYSTEM):
        return False
    offer.refresh_from_db(fields=["status", "answered_at", "answered_name"])
    beds.release(hold=offer.hold, end=Hold.End.EXPIRED, now=now)
    requests.note(offer.request, "offer_expired", by=None, now=now, text=offer.site.name)
    post.mark_done(letters.answer_to(offer), at=now)
    record("expire", offer, by=None, now=now)
    letters.expired(offer, at=now)
    search_again(offer.request, now=now)
    return True


@transaction.atomic
def lapse(offer_id: int, *, now: datetime) -> bool:
    """Give back the bed of an accepted patient who did not leave in time, and warn both sides."""
    offer = locked(offer_id)
    still = Offer.objects.accepted_and_waiting().filter(
        pk=offer.pk, hold__ended_at=None, hold__until__lte=now
    )
    if not still.exists():
        return False
    beds.release(hold=offer.hold, end=Hold.End.EXPIRED, now=now)
    requests.note(offer.request, "hold_lapsed", by=None, now=now, text=offer.site.name)
    record("lapse", offer, by=None, now=now)
    letters.hold_lapsed(offer, at=now)
    post.announce("transfers")
    return True


def search_again(request: TransferRequest, *, now: datetime) -> None:
    """After the last open offer ended without a yes, the search goes on where it was."""
    if request.status != states.OFFERED or request.offers.open().exists():
        post.announce("transfers")
        return
    name = "search_region_again" if request.is_searched_in_region else "search_nation_again"
    requests.move(request=request, step_name=name, by=None, now=now)


def record(
    what: str,
    offer: Offer,
    *,
    by: User | None,
    now: datetime,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Write a line of the logbook about an offer."""
    words = {"number": offer.request.number, "site": offer.site.name}
    logbook.record(
        f"offer.{what}",
        sentence=SENTENCES[what] % words,
        about=("request", offer.request.number),
        by=by,
        at=now,
        regions=[offer.site.region.code, offer.request.sending_site.region.code],
        detail={"site": offer.site.code, **(detail or {})},
    )
