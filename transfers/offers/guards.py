"""What stops an offer or an answer, each with a code and words for who is stopped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from capacity.beds.models import BedPool
from regions.places.models import Site
from transfers.matching import explain, source
from transfers.matching.rank import Ranked
from transfers.matching.rules import Excluded
from transfers.offers.models import Offer
from transfers.requests import labels
from transfers.requests import status as states
from transfers.requests.models import TransferRequest


def refuse_old_tab(request: TransferRequest, version: int) -> None:
    if request.version == version:
        return
    last = request.events.order_by("-at", "-pk").first()
    did = (labels.done(last.step), last.note, last.actor_name) if last else ()
    raise ValidationError(
        _("Dit verzoek is intussen gewijzigd%(what)s. Bekijk de wijziging en kies opnieuw.")
        % {"what": f" ({', '.join(part for part in did if part)})" if did else ""},
        code="changed",
    )


def refuse_too_many(request: TransferRequest, *, most: int) -> None:
    if request.offers.open().count() >= most:
        raise ValidationError(
            _("Er staan al %(most)s aanbiedingen open. Wacht op een antwoord.") % {"most": most},
            code="too_many_open",
        )


def refuse_full(request: TransferRequest, site: Site, *, now: datetime) -> None:
    """Say no at once when the last bed is gone: in a rush nobody waits for a ranking to hear it.

    Only a look: what decides is the conditional statement in `capacity.beds.actions.hold`.
    """
    full = BedPool.objects.filter(site=site, level=request.level_id, free_beds__lt=1)
    pool = full.select_related("line").first()
    if pool is None or pool.line is None:
        return
    facts = {
        "open": pool.line.open_beds,
        "occupied": pool.line.occupied,
        "reserve": pool.line.reserve,
        "free": pool.free_beds,
        "measured_at": pool.measured_at or now,
    }
    raise _excluded(request, site, Excluded(site.code, "no_free_bed", facts), now)


def place(
    request: TransferRequest,
    site: Site,
    *,
    now: datetime,
    dials: Mapping[str, Any],
    rank_reason: str,
) -> Ranked:
    """Where the site stands in the proposed order.

    Raises ValidationError with the code of the rule that excludes the site, or reason_needed when it
    stands too low to be chosen without one.
    """
    ranking = source.problem(request=request, now=now, dials=dials).ranking
    found, free_choice = ranking.place_of(site.code), dials["rank.free_choice"]
    if found is None:
        raise _excluded(request, site, ranking.exclusion_of(site.code), now)
    if found.rank > free_choice and not rank_reason.strip():
        said = _("Dit is plaats %(rank)s. Lager dan plaats %(free)s kiezen vraagt een reden.")
        said = said % {"rank": found.rank, "free": free_choice}
        raise ValidationError({"rank_reason": ValidationError(said, code="reason_needed")})
    return found


def _excluded(
    request: TransferRequest, site: Site, by_rule: Excluded | None, now: datetime
) -> ValidationError:
    if by_rule is None:
        return ValidationError(_("Dit ziekenhuis meldt geen bedden."), code="unknown_site")
    rule = explain.rule(by_rule.rule, level=request.level.label)
    said = f"{site.short_name}: {rule}. {explain.exclusion(by_rule, now=now)}"
    return ValidationError(said, code=by_rule.rule)


def refuse_blanks(**typed: str) -> None:
    """Stop what was left empty, all fields at once."""
    words = {
        "doctor": _("Noem de arts die de patiënt accepteert."),
        "unit": _("Noem de afdeling en het bed."),
        "names": _("Noem de twee artsen die elkaar spraken."),
    }
    blank = {name: required(words[name]) for name, value in typed.items() if not value.strip()}
    if blank:
        raise ValidationError(blank)


def refuse_no_reason(refusal: str, text: str) -> None:
    if refusal not in Offer.Refusal.values:
        raise ValidationError({"refusal": required(_("Kies waarom het niet kan."))})
    if refusal == Offer.Refusal.OTHER and not text.strip():
        raise ValidationError({"text": required(_("Schrijf bij 'anders' waarom het niet kan."))})


def refuse_needless_hold(offer: Offer) -> None:
    if not offer.is_accepted or offer.request.status not in states.BEFORE_DEPARTURE:
        raise ValidationError(_("Dit bed hoeft niet vastgehouden te worden."), code="not_accepted")


def required(said: str) -> ValidationError:
    return ValidationError(said, code="required")


def refuse_answered(offer: Offer) -> None:
    """Say no at once to who comes long after the answer: nobody stands in line to hear it.

    Only a look: what decides is the conditional statement in `closing.answer`.
    """
    if not offer.is_open:
        raise too_late(offer)


def too_late(offer: Offer) -> ValidationError:
    """Why an answer came too late: the time is over, or somebody answered before."""
    if offer.is_open:
        return ValidationError(
            _("Dit aanbod is verlopen. Er wordt verder gezocht."), code="expired"
        )
    return ValidationError(
        _("Dit aanbod is al afgehandeld: %(status)s.") % {"status": offer.get_status_display()},
        code="answered",
    )
