"""Every write about a request. Other rooms move one with `move`; the sweep of late clocks is `upkeep`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from communications import identity, privacy
from communications.post import actions as post
from regions.people.models import User
from regions.places.models import Site
from transfers.offers import actions as offers
from transfers.requests import checks, numbering, permissions
from transfers.requests import status as states
from transfers.requests.models import ClinicalPicture, RequestDraft, TransferRequest
from transfers.requests.moving import count, lock, move, note, record
from transfers.requests.upkeep import sweep
from transfers.rides import actions as rides

__all__ = [
    "LostUpdate",
    "create_request",
    "file_request",
    "inform_gp",
    "move",
    "renew_values",
    "sweep",
    "take_step",
    "update_request",
]

REQUEST_FIELDS = ("level", "in_cohort", "reason", "urgency", "own_reference", "home_area")
CLINICAL_FIELDS = tuple(
    field.name
    for field in ClinicalPicture._meta.concrete_fields
    if field.name not in ("id", "request", "fit", "fit_at", "fit_by")
)
# What a doctor measures again: before a bed is asked, and before the patient leaves.
VALUE_FIELDS = (
    "airway",
    "ventilation",
    "oxygen_l_min",
    "fio2_percent",
    "peep_cmh2o",
    "pmax_cmh2o",
    "spo2_percent",
    "pf_ratio_mmhg",
    "prone",
    "prone_ended_at",
    "map_mmhg",
    "noradrenaline_ug_kg_min",
    "other_inotropes",
    "worsening_expected",
    "sedation_rass",
    "ecmo",
    "dialysis",
    "gp_informed",
    "values_at",
)

FIRST_VERSION = 1

Values = Mapping[str, Any]


class LostUpdate(ValidationError):
    """Somebody else changed the request since this page was opened; `newer` is what stands now."""

    def __init__(self, newer: TransferRequest, said: str = "") -> None:
        last = newer.events.order_by("-at", "-pk").first()
        said = said or _("Dit verzoek is intussen gewijzigd%(who)s. Het staat nu op '%(status)s'.")
        facts = {
            "number": newer.number,
            "who": f" ({last.actor_name})" if last else "",
            "status": newer.get_status_display(),
        }
        super().__init__(said % facts, code="lost_update")
        self.newer = newer


@transaction.atomic
def create_request(
    *,
    site: Site,
    by: User,
    now: datetime,
    submission: UUID,
    values: Values,
    typed: Mapping[str, str] | None = None,
    version: int = 0,
) -> TransferRequest:
    """Start a request as a draft of the sender's site. The same submission twice gives the first.

    `values` are the cleaned values, as far as they are right; `typed` is what was typed when something is
    not right yet, kept with the draft. Sent twice with other content it is an edit of what the first
    sending made, with `version` as that page knew it (0 when it knew none).

    Raises PermissionDenied, LostUpdate, and ValidationError (bsn, birth_date) at a field.
    """
    if not permissions.may_send_from(by) or by.acting is None or by.acting.site_id != site.pk:
        raise PermissionDenied
    # Each person has their own numbers: nobody stumbles over, or learns of, somebody else's.
    submission = uuid5(submission, str(by.pk))
    again = {"by": by, "now": now, "version": version, "values": values, "typed": typed}
    earlier = TransferRequest.objects.filter(submission=submission).first()
    if earlier is not None:
        return _sent_again(earlier, **again)
    _refuse_text(values, typed)
    request = TransferRequest(
        number=numbering.next_number(now),
        submission=submission,
        status_since=now,
        sending_site=site,
        created_at=now,
        created_by=by,
        urgency=values.get("urgency") or TransferRequest.Urgency.DAY,
        **{name: values[name] for name in REQUEST_FIELDS if name in values and name != "urgency"},
    )
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        # The same form arrived twice at once: the other one was first.
        return _sent_again(TransferRequest.objects.get(submission=submission), **again)
    _write_contents(request, values, typed, by=by, now=now)
    record(request, "create", by=by, now=now)
    return request


@transaction.atomic
def update_request(
    *,
    request: TransferRequest,
    by: User,
    now: datetime,
    version: int,
    values: Values,
    typed: Mapping[str, str] | None = None,
) -> TransferRequest:
    """Change what the sender filled in.

    Raises PermissionDenied, LostUpdate, and ValidationError at a field.
    """
    request = _locked(request, version)
    if not permissions.is_sender(by, request):
        raise PermissionDenied
    if not permissions.may_edit(by, request):
        raise ValidationError(
            _("Dit verzoek is al verder; vernieuw alleen nog de waarden."), code="wrong_status"
        )
    if typed and request.status != states.DRAFT:
        raise ValidationError(_("Alleen een concept mag nog onvolledig zijn."), code="incomplete")
    _refuse_text(values, typed)
    if request.status != states.DRAFT:
        note(request, "edit", by=by, now=now)
    _write_contents(request, values, typed, by=by, now=now)
    level = request.level_id
    for name in REQUEST_FIELDS:
        if values.get(name) is not None:
            setattr(request, name, values[name])
    request.version += 1
    request.save(update_fields=[*REQUEST_FIELDS, "version"])
    record(request, "edit", by=by, now=now)
    post.announce("transfers")
    count(request, since=request.status, level=level)
    return request


@transaction.atomic
def file_request(
    *,
    request: TransferRequest | None,
    site: Site,
    by: User,
    now: datetime,
    version: int,
    submission: UUID,
    values: Values,
) -> TransferRequest:
    """Write what was filled in and submit it, or nothing of both. Raises as the two actions do."""
    if request is None:
        request = create_request(
            site=site, by=by, now=now, submission=submission, values=values, version=version
        )
        if request.status != states.DRAFT:
            return request  # the same form was sent twice
    else:
        request = update_request(request=request, by=by, now=now, version=version, values=values)
    return move(request=request, step_name="submit", by=by, now=now)


@transaction.atomic
def take_step(
    *,
    name: str,
    request: TransferRequest,
    by: User,
    now: datetime,
    version: int,
    reason: str = "",
    end_reason: str = "",
) -> TransferRequest:
    """Take one of the steps that concern the request alone.

    Raises
    ------
    PermissionDenied
        When the person may not take this step.
    LostUpdate
        When somebody changed the request since the page was opened.
    ValidationError
        As `move`; and end_reason_required, elsewhere (the step belongs to an offer or a ride).
    """
    if name in states.ELSEWHERE:
        raise ValidationError(_("Deze stap hoort bij een aanbod of een rit."), code="elsewhere")
    request = _locked(request, version)
    since = request.status
    code = _end_reason(name, end_reason)
    request = move(request=request, step_name=name, by=by, now=now, reason=reason, end_reason=code)
    if name in AFTERWARDS:
        AFTERWARDS[name](request, by, now, reason)
    if since != states.DRAFT and request.status in (*states.CALLED_OFF, states.ON_HOLD):
        with override("nl"):  # it is kept, and read by others than who acts
            why = str(request.get_status_display())
        offers.void_offers(request=request, now=now, why=why)
        if since in states.BEFORE_DEPARTURE:
            rides.call_off(request=request, now=now, why=why)
    return request


@transaction.atomic
def renew_values(
    *, request: TransferRequest, by: User, now: datetime, version: int, values: Values
) -> TransferRequest:
    """Write fresh clinical values. What newly asks a medical officer's eye undoes an earlier judgement.

    Raises PermissionDenied, LostUpdate, and ValidationError: values_older (than those we have).
    """
    request = _locked(request, version)
    picture = request.picture
    if picture is None or not permissions.may_renew(by, request):
        raise PermissionDenied
    if values["values_at"] < picture.values_at:
        raise ValidationError(
            {
                "values_at": ValidationError(
                    _("Er zijn al nieuwere waarden bekend dan deze."), code="values_older"
                )
            }
        )
    asked_review = checks.needs_review(checks.of(picture))
    changed = [field for field in VALUE_FIELDS if field in values]
    for field in changed:
        setattr(picture, field, values[field])
    if checks.needs_review(checks.of(picture)) and not asked_review:
        picture.fit, picture.fit_at, picture.fit_by = "", None, ""
    picture.save(update_fields=[*changed, "fit", "fit_at", "fit_by"])
    request.version += 1
    request.save(update_fields=["version"])
    note(request, "renew", by=by, now=now)
    record(request, "renew", by=by, now=now)
    post.announce("transfers")
    return request


@transaction.atomic
def inform_gp(
    *, request: TransferRequest, by: User, now: datetime, version: int
) -> TransferRequest:
    """Write down that the general practitioner knows; the values stay as they were measured.

    Raises PermissionDenied, and LostUpdate.
    """
    request = _locked(request, version)
    picture = request.picture
    if picture is None or not permissions.may_renew(by, request):
        raise PermissionDenied
    if picture.gp_informed:
        return request
    picture.gp_informed = True
    picture.save(update_fields=["gp_informed"])
    request.version += 1
    request.save(update_fields=["version"])
    note(request, "inform_gp", by=by, now=now)
    record(request, "inform_gp", by=by, now=now)
    post.announce("transfers")
    return request


def _locked(request: TransferRequest, version: int) -> TransferRequest:
    locked = lock(request)
    if locked.version != version:
        raise LostUpdate(locked)
    return locked


def _sent_again(
    request: TransferRequest,
    *,
    by: User,
    now: datetime,
    version: int,
    values: Values,
    typed: Mapping[str, str] | None,
) -> TransferRequest:
    """What the first sending of this form made; changed, when this one says something else."""
    if _says(request, values, typed):
        return request
    try:
        return update_request(
            request=request,
            by=by,
            now=now,
            version=version or FIRST_VERSION,
            values=values,
            typed=typed,
        )
    except LostUpdate as lost:
        said = _("Dit formulier is al verstuurd: het is %(number)s en staat nu op '%(status)s'.")
        raise LostUpdate(lost.newer, said) from lost


def _says(request: TransferRequest, values: Values, typed: Mapping[str, str] | None) -> bool:
    """Whether this is what was stored."""
    draft, picture = RequestDraft.objects.filter(request=request).first(), request.picture
    stored = {name: getattr(request, name) for name in REQUEST_FIELDS}
    if typed:
        is_same = draft is not None and draft.values == typed
    else:
        is_same = draft is None and picture is not None
        stored |= {name: getattr(picture, name, None) for name in CLINICAL_FIELDS}
    return is_same and all(
        values[name] == value
        for name, value in stored.items()
        if name in values and (values[name] is not None or name in CLINICAL_FIELDS)
    )


def _end_reason(name: str, given: str) -> str:
    """The code why a request ends without a transfer (T7)."""
    if name == "find_unfit":
        return TransferRequest.EndReason.UNFIT
    if name not in ("withdraw", "cancel"):
        return ""
    if given not in dict(TransferRequest.EndReason.given()):
        raise ValidationError(
            {"end_reason": ValidationError(_("Kies een reden."), code="end_reason_required")}
        )
    return given


def _write_contents(
    request: TransferRequest,
    values: Values,
    typed: Mapping[str, str] | None,
    *,
    by: User,
    now: datetime,
) -> None:
    """The clinical picture when everything is right, else the draft as typed; never both."""
    if typed:
        draft = {"values": dict(typed), "saved_at": now, "saved_name": str(by)}
        RequestDraft.objects.update_or_create(request=request, defaults=draft)
        return
    _refuse_override(request, values, by)
    RequestDraft.objects.filter(request=request).delete()
    fields = {name: values[name] for name in CLINICAL_FIELDS if name in values}
    request.clinical, _created = ClinicalPicture.objects.update_or_create(
        request=request, defaults=fields
    )


def _refuse_override(request: TransferRequest, values: Values, by: User) -> None:
    stood = request.picture.objection_override if request.picture else ""
    if values.get("objection_override", "") != stood and not permissions.may_override_objection(by):
        said = _(
            "Alleen de behandelend arts mag toch verplaatsen bij bezwaar. Bewaar het concept en laat "
            "de arts het openen en indienen."
        )
        raise ValidationError({"objection_override": ValidationError(said, code="physician_only")})


def _refuse_text(values: Values, typed: Mapping[str, str] | None) -> None:
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    privacy.refuse_identity(**(texts | _anything_typed(typed or {})))


def _anything_typed(typed: Mapping[str, str]) -> dict[str, str]:
    """What a draft would keep as typed, in any field; a date is refused only where no date belongs."""
    dates = {
        field.name
        for field in ClinicalPicture._meta.concrete_fields
        if field.get_internal_type() in ("DateField", "DateTimeField")
    }
    return {
        name: text
        for name, text in typed.items()
        if name not in dates or identity.find(text) == identity.BSN
    }


def _write_fit(request: TransferRequest, by: User, now: datetime, text: str) -> None:
    picture = request.clinical
    picture.fit, picture.fit_at, picture.fit_by = text.strip()[:300], now, str(by)[:150]
    picture.save(update_fields=["fit", "fit_at", "fit_by"])


AFTERWARDS: dict[str, Callable[[TransferRequest, User, datetime, str], None]] = {
    "find_fit": _write_fit,
}
