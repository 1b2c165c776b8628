"""The page of one request: its track, whose move it is, what this person may do, the picture, the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from transfers.requests import (
    clocks,
    conditions,
    labels,
    needs,
    permissions,
    selectors,
    turns,
    vitals,
)
from transfers.requests import status as states
from transfers.requests.models import RequestEvent, TransferRequest

if TYPE_CHECKING:
    from regions.people.models import User

# What a step asks besides pressing its button.
NOTHING, REASON, TEXT, END, SURE = "nothing", "reason", "text", "end", "sure"
ASKS = {
    "find_fit": TEXT,
    "find_unfit": REASON,
    "withdraw": END,
    "cancel": END,
    "report_death": SURE,
    "report_death_on_arrival": SURE,
}
# The next thing to do in a status, first that is possible; everything else stands under "Meer".
FIRST = (
    "submit",
    "answer_question",
    "answer_centre",
    "search_in_region",
    "skip_medical_review",
    "ask_medical_review",
    "find_fit",
    "resume",
    "resume_at_centre",
    "close",
)
BESIDE = (
    "escalate",
    "ask_sender",
    "ask_sender_nationally",
    "find_unfit",
    "put_on_hold",
)
# The other way from here, as plain to see as the next thing to do.
EITHER = "ask_medical_review"
# Conditions that decide whether a step is offered at all; others are told when it is tried.
SHOWN_BY = ("was_regional", "was_national", "is_ward_without_flags")


@dataclass(frozen=True)
class Action:
    """A step this person may take now, and what it asks."""

    name: str
    label: str
    url: str
    asks: str
    ask_label: str
    is_negative: bool

    @property
    def key(self) -> str:
        return f"stap-{self.name.replace('_', '-')}"


@dataclass(frozen=True)
class Failed:
    """A step that was refused: what it said, and what was typed."""

    action: Action | None
    messages: list[str]
    reason: str
    end_reason: str


@dataclass(frozen=True)
class Page:
    request: TransferRequest
    column_url: str
    summary: list[str]
    track: list[dict[str, Any]]
    mover: str
    doing: str
    is_mine: bool
    soon_at: datetime | None
    is_over: bool
    next_text: str
    primary: Action | None
    other: Action | None
    beside: list[Action]
    more: list[Action]
    dialogs: list[Action]
    groups: list[vitals.Group]
    statements: list[vitals.Statement]
    values_until: datetime | None
    values_old: bool
    history: list[dict[str, Any]]
    may_edit: bool
    may_renew: bool
    may_inform_gp: bool
    needs: list[needs.Need]
    failed: Failed | None = None

    @property
    def send_on(self) -> Action | None:
        """The way out of a region where no bed is."""
        return next((action for action in self.beside if action.name == "escalate"), None)

    @property
    def is_draft(self) -> bool:
        return self.request.status == states.DRAFT


def page(
    request: TransferRequest, user: "User", now: datetime, failed: Failed | None = None
) -> Page:
    """Everything the page of a request shows; `request` is as `selectors.get_visible` gives it."""
    events = list(request.events.all())
    actions = available(request, user, now)
    primary = _primary(request, actions)
    other = next((a for a in actions if a.name == EITHER and primary and a != primary), None)
    beside = [a for a in actions if a.name in BESIDE and a != primary]
    picture = request.picture
    until = conditions.values_until(request.level_id, picture, now) if picture else None
    column = turns.column_of(request.status, request.searching)
    return Page(
        request=request,
        column_url=f"{reverse('transfers:board')}#stap-{column}" if column else "",
        summary=vitals.summary(request),
        track=_track(request, events, now),
        mover=selectors.mover_name(request),
        doing=str(labels.DOING.get(request.status, "")),
        is_mine=selectors.is_mine(user, request),
        soon_at=clocks.soon_at(request.status_since, request.due_at),
        is_over=request.is_late(now),
        next_text=selectors.task_title(request),
        primary=primary,
        other=other,
        beside=beside,
        more=[a for a in actions if a not in (primary, other, *beside)],
        dialogs=[a for a in actions if a.asks != NOTHING],
        groups=vitals.groups(picture, request.level, now),
        statements=vitals.statements(picture),
        values_until=until,
        values_old=until is not None and until <= now,
        history=_history(events, now),
        may_edit=permissions.may_edit(user, request),
        may_renew=permissions.may_renew(user, request) and picture is not None,
        may_inform_gp=permissions.may_renew(user, request)
        and picture is not None
        and not picture.gp_informed,
        needs=needs.of(picture, is_icu=request.level.needs_icu),
        failed=failed,
    )


def _primary(request: TransferRequest, actions: Sequence[Action]) -> Action | None:
    """The next thing to do; in the national search that is a destination, unless a judgement is lacking."""
    first = FIRST
    if request.status == states.NATIONAL_SEARCH:
        first = (EITHER,) if conditions.needs_judgement(request) else ()
    return next((a for name in first for a in actions if a.name == name), None)


def available(request: TransferRequest, user: "User", now: datetime) -> list[Action]:
    """The steps of this room that this person may take now, in the order of the table."""
    rows = [row for row in states.steps_from(request.status) if row.name not in states.ELSEWHERE]
    return [
        action(request, row)
        for row in rows
        if permissions.may_step(user, request, row) and _is_shown(request, row, now)
    ]


def action(request: TransferRequest, row: states.Step) -> Action:
    asks = ASKS.get(row.name, REASON if row.needs_reason else NOTHING)
    return Action(
        name=row.name,
        label=labels.button(row.name),
        url=reverse("transfers:step", kwargs={"number": request.number, "step": row.name}),
        asks=asks,
        ask_label=_ask_label(row.name),
        is_negative=row.to in (states.WITHDRAWN, states.DECEASED),
    )


def failed_step(
    request: TransferRequest, name: str, error: ValidationError, typed: dict[str, str]
) -> Failed:
    """What to show of a step that was refused, with what was typed."""
    row = next((row for row in states.steps_from(request.status) if row.name == name), None)
    return Failed(
        action=action(request, row) if row else None,
        messages=error.messages,
        reason=typed.get("reason", ""),
        end_reason=typed.get("end_reason", ""),
    )


def _is_shown(request: TransferRequest, row: states.Step, now: datetime) -> bool:
    for name in row.conditions:
        if name in SHOWN_BY:
            try:
                conditions.CONDITIONS[name](request, now)
            except ValidationError:
                return False
    return True


def _ask_label(name: str) -> str:
    return {
        "ask_sender": _("Wat wilt u weten?"),
        "ask_sender_nationally": _("Wat wilt u weten?"),
        "answer_question": _("Antwoord"),
        "answer_centre": _("Antwoord"),
        "escalate": _("Waarom lukt het niet in de regio?"),
        "find_fit": _("Voorwaarden, bijvoorbeeld alleen met MICU"),
        "find_unfit": _("Waarom niet?"),
        "put_on_hold": _("Waarom?"),
    }.get(name, _("Toelichting"))


def _track(
    request: TransferRequest, events: Sequence[RequestEvent], now: datetime
) -> list[dict[str, Any]]:
    """The points of the track, with when each was reached."""
    reached: dict[str, datetime] = {}
    for event in events:
        if event.to != event.since:
            reached[event.to] = event.at
    here = turns.track_index(request.status, request.searching, reached)
    has_ended = request.status in states.ENDED or request.status == states.DRAFT
    points = []
    for index, (name, statuses) in enumerate(turns.TRACK):
        at = max((reached[s] for s in statuses if s in reached), default=None)
        is_here = index == here and not has_ended
        note = _clock(request.due_at, now, _("tot %s")) if is_here else _clock(at, now)
        if index < here and at is None:
            note = _("niet nodig")
        done = index < here or (index == here and request.status == states.CLOSED)
        state = "current" if is_here else "done" if done else "next"
        points.append({"label": labels.TRACK[name], "note": note, "state": state})
    return points


def _clock(moment: datetime | None, now: datetime, said: str = "%s") -> str:
    """The time, and the day when that is another one."""
    return said % f"{_other_day(moment, now)} {vitals.hm(moment)}".strip() if moment else ""


def _other_day(moment: datetime, now: datetime) -> str:
    local, today = moment.astimezone(vitals.AMSTERDAM), now.astimezone(vitals.AMSTERDAM).date()
    return "" if local.date() == today else vitals.day(moment, now)


def _history(events: Sequence[RequestEvent], now: datetime) -> list[dict[str, Any]]:
    """Newest first; the newest stands out."""
    items = []
    for index, event in enumerate(reversed(events)):
        text = labels.done(event.step, event.note)
        who = (_other_day(event.at, now), event.actor_name, event.place)
        state = "over" if event.step == "late" else "current" if index == 0 else "done"
        items.append(
            {
                "at": event.at,
                "text": f"{text}: {event.note}" if event.note else text,
                "by": ", ".join(part for part in who if part),
                "state": state,
            }
        )
    return items
