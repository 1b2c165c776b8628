"""Asking for a ride and taking a patient over, on the page of the request."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from communications.models import AuditEvent
from tests import factories
from tests.transfers.requests.test_moving import at, make_world
from transfers.models import HandoverItem, Ride
from transfers.requests import status as states
from transfers.rides import selectors

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def opens(world, client_for):
    """`opens(who, request)`: the text of the request's page for that person."""

    def page(who, request):
        client = client_for(world["people"][who])
        return client.get(reverse("transfers:request", args=[request.number])).text

    return page


def head(page):
    """The head of the page, where the one thing to do next stands."""
    return page.partition('class="lcps-head__actions"')[2].partition("lcps-stage")[0]


def test_the_next_thing_after_acceptance_is_to_ask_for_transport(world, opens, now):
    request = at(states.ACCEPTED, world, now)
    way = f'<a class="nl-button nl-button--primary" href="/transfers/requests/{request.number}/transport"'

    assert way in head(opens("transport", request))
    assert opens("transport", request).count(way) == 1
    assert way not in opens("physician", request)


def test_the_receiver_finds_the_checklist_above_the_clinical_picture(world, opens, now):
    page = opens("receiver", at(states.ARRIVED, world, now))

    assert page.index("Neem de patiënt over") < page.index("Klinisch beeld")


def test_what_was_answered_of_the_checklist_is_kept_when_an_item_is_open(
    world, opens, client_for, now
):
    request = at(states.ARRIVED, world, now)
    items = {item: "not_applicable" for item in HandoverItem.Item.values if item != "lab"}
    taker = client_for(world["people"]["receiver"])

    answer = taker.post(
        reverse("transfers:handover", args=[request.number]), items | {"version": "1"}, follow=True
    )

    assert "Nog te beantwoorden: laboratorium." in answer.text
    assert len(re.findall(r'value="not_applicable"[^>]* checked', answer.text)) == 9
    request.refresh_from_db()
    assert request.status == states.ARRIVED
    taker.post(
        reverse("transfers:handover", args=[request.number]), {"lab": "sent", "version": "1"}
    )
    request.refresh_from_db()
    assert request.status == states.HANDED_OVER


def test_nobody_answers_the_checklist_before_the_patient_is_there(world, client_for, now):
    request = at(states.DEPARTED, world, now)

    client_for(world["people"]["receiver"]).post(
        reverse("transfers:handover", args=[request.number]), {"lab": "sent", "version": "1"}
    )

    assert not request.handover.exists()


@pytest.mark.parametrize(
    ("step", "field", "status"),
    [("abort", "abort", states.ON_HOLD), ("report-death", "death", states.DECEASED)],
)
def test_the_planner_tells_what_goes_wrong_on_the_way(world, client_for, now, step, field, status):
    request = at(states.DEPARTED, world, now)
    client, ride = client_for(world["people"]["planner"]), request.rides.get()
    way = reverse("transfers:ride-step", args=[ride.pk, step])

    assert way in client.get(reverse("transfers:ride", args=[ride.pk])).text
    assert client.post(way, {f"{field}-reason": ""}).status_code == 422
    assert client.post(way, {f"{field}-reason": "pech onderweg"}).status_code == 302

    request.refresh_from_db()
    assert request.status == status


def test_asking_for_transport_is_a_look_at_the_patient(world, client_for, now):
    request = at(states.ACCEPTED, world, now)

    client_for(world["people"]["transport"]).get(
        reverse("transfers:transport", args=[request.number])
    )

    (line,) = AuditEvent.objects.about("request", request.number)
    assert (line.kind, line.role) == ("look", "transport_coordinator")


@pytest.mark.parametrize("status", [states.SUBMITTED, states.OFFERED, states.TRANSPORT_PLANNED])
def test_the_values_are_shown_only_while_transport_is_asked(world, client_for, now, status):
    request = at(status, world, now)
    way = reverse("transfers:transport", args=[request.number])

    answer = client_for(world["people"]["transport"]).get(way)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("transfers:request", args=[request.number])


def test_a_region_asks_no_transport_across_its_border(world, client_for, now):
    request = at(states.ACCEPTED, world, now)
    way = reverse("transfers:transport", args=[request.number])

    for who in ("region", "receiving_region"):
        assert client_for(world["people"][who]).get(way).status_code == 403


