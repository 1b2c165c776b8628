"""The board: what stands where, whose move it is, and how few questions it asks the database."""

from datetime import timedelta

import pytest
from django.urls import reverse

from capacity.models import CareLevel
from communications.logbook import selectors
from communications.logbook.models import AuditEvent
from tests import factories
from transfers.requests import board as boards
from transfers.requests import status as states

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(reference):
    return factories.site()


@pytest.fixture
def lcps(reference):
    return factories.user("lcps_coordinator")


def columns(board):
    return {column.key: [card.number for card in column.cards] for column in board.columns}


@pytest.mark.parametrize(
    ("status", "column"),
    [
        (states.SUBMITTED, "new"),
        (states.INFO_NEEDED, "new"),
        (states.REGIONAL_SEARCH, "new"),
        (states.ESCALATED, "review"),
        (states.MEDICAL_REVIEW, "review"),
        (states.NATIONAL_SEARCH, "search"),
        (states.OFFERED, "offer"),
        (states.ACCEPTED, "accepted"),
        (states.TRANSPORT_REQUESTED, "transport"),
        (states.TRANSPORT_PLANNED, "transport"),
        (states.DEPARTED, "ride"),
        (states.ARRIVED, "ride"),
        (states.HANDED_OVER, "done"),
    ],
)
def test_each_status_stands_in_its_column(site, lcps, now, status, column):
    request = factories.request_(site, status=status)

    board = boards.board(lcps, now, {})

    assert columns(board)[column] == [request.short_number]


def test_ended_requests_and_drafts_of_others_are_not_on_the_board(site, lcps, now):
    for status in (states.DRAFT, states.WITHDRAWN, states.EXPIRED, states.DECEASED):
        factories.request_(site, status=status)
    factories.request_(site, status=states.CLOSED, created_at=now - timedelta(days=2))

    board = boards.board(lcps, now, {})

    assert not any(columns(board).values())


def test_overdue_comes_first_and_whose_move_it_is_stands_out(site, lcps, now):
    later = factories.request_(
        site, status=states.NATIONAL_SEARCH, clock_due_at=now + timedelta(hours=1)
    )
    late = factories.request_(
        site, status=states.NATIONAL_SEARCH, clock_due_at=now - timedelta(minutes=12)
    )

    board = boards.board(lcps, now, {})

    assert columns(board)["search"] == [late.short_number, later.short_number]
    assert board.late == 1
    assert board.first_mine.number == late.short_number
    assert all(card.is_mine and card.mover == "LCPS" for card in board.cards)


@pytest.mark.parametrize(("seconds", "late"), [(-1, 0), (0, 1), (1, 1)])
def test_a_clock_is_late_from_its_very_moment(site, lcps, now, seconds, late):
    due = now - timedelta(seconds=seconds)
    factories.request_(site, status=states.NATIONAL_SEARCH, clock_due_at=due)

    assert boards.board(lcps, now, {}).late == late


def test_filters_narrow_the_board_and_live_in_the_address(site, lcps, now):
    icu = factories.request_(site, status=states.NATIONAL_SEARCH, level="icu", urgency=6)
    factories.request_(site, status=states.NATIONAL_SEARCH, urgency=6)
    factories.request_(site, status=states.SUBMITTED, level="icu")

    board = boards.board(lcps, now, {"level": "icu", "urgency": "6", "nonsense": "x"})

    assert [card.number for card in board.cards] == [icu.short_number]
    switches = {filter.name: filter for filter in board.filters if filter.is_on}
    assert set(switches) == {"level", "urgency"}
    assert switches["level"].url == "?urgency=6"
    assert switches["level"].count == 2


def test_levels_are_offered_in_their_own_order(site, lcps, now):
    added = {"label_nl": "Kind", "label_en": "Child", "most_beds": 9, "needs_icu": False}
    CareLevel.objects.create(code="a-child", order=9, **added)
    for level in ("a-child", "ward", "icu"):
        factories.request_(site, status=states.NATIONAL_SEARCH, level=level)

    board = boards.board(lcps, now, {})

    levels = [choice.label for choice in board.filters if choice.name == "level"]
    assert levels == ["IC", "Kliniek", "Kind"]


