"""The one way a request moves along status.TABLE. Other rooms call `move` inside their own action."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from capacity.beds import actions as beds
from communications import privacy
from communications.logbook import actions as logbook
from communications.post import actions as post
from regions.people.models import User
from regions.phases import selectors as phases
from transfers.requests import clocks, conditions, labels, letters, permissions
from transfers.requests import status as states
from transfers.requests.models import RequestEvent, TransferRequest

CHANGED = (
    "status",
    "status_since",
    "clock_due_at",
    "searching",
    "question",
    "end_reason",
    "ended_at",
    "version",
)
LONGEST_NOTE = 300


def lock(request: TransferRequest) -> TransferRequest:
    """The row as it is now, and nobody else's until the transaction ends."""
    rows = TransferRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.with_places().get(pk=request.pk)


def move(
    *,
    request: TransferRequest,
    step_name: str,
    by: User | None,
    now: datetime,
    reason: str = "",
    end_reason: str = "",
    clock_from: datetime | None = None,
) -> TransferRequest:
    """Take one row of the table, in the caller's transaction and with the request locked.

    `by=None` is the system. `clock_from` is from when the new clock runs, where that is not now: the
    planned departure or arrival of a ride.

    Raises
    ------
    PermissionDenied
        When the person is not one of the row's, or stands on another side.
    ValidationError
        Codes: wrong_status, reason_required, too_long, bsn, birth_date, and those of the row's conditions.
    """
    step = row_of(request, step_name)
    if not permissions.may_step(by, request, step):
        raise PermissionDenied
    privacy.refuse_identity(reason=reason)
    if len(reason.strip()) > LONGEST_NOTE:
        said = _("U schreef %(length)s tekens; schrijf er hoogstens %(limit)s.")
        said = said % {"length": len(reason.strip()), "limit": LONGEST_NOTE}
        raise ValidationError({"reason": ValidationError(said, code="too_long")})
    if step.needs_reason and not (reason.strip() or end_reason):
        raise ValidationError(
            {"reason": ValidationError(_("Schrijf er een reden bij."), code="reason_required")}
        )
    conditions.refuse_unmet(request, step, now=now)
    since = request.status
    limits = phases.settings_at("clock.", now)
    _set(request, step, now=now, end_reason=end_reason, question=reason)
    request.clock_due_at = clocks.due_at(step.to, request.urgency, clock_from or now, limits)
    request.save(update_fields=CHANGED)
    note(request, step.name, since=since, by=by, now=now, text=reason)
    record(request, step.name, by=by, now=now, text=reason, detail={"from": since, "to": step.to})
    letters.close_asked(request, at=now)
    if step.letter:
        letters.tell(step.letter, request, by=by, at=now, text=reason)
    post.announce("transfers")
    count(request, since=since, level=request.level_id)
    return request


def count(request: TransferRequest, *, since: str, level: str) -> None:
    """Tell capacity when this patient begins or ends to wait for leaving, or does so at another level.

    `since` and `level` are those from before the change. The last write of a change, because all requests of a
    site share the row; but the pools are locked after it (ADR 0005).
    """
    before = {level} if since in states.OPEN else set()
    after = {request.level_id} if request.status in states.OPEN else set()
    # In order, so that two patients who change places never wait for each other in a circle.
    for code in sorted(before ^ after):
        change = 1 if code in after else -1
        beds.count_request(site=request.sending_site, level=code, change=change)


@override("nl")
def note(
    request: TransferRequest,
    step_name: str,
    *,
    by: User | None,
    now: datetime,
    text: str = "",
    since: str = "",
) -> RequestEvent:
    """Write a line of the request's history."""
    return RequestEvent.objects.create(
        request=request,
        step=step_name,
        since=since or request.status,
        to=request.status,
        at=now,
        actor_name=str(by)[:150] if by else "LCPS",
        role=by.role_key if by else states.SYSTEM,
        place=by.place_label[:200] if by else "",
        note=text.strip()[:LONGEST_NOTE],
    )


@override("nl")
def record(
    request: TransferRequest,
    what: str,
    *,
    by: User | None,
    now: datetime,
    text: str = "",
    detail: dict[str, object] | None = None,
) -> None:
    """Write a line of the logbook: the number and what was done, nothing of the patient.

    Of the `text` that came with it the line says no more than whether a judgement has a condition.
    """
    logbook.record(
        f"request.{what}",
        sentence=f"Verzoek {request.number}: {labels.done(what, text)}",
        about=("request", request.number),
        by=by,
        at=now,
        regions=[request.sending_site.region.code],
        detail=detail,
    )


def row_of(request: TransferRequest, step_name: str) -> states.Step:
    """The row of the table a request may take now. Raises ValidationError with code wrong_status."""
    try:
        return states.step(step_name, since=request.status)
    except states.NoSuchStep as error:
        raise ValidationError(
            _("Dit kan niet meer: het verzoek is nu '%(status)s'.")
            % {"status": request.get_status_display()},
            code="wrong_status",
        ) from error


def _set(
    request: TransferRequest, step: states.Step, *, now: datetime, end_reason: str, question: str
) -> None:
    search = states.STATUSES[step.to].search
    request.status, request.status_since = step.to, now
    request.searching = request.searching if search is None else search
    request.question = question.strip()[:LONGEST_NOTE] if step.to == states.INFO_NEEDED else ""
    request.end_reason = end_reason
    request.ended_at = now if step.to in states.ENDED else None
    request.version += 1