def test_an_old_page_about_transport_is_refused_with_what_the_other_did(world, client_for, now):
    request, service = at(states.ACCEPTED, world, now), world["service"]
    client = client_for(world["people"]["transport"])
    way = reverse("transfers:transport", args=[request.number])
    typed = {"kind": "b1_nurse", "kind_reason": "onrustig", "service": service.pk, "version": "1"}
    colleague = factories.user("transport_coordinator")
    asked = typed | {"kind": "b2", "kind_reason": ""}
    assert client_for(colleague).post(way, asked).status_code == 302

    answer = client.post(way, typed)

    assert answer.status_code == 409
    assert f"(Vervoer gevraagd, {colleague})" in answer.text
    assert f"B2, {service}" in answer.text
    assert 'value="onrustig"' in answer.text
    assert request.rides.count() == 1


@pytest.mark.parametrize("version", ["", "x", "9" * 5000])
def test_a_version_that_never_was_is_an_old_page(world, client_for, now, version):
    request, service = at(states.ACCEPTED, world, now), world["service"]
    typed = {"kind": "b2", "kind_reason": "", "service": service.pk, "version": version}

    answer = client_for(world["people"]["transport"]).post(
        reverse("transfers:transport", args=[request.number]), typed
    )

    assert answer.status_code == 409
    assert not request.rides.exists()


def test_what_changed_meanwhile_is_shown_and_the_question_can_be_asked_again(
    world, client_for, now
):
    request = at(states.ACCEPTED, world, now)
    client = client_for(world["people"]["transport"])
    way = reverse("transfers:transport", args=[request.number])
    request.version = 2
    request.save()
    typed = {"kind": "b2", "service": world["service"].pk, "version": "1"}

    refused = client.post(way, typed)

    assert refused.status_code == 409
    version = re.search(r'name="version" value="(\d+)"', refused.text)[1]
    assert client.post(way, typed | {"version": version}).status_code == 302


def test_litres_are_written_one_way_everywhere():
    facts = selectors.facts_of(Ride(oxygen_l_min=12, devices=""), 1212)

    assert [fact.in_row for fact in facts] == ["O₂ 12 l/min, 1.212 liter mee"]


@pytest.mark.parametrize("name", ["transfers:ride", "transfers:ride-sheet"])
@pytest.mark.parametrize(("ago", "is_shown"), [(23, True), (24, False)])
def test_a_day_after_its_end_a_ride_shows_nothing_of_the_patient(
    world, client_for, now, name, ago, is_shown
):
    ride = at(states.HANDED_OVER, world, now).rides.get()
    ride.weight_kg, ride.isolation, ride.oxygen_l_min = 137, "strict", 12
    ride.handed_over_at = now - timedelta(hours=ago)
    ride.save()

    page = client_for(world["people"]["planner"]).get(reverse(name, args=[ride.pk])).text

    for word in ("137 kg", "<dt>Isolatie</dt><dd>strikt", "12 l/min"):
        assert (word in page) is is_shown, word


def test_the_list_of_rides_is_a_look_at_each_patient_on_it(world, client_for, now):
    request = at(states.TRANSPORT_REQUESTED, world, now)

    client_for(world["people"]["planner"]).get(reverse("transfers:rides"))

    (line,) = AuditEvent.objects.about("requests", "rides")
    assert (line.kind, line.detail) == ("look", {"requests": [request.number]})


def test_a_handover_before_anybody_accepted_is_refused_in_words(world, client_for, now):
    request = at(states.NATIONAL_SEARCH, world, now)

    answer = client_for(world["people"]["physician"]).post(
        reverse("transfers:handover", args=[request.number]),
        {"lab": "sent", "version": request.version},
        follow=True,
    )

    assert answer.status_code == 200
    assert "Nog geen ziekenhuis accepteerde deze patiënt" in answer.text


