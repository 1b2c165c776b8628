"""Who may take which step: the table against real people, for every status and every step."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from capacity.beds import actions as beds
from communications.logbook.models import AuditEvent
from communications.post.models import Message
from regions.models import Contact
from tests import factories
from transfers.models import HandoverItem, Offer, Ride
from transfers.requests import actions, letters, permissions, vitals
from transfers.requests import status as states

pytestmark = pytest.mark.django_db


def make_world():
    """A sender and a receiver in two regions, a service, and one person for every role of the table."""
    factories.reference()
    sending, receiving, third = factories.site(), factories.site(), factories.site()
    service = factories.service(region=sending.region)
    people = {
        "physician": factories.user("treating_physician", site=sending),
        "coordinator": factories.user("bed_coordinator", site=sending),
        "region": factories.user("regional_coordinator", region=sending.region),
        "lcps": factories.user("lcps_coordinator"),
        "medical": factories.user("medical_officer"),
        "transport": factories.user("transport_coordinator"),
        "shift": factories.user("shift_lead"),
        "receiver": factories.user("bed_coordinator", site=receiving),
        "receiving_doctor": factories.user("treating_physician", site=receiving),
        "receiving_region": factories.user("regional_coordinator", region=receiving.region),
        "planner": factories.user("ambulance_planner", service=service),
        "reporter": factories.user("reporter", site=sending),
        "stranger": factories.user("bed_coordinator", site=third),
        "foreign_region": factories.user("regional_coordinator", region=third.region),
        "foreign_planner": factories.user("micu_coordinator", service=factories.service()),
        "analyst": factories.user("analyst"),
        "privacy": factories.user("privacy_officer"),
    }
    factories.report(receiving, factories.slot())
    return {"sending": sending, "receiving": receiving, "service": service, "people": people}


@pytest.fixture
def world(db):
    return make_world()


@contextmanager
def savepoint():
    """What happens inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def offered(request, world, now, status="accepted"):
    hold = beds.hold(
        site=world["receiving"],
        level=request.level_id,
        reference=request.number,
        until=now + timedelta(hours=6),
        now=now,
    )
    accepted = status == "accepted"
    return Offer.objects.create(
        request=request,
        site=world["receiving"],
        hold=hold,
        status=status,
        offered_at=now,
        offered_name="J. de Wit",
        answer_due_at=now + timedelta(hours=1),
        answered_at=now if accepted else None,
        accepting_doctor="dr. B. Smit" if accepted else "",
        contact_names="dr. A en dr. B" if accepted else "",
        contact_at=now if accepted else None,
    )


def at(status, world, now):
    """A request in `status` with everything its next steps ask for."""
    request = factories.request_(
        world["sending"], status=status, clinical={"values_at": now, "stable_at": now}
    )
    if status not in (states.DRAFT, *states.BEFORE_ACCEPTANCE) or status == states.OFFERED:
        offer = offered(request, world, now, "open" if status == states.OFFERED else "accepted")
        if status not in (states.OFFERED, states.ACCEPTED):
            Ride.objects.create(
                request=request,
                offer=offer,
                service=world["service"],
                kind="b2",
                kind_advised="b2",
                requested_at=now,
            )
    if status == states.HANDED_OVER:
        HandoverItem.objects.bulk_create(
            HandoverItem(request=request, item=item, state="sent", at=now, by_name="X")
            for item in HandoverItem.Item.values
        )
    return request


OFFER_FROM = {states.REGIONAL_SEARCH, states.NATIONAL_SEARCH, states.OFFERED}
SENDERS = {"physician", "coordinator"}
# Who may take which step, written out once more beside the table: a second opinion.
WHO = {
    "submit": SENDERS,
    "ask_sender": {"region"},
    "ask_sender_nationally": {"lcps", "medical"},
    "answer_question": SENDERS,
    "answer_centre": SENDERS,
    "search_in_region": {"region"},
    "escalate": {"region"},
    "ask_medical_review": {"lcps"},
    "skip_medical_review": {"lcps"},
    "find_fit": {"medical"},
    "find_unfit": {"medical"},
    "offer_in_region": {"region"},
    "offer_nationally": {"lcps"},
    "accept": {"receiver", "receiving_region"},
    "search_region_again": {"system"},
    "search_nation_again": {"system"},
    "request_transport": {"transport"},
    "plan_transport": {"planner"},
    "return_transport": {"planner"},
    "depart": {"planner"},
    "arrive": {"planner"},
    "abort": {"planner"},
    "hand_over": {"receiver", "receiving_doctor"},
    "close": {"lcps", "system"},
    "put_on_hold": SENDERS | {"medical", "transport"},
    "resume": SENDERS | {"medical"},
    "resume_at_centre": SENDERS | {"medical"},
    "withdraw": SENDERS,
    "cancel": {"region", "lcps"},
    "report_death": SENDERS,
    "report_death_on_the_way": {"planner"},
    "report_death_on_arrival": {"receiver", "receiving_doctor"},
    "expire": {"system"},
}


