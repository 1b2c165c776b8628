"""A ride from the question to the handover, and what is refused on the way."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from capacity.beds import actions as beds
from capacity.models import BedPool
from communications.models import Message
from tests import factories
from transfers.models import HandoverItem, Offer, Ride
from transfers.requests import actions as requests
from transfers.requests import status as states
from transfers.rides import actions

EVERY_ITEM = dict.fromkeys(HandoverItem.Item.values, "sent")


@pytest.fixture
def accepted(reference, now):
    """A ward request accepted elsewhere, the doctors having spoken, with its people."""
    sender, receiver = factories.site(), factories.site()
    for site in (sender, receiver):
        factories.report(site, factories.slot())
    request = factories.request_(sender, status="accepted", searching="nation")
    hold = beds.hold(
        site=receiver,
        level="ward",
        reference=request.number,
        until=now + timedelta(hours=12),
        now=now,
    )
    Offer.objects.create(
        request=request,
        site=receiver,
        hold=hold,
        status="accepted",
        offered_at=now,
        offered_name="LCPS",
        answer_due_at=now,
        answered_at=now,
        accepting_doctor="dr. De Boer",
        contact_names="dr. Bosman en dr. De Boer",
        contact_at=now,
    )
    return request


@pytest.fixture
def service(accepted):
    return factories.service(region=accepted.sending_site.region)


@pytest.fixture
def planner(service):
    return factories.user("ambulance_planner", service=service)


def ask(request, service, now, **fields):
    by = factories.user("transport_coordinator")
    return actions.request_ride(
        request=request,
        service=service,
        kind="b2",
        by=by,
        now=now,
        version=request.version,
        **fields,
    )


def plan(ride, planner, now):
    return actions.plan_ride(
        ride=ride,
        vehicle="17-101",
        crew="ploeg 1",
        pick_up_at=now + timedelta(hours=1),
        by=planner,
        now=now,
    )


def free(site):
    return BedPool.objects.get(site=site, level="ward").free_beds


@pytest.mark.django_db
def test_ride_to_the_handover_counts_each_bed_once(accepted, service, planner, now):
    receiver = accepted.offers.get().site
    assert (free(accepted.sending_site), free(receiver)) == (3, 2)

    ride = plan(ask(accepted, service, now), planner, now)
    actions.depart(ride=ride, by=planner, now=now)
    assert (free(accepted.sending_site), free(receiver)) == (4, 2)

    actions.arrive(ride=ride, by=planner, now=now, is_there=True)
    taker = factories.user("bed_coordinator", site=receiver)
    accepted.refresh_from_db()
    done = actions.hand_over(
        request=accepted, items=EVERY_ITEM, by=taker, now=now, version=accepted.version
    )

    assert done.status == states.HANDED_OVER
    assert (free(accepted.sending_site), free(receiver)) == (4, 2)
    assert accepted.offers.get().hold.end == "arrived"


@pytest.mark.django_db
@pytest.mark.parametrize("later", [timedelta(minutes=30), -timedelta(minutes=55)])
def test_the_expected_arrival_moves_with_the_departure(accepted, service, planner, now, later):
    ride = plan(ask(accepted, service, now), planner, now)
    planned = ride.arrival_at

    ride = actions.depart(ride=ride, by=planner, now=ride.pick_up_at + later)

    ride.refresh_from_db()
    accepted.refresh_from_db()
    assert ride.arrival_at == planned + later
    assert accepted.clock_due_at == ride.arrival_at + timedelta(minutes=30)


@pytest.mark.django_db
def test_an_aborted_ride_brings_the_patient_back_to_its_bed(accepted, service, planner, now):
    receiver = accepted.offers.get().site
    ride = plan(ask(accepted, service, now), planner, now)
    actions.depart(ride=ride, by=planner, now=now)

    actions.abort(ride=ride, reason="onrustig op de snelweg", by=planner, now=now)

    accepted.refresh_from_db()
    assert accepted.status == states.ON_HOLD
    assert accepted.events.get(step="abort").note == "onrustig op de snelweg"
    assert (free(accepted.sending_site), free(receiver)) == (3, 3)
    ride.refresh_from_db()
    assert (ride.returned_at, ride.return_reason) == (now, "onrustig op de snelweg")
    assert accepted.offers.get().status == Offer.Status.VOIDED


@pytest.mark.django_db
def test_a_patient_who_comes_back_after_a_report_fills_the_bed(accepted, service, planner, now):
    sender = accepted.sending_site
    ride = plan(ask(accepted, service, now), planner, now)
    actions.depart(ride=ride, by=planner, now=now)
    later = now + timedelta(hours=1)
    factories.report(sender, factories.slot(), measured_at=later, lines={"ward": {"occ_other": 5}})
    counted = free(sender)

    actions.abort(ride=ride, reason="pech", by=planner, now=later + timedelta(minutes=1))

    assert free(sender) == counted - 1


@pytest.mark.django_db
def test_a_death_on_the_way_frees_the_bed_and_leaves_the_ride_as_driven(
    accepted, service, planner, now
):
    receiver = accepted.offers.get().site
    ride = plan(ask(accepted, service, now), planner, now)
    actions.depart(ride=ride, by=planner, now=now)

    actions.report_death(ride=ride, reason="bij Utrecht, 10:40", by=planner, now=now)

    accepted.refresh_from_db()
    assert accepted.status == states.DECEASED
    assert (free(accepted.sending_site), free(receiver)) == (4, 3)
    ride.refresh_from_db()
    assert ride.returned_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["abort", "report_death"])
def test_what_goes_wrong_on_the_way_is_told_by_its_planner_with_a_reason(
    accepted, service, planner, now, step
):
    ride = plan(ask(accepted, service, now), planner, now)
    take = getattr(actions, step)
    with pytest.raises(ValidationError):
        take(ride=ride, reason="te vroeg", by=planner, now=now)
    actions.depart(ride=ride, by=planner, now=now)
    stranger = factories.user("ambulance_planner", service=factories.service())

    with pytest.raises(PermissionDenied):
        take(ride=ride, reason="reden", by=stranger, now=now)
    with pytest.raises(ValidationError, match="reden"):
        take(ride=ride, reason=" ", by=planner, now=now)


@pytest.mark.django_db
def test_closing_leaves_the_accepted_offer_as_it_was(accepted, service, planner, now):
    ride = plan(ask(accepted, service, now), planner, now)
    actions.depart(ride=ride, by=planner, now=now)
    actions.arrive(ride=ride, by=planner, now=now, is_there=True)
    accepted.refresh_from_db()
    taker = factories.user("bed_coordinator", site=accepted.offers.get().site)
    done = actions.hand_over(
        request=accepted, items=EVERY_ITEM, by=taker, now=now, version=accepted.version
    )

    closed = requests.take_step(
        name="close",
        request=done,
        by=factories.user("lcps_coordinator"),
        now=now,
        version=done.version,
    )

    assert closed.status == states.CLOSED
    assert accepted.offers.get().status == Offer.Status.ACCEPTED


@pytest.mark.django_db
def test_the_planners_of_the_service_hear_that_a_ride_is_asked(accepted, service, planner, now):
    ask(accepted, service, now)

    letters = Message.objects.filter(template="ride_requested", channel="in_app")
    assert [letter.recipient_id for letter in letters] == [planner.pk]


@pytest.mark.django_db
def test_other_kind_than_advised_asks_a_reason(accepted, service, now):
    by = factories.user("transport_coordinator")
    given = {
        "request": accepted,
        "service": service,
        "by": by,
        "now": now,
        "version": accepted.version,
    }

    with pytest.raises(ValidationError, match="Waarom|waarom"):
        actions.request_ride(kind="b1_nurse", **given)

    ride = actions.request_ride(kind="b1_nurse", kind_reason="onrustig", **given)
    assert (ride.kind, ride.kind_advised) == ("b1_nurse", "b2")


@pytest.mark.django_db
def test_micu_ride_goes_to_a_micu_centre_only(accepted, service, now):
    by = factories.user("transport_coordinator")

    with pytest.raises(ValidationError, match="MICU-centrum"):
        actions.request_ride(
            request=accepted,
            service=service,
            kind="micu",
            kind_reason="x",
            by=by,
            now=now,
            version=accepted.version,
        )


@pytest.mark.django_db
def test_planner_of_another_service_is_refused(accepted, service, now):
    ride = ask(accepted, service, now)
    stranger = factories.user("ambulance_planner", service=factories.service())

    with pytest.raises(PermissionDenied):
        plan(ride, stranger, now)


@pytest.mark.django_db
def test_departure_in_the_past_is_refused(accepted, service, planner, now):
    ride = ask(accepted, service, now)

    with pytest.raises(ValidationError, match="verleden"):
        actions.plan_ride(
            ride=ride,
            vehicle="x",
            crew="y",
            pick_up_at=now - timedelta(hours=1),
            by=planner,
            now=now,
        )


@pytest.mark.django_db
def test_no_departure_before_the_doctors_spoke(accepted, service, planner, now):
    accepted.offers.update(contact_names="", contact_at=None)
    ride = plan(ask(accepted, service, now), planner, now)

    with pytest.raises(ValidationError, match="artsen"):
        actions.depart(ride=ride, by=planner, now=now)

    ride.refresh_from_db()
    assert ride.departed_at is None


@pytest.mark.django_db
def test_returned_ride_can_be_asked_of_another_service(accepted, service, planner, now):
    ride = ask(accepted, service, now)

    actions.return_ride(ride=ride, reason="geen ploeg", by=planner, now=now)
    accepted.refresh_from_db()
    again = ask(accepted, factories.service(), now)

    assert Ride.objects.filter(request=accepted, returned_at=None).get() == again


@pytest.mark.django_db
def test_handover_with_an_open_item_is_refused(accepted, service, planner, now):
    ride = plan(ask(accepted, service, now), planner, now)
    actions.depart(ride=ride, by=planner, now=now)
    actions.arrive(ride=ride, by=planner, now=now, is_there=True)
    taker = factories.user("bed_coordinator", site=accepted.offers.get().site)
    accepted.refresh_from_db()

    with pytest.raises(ValidationError, match="laboratorium"):
        actions.hand_over(
            request=accepted,
            items={k: v for k, v in EVERY_ITEM.items() if k != "lab"},
            by=taker,
            now=now,
            version=accepted.version,
        )


@pytest.mark.django_db
def test_old_tab_is_refused(accepted, service, now):
    with pytest.raises(ValidationError, match="gewijzigd"):
        by = factories.user("transport_coordinator")
        actions.request_ride(
            request=accepted,
            service=service,
            kind="b2",
            by=by,
            now=now,
            version=accepted.version - 1,
        )


@pytest.mark.django_db
def test_who_may_not_ask_for_a_ride_hears_that_first(accepted, service, now):
    with pytest.raises(PermissionDenied):
        actions.request_ride(
            request=accepted,
            service=service,
            kind="micu",
            by=factories.user("bed_coordinator", site=accepted.sending_site),
            now=now,
            version=accepted.version - 1,
        )


@pytest.mark.django_db
def test_who_may_not_take_over_hears_that_first(accepted, now):
    with pytest.raises(PermissionDenied):
        actions.hand_over(
            request=accepted,
            items=EVERY_ITEM,
            by=factories.user("bed_coordinator", site=accepted.sending_site),
            now=now,
            version=accepted.version - 1,
        )