def test_one_instant_is_the_deadline_of_a_ride_on_every_page(world, client_for, now):
    """The planned departure; the warning half an hour after it is nowhere shown as what is due."""
    request = at(states.TRANSPORT_PLANNED, world, now)
    departs_at = now + timedelta(minutes=27)
    request.rides.update(pick_up_at=departs_at, arrival_at=departs_at + timedelta(hours=2))
    request.clock_due_at = departs_at + timedelta(minutes=30)
    request.save()
    own, ride = request.number, request.rides.get().pk
    asked = {
        "lcps": ["/transfers/requests", f"/transfers/requests/{own}", "/"],
        "planner": ["/transfers/rides", f"/transfers/rides/{ride}", "/"],
    }

    for who, pages in asked.items():
        client = client_for(world["people"][who])
        for address in pages:
            text = client.get(address).text
            assert f"{departs_at.astimezone(AMSTERDAM):%H:%M}" in text, address
            assert f"{request.clock_due_at.astimezone(AMSTERDAM):%H:%M}" not in text, address


@pytest.mark.parametrize(
    ("status", "moment"),
    [(states.TRANSPORT_PLANNED, "pick_up_at"), (states.DEPARTED, "arrival_at")],
)
def test_a_ride_is_late_from_its_deadline(world, now, status, moment):
    request = at(status, world, now)
    past, still_to_come = now - timedelta(minutes=1), now + timedelta(minutes=29)
    request.rides.update(**{moment: past})
    request.clock_due_at = still_to_come

    assert request.due_at == past
    assert request.is_late(now)


def test_the_sheet_plans_the_departure_not_the_planning(world, client_for, now):
    ride = at(states.TRANSPORT_PLANNED, world, now).rides.get()
    ride.planned_at, ride.pick_up_at = now, now + timedelta(minutes=17)
    ride.vehicle, ride.arrival_at = "17-101", now + timedelta(hours=2)
    ride.save()

    page = client_for(world["people"]["planner"]).get(
        reverse("transfers:ride-sheet", args=[ride.pk])
    )

    assert f"<td>{ride.pick_up_at.astimezone(AMSTERDAM):%H:%M}</td>" in page.text


def test_what_may_go_wrong_on_the_way_is_asked_not_stated(world, client_for, now):
    ride = at(states.DEPARTED, world, now).rides.get()

    page = client_for(world["people"]["planner"]).get(reverse("transfers:ride", args=[ride.pk]))

    assert re.findall(r"<summary><b>(.+?)</b>", page.text) == ["Breek de rit af", "Meld overlijden"]


@pytest.mark.parametrize(
    ("status", "is_expected"), [(states.ARRIVED, True), (states.HANDED_OVER, False)]
)
def test_who_was_handed_over_is_no_longer_expected(world, client_for, now, status, is_expected):
    at(status, world, now)

    page = client_for(world["people"]["receiver"]).get(reverse("transfers:offers"))

    assert ('id="aanbod-verwacht"' in page.text) is is_expected


def test_an_arrival_in_the_first_half_of_the_journey_is_confirmed(world, client_for, now):
    request = at(states.DEPARTED, world, now)
    ride, client = request.rides.get(), client_for(world["people"]["planner"])
    ride.departed_at, ride.arrival_at = now - timedelta(minutes=1), now + timedelta(minutes=133)
    ride.save()
    way = reverse("transfers:ride-step", args=[ride.pk, "arrive"])

    refused = client.post(way, {"is_there": ""})

    assert refused.status_code == 409
    assert "Bevestig dat de patiënt er al is" in refused.text
    assert client.post(way, {"is_there": "on"}).status_code == 302
    request.refresh_from_db()
    assert request.status == states.ARRIVED


def test_an_arrival_past_half_of_the_journey_asks_nothing(world, client_for, now):
    ride = at(states.DEPARTED, world, now).rides.get()
    ride.departed_at, ride.arrival_at = now - timedelta(minutes=70), now + timedelta(minutes=64)
    ride.save()
    client = client_for(world["people"]["planner"])

    assert "is_there" not in client.get(reverse("transfers:ride", args=[ride.pk])).text
    way = reverse("transfers:ride-step", args=[ride.pk, "arrive"])
    assert client.post(way).status_code == 302


