"""Asking a site for a bed and answering: what changes, who is told, who is stopped."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from capacity.models import BedPool, Hold
from communications.models import AuditEvent, Message
from tests import factories
from transfers.models import Offer, RequestEvent
from transfers.offers import actions, selectors

pytestmark = pytest.mark.django_db


def free(site, level="ward"):
    return BedPool.objects.get(site=site, level=level).free_beds


def code(error):
    return getattr(error.value, "code", None) or error.value.error_list[0].code


def accept(offer, by, world, **fields):
    return actions.accept_offer(
        offer=offer, by=by, now=world.now, **{"doctor": "dr. Vos", "unit": "C3"} | fields
    )


# --- asking -----------------------------------------------------------------------------------


def test_an_offer_holds_a_bed_and_starts_the_clock_of_its_answer(world):
    offer = world.offer()

    offer.request.refresh_from_db()
    assert (offer.status, offer.rank, offer.request.status) == ("open", 1, "offered")
    assert offer.answer_due_at == world.now + timedelta(minutes=120)
    assert offer.hold.until == world.now + timedelta(hours=12)
    assert offer.request.clock_due_at == offer.answer_due_at
    assert free(world.places[0]) == 2


@pytest.mark.parametrize(
    ("urgency", "minutes", "hours"), [(6, 45, 6), (24, 120, 12), (48, 240, 24)]
)
def test_answer_and_hold_last_as_the_urgency_says(world, urgency, minutes, hours):
    offer = world.offer(world.request(urgency=urgency))

    assert offer.answer_due_at - world.now == timedelta(minutes=minutes)
    assert offer.hold.until - world.now == timedelta(hours=hours)


def test_the_receiving_site_and_its_region_are_told_at_the_same_moment(world):
    beds = world.coordinator()
    region = factories.user("regional_coordinator", region=world.east)

    world.offer()

    told = Message.objects.filter(template="offer_made", channel="in_app")
    assert {m.recipient_id for m in told} == {beds.pk, region.pk}
    assert {m.created_at for m in told} == {world.now}


@pytest.mark.parametrize("ends", ["accepted", "refused", "expired", "voided"])
def test_an_offer_that_is_no_longer_open_asks_nothing_more(world, ends):
    beds = world.coordinator()
    factories.user("regional_coordinator", region=world.east)
    offer = world.offer()
    ask = {
        "accepted": lambda: accept(offer, beds, world),
        "refused": lambda: actions.refuse_offer(
            offer=offer, by=beds, now=world.now, refusal="data_wrong"
        ),
        "expired": lambda: actions.expire_offers(now=offer.answer_due_at),
        "voided": lambda: actions.void_offers(request=offer.request, now=world.now, why="x"),
    }

    ask[ends]()

    asked = Message.objects.filter(template="offer_made", channel="in_app")
    assert asked.count() == 2
    assert not asked.filter(done_at=None).exists()


def test_messages_about_an_offer_carry_no_patient_data(world):
    world.coordinator()
    world.offer(world.request(clinical={"age_years": 83, "diagnosis_group": "longembolie"}))

    for message in Message.objects.filter(template="offer_made"):
        text = f"{message.subject} {message.body} {message.variables}"
        assert "83" not in text
        assert "longembolie" not in text


def test_an_offer_leaves_one_line_in_the_logbook_and_one_in_the_history(world):
    offer = world.offer()

    lines = AuditEvent.objects.about("request", offer.request.number)
    events = RequestEvent.objects.filter(request=offer.request)
    assert [line.action for line in lines] == ["request.offer_nationally"]
    assert [(e.step, e.note) for e in events] == [("offer_nationally", world.places[0].name)]


def test_a_fourth_open_offer_is_refused(world):
    request = world.request()
    for place in range(3):
        world.offer(request, place)

    with pytest.raises(ValidationError) as error:
        world.offer(request, 3, rank_reason="overlegd")

    assert code(error) == "too_many_open"
    assert free(world.places[3]) == 3


def test_a_site_is_asked_once_for_a_request(world):
    request = world.request()
    world.offer(request)

    with pytest.raises(ValidationError) as error:
        world.offer(request)

    assert code(error) == "already_asked"


def test_a_place_below_the_third_needs_a_reason(world):
    with pytest.raises(ValidationError) as error:
        world.offer(place=3)
    offer = world.offer(place=3, rank_reason="arts kent de patiënt")

    assert error.value.error_dict["rank_reason"][0].code == "reason_needed"
    assert (offer.rank, offer.rank_reason) == (4, "arts kent de patiënt")


def test_an_excluded_site_cannot_be_asked_and_the_rule_says_why(world):
    BedPool.objects.filter(site=world.places[0], level="ward").update(reported_free=0)

    with pytest.raises(ValidationError) as error:
        world.offer()

    assert code(error) == "no_free_bed"
    assert "20 open, 16 bezet, 1 BOSS, 0 vrij" in error.value.messages[0]
    assert not Offer.objects.exists()


def test_an_old_tab_is_refused(world):
    request = world.request(version=2)

    with pytest.raises(ValidationError) as error:
        world.offer(request, version=1)

    assert code(error) == "changed"


@pytest.mark.parametrize("status", ["submitted", "escalated", "accepted", "on_hold", "closed"])
def test_no_bed_is_asked_outside_the_search(world, status):
    with pytest.raises(ValidationError) as error:
        world.offer(world.request(status=status))

    assert code(error) == "not_searching"


def test_values_that_are_too_old_must_be_renewed_before_a_bed_is_asked(world):
    request = world.request(clinical={"values_at": world.now - timedelta(hours=13)})

    with pytest.raises(ValidationError) as error:
        world.offer(request)

    assert code(error) == "values_old"
    assert free(world.places[0]) == 3
    assert not Hold.objects.exists()


def test_history_and_letters_are_dutch_whoever_refuses(world):
    offer = world.offer()

    with override("en"):
        actions.refuse_offer(offer=offer, by=world.coordinator(), now=world.now, refusal="no_staff")

    dutch = str(Offer.Refusal.NO_STAFF.label)
    assert dutch in offer.request.events.get(step="offer_refused").note
    letters = Message.objects.filter(template="offer_refused")
    assert {letter.variables["reason"] for letter in letters} == {dutch}


def test_identity_typed_into_a_message_is_refused(world):
    with pytest.raises(ValidationError) as error:
        world.offer(message="patiënt 123456782")

    assert "message" in error.value.error_dict


def test_a_region_asks_inside_itself_and_nobody_else_does(world):
    neighbour = factories.site("neighbour", region=world.west)
    factories.report(neighbour, factories.slot())
    request = world.request(status="regional_search", searching="region")
    mine = factories.user("regional_coordinator", region=world.west)
    other = factories.user("regional_coordinator", region=world.east)

    for outsider in (world.desk, other):
        with pytest.raises(PermissionDenied):
            world.offer(request, by=outsider)
    offer = actions.make_offer(request=request, site=neighbour, by=mine, now=world.now, version=1)

    assert offer.status == "open"


def test_a_region_may_not_ask_while_the_centre_searches(world):
    with pytest.raises(PermissionDenied):
        world.offer(by=factories.user("regional_coordinator", region=world.west))


# --- accepting --------------------------------------------------------------------------------


def test_acceptance_names_doctor_and_unit_and_keeps_the_bed_for_a_full_term(world):
    offer = world.offer()
    later = world.now + timedelta(minutes=50)

    offer = actions.accept_offer(
        offer=offer,
        by=world.coordinator(),
        now=later,
        doctor="dr. L. Hendriks",
        unit="C3, bed 7",
        phone="045 000 00 00",
    )

    offer.request.refresh_from_db()
    assert (offer.status, offer.request.status) == ("accepted", "accepted")
    assert (offer.accepting_doctor, offer.unit) == ("dr. L. Hendriks", "C3, bed 7")
    assert offer.hold.until == later + timedelta(hours=12)
    assert free(world.places[0]) == 2


def test_acceptance_lets_the_other_offers_lapse_and_frees_their_beds(world):
    request = world.request()
    first, second, third = (world.offer(request, place) for place in range(3))
    told = world.coordinator(0)

    accept(second, world.coordinator(1), world)

    assert list(request.offers.order_by("site").values_list("status", flat=True)) == [
        "voided",
        "accepted",
        "voided",
    ]
    assert [free(site) for site in world.places[:3]] == [3, 2, 3]
    assert Message.objects.filter(template="offer_voided", recipient=told).exists()


def test_the_region_accepts_on_behalf_of_its_site(world):
    offer = world.offer()
    region = factories.user("regional_coordinator", region=world.east)

    assert accept(offer, region, world).answered_name == str(region)


def test_nobody_else_answers(world):
    offer = world.offer()
    others = [
        world.coordinator(1),
        factories.user("regional_coordinator", region=world.west),
        factories.user("treating_physician", site=world.places[0]),
        world.desk,
    ]

    for person in others:
        with pytest.raises(PermissionDenied):
            accept(offer, person, world)
        with pytest.raises(PermissionDenied):
            actions.refuse_offer(offer=offer, by=person, now=world.now, refusal="no_staff")


def test_doctor_and_unit_are_both_asked_at_once(world):
    with pytest.raises(ValidationError) as error:
        accept(world.offer(), world.coordinator(), world, doctor=" ", unit="")

    assert set(error.value.error_dict) == {"doctor", "unit"}


@pytest.mark.parametrize(("seconds", "outcome"), [(-1, None), (0, "expired"), (1, "expired")])
def test_an_answer_counts_until_its_time_and_not_at_it(world, seconds, outcome):
    offer, by = world.offer(), world.coordinator()
    moment = offer.answer_due_at + timedelta(seconds=seconds)

    if outcome is None:
        actions.accept_offer(offer=offer, by=by, now=moment, doctor="dr. Vos", unit="C3")
    else:
        with pytest.raises(ValidationError) as error:
            actions.accept_offer(offer=offer, by=by, now=moment, doctor="dr. Vos", unit="C3")
        assert code(error) == outcome


def test_who_answers_second_hears_what_happened(world):
    offer, by = world.offer(), world.coordinator()
    accept(offer, by, world)

    with pytest.raises(ValidationError) as error:
        actions.refuse_offer(offer=offer, by=by, now=world.now, refusal="no_staff")

    assert code(error) == "answered"
    assert "geaccepteerd" in error.value.messages[0]


def test_the_database_allows_one_accepted_offer_per_request(world):
    request = world.request()
    first, second = world.offer(request, 0), world.offer(request, 1)
    accept(first, world.coordinator(0), world)

    with pytest.raises(IntegrityError, match="transfers_offer_one_accepted"), transaction.atomic():
        Offer.objects.filter(pk=second.pk).update(status="accepted", accepting_doctor="dr. Vos")


# --- refusing ---------------------------------------------------------------------------------


def test_a_refusal_frees_the_bed_and_the_search_goes_on(world):
    offer = world.offer()

    actions.refuse_offer(offer=offer, by=world.coordinator(), now=world.now, refusal="no_staff")

    offer.request.refresh_from_db()
    assert offer.request.status == "national_search"
    assert free(world.places[0]) == 3


def test_a_refusal_waits_for_the_other_offers(world):
    request = world.request()
    first, _second = world.offer(request, 0), world.offer(request, 1)

    actions.refuse_offer(offer=first, by=world.coordinator(0), now=world.now, refusal="no_staff")

    request.refresh_from_db()
    assert request.status == "offered"


def test_a_refusal_in_the_region_searches_the_region_again(world):
    neighbour = factories.site("neighbour", region=world.west)
    factories.report(neighbour, factories.slot())
    request = world.request(status="regional_search", searching="region")
    region = factories.user("regional_coordinator", region=world.west)
    offer = actions.make_offer(request=request, site=neighbour, by=region, now=world.now, version=1)

    actions.refuse_offer(offer=offer, by=region, now=world.now, refusal="too_ill")

    request.refresh_from_db()
    assert request.status == "regional_search"


def test_the_reason_of_a_refusal_is_asked_and_explained_when_it_is_another(world):
    offer, by = world.offer(), world.coordinator()
    for refusal, text, field in (("", "", "refusal"), ("x", "", "refusal"), ("other", " ", "text")):
        with pytest.raises(ValidationError) as error:
            actions.refuse_offer(offer=offer, by=by, now=world.now, refusal=refusal, text=text)
        assert list(error.value.error_dict) == [field]


def test_wrong_figures_ask_the_site_for_a_correction_and_stop_it_being_proposed(world):
    reporter = factories.user("reporter", site=world.places[0])
    offer = world.offer()

    actions.refuse_offer(offer=offer, by=world.coordinator(), now=world.now, refusal="data_wrong")

    asked = Message.objects.get(
        template="capacity_correction", recipient=reporter, channel="in_app"
    )
    form = reverse("capacity:report", kwargs={"site": world.places[0].code})
    assert asked.link == f"{form}#aanlevering"
    due = selectors.corrections_due(user=reporter, now=world.now)
    physician = factories.user("treating_physician", site=world.places[0])
    assert [refused.pk for refused in due] == [offer.pk]
    assert selectors.corrections_due(user=physician, now=world.now) == []
    with pytest.raises(ValidationError) as error:
        world.offer(world.request())
    assert code(error) == "figures_disputed"


# --- ending otherwise -------------------------------------------------------------------------


def test_what_is_not_answered_in_time_expires_and_both_sides_hear_it(world):
    offer, beds = world.offer(), world.coordinator()
    assert actions.expire_offers(now=offer.answer_due_at - timedelta(seconds=1)) == 0

    assert actions.expire_offers(now=offer.answer_due_at) == 1

    offer.refresh_from_db()
    offer.request.refresh_from_db()
    assert (offer.status, offer.request.status) == ("expired", "national_search")
    assert free(world.places[0]) == 3
    told = Message.objects.filter(template="offer_expired", channel="in_app")
    assert {m.recipient_id for m in told} == {beds.pk, world.desk.pk}
    assert actions.expire_offers(now=offer.answer_due_at) == 0


def test_a_withdrawn_request_voids_open_and_accepted_offers(world):
    offer = accept(world.offer(), world.coordinator(), world)

    assert actions.void_offers(request=offer.request, now=world.now, why="Ingetrokken") == 1

    offer.refresh_from_db()
    assert offer.status == "voided"
    assert free(world.places[0]) == 3


def test_the_bed_of_a_patient_who_does_not_come_is_given_back_with_a_warning(world):
    beds = world.coordinator()
    offer = accept(world.offer(), beds, world)
    assert actions.expire_offers(now=offer.hold.until - timedelta(seconds=1)) == 0

    assert actions.expire_offers(now=offer.hold.until) == 1

    offer.refresh_from_db()
    assert (offer.status, offer.hold.end) == ("accepted", "expired")
    assert free(world.places[0]) == 3
    assert Message.objects.filter(template="hold_lapsed", recipient=beds).exists()


def test_the_bed_of_a_patient_on_the_way_does_not_lapse(world):
    offer = accept(world.offer(), world.coordinator(), world)
    offer.request.status = "departed"
    offer.request.save(update_fields=["status"])

    assert actions.expire_offers(now=offer.hold.until + timedelta(hours=1)) == 0


def test_a_hold_is_extended_and_taken_anew_after_it_lapsed(world):
    beds = world.coordinator()
    offer = accept(world.offer(), beds, world)
    later = world.now + timedelta(hours=3)

    offer = actions.extend_hold(offer=offer, by=beds, now=later)
    assert offer.hold.until == later + timedelta(hours=12)

    actions.expire_offers(now=offer.hold.until)
    again = actions.extend_hold(offer=offer, by=beds, now=offer.hold.until)
    assert again.hold.pk != offer.hold.pk
    assert free(world.places[0]) == 2


def test_only_an_accepted_bed_is_extended(world):
    with pytest.raises(ValidationError) as error:
        actions.extend_hold(offer=world.offer(), by=world.coordinator(), now=world.now)

    assert code(error) == "not_accepted"


def test_contact_between_the_doctors_is_recorded_with_names_and_time(world):
    offer = accept(world.offer(), world.coordinator(), world)
    physician = factories.user("treating_physician", site=world.sender)

    offer = actions.record_contact(
        offer=offer, by=physician, now=world.now, names="dr. Bosman met dr. Vos"
    )

    assert (offer.contact_names, offer.contact_at) == ("dr. Bosman met dr. Vos", world.now)
    with pytest.raises(ValidationError):
        actions.record_contact(offer=offer, by=physician, now=world.now, names=" ")


def test_contact_is_recorded_after_acceptance_only(world):
    with pytest.raises(PermissionDenied):
        actions.record_contact(offer=world.offer(), by=world.desk, now=world.now, names="x en y")