def test_each_step_is_taken_by_its_people_only(world, now):
    people = world["people"] | {"system": None}
    wrong = []
    for status in states.ALL:
        with savepoint():
            request = at(status, world, now)
            for row in states.steps_from(status):
                may = {
                    name
                    for name, person in people.items()
                    if permissions.may_step(person, request, row)
                }
                if may != WHO[row.name]:
                    wrong.append((status, row.name, may ^ WHO[row.name]))

    assert wrong == []


@pytest.mark.parametrize("status", states.ALL)
def test_every_step_moves_where_the_table_says_and_nowhere_else(status, world, now):
    people = world["people"] | {"system": None}
    for name, who in WHO.items():
        row = next((r for r in states.steps_from(status) if r.name == name), None)
        with savepoint():
            request = at(status, world, now)
            # Some steps differ only in how far the search has come.
            request.searching = "nation" if row and "was_national" in row.conditions else "region"
            by = people[sorted(who)[0]]
            if row is None:
                with pytest.raises(ValidationError) as refused:
                    actions.move(request=request, step_name=name, by=by, now=now, reason="reden")
                assert refused.value.code == "wrong_status"
            else:
                moved = actions.move(
                    request=request, step_name=name, by=by, now=now, reason="reden"
                )
                assert (moved.status, moved.version) == (row.to, 2)
                assert moved.events.filter(step=name, since=status, to=row.to).count() == 1


def test_a_move_writes_its_line_its_clock_and_its_letter(world, now):
    request = at(states.SUBMITTED, world, now)
    by = world["people"]["region"]

    actions.take_step(name="search_in_region", request=request, by=by, now=now, version=1)
    actions.take_step(
        name="escalate", request=request, by=by, now=now, version=2, reason="geen bed in de regio"
    )

    request.refresh_from_db()
    assert request.status == states.ESCALATED
    assert request.clock_due_at == now + timedelta(minutes=60)
    assert request.searching == "nation"
    assert request.events.last().note == "geen bed in de regio"
    lines = AuditEvent.objects.about("request", request.number)
    assert {line.action for line in lines} == {"request.search_in_region", "request.escalate"}
    assert all("geen bed" not in line.sentence for line in lines)
    letters = Message.objects.filter(template="request_escalated", channel="in_app")
    assert [m.recipient_id for m in letters] == [world["people"]["lcps"].pk]


def test_a_step_closes_what_asked_for_it(world, now):
    request = at(states.SUBMITTED, world, now)
    letters.tell("request_submitted", request, by=None, at=now)
    letters.warn_late(request, at=now)
    asking = Message.objects.filter(channel="in_app", done_at=None).exclude(asks="")
    assert {m.template for m in asking} == {"request_submitted", "request_late"}

    by = world["people"]["region"]
    actions.take_step(name="search_in_region", request=request, by=by, now=now, version=1)
    assert not asking.all()
    actions.take_step(name="escalate", request=request, by=by, now=now, version=2, reason="vol")

    assert {m.template for m in asking.all()} == {"request_escalated"}


def test_an_old_tab_is_refused_and_shows_what_stands_now(world, now):
    request = at(states.SUBMITTED, world, now)
    by = world["people"]["region"]
    actions.take_step(name="search_in_region", request=request, by=by, now=now, version=1)

    with pytest.raises(actions.LostUpdate) as refused:
        actions.take_step(name="search_in_region", request=request, by=by, now=now, version=1)

    assert refused.value.code == "lost_update"
    assert refused.value.newer.status == states.REGIONAL_SEARCH


def test_a_step_that_asks_a_reason_is_not_taken_without(world, now):
    request = at(states.REGIONAL_SEARCH, world, now)

    with pytest.raises(ValidationError) as refused:
        actions.take_step(
            name="escalate",
            request=request,
            by=world["people"]["region"],
            now=now,
            version=1,
            reason="  ",
        )

    assert refused.value.error_dict["reason"][0].code == "reason_required"


