"""What the pages show of offers: the inbox with its forms, and the panels of the request page."""

from collections.abc import Mapping
from typing import Any

from django import forms as plain
from django.http import HttpRequest

from transfers.offers import selectors
from transfers.offers.forms import AcceptForm, RefuseForm
from transfers.offers.models import Offer
from transfers.offers.panel import OfferPanel
from transfers.offers.selectors import Inbox
from transfers.requests.models import TransferRequest

# What somebody typed into an offer that was not made, until the request page is shown again.
TYPED = "offer_typed"


def take_typed(request: HttpRequest, number: str) -> dict[str, str]:
    """What was typed into an offer of this request that was not made; once."""
    typed: dict[str, str] = request.session.get(TYPED, {})
    if typed.get("number") != number:
        return {}
    del request.session[TYPED]
    return typed


def panel_for(
    request: HttpRequest, about: TransferRequest, typed: Mapping[str, str] | None = None
) -> OfferPanel:
    """The panels of the request page, as its address asks for them; `typed` before the session ended."""
    return selectors.offer_panel(
        request=about,
        user=request.user,
        now=request.now,
        chosen=request.GET.get("site", ""),
        asked=request.GET.get("why", ""),
        shows_all="all" in request.GET,
        typed=typed or take_typed(request, about.number),
    )


def inbox_context(
    inbox: Inbox, *, tried: Offer | None = None, form: plain.Form | None = None
) -> dict[str, Any]:
    """What the template shows; `tried` is the offer whose answer was refused, with its form.

    A form whose offer is no longer open has no card any more: its errors stand on top.
    """
    answered = tried.pk if tried else None
    cards = [
        {"card": card, **_forms(card.offer, form if card.offer.pk == answered else None)}
        for card in inbox.cards
    ]
    has_card = any(card.offer.pk == answered for card in inbox.cards)
    return {
        "inbox": inbox,
        "cards": cards,
        "errors": [] if form is None or has_card else form.non_field_errors(),
    }


def _forms(offer: Offer, form: plain.Form | None) -> dict[str, Any]:
    """Both forms of a card; the one that was sent is bound and opens its part."""
    ids = {"auto_id": f"id_{offer.pk}_%s"}
    is_refusal = isinstance(form, RefuseForm)
    return {
        "accept_form": form if isinstance(form, AcceptForm) else AcceptForm(**ids),
        "refuse_form": form if is_refusal else RefuseForm(**ids),
        "is_refusal": is_refusal,
        "errors": form.non_field_errors() if form else [],
    }
