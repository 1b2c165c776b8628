"""The demonstration's requests: every stage, by the rules of the process, about nobody."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from lcps.demonstration.world import dice
from lcps.demonstration.world.places import reporting_sites
from lcps.demonstration.world.requests import Request, moment, tell, two_dozen_requests
from lcps.demonstration.world.stories import STORIES, Story
from regions.places import travel
from transfers.requests import status as states
from transfers.rides import timing

START = datetime(2020, 10, 29, 7, 5, tzinfo=UTC)
FRESH_HOURS = {"icu": 4, "ward": 12}
REFERENCE = Path(__file__).parents[4] / "regions" / "places" / "reference"

REQUESTS = two_dozen_requests(20201029)
EACH = pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: str(r.number))
RIDING = [r for r in REQUESTS if r.ride]


def test_two_dozen_in_every_stage() -> None:
    stages = {r.status for r in REQUESTS}

    assert len(REQUESTS) == 26
    assert set(states.ALL) - stages == {states.DECEASED}


def test_numbers_and_references_are_of_one_request() -> None:
    numbers = [r.number for r in REQUESTS if r.number]
    references = [r.own_reference for r in REQUESTS]

    assert len(numbers) == len(set(numbers))
    assert len(references) == len(set(references))
    assert [r.status for r in REQUESTS if r.number is None] == [states.DRAFT]


@EACH
def test_history_follows_the_status_table(request_: Request) -> None:
    events = request_.events

    assert all(a.to == b.since and a.at <= b.at for a, b in pairwise(events))
    assert request_.status == (events[-1].to if events else states.DRAFT)
    for event in events:
        row = states.step(event.step, since=event.since)
        assert event.to == row.to
        assert event.role in row.roles
        assert request_.created_at < event.at <= START
        assert bool(event.place) == (event.role != states.SYSTEM)


@EACH
def test_a_step_that_needs_a_reason_has_one(request_: Request) -> None:
    for event in request_.events:
        if states.step(event.step, since=event.since).needs_reason:
            assert event.note or request_.end_reason, event.step


@EACH
def test_ended_requests_know_when(request_: Request) -> None:
    assert (request_.ended_at is not None) == (request_.status in states.ENDED)


@EACH
def test_clinical_values_agree_with_each_other(request_: Request) -> None:
    patient = request_.clinical
    body_mass = patient.weight_kg / (patient.height_cm / 100) ** 2

    assert 18 <= patient.age_years <= 90
    assert 20 <= body_mass <= 40
    assert patient.vulnerability == ""
    assert patient.infection_date <= patient.values_at.date()
    assert (patient.stable_by == "") == (patient.stable_at is None)
    if request_.level == "icu":
        assert (patient.airway, patient.ventilation) == ("tube", "invasive")
        assert patient.fio2_percent and 21 <= patient.fio2_percent <= 100
        assert patient.peep_cmh2o and 5 <= patient.peep_cmh2o <= 16
        assert patient.pmax_cmh2o and patient.peep_cmh2o < patient.pmax_cmh2o <= 35
        assert patient.pf_ratio_mmhg and 90 <= patient.pf_ratio_mmhg <= 210
        assert patient.icu_day and patient.icu_day <= patient.illness_day
    else:
        assert patient.oxygen_l_min and 1 <= patient.oxygen_l_min <= 8
        assert (patient.airway, patient.ventilation, patient.fio2_percent) == ("none", "o2", None)


@EACH
def test_a_submitted_patient_is_stable_and_agrees(request_: Request) -> None:
    if request_.status != states.DRAFT:
        assert request_.clinical.stable_at
        assert request_.clinical.informed == "agreed"


@EACH
def test_values_were_fresh_when_a_bed_was_asked(request_: Request) -> None:
    limit = timedelta(hours=FRESH_HOURS[request_.level])
    running = request_.status not in states.ENDED and request_.ride is None

    for offer in request_.offers if running else ():
        assert offer.offered_at - request_.clinical.values_at <= limit


def test_only_a_patient_lying_prone_waits_for_the_medical_officer() -> None:
    prone = {r.number: r.status for r in REQUESTS if r.clinical.prone == "now"}

    assert prone == {419: states.MEDICAL_REVIEW}


@EACH
def test_offers_end_as_the_request_says(request_: Request) -> None:
    ends = Counter(offer.status for offer in request_.offers)

    assert ends["open"] == (request_.status == states.OFFERED)
    assert ends["accepted"] == any(event.step == "accept" for event in request_.events)
    for offer in request_.offers:
        assert (offer.status == "open") == (offer.answered_at is None)
        assert (offer.status == "accepted") == bool(offer.accepting_doctor and offer.unit)
        assert (offer.status == "refused") == bool(offer.refusal)
        assert offer.site != request_.sending_site


def test_beds_are_still_held_at_the_start() -> None:
    waiting = {
        states.OFFERED,
        states.ACCEPTED,
        states.TRANSPORT_REQUESTED,
        states.TRANSPORT_PLANNED,
    }

    for request in REQUESTS:
        if request.status in waiting:
            assert request.offers[-1].hold_until > START, request.number


@EACH
def test_a_request_is_searched_as_far_as_its_steps_brought_it(request_: Request) -> None:
    searched = [states.STATUSES[event.to].search for event in request_.events]
    known = [search for search in searched if search is not None]

    assert request_.searching == (known[-1] if known else "")


@pytest.mark.parametrize("request_", RIDING, ids=lambda r: str(r.number))
def test_rides_are_planned_with_times_and_doctors(request_: Request) -> None:
    ride, offer = request_.ride, request_.offers[-1]
    assert ride is not None

    assert ride.kind == ("micu" if request_.level == "icu" else "b2")
    assert (ride.planned_at is None) == (ride.vehicle == "")
    if ride.planned_at:
        sites = reporting_sites()
        road = travel.minutes(sites[request_.sending_site], sites[offer.site])
        by_micu = ride.kind == "micu"
        minutes = timing.drive_minutes(road, is_micu=by_micu, pace=timing.Pace())
        assert ride.pick_up_at and ride.planned_at < ride.pick_up_at
        leaves_at = ride.departed_at or ride.pick_up_at
        assert ride.arrival_at == leaves_at + timedelta(minutes=minutes)
        assert offer.contact_at and offer.contact_names
    if ride.departed_at and ride.kind == "micu":
        assert ride.escort_agreed_at and ride.escort_agreed_at < ride.departed_at
    stamps = [
        ride.requested_at,
        ride.planned_at,
        ride.departed_at,
        ride.arrived_at,
        ride.handed_over_at,
    ]
    known = [stamp for stamp in stamps if stamp]
    assert known == sorted(known)
    assert stamps[: len(known)] == known


def test_no_ward_names_the_illness() -> None:
    """A planner reads where the bed is, and must not read of what the patient is ill."""
    units = {offer.unit for r in REQUESTS for offer in r.offers if offer.unit}

    assert units == {"IC", "Cohortafdeling"}


def test_every_place_exists() -> None:
    services = set()
    for name in ("ambulance_services.csv", "micu_centres.csv"):
        with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
            services |= {row["code"] for row in csv.DictReader(file)}
    sites = reporting_sites()

    assert {r.ride.service for r in RIDING if r.ride} <= services
    for request in REQUESTS:
        for code in (request.sending_site, *(offer.site for offer in request.offers)):
            assert sites[code].has_icu or request.level == "ward", code


def test_full_regions_send_and_others_receive() -> None:
    sites = reporting_sites()
    senders = {sites[r.sending_site].region for r in REQUESTS}
    receivers = {sites[offer.site].region for r in REQUESTS for offer in r.offers}

    assert senders == {"zuidwest", "brabant", "west"}
    assert receivers.isdisjoint(senders)


def test_the_seed_decides_the_patients_and_not_the_stories() -> None:
    other = two_dozen_requests(1)

    assert two_dozen_requests(20201029) == REQUESTS
    assert [r.clinical for r in other] != [r.clinical for r in REQUESTS]
    assert [r.events for r in other] == [r.events for r in REQUESTS]


def test_a_story_against_the_rules_is_refused() -> None:
    story = Story(999, "ikazia-rotterdam", "ward", 24, "29 06:00", "29 06:30 accept")

    with pytest.raises(states.NoSuchStep):
        tell(story, dice.of(1))


@pytest.mark.parametrize(
    ("text", "near", "expected"),
    [
        ("29 07:25", None, datetime(2020, 10, 29, 6, 25, tzinfo=UTC)),
        # Before the clocks went back on the 25th, local time was two hours ahead.
        ("24 07:25", None, datetime(2020, 10, 24, 5, 25, tzinfo=UTC)),
        (
            "08:45",
            datetime(2020, 10, 29, 6, 0, tzinfo=UTC),
            datetime(2020, 10, 29, 7, 45, tzinfo=UTC),
        ),
        (
            "06:00",
            datetime(2020, 10, 28, 20, 0, tzinfo=UTC),
            datetime(2020, 10, 29, 5, 0, tzinfo=UTC),
        ),
    ],
)
def test_local_times_become_moments(text: str, near: datetime | None, expected: datetime) -> None:
    assert moment(text, near=near) == expected


def test_stories_are_told_in_the_order_of_their_numbers() -> None:
    numbers = [story.number for story in STORIES if story.number]

    assert numbers == sorted(numbers)