@pytest.mark.parametrize(
    ("text", "code"), [("bsn 123456782", "bsn"), ("geb. 12-03-1956", "birth_date")]
)
def test_a_reason_that_identifies_the_patient_is_refused(world, now, text, code):
    request = at(states.REGIONAL_SEARCH, world, now)

    with pytest.raises(ValidationError) as refused:
        actions.take_step(
            name="escalate",
            request=request,
            by=world["people"]["region"],
            now=now,
            version=1,
            reason=text,
        )

    assert refused.value.error_dict["reason"][0].code == code
    assert not request.events.exists()


def test_a_step_of_another_room_is_not_taken_here(world, now):
    request = at(states.ARRIVED, world, now)

    with pytest.raises(ValidationError) as refused:
        actions.take_step(
            name="hand_over", request=request, by=world["people"]["receiver"], now=now, version=1
        )

    assert refused.value.code == "elsewhere"


def test_a_wrong_person_is_refused_before_anything_changes(world, now):
    request = at(states.SUBMITTED, world, now)

    with pytest.raises(PermissionDenied):
        actions.take_step(
            name="search_in_region",
            request=request,
            by=world["people"]["foreign_region"],
            now=now,
            version=1,
        )

    request.refresh_from_db()
    assert (request.status, request.version) == (states.SUBMITTED, 1)


@pytest.mark.parametrize("status", [states.OFFERED, states.ACCEPTED, states.TRANSPORT_PLANNED])
@pytest.mark.parametrize("name", ["withdraw", "report_death", "put_on_hold"])
def test_beds_are_free_again_when_a_request_ends_or_waits(status, name, world, now):
    request = at(status, world, now)
    held = request.offers.get().hold

    actions.take_step(
        name=name,
        request=request,
        by=world["people"]["physician"],
        now=now,
        version=1,
        reason="onstabiel",
        end_reason="worsened",
    )

    held.refresh_from_db()
    assert held.ended_at == now
    assert request.offers.get().status == "voided"


@pytest.mark.parametrize("status", [states.TRANSPORT_REQUESTED, states.TRANSPORT_PLANNED])
@pytest.mark.parametrize("name", ["withdraw", "report_death", "put_on_hold"])
def test_a_ride_that_has_not_left_is_called_off(status, name, world, now):
    request = at(status, world, now)

    actions.take_step(
        name=name,
        request=request,
        by=world["people"]["physician"],
        now=now,
        version=1,
        reason="onstabiel",
        end_reason="worsened",
    )

    ride = request.rides.get()
    assert ride.returned_at == now
    assert ride.return_reason


@pytest.mark.parametrize("given", ["", "nonsense", "unfit"])
def test_a_withdrawal_says_why_by_its_code(world, now, given):
    request = at(states.SUBMITTED, world, now)

    with pytest.raises(ValidationError) as refused:
        actions.take_step(
            name="withdraw",
            request=request,
            by=world["people"]["physician"],
            now=now,
            version=1,
            reason="tekst",
            end_reason=given,
        )

    assert refused.value.error_dict["end_reason"][0].code == "end_reason_required"


def test_old_values_keep_a_bed_from_being_asked(world, now):
    request = factories.request_(
        world["sending"],
        status=states.NATIONAL_SEARCH,
        clinical={"values_at": now - timedelta(hours=12)},
    )

    with pytest.raises(ValidationError) as refused:
        actions.move(
            request=request, step_name="offer_nationally", by=world["people"]["lcps"], now=now
        )

    assert refused.value.code == "values_old"


def test_a_prone_patient_is_offered_only_after_a_medical_review(world, now):
    request = factories.request_(
        world["sending"],
        status=states.REGIONAL_SEARCH,
        clinical={"values_at": now, "prone": "now"},
    )

    with pytest.raises(ValidationError) as refused:
        actions.move(
            request=request, step_name="offer_in_region", by=world["people"]["region"], now=now
        )

    assert refused.value.code == "review_needed"


def test_departure_names_everything_that_is_missing_at_once(world, now):
    request = at(states.TRANSPORT_PLANNED, world, now)
    request.offers.update(contact_names="", contact_at=None)
    request.rides.update(kind="micu")
    request.clinical.gp_informed = False

    with pytest.raises(ValidationError) as refused:
        actions.move(request=request, step_name="depart", by=world["people"]["planner"], now=now)

    assert refused.value.error_list[0].code == "not_ready"
    assert len(refused.value.messages) == 3


