"""The context of the inbox: its cards with their forms, bound where somebody just tried."""

from typing import Any

from django import forms as plain

from transfers.offers.forms import AcceptForm, ContactForm, RefuseForm
from transfers.offers.models import Offer
from transfers.offers.selectors import Inbox


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
        "contact_form": ContactForm(auto_id=False),
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
