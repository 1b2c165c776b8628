"""Every write about an offer. One patient, one bed: whatever comes at once, one wins (ADR 0005).

The locks are always taken in the same order: the request, the count of its sender's open requests, its
offers, the bed pools by number. A time limit is compared by the database, with the business moment it is handed.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from capacity.beds import actions as beds
from capacity.beds.models import Hold
from communications import privacy
from communications.post import actions as post
from regions.people.models import User
from regions.phases import selectors as phases
from regions.places.models import Site
from transfers.offers import closing, guards, letters, permissions, selectors
from transfers.offers.models import Offer
from transfers.requests import looks
from transfers.requests import moving as requests
from transfers.requests.models import TransferRequest

Status = Offer.Status


@transaction.atomic
def make_offer(
    *,
    request: TransferRequest,
    site: Site,
    by: User,
    now: datetime,
    version: int,
    message: str = "",
    rank_reason: str = "",
) -> Offer:
    """Ask a site for one bed, and hold that bed for the answer.

    Raises
    ------
    PermissionDenied
        When the user may not offer this request.
    ValidationError
        Codes: not_searching, changed, too_many_open, the rule that excludes the site, reason_needed,
        no_free_bed, and those of the step.
    """
    request = requests.lock(request)
    step = permissions.offer_step(request)
    if step is None:
        raise ValidationError(
            _("Voor dit verzoek wordt nu geen bed gezocht."), code="not_searching"
        )
    if not permissions.may_offer(by, request):
        raise PermissionDenied
    dials, urgency = phases.settings_at("", now), str(request.urgency)
    guards.refuse_old_tab(request, version)
    guards.refuse_too_many(request, most=dials["offers.most_open"])
    privacy.refuse_identity(message=message, rank_reason=rank_reason)
    guards.refuse_full(request, site, now=now)
    place = guards.place(request, site, now=now, dials=dials, rank_reason=rank_reason)
    hold = beds.hold(
        site=site,
        level=request.level_id,
        reference=request.number,
        until=now + timedelta(hours=dials["hold.hours"][urgency]),
        now=now,
    )
    offer = Offer.objects.create(
        request=request,
        site=site,
        hold=hold,
        rank=place.rank,
        rank_reason=rank_reason.strip(),
        message=message.strip(),
        offered_at=now,
        offered_name=str(by)[:150],
        answer_due_at=now + timedelta(minutes=dials["clock.offered"][urgency]),
    )
    requests.move(request=request, step_name=step.name, by=by, now=now, reason=site.name)
    letters.made(offer, by=by, at=now)
    post.announce("capacity")
    return offer


@transaction.atomic
def accept_offer(
    *, offer: Offer, by: User, now: datetime, doctor: str, unit: str, phone: str = ""
) -> Offer:
    """Take the patient on behalf of the site, with a named doctor, while the offer is open.

    The other offers of the patient lapse and their beds are free again.

    Raises
    ------
    PermissionDenied
        When the user does not answer for this site.
    ValidationError
        Codes: required (doctor, unit), expired, answered.
    """
    if not permissions.may_answer(by, offer):
        raise PermissionDenied
    guards.refuse_answered(offer)
    offer = closing.locked(offer.pk)
    guards.refuse_blanks(doctor=doctor, unit=unit)
    privacy.refuse_identity(doctor=doctor, unit=unit, phone=phone)
    said = {"accepting_doctor": doctor, "accepting_phone": phone, "unit": unit}
    closing.answer(offer, Status.ACCEPTED, by=by, now=now, **said)
    others = offer.request.offers.open().exclude(pk=offer.pk)
    with override("nl"):
        # Written once, for whoever reads it later: not in the language of who happened to press.
        why = _("een ander ziekenhuis accepteerde")
    closing.void(others, now=now, why=why)
    beds.extend(hold=offer.hold, until=_held_until(offer, now), now=now)
    where = f"{offer.site.name}, {unit}"
    requests.move(request=offer.request, step_name="accept", by=by, now=now, reason=where)
    letters.accepted(offer, by=by, at=now)
    post.announce("capacity")
    return offer


@transaction.atomic
def refuse_offer(*, offer: Offer, by: User, now: datetime, refusal: str, text: str = "") -> Offer:
    """Say no on behalf of the site, with the reason; the bed is free again at once.

    With `data_wrong` the site is asked for its right figures, and is no destination until they come.

    Raises
    ------
    PermissionDenied
        When the user does not answer for this site.
    ValidationError
        Codes: required (refusal, text with "other"), expired, answered.
    """
    if not permissions.may_answer(by, offer):
        raise PermissionDenied
    guards.refuse_answered(offer)
    offer = closing.locked(offer.pk)
    guards.refuse_no_reason(refusal, text)
    privacy.refuse_identity(text=text)
    closing.answer(offer, Status.REFUSED, by=by, now=now, refusal=refusal, refusal_text=text)
    beds.release(hold=offer.hold, end=Hold.End.RELEASED, now=now)
    with override("nl"):
        said = f"{offer.site.name}: {offer.get_refusal_display()}"
    requests.note(offer.request, "offer_refused", by=by, now=now, text=said)
    closing.record("refuse", offer, by=by, now=now, detail={"refusal": refusal})
    letters.refused(offer, by=by, at=now)
    if refusal == Offer.Refusal.DATA_WRONG:
        letters.correction_asked(offer, by=by, at=now)
    closing.search_again(offer.request, now=now)
    post.announce("capacity")
    return offer


@transaction.atomic
def extend_hold(*, offer: Offer, by: User, now: datetime) -> Offer:
    """Keep the bed of an accepted patient for another term; take one anew when the hold had lapsed.

    Raises
    ------
    PermissionDenied
        When the user does not answer for this site.
    ValidationError
        Codes: not_accepted, no_free_bed.
    """
    offer = closing.locked(offer.pk)
    if not permissions.may_answer(by, offer):
        raise PermissionDenied
    guards.refuse_needless_hold(offer)
    until = _held_until(offer, now)
    if offer.hold.ended_at is None:
        beds.extend(hold=offer.hold, until=until, now=now)
    else:
        level, number = offer.request.level_id, offer.request.number
        offer.hold = beds.hold(site=offer.site, level=level, reference=number, until=until, now=now)
        offer.save(update_fields=["hold"])
    closing.record("extend", offer, by=by, now=now)
    post.announce("transfers")
    return offer


@transaction.atomic
def record_contact(*, offer: Offer, by: User, now: datetime, names: str) -> Offer:
    """Write down which doctors spoke to each other; needed before the patient may leave.

    Raises
    ------
    PermissionDenied
        When the offer is not accepted, or the user has no part in it.
    ValidationError
        Code: required (names).
    """
    offer = closing.locked(offer.pk)
    if not permissions.may_record_contact(by, offer):
        raise PermissionDenied
    guards.refuse_blanks(names=names)
    privacy.refuse_identity(names=names)
    offer.contact_names, offer.contact_at = names.strip(), now
    offer.save(update_fields=["contact_names", "contact_at"])
    requests.note(offer.request, "contact", by=by, now=now, text=names)
    closing.record("contact", offer, by=by, now=now)
    post.announce("transfers")
    return offer


@transaction.atomic
def open_inbox(*, by: User, now: datetime, is_refresh: bool) -> selectors.Inbox:
    """What this person is asked; every patient shown leaves a line in the logbook."""
    page = selectors.inbox(user=by, now=now)
    shown = {card.offer.request.number: card.offer.request for card in page.cards}
    for number in sorted(shown):
        looks.look(request=shown[number], by=by, now=now, is_refresh=is_refresh)
    return page


def expire_offers(*, now: datetime) -> int:
    """Close what was not answered in time, and free beds that are kept no longer; how many ended.

    Each in its own transaction: one that fails takes none of the others with it.
    """
    unanswered = Offer.objects.open().filter(answer_due_at__lte=now).order_by("answer_due_at", "pk")
    lapsed = Offer.objects.accepted_and_waiting().filter(hold__ended_at=None, hold__until__lte=now)
    ended = sum([closing.expire(pk, now=now) for pk in unanswered.values_list("pk", flat=True)])
    return ended + sum([closing.lapse(pk, now=now) for pk in lapsed.values_list("pk", flat=True)])


@transaction.atomic
def void_offers(*, request: TransferRequest, now: datetime, why: str) -> int:
    """Withdraw every open or accepted offer of a locked request and free their beds; how many there were.

    `why` is a label, shown to the sites that were asked; no free text.
    """
    live = request.offers.filter(status__in=[Status.OPEN, Status.ACCEPTED])
    return closing.void(live, now=now, why=why)


def _held_until(offer: Offer, now: datetime) -> datetime:
    hours = phases.setting_at("hold.hours", now)[str(offer.request.urgency)]
    return max(offer.hold.until, now + timedelta(hours=hours))