def test_a_region_sees_its_own_and_the_sender_its_drafts(site, now):
    draft = factories.request_(site)
    sent = factories.request_(site, status=states.SUBMITTED)
    factories.request_(factories.site(), status=states.SUBMITTED)
    region = factories.user("regional_coordinator", region=site.region)
    sender = factories.user("bed_coordinator", site=site)

    assert columns(boards.board(region, now, {}))["new"] == [sent.short_number]
    seen = columns(boards.board(sender, now, {}))["new"]
    assert set(seen) == {draft.short_number, sent.short_number}


def test_the_list_stands_in_bands_by_clock(site, lcps, now):
    minutes = [-5, 30, 60, 61]
    for after in minutes:
        factories.request_(
            site, status=states.NATIONAL_SEARCH, clock_due_at=now + timedelta(minutes=after)
        )
    factories.request_(site, status=states.ON_HOLD)

    found = boards.bands(boards.board(lcps, now, {}).cards, now)

    assert [(band.label, len(band.cards)) for band in found] == [
        ("Te laat", 1),
        ("Binnen een uur", 2),
        ("Later", 1),
        ("Zonder klok", 1),
    ]


@pytest.mark.parametrize("address", ["", "?view=list"])
def test_the_board_asks_at_most_twelve_questions_however_many_requests(
    site, lcps, client_for, demonstration_clock, django_assert_max_num_queries, address
):
    everywhere = [site, *(factories.site() for _ in range(4))]
    for index in range(50):
        status = states.BEFORE_DEPARTURE[index % len(states.BEFORE_DEPARTURE)]
        factories.request_(everywhere[index % 5], status=status)
    client = client_for(lcps)
    client.get(reverse("transfers:board"))

    with django_assert_max_num_queries(12):
        answer = client.get(reverse("transfers:board") + address)

    assert answer.status_code == 200
    assert answer.text.count("data-card") >= 40


def test_the_refresh_brings_the_section_only(site, lcps, client_for, demonstration_clock):
    factories.request_(site, status=states.NATIONAL_SEARCH)

    answer = client_for(lcps).get(reverse("transfers:board"), headers={"HX-Request": "true"})

    assert answer.text.startswith('<section id="verplaatsingen"')


def test_an_empty_board_says_what_will_stand_there(lcps, client_for, demonstration_clock):
    answer = client_for(lcps).get(reverse("transfers:board"))

    assert "Er lopen geen verzoeken." in answer.text


@pytest.mark.parametrize("view", ["board", "list"])
@pytest.mark.parametrize(("needs_icu", "tag"), [(True, "level"), (False, "level-ward")])
def test_a_level_added_as_data_has_the_tag_of_its_kind(
    site, lcps, client_for, demonstration_clock, view, needs_icu, tag
):
    added = {"label_nl": "Kind", "label_en": "Child", "order": 3, "most_beds": 9}
    CareLevel.objects.create(code="child", needs_icu=needs_icu, **added)
    factories.request_(site, status=states.NATIONAL_SEARCH, level="child")

    answer = client_for(lcps).get(reverse("transfers:board"), {"view": view})

    assert f'<span class="lcps-tag lcps-tag--{tag}">Kind</span>' in answer.text


def looks(person):
    lines = AuditEvent.objects.about("requests", "board").filter(actor_id=str(person.pk))
    return [line.detail["requests"] for line in lines.order_by("pk")]


@pytest.mark.parametrize("address", ["", "?view=list"])
def test_a_look_at_the_board_is_one_line_that_names_what_was_shown(
    site, lcps, client_for, demonstration_clock, address
):
    shown = [factories.request_(site, status=states.NATIONAL_SEARCH) for _ in range(2)]
    client = client_for(lcps)

    client.get(reverse("transfers:board") + address)

    assert looks(lcps) == [[request.number for request in shown]]
    assert list(selectors.lines(about=shown[0].number).values_list("kind", flat=True)) == ["look"]


def test_a_refresh_of_the_board_names_only_what_was_not_seen_yet(
    site, lcps, client_for, demonstration_clock
):
    first = factories.request_(site, status=states.NATIONAL_SEARCH)
    client, way = client_for(lcps), reverse("transfers:board")
    client.get(way)
    client.get(way, headers={"HX-Request": "true"})
    second = factories.request_(site, status=states.NATIONAL_SEARCH)

    client.get(way, headers={"HX-Request": "true"})
    client.get(way, headers={"HX-Request": "true"})

    assert looks(lcps) == [[first.number], [second.number]]


def test_an_empty_board_is_no_look_at_anybody(lcps, client_for, demonstration_clock):
    client_for(lcps).get(reverse("transfers:board"))

    assert looks(lcps) == []