@pytest.mark.parametrize(
    ("who", "button"), [("planner", "Meld aankomst"), ("reporter", "Bekijk"), ("lcps", "Bekijk")]
)
def test_only_who_drives_is_asked_to_report(world, client_for, now, who, button):
    ride = at(states.DEPARTED, world, now).rides.get()

    page = client_for(world["people"][who]).get(reverse("transfers:rides"))

    assert f'href="/transfers/rides/{ride.pk}">{button}</a>' in page.text


def test_a_ride_says_what_to_prepare_by_name_and_whom_to_call(world, client_for, now):
    ride = at(states.TRANSPORT_PLANNED, world, now).rides.get()
    Ride.objects.filter(pk=ride.pk).update(
        weight_kg=82, isolation="droplet", devices="ventilator pump", oxygen_l_min=4
    )
    ride.offer.accepting_doctor, ride.offer.accepting_phone = "H. Yilmaz", "026 000 00 01"
    ride.offer.unit = "IC A4"
    ride.offer.save()
    site = ride.offer.site
    type(site).objects.filter(pk=site.pk).update(name=f"Rijnstate {site.city}")
    client = client_for(world["people"]["planner"])

    for name in ("transfers:ride", "transfers:ride-sheet"):
        page = client.get(reverse(name, args=[ride.pk])).text
        for label, said in (
            ("Gewicht", "82 kg"),
            ("Isolatie", "druppel"),
            ("Apparatuur", "beademing, spuitpompen"),
            ("Arts", "H. Yilmaz"),
        ):
            assert re.search(rf"<dt>{label}[^<]*</dt><dd>[^/]*{said}", page), (name, label)
        assert "026 000 00 01" in page
        assert "IC A4" in page
        assert "<dt>1</dt>" not in page
        assert f"Rijnstate {site.city}, {site.city}" not in page


def test_a_ride_that_did_not_leave_arrives_as_if_it_left_now(world, client_for, now):
    request = at(states.TRANSPORT_PLANNED, world, now)
    planned = now - timedelta(minutes=82)
    request.rides.update(
        pick_up_at=planned, arrival_at=planned + timedelta(minutes=200), vehicle="17-101"
    )
    ride = request.rides.get()
    expected = f"{(now + timedelta(minutes=200)).astimezone(AMSTERDAM):%H:%M}"
    past = f"{ride.arrival_at.astimezone(AMSTERDAM):%H:%M}"

    for who, address in (
        ("planner", reverse("transfers:rides")),
        ("planner", reverse("transfers:ride", args=[ride.pk])),
        ("planner", reverse("transfers:ride-sheet", args=[ride.pk])),
        ("transport", reverse("transfers:request", args=[request.number])),
    ):
        page = client_for(world["people"][who]).get(address).text
        assert f"{expected} bij vertrek nu" in re.sub("<[^>]+>", "", page), address
        assert f"verwacht {past}" not in page
        assert f"aankomst {past}" not in page


@pytest.mark.parametrize("name", ["transfers:ride", "transfers:ride-sheet"])
def test_a_ride_that_was_given_back_does_not_arrive_as_if_it_left_now(world, client_for, now, name):
    ride = at(states.TRANSPORT_PLANNED, world, now).rides.get()
    ride.pick_up_at = now - timedelta(minutes=82)
    ride.arrival_at = ride.pick_up_at + timedelta(minutes=200)
    ride.returned_at, ride.return_reason = now - timedelta(minutes=60), "geen wagen"
    ride.save()

    page = client_for(world["people"]["planner"]).get(reverse(name, args=[ride.pk])).text

    assert f"{ride.arrival_at.astimezone(AMSTERDAM):%H:%M}" in page
    assert "bij vertrek nu" not in page


def test_asking_for_transport_names_the_destination_and_who_can_drive_this(world, client_for, now):
    request = at(states.ACCEPTED, world, now)
    micu = factories.service(kind="micu")

    page = client_for(world["people"]["transport"]).get(
        reverse("transfers:transport", args=[request.number])
    )

    assert f"naar {world['receiving'].place_name}" in page.text
    nearest = page.text.partition("Dichtstbij")[2].partition("</p>")[0]
    assert world["service"].name in nearest
    assert micu.name not in nearest
    assert "Alleen als u anders kiest dan het advies." in page.text
    assert "niet verplicht" not in page.text