@pytest.mark.parametrize("missing", ["gp", "talk"])
def test_a_refused_departure_says_whom_to_call(world, now, missing):
    request, site = at(states.TRANSPORT_PLANNED, world, now), world["sending"]
    request.clinical.gp_informed = missing != "gp"
    if missing == "talk":
        request.offers.update(contact_names="", contact_at=None)
    Contact.objects.create(site=site, function=Contact.Function.BEDS, phone="099 123 45 67")

    with pytest.raises(ValidationError) as refused:
        actions.move(request=request, step_name="depart", by=world["people"]["planner"], now=now)

    (said,) = refused.value.messages
    assert f"Bel {site.short_name}, 099 123 45 67" in said


def test_a_ride_inside_the_region_is_asked_by_the_region(world, now):
    request = at(states.ACCEPTED, world, now)
    row = states.step("request_transport", since=states.ACCEPTED)
    request.offers.get().site.__class__.objects.filter(pk=world["receiving"].pk).update(
        region=world["sending"].region
    )

    assert permissions.may_step(world["people"]["region"], request, row)
    assert not permissions.may_step(world["people"]["transport"], request, row)


def test_the_judgement_of_the_medical_officer_is_kept_with_its_conditions(world, now):
    request = at(states.MEDICAL_REVIEW, world, now)

    actions.take_step(
        name="find_fit",
        request=request,
        by=world["people"]["medical"],
        now=now,
        version=1,
        reason="alleen met MICU",
    )

    request.clinical.refresh_from_db()
    assert (request.clinical.fit, request.clinical.fit_at) == ("alleen met MICU", now)


@pytest.mark.parametrize(
    ("condition", "verdict"), [("alleen met MICU", "geschikt onder voorwaarde"), ("", "geschikt")]
)
def test_a_judgement_is_the_same_in_logbook_letter_and_page(world, now, condition, verdict):
    request = at(states.MEDICAL_REVIEW, world, now)
    by = world["people"]["medical"]

    actions.take_step(name="find_fit", request=request, by=by, now=now, version=1, reason=condition)

    line = AuditEvent.objects.get(action="request.find_fit")
    assert line.sentence == f"Verzoek {request.number}: Medisch oordeel: {verdict}"
    letter = Message.objects.filter(template="found_fit").first()
    assert ("voor vervoer onder voorwaarde" in letter.subject) is bool(condition)
    assert ("lees de voorwaarde bij het verzoek" in letter.body) is bool(condition)
    assert "MICU" not in letter.subject + letter.body + line.sentence
    request.clinical.refresh_from_db()
    (said,) = [s.said for s in vitals.statements(request.clinical) if s.label == "Medisch oordeel"]
    assert said.startswith(f"{verdict}: {condition}" if condition else "geschikt (")


def test_a_question_is_asked_and_answered_where_it_came_from(world, now):
    request = at(states.ESCALATED, world, now)
    request.searching = "nation"
    request.save(update_fields=["searching"])
    people = world["people"]

    asked = actions.take_step(
        name="ask_sender_nationally",
        request=request,
        by=people["lcps"],
        now=now,
        version=1,
        reason="Mag het verder dan 100 km?",
    )
    assert asked.question == "Mag het verder dan 100 km?"
    answered = actions.take_step(
        name="answer_centre", request=asked, by=people["physician"], now=now, version=2, reason="Ja"
    )

    assert (answered.status, answered.question) == (states.ESCALATED, "")


def test_numbers_follow_each_other_and_carry_the_year(world, now):
    values = {"level_id": "ward"}
    site, by = world["sending"], world["people"]["physician"]
    made = [
        actions.create_request(
            site=site,
            by=by,
            now=now,
            submission=uuid4(),
            values={"level": factories.request_(site).level},
            typed={"age_years": "58"} | values,
        )
        for _ in range(2)
    ]

    first, second = (int(request.number[-6:]) for request in made)
    assert second == first + 1
    assert made[0].number.startswith("PMR-2020-")


def test_the_logbook_says_in_words_that_a_request_was_begun(world, now):
    site, by = world["sending"], world["people"]["physician"]

    made = actions.create_request(
        site=site,
        by=by,
        now=now,
        submission=uuid4(),
        values={"level": factories.request_(site).level},
        typed={"age_years": "58", "level_id": "ward"},
    )

    line = AuditEvent.objects.about("request", made.number).get()
    assert line.sentence == f"Verzoek {made.number}: Concept gemaakt"
