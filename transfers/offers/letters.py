"""Who is told what about an offer. Codes, places and moments only; no patient data."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import override

from capacity.deadlines.letters import asked, report_form
from communications.post import actions as post
from regions.people import scopes
from regions.people import selectors as people
from regions.people.models import User
from transfers.offers.models import Offer
from transfers.requests.models import TransferRequest

# Where a receiving side reads of an offer that ended: the request itself it does not see any more.
OWN_LIST = reverse_lazy("transfers:offers")


def receivers(offer: Offer) -> list[User]:
    """The receiving site and its region, told at the same moment."""
    return [
        *people.holders("bed_coordinator", site=offer.site),
        *people.holders("regional_coordinator", region=offer.site.region),
    ]


def seekers(request: TransferRequest) -> list[User]:
    """Who looks for a bed: the sending region, and the centre when the search is national."""
    found = people.holders("regional_coordinator", region=request.sending_site.region)
    if request.searching == TransferRequest.Searching.NATION:
        found += people.holders("lcps_coordinator")
    return found


def senders(request: TransferRequest) -> list[User]:
    return people.holders("bed_coordinator", "treating_physician", site=request.sending_site)


def made(offer: Offer, *, by: User, at: datetime) -> None:
    _tell("offer_made", offer, receivers(offer), by=by, at=at, link=OWN_LIST, asks=answer_to(offer))


def answer_to(offer: Offer) -> str:
    """The name of what an offer asks."""
    return f"offer:{offer.pk}"


def accepted(offer: Offer, *, by: User, at: datetime) -> None:
    to = [*senders(offer.request), *seekers(offer.request), *_region_of(offer)]
    names = {"doctor": offer.accepting_doctor, "unit": offer.unit}
    _tell("offer_accepted", offer, to, by=by, at=at, **names)


@override("nl")
def refused(offer: Offer, *, by: User, at: datetime) -> None:
    seeking, reason = seekers(offer.request), offer.get_refusal_display()
    _tell("offer_refused", offer, seeking, by=by, at=at, reason=reason)
    theirs = _without(_region_of(offer), seeking)
    _tell("offer_refused", offer, theirs, by=by, at=at, link=OWN_LIST, reason=reason)


def correction_asked(offer: Offer, *, by: User, at: datetime) -> None:
    """The site said its figures are wrong: ask the site for the right ones, and tell its region."""
    to = [*people.holders(*scopes.REPORTERS, site=offer.site), *_region_of(offer)]
    link = report_form(offer.site)
    asks = asked("correction", offer.site.code)
    _tell("capacity_correction", offer, to, by=by, at=at, link=link, asks=asks)


def expired(offer: Offer, *, at: datetime) -> None:
    seeking = seekers(offer.request)
    _tell("offer_expired", offer, seeking, at=at)
    _tell("offer_expired", offer, _without(receivers(offer), seeking), at=at, link=OWN_LIST)


def voided(offer: Offer, *, at: datetime, why: str) -> None:
    _tell("offer_voided", offer, receivers(offer), at=at, link=OWN_LIST, reason=why)


def hold_lapsed(offer: Offer, *, at: datetime) -> None:
    """The bed of an accepted patient is no longer kept: warn both sides."""
    request = offer.request
    to = [*receivers(offer), *senders(request), *seekers(request)]
    _tell("hold_lapsed", offer, to, at=at, occasion=f"{offer.hold_id}")


def _without(found: list[User], others: list[User]) -> list[User]:
    known = {person.pk for person in others}
    return [person for person in found if person.pk not in known]


def _region_of(offer: Offer) -> list[User]:
    return people.holders("regional_coordinator", region=offer.site.region)


@override("nl")
def _tell(
    template: str,
    offer: Offer,
    to: Iterable[User],
    *,
    at: datetime,
    by: User | None = None,
    link: str = "",
    asks: str = "",
    occasion: str = "",
    **variables: Any,
) -> None:
    """Write one letter to everybody but who did it."""
    request = offer.request
    actor = by.pk if by else None
    post.queue(
        template,
        event=f"{template}:{offer.pk}:{occasion}".rstrip(":"),
        to={person.pk: person for person in to if person.pk != actor}.values(),
        variables={
            "number": request.number,
            "site": offer.site.name,
            "region": offer.site.region.name,
            "other_region": request.sending_site.region.name,
            "level": request.level.label,
            "urgency": request.get_urgency_display(),
            "due": _wall_time(offer.answer_due_at),
            "until": _wall_time(offer.hold.until),
            **variables,
        },
        link=str(link) or reverse("transfers:request", kwargs={"number": request.number}),
        at=at,
        asks=asks,
    )


def _wall_time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
