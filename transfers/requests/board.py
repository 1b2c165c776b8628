"""The transfer board: where each request is, whose move it is, which clock runs. Three queries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from transfers.requests import clocks, labels, needs, selectors, turns, vitals
from transfers.requests import status as states
from transfers.requests.models import TransferRequest

if TYPE_CHECKING:
    from regions.people.models import User

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FILTERS = ("late", "mine", "level", "urgency", "micu", "region")
# What stays in the address when a filter is switched: the filters, and board or list.
KEPT = (*FILTERS, "view")


@dataclass(frozen=True)
class Card:
    """One request as the board and the list show it."""

    key: str
    url: str
    number: str
    number_before: str
    level: str
    level_label: str
    level_order: int
    needs_icu: bool
    hours: int
    region: str
    region_code: str
    place: str
    to_place: str
    needs: list[needs.Need]
    column: str
    stage: str
    until: datetime | None
    soon_at: datetime | None
    waiting: str
    mover: str
    doing: str
    is_mine: bool
    is_late: bool
    done_text: str
    done_at: datetime | None
    task: str

    @property
    def whole_number(self) -> str:
        return f"{self.number_before}{self.number}"

    @property
    def urgency(self) -> str:
        return _("< %(hours)s u") % {"hours": self.hours}

    @property
    def needs_micu(self) -> bool:
        return any(need.icon == "micu" for need in self.needs)

    @property
    def is_urgent(self) -> bool:
        return self.hours == TransferRequest.Urgency.TODAY


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    cards: list[Card]
    late: int


@dataclass(frozen=True)
class Filter:
    """One choice above the board: its address switches it on, or off again."""

    name: str
    label: str
    count: int | None
    is_on: bool
    url: str


@dataclass(frozen=True)
class Band:
    """Cards of the list whose clocks are about equally near."""

    label: str
    cards: list[Card]


@dataclass(frozen=True)
class Board:
    columns: list[Column]
    cards: list[Card]
    filters: list[Filter]
    regions: list[Filter]
    region: str
    first_mine: Card | None
    running: int
    to_place: int
    handed_over: int
    late: int
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def as_board(self) -> str:
        return _address({name: value for name, value in self.chosen.items() if name != "view"})

    @property
    def as_list(self) -> str:
        return _address(self.chosen | {"view": "list"})

    @property
    def has_filters(self) -> bool:
        return any(name in self.chosen for name in FILTERS)


def board(user: "User", now: datetime, chosen: Mapping[str, str]) -> Board:
    """The board of what this person may see, narrowed by the filters in the address."""
    chosen = {name: chosen[name] for name in KEPT if chosen.get(name)}
    every = sorted((_card(request, user, now) for request in _requests(user, now)), key=_by_clock)
    shown = [
        card
        for card in every
        if all(_fits(card, name, chosen[name]) for name in FILTERS if name in chosen)
    ]
    running = [card for card in every if not card.done_text]
    mine = [card for card in running if card.is_mine and card.until]
    placed = (turns.ACCEPTED, turns.TRANSPORT, turns.RIDE, turns.DONE)
    return Board(
        columns=_columns(shown),
        cards=[card for card in shown if not card.done_text],
        filters=_filters(running, chosen, user),
        regions=_regions(running, chosen),
        region=next((c.region for c in every if c.region_code == chosen.get("region")), ""),
        first_mine=mine[0] if mine else None,
        running=len(running),
        to_place=sum(card.column not in placed for card in running),
        handed_over=len(every) - len(running),
        late=sum(card.is_late for card in running),
        chosen=chosen,
    )


def bands(cards: Sequence[Card], now: datetime) -> list[Band]:
    """The list by clock: too late, within an hour, later, and without a clock."""
    soon = now + timedelta(hours=1)
    parts: tuple[tuple[str, Callable[[Card], bool]], ...] = (
        (_("Te laat"), lambda c: c.is_late),
        (_("Binnen een uur"), lambda c: not c.is_late and c.until is not None and c.until <= soon),
        (_("Later"), lambda c: c.until is not None and c.until > soon),
        (_("Zonder klok"), lambda c: c.until is None),
    )
    found = [Band(label, [card for card in cards if belongs(card)]) for label, belongs in parts]
    return [band for band in found if band.cards]


def _requests(user: "User", now: datetime) -> Iterable[TransferRequest]:
    local = now.astimezone(AMSTERDAM)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(status=states.CLOSED, ended_at__gte=midnight)
    visible = TransferRequest.objects.visible_to(user).filter(~Q(status__in=states.ENDED) | today)
    return selectors.with_destination(visible.with_places())


def _card(request: TransferRequest, user: "User", now: datetime) -> Card:
    column = turns.column_of(request.status, request.searching) or turns.NEW
    done_at = _done_at(request) if column == turns.DONE else None
    is_done = done_at is not None
    waits = {states.DRAFT: _("concept"), states.ON_HOLD: _("aangehouden")}.get(request.status, "")
    is_late = not is_done and request.is_late(now)
    until = None if is_done or (waits and not is_late) else request.due_at
    site = request.sending_site
    mover = "" if is_done else selectors.mover_name(request)
    return Card(
        key=request.number[-6:],
        url=reverse("transfers:request", kwargs={"number": request.number}),
        number=request.short_number,
        number_before=request.number.removesuffix(request.short_number),
        level=request.level_id,
        level_label=request.level.label,
        level_order=request.level.order,
        needs_icu=request.level.needs_icu,
        hours=request.urgency,
        region=site.region.short_name,
        region_code=site.region.code,
        place=site.short_name,
        to_place=_destination(request),
        needs=[] if is_done else needs.of(request.picture, is_icu=request.level.needs_icu),
        column=column,
        stage=str(labels.COLUMNS[column]),
        until=until,
        soon_at=clocks.soon_at(request.status_since, until),
        waiting=waits,
        mover=mover,
        doing=str(labels.DOING.get(request.status, "")),
        is_mine=not is_done and selectors.is_mine(user, request),
        is_late=is_late,
        done_text=_said_at(done_at, now) if done_at else "",
        done_at=done_at,
        task=selectors.task_title(request),
    )


def _destination(request: TransferRequest) -> str:
    places = [offer.site.short_name for offer in request.live_offers]
    if len(places) > 1:
        return _("%(count)s ziekenhuizen gevraagd") % {"count": len(places)}
    return places[0] if places else ""


def _done_at(request: TransferRequest) -> datetime:
    stamps = [ride.handed_over_at for ride in request.live_rides if ride.handed_over_at]
    return stamps[0] if stamps else request.status_since


def _said_at(moment: datetime, now: datetime) -> str:
    local, today = moment.astimezone(AMSTERDAM), now.astimezone(AMSTERDAM).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{vitals.day(moment, now)} {local:%H:%M}"


def _by_clock(card: Card) -> tuple[bool, float]:
    if card.done_text:
        return (True, 0)
    return (card.until is None, card.until.timestamp() if card.until else 0)


def _columns(cards: Sequence[Card]) -> list[Column]:
    columns = []
    for key in turns.COLUMNS:
        held = [card for card in cards if card.column == key]
        if key == turns.DONE:
            held.sort(
                key=lambda card: card.done_at.timestamp() if card.done_at else 0, reverse=True
            )
        late = sum(card.is_late for card in held)
        columns.append(Column(key, str(labels.COLUMNS[key]), held, late))
    return columns


def _fits(card: Card, name: str, value: str) -> bool:
    if name in ("late", "mine", "micu"):
        return {"late": card.is_late, "mine": card.is_mine, "micu": card.needs_micu}[name]
    return value == {
        "level": card.level,
        "urgency": str(card.hours),
        "region": card.region_code,
    }.get(name)


def _filters(cards: Sequence[Card], chosen: Mapping[str, str], user: "User") -> list[Filter]:
    levels = sorted({(card.level_order, card.level, card.level_label) for card in cards})
    offered = [
        ("late", "1", _("Te laat")),
        ("mine", "1", _("Aan zet: %(who)s") % {"who": _me(user)}),
        *(("level", code, label) for _order, code, label in levels),
        ("urgency", "6", _("< 6 uur")),
        ("micu", "1", "MICU"),
    ]
    return [_filter(name, value, label, cards, chosen) for name, value, label in offered]


def _regions(cards: Sequence[Card], chosen: Mapping[str, str]) -> list[Filter]:
    names = {card.region_code: card.region for card in cards}
    found = [
        _filter("region", code, name, cards, chosen)
        for code, name in sorted(names.items(), key=lambda item: item[1])
    ]
    everywhere = {name: value for name, value in chosen.items() if name != "region"}
    first = Filter("region", _("Alle regio’s"), None, "region" not in chosen, _address(everywhere))
    return [first, *found]


def _filter(
    name: str, value: str, label: str, cards: Sequence[Card], chosen: Mapping[str, str]
) -> Filter:
    is_on = chosen.get(name) == value
    others = {key: kept for key, kept in chosen.items() if key != name}
    switched = others if is_on else others | {name: value}
    count = sum(_fits(card, name, value) for card in cards)
    return Filter(name, label, count, is_on, _address(switched))


def _address(chosen: Mapping[str, str]) -> str:
    return f"?{urlencode(chosen)}" if chosen else reverse("transfers:board")


def _me(user: "User") -> str:
    """Whom the filter "my move" is about: the own hospital, the own region's desk, the centre."""
    acting = user.acting
    if acting is not None and acting.site is not None:
        return acting.site.short_name
    if acting is not None and acting.region is not None:
        return f"RCPS {acting.region.short_name}"
    if user.role_key in states.CENTRE_ROLES:
        return "LCPS"
    return acting.role.label if acting is not None else ""
