"""What must hold besides the right person and status before a step is taken: the words of `Step.condition`."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from regions.phases import selectors as phases
from regions.phases.models import Phase
from regions.places.models import Contact, Region, Site
from transfers.requests import checks, clocks, labels
from transfers.requests import status as states
from transfers.requests.models import ClinicalPicture, RequestDraft, TransferRequest

# Kinds of ride that leave only after their escort agreed.
ESCORTED = ("micu", "escorted", "b1_nurse", "helicopter")


def refuse_unmet(request: TransferRequest, step: states.Step, *, now: datetime) -> None:
    """Stop a step whose conditions do not hold.

    Raises ValidationError with every reason at once.
    """
    for name in step.conditions:
        CONDITIONS[name](request, now)


def is_softened(region: Region, now: datetime) -> bool:
    """Whether the phase admits vulnerable patients after a geriatrician's advice."""
    phase = phases.phase_at(now, region)
    first = Phase.objects.filter(pk=phases.setting_at("vulnerable.from_phase", now))
    return phase is not None and first.filter(order__lte=phase.order).exists()


def values_until(level: str, picture: ClinicalPicture, now: datetime) -> datetime:
    """Until when the values of a picture count."""
    return counts_until(level, picture.values_at, now)


def counts_until(level: str, at: datetime, now: datetime) -> datetime:
    """Until when something counts that was seen of a patient at a moment."""
    return clocks.values_until(level, at, phases.setting_at("values.hours", now))


def findings(request: TransferRequest, now: datetime) -> list[checks.Finding]:
    """Everything to mend or confirm in what was filled in."""
    picture = request.picture
    is_draft = request.status == states.DRAFT
    if picture is None or (is_draft and RequestDraft.objects.filter(request=request).exists()):
        return [checks.Finding("level", "picture_missing", checks.BLOCKS)]
    stable_at = picture.stable_at if is_draft else None
    return checks.findings(
        checks.of(picture),
        is_softened=is_softened(request.sending_site.region, now),
        now=now,
        values_until=values_until(request.level_id, picture, now),
        stable_until=counts_until(request.level_id, stable_at, now) if stable_at else None,
    )


def _is_complete(request: TransferRequest, now: datetime) -> None:
    wrong = checks.blocking(findings(request, now))
    if wrong:
        raise ValidationError(
            {one.field: ValidationError(labels.finding(one), code=one.code) for one in wrong}
        )


def _values_fresh(request: TransferRequest, now: datetime) -> None:
    picture = _picture(request)
    if values_until(request.level_id, picture, now) <= now:
        raise ValidationError(
            _("De klinische waarden zijn te oud. Vraag het ziekenhuis om nieuwe waarden."),
            code="values_old",
        )


def needs_judgement(request: TransferRequest) -> bool:
    """Whether the centre cannot go on with this patient before a medical officer has judged."""
    if request.picture is None:
        return False
    if request.status == states.ESCALATED:
        return not _may_skip_review(request)
    return request.status == states.NATIONAL_SEARCH and _lacks_review(request)


def _lacks_review(request: TransferRequest) -> bool:
    picture = _picture(request)
    return checks.needs_review(checks.of(picture)) and picture.fit_at is None


def _may_skip_review(request: TransferRequest) -> bool:
    return not request.level.needs_icu and checks.may_skip_review(checks.of(_picture(request)))


def _is_reviewed(request: TransferRequest, now: datetime) -> None:
    if _lacks_review(request):
        is_national = request.searching == TransferRequest.Searching.NATION
        said = (
            _("Bij ECMO of buikligging is eerst een medisch oordeel nodig. Vraag het aan.")
            if is_national
            else _(
                "Bij ECMO of buikligging is eerst een medisch oordeel nodig. Stuur door naar LCPS."
            )
        )
        raise ValidationError(said, code="review_needed")


def _is_ward_without_flags(request: TransferRequest, now: datetime) -> None:
    if not _may_skip_review(request):
        raise ValidationError(
            _("Deze patiënt heeft een medisch oordeel nodig."), code="review_needed"
        )


def _was_regional(request: TransferRequest, now: datetime) -> None:
    if request.searching == TransferRequest.Searching.NATION:
        raise ValidationError(_("Dit verzoek ligt bij LCPS."), code="is_national")


def _was_national(request: TransferRequest, now: datetime) -> None:
    if request.searching != TransferRequest.Searching.NATION:
        raise ValidationError(_("Dit verzoek ligt bij de regio."), code="is_regional")


def _ready_to_depart(request: TransferRequest, now: datetime) -> None:
    """Fresh values, the doctors spoke, the escort agreed; on a ward the GP knows (1.5, T4, T5)."""
    _values_fresh(request, now)
    offer = request.offers.filter(status="accepted").first()
    ride = request.rides.filter(returned_at=None).first()
    missing = []
    if offer is None or offer.contact_at is None:
        said = _("De artsen spraken elkaar nog niet. Bel %(who)s; daar leggen ze het vast.")
        missing.append(said % {"who": _desk_of(request.sending_site)})
    if ride is None or (ride.kind in ESCORTED and ride.escort_agreed_at is None):
        missing.append(_("De begeleider heeft nog geen akkoord gegeven."))
    if gp_must_know(request):
        said = _("De huisarts is nog niet ingelicht. Bel %(who)s; daar leggen ze het vast.")
        missing.append(said % {"who": _desk_of(request.sending_site)})
    if missing:
        raise ValidationError([ValidationError(said, code="not_ready") for said in missing])


def gp_must_know(request: TransferRequest) -> bool:
    """Whether the general practitioner of a ward patient must still be told before departure (1.5)."""
    return not request.level.needs_icu and not _picture(request).gp_informed


def _desk_of(site: Site) -> str:
    """Whom to call at a hospital: its name, and the number of its bed coordination."""
    desk = site.contacts.filter(function=Contact.Function.BEDS).exclude(phone="").first()
    return f"{site.short_name}, {desk.phone}" if desk else site.short_name


def _handover_complete(request: TransferRequest, now: datetime) -> None:
    done = request.handover.count()
    asked = len(request.handover.model.Item.values)
    if done < asked:
        raise ValidationError(
            _("De overdracht is niet compleet: %(done)s van %(asked)s onderdelen.")
            % {"done": done, "asked": asked},
            code="handover_incomplete",
        )


def _picture(request: TransferRequest) -> ClinicalPicture:
    if request.picture is None:
        raise ValidationError(_("Het klinisch beeld ontbreekt."), code="picture_missing")
    return request.picture


CONDITIONS: dict[str, Callable[[TransferRequest, datetime], None]] = {
    "is_complete": _is_complete,
    "values_fresh": _values_fresh,
    "is_reviewed": _is_reviewed,
    "is_ward_without_flags": _is_ward_without_flags,
    "was_regional": _was_regional,
    "was_national": _was_national,
    "ready_to_depart": _ready_to_depart,
    "handover_complete": _handover_complete,
}
