"""The page of a request: what each person may do there, and how few questions it asks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests import factories
from tests.transfers.requests.test_moving import at, make_world
from transfers.requests import actions, page, selectors
from transfers.requests import status as states

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return make_world()


def seen(world, who, request, now):
    person = world["people"][who]
    return page.page(selectors.get_visible(person, request.number), person, now)


def names(shown):
    buttons = [action for action in (shown.primary, shown.other) if action]
    return [action.name for action in (*buttons, *shown.beside, *shown.more)]


@pytest.mark.parametrize(
    ("status", "who", "first"),
    [
        (states.DRAFT, "physician", "submit"),
        (states.SUBMITTED, "region", "search_in_region"),
        (states.MEDICAL_REVIEW, "medical", "find_fit"),
        (states.ESCALATED, "lcps", "skip_medical_review"),
        (states.INFO_NEEDED, "coordinator", "answer_question"),
        (states.ON_HOLD, "physician", "resume"),
        (states.HANDED_OVER, "lcps", "close"),
        (states.NATIONAL_SEARCH, "lcps", None),  # there the next thing is a destination
        (states.SUBMITTED, "physician", None),
    ],
)
def test_the_next_thing_to_do_is_the_one_button(world, now, status, who, first):
    shown = seen(world, who, at(status, world, now), now)

    assert (shown.primary.name if shown.primary else None) == first


def test_a_patient_who_needs_a_review_is_not_offered_to_skip_it(world, now):
    request = factories.request_(
        world["sending"], status=states.ESCALATED, clinical={"prone": "now", "values_at": now}
    )

    shown = seen(world, "lcps", request, now)

    assert "skip_medical_review" not in names(shown)
    assert shown.primary.name == "ask_medical_review"


def test_nobody_is_shown_a_step_that_is_not_theirs(world, now):
    request = at(states.OFFERED, world, now)

    assert names(seen(world, "receiver", request, now)) == []
    assert names(seen(world, "shift", request, now)) == []
    assert set(names(seen(world, "physician", request, now))) == {
        "put_on_hold",
        "withdraw",
        "report_death",
    }


def test_the_track_says_when_each_point_was_reached(world, now):
    request = at(states.SUBMITTED, world, now)
    region = world["people"]["region"]
    actions.take_step(name="search_in_region", request=request, by=region, now=now, version=1)

    track = seen(world, "region", request, now + timedelta(minutes=1)).track

    assert [point["state"] for point in track] == ["done", "current", *["next"] * 7]
    assert track[1]["note"].startswith("tot ")


def test_the_history_tells_who_did_what_newest_first(world, now):
    request = at(states.REGIONAL_SEARCH, world, now)
    region = world["people"]["region"]
    actions.take_step(
        name="escalate", request=request, by=region, now=now, version=1, reason="geen IC-bed"
    )

    history = seen(world, "lcps", request, now).history

    assert history[0]["text"] == "Door naar LCPS: geen IC-bed"
    assert str(region) in history[0]["by"]
    assert history[0]["state"] == "current"


def test_values_that_no_longer_count_are_said_to_be_old(world, now):
    request = factories.request_(
        world["sending"],
        status=states.SUBMITTED,
        level="icu",
        clinical={"values_at": now - timedelta(hours=4)},
    )

    shown = seen(world, "physician", request, now)

    assert shown.values_old
    assert shown.may_renew
    assert not seen(world, "physician", request, now - timedelta(seconds=1)).values_old


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (who, status)
        for who in ("lcps", "region", "physician", "receiver")
        for status in (states.NATIONAL_SEARCH, states.OFFERED, states.ACCEPTED)
        if (who, status) != ("receiver", states.NATIONAL_SEARCH)  # nobody was asked yet
    ],
)
def test_the_page_asks_at_most_twenty_questions(
    world, now, client_for, demonstration_clock, django_assert_max_num_queries, who, status
):
    for _ in range(12):
        factories.report(factories.site(region=world["receiving"].region), factories.slot())
    request = at(status, world, now)
    for _ in range(6):
        request.events.create(
            step="renew", since=status, to=status, at=now, actor_name="X", role="bed_coordinator"
        )
    client = client_for(world["people"][who])
    address = reverse("transfers:request", kwargs={"number": request.number})
    client.get(address)

    with django_assert_max_num_queries(20):
        answer = client.get(address)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("alleen met MICU", "Medisch oordeel: geschikt onder voorwaarde: alleen met MICU"),
        ("", "Medisch oordeel: geschikt"),
    ],
)
def test_the_history_says_whether_a_judgement_has_a_condition(world, now, condition, said):
    request = at(states.MEDICAL_REVIEW, world, now)
    doctor = world["people"]["medical"]
    actions.take_step(
        name="find_fit", request=request, by=doctor, now=now, version=1, reason=condition
    )

    assert seen(world, "lcps", request, now).history[0]["text"] == said


@pytest.mark.parametrize(
    ("clinical", "primary", "other"),
    [
        ({"airway": "tube", "ventilation": "invasive"}, "ask_medical_review", ""),
        ({"prone": "now"}, "ask_medical_review", ""),
        ({}, "skip_medical_review", "ask_medical_review"),
    ],
)
def test_a_judgement_can_be_asked_by_a_button_whoever_the_patient(
    world, now, clinical, primary, other
):
    request = factories.request_(
        world["sending"], status=states.ESCALATED, clinical={"values_at": now} | clinical
    )

    shown = seen(world, "lcps", request, now)

    assert shown.primary.name == primary
    assert (shown.other.name if shown.other else "") == other


@pytest.mark.parametrize(
    ("status", "clinical", "who", "task", "button"),
    [
        (states.SUBMITTED, {}, "region", "Zoek in de regio voor", "Zoek in de regio"),
        (states.ESCALATED, {}, "lcps", "Zoek landelijk voor", "Zoek landelijk"),
        (
            states.ESCALATED,
            {"prone": "now"},
            "lcps",
            "Vraag medisch oordeel over",
            "Vraag medisch oordeel",
        ),
        (
            states.NATIONAL_SEARCH,
            {"prone": "now"},
            "lcps",
            "Vraag medisch oordeel over",
            "Vraag medisch oordeel",
        ),
    ],
)
def test_a_task_is_called_like_the_button_on_its_page(
    world, now, status, clinical, who, task, button
):
    request = factories.request_(
        world["sending"],
        status=status,
        searching="nation" if who == "lcps" else "",
        clock_due_at=now,
        clinical={"values_at": now} | clinical,
    )

    shown = seen(world, who, request, now)
    (asked,) = selectors.tasks_for(world["people"][who], now)

    assert asked.title == f"{task} {request.short_number}" == shown.next_text
    assert asked.button == button == shown.primary.label
