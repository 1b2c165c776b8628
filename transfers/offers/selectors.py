"""Reads of offers: what waits for an answer here, and what a request was offered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from capacity.beds import selectors as beds
from capacity.beds.models import Hold
from capacity.beds.selectors import FreeBeds
from capacity.reports.models import CareLevel
from regions.people import scopes
from regions.places import travel
from regions.places.models import Contact, Site
from transfers.offers import facts, permissions
from transfers.offers.models import COMING, Offer
from transfers.offers.panel import OfferPanel, offer_panel
from transfers.requests import clocks
from transfers.requests import status as states

if TYPE_CHECKING:
    from regions.people.models import User

__all__ = ["Inbox", "OfferPanel", "corrections_due", "inbox", "offer_panel"]

Status = Offer.Status
# Who may mend the figures of a site, and after how long nobody is asked any more.
WHO_CORRECT = scopes.REPORTERS | {"regional_coordinator"}
CORRECTED_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Card:
    """One question for a bed, with what a doctor must know to answer it."""

    offer: Offer
    groups: list[facts.Group]
    travel_minutes: int
    soon_at: datetime
    may_answer: bool
    is_own_site: bool
    beds: FreeBeds | None


@dataclass(frozen=True)
class HeldBed:
    """A bed that is kept, and for whom."""

    number: str
    until: datetime

    @property
    def short_number(self) -> str:
        """As people say it: 418 for PMR-2020-000418."""
        return str(int(self.number[-6:]))


@dataclass(frozen=True)
class Stock:
    """The beds of one level at one site now, and what holds them."""

    site: Site
    level: CareLevel
    free: FreeBeds
    held: list[HeldBed]
    is_asked: bool
    names_site: bool


@dataclass(frozen=True)
class Coming:
    """A patient who was accepted and is not here yet."""

    offer: Offer
    is_here: bool
    may_extend: bool
    may_record: bool

    @property
    def is_waiting(self) -> bool:
        """Not on the way yet, so the bed can still lapse or be kept longer."""
        return self.offer.request.status in states.BEFORE_DEPARTURE

    @property
    def is_held(self) -> bool:
        return self.offer.hold.ended_at is None


@dataclass(frozen=True)
class Inbox:
    """The page of a receiving hospital or its region: what to answer, what is coming, what was said."""

    cards: list[Card]
    waiting: list[Offer]
    coming: list[Coming]
    answered: list[Offer]
    stocks: list[Stock]
    desk_phone: str


def inbox(*, user: "User", now: datetime) -> Inbox:
    """What this person answers, is about to receive, and answered today; nine queries at most."""
    offers = list(_recent(user, now))
    stocks = _stocks(user, offers, now)
    found = {(stock.site.pk, stock.level.pk): stock.free for stock in stocks}
    may_answer = permissions.answers_for(user)
    open_offers = sorted(
        (offer for offer in offers if offer.is_open),
        key=lambda offer: (offer.answer_due_at, offer.pk),
    )
    mine = [offer for offer in open_offers if _is_asked(user, offer)]
    return Inbox(
        cards=[_card(offer, user, found, may_answer=may_answer) for offer in mine],
        waiting=[offer for offer in open_offers if offer not in mine],
        coming=[
            Coming(
                offer=offer,
                is_here=_is_asked(user, offer),
                may_extend=may_answer
                and _is_asked(user, offer)
                and offer.request.status in states.BEFORE_DEPARTURE,
                may_record=permissions.may_record_contact(user, offer),
            )
            for offer in offers
            if offer.is_accepted and offer.request.status in COMING
        ],
        answered=[offer for offer in offers if _was_answered(offer, now)],
        stocks=stocks,
        desk_phone=_desk_phone(user),
    )


def _recent(user: "User", now: datetime) -> Iterable[Offer]:
    """Open and coming, and those answered since midnight here."""
    visible = Offer.objects.visible_to(user).with_places().select_related("request__clinical")
    return visible.open_coming_or_answered(since=_midnight(now))


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _was_answered(offer: Offer, now: datetime) -> bool:
    return offer.answered_at is not None and offer.answered_at >= _midnight(now)


def _is_asked(user: "User", offer: Offer) -> bool:
    """Whether this person works at the site that is asked, or coordinates its region."""
    acting = user.acting
    if acting is None:
        return False
    if user.role_key in scopes.HOSPITAL:
        return bool(acting.site_id == offer.site_id)
    return bool(acting.region_id == offer.site.region_id)


def _card(
    offer: Offer, user: "User", found: Mapping[tuple[int, str], FreeBeds], *, may_answer: bool
) -> Card:
    request = offer.request
    return Card(
        offer=offer,
        groups=facts.groups(request),
        travel_minutes=travel.minutes(request.sending_site, offer.site),
        soon_at=clocks.soon_at(offer.offered_at, offer.answer_due_at) or offer.answer_due_at,
        may_answer=may_answer,
        is_own_site=user.acting is not None and user.acting.site_id == offer.site_id,
        beds=found.get((offer.site_id, request.level_id)),
    )


def _stocks(user: "User", offers: Sequence[Offer], now: datetime) -> list[Stock]:
    """The beds at the places this person answers for, of the levels that are asked."""
    asked = {
        (offer.site_id, offer.request.level_id): offer.request.level
        for offer in offers
        if offer.status in (Status.OPEN, Status.ACCEPTED) and _is_asked(user, offer)
    }
    still_open = {(offer.site_id, offer.request.level_id) for offer in offers if offer.is_open}
    acting = user.acting
    if acting is None or not asked:
        return []
    found = beds.free_beds(now=now, region=acting.region, site=acting.site)
    held: dict[tuple[int, str], list[HeldBed]] = {}
    sites = {site_id for site_id, _level in asked}
    for hold in (
        Hold.objects.active()
        .filter(pool__site__in=sites)
        .select_related("pool")
        .order_by("until", "pk")
    ):
        key = (hold.pool.site_id, hold.pool.level_id)
        held.setdefault(key, []).append(HeldBed(hold.reference, hold.until))
    return [
        Stock(
            site=row.site,
            level=asked[row.site.pk, row.level],
            free=row,
            held=held.get((row.site.pk, row.level), []),
            is_asked=(row.site.pk, row.level) in still_open,
            names_site=acting.site_id is None,
        )
        for row in found
        if (row.site.pk, row.level) in asked
    ]


def _desk_phone(user: "User") -> str:
    """The number of the regional desk of a hospital."""
    site = user.acting.site if user.acting else None
    if site is None:
        return ""
    contact = Contact.objects.filter(region=site.region_id, function=Contact.Function.DESK).first()
    return contact.phone if contact else ""


def corrections_due(*, user: "User", now: datetime) -> list[Offer]:
    """Refusals that said the figures are wrong, at places this person reports for, not yet mended."""
    if user.role_key not in WHO_CORRECT:
        return []
    since = now - CORRECTED_WITHIN
    disputed = Offer.objects.visible_to(user).disputed(since=since).with_places()
    return [offer for offer in disputed if _is_asked(user, offer)]
