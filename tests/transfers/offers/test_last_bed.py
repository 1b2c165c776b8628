"""Everybody wants the last bed at once: over HTTP, from 4 processes, against a real server.

One wins, the others hear no, nothing breaks, and the bed is counted once. `naive.py` is the same
application without the statement and the constraints; it must be seen to fail here.
"""

from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from capacity.models import BedPool, Hold
from regions.models import User
from tests import factories
from tests.transfers.offers.rush import Post, Result, rush
from tests.transfers.offers.server import serving
from transfers.models import ClinicalPicture, Offer, TransferRequest

MANY = 200
ROUNDS = 20

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rush_hour(world, demonstration_clock):
    return world


@pytest.fixture
def server(rush_hour) -> Iterator[str]:
    with serving() as address:
        yield address


def session(person: User) -> str:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def requests(world, count: int) -> list[TransferRequest]:
    """Requests that are looked for nationally, made in two statements."""
    at = world.now
    made = TransferRequest.objects.bulk_create(
        [
            TransferRequest(
                number=f"PMR-2020-{next(factories.count):06d}",
                submission=uuid4(),
                status="national_search",
                searching="nation",
                status_since=at,
                sending_site=world.sender,
                level_id="ward",
                urgency=24,
                created_at=at,
            )
            for _ in range(count)
        ]
    )
    pictures = [
        ClinicalPicture(
            request=one, **factories.CLINICAL, stable_at=at, values_at=at, oxygen_l_min=3
        )
        for one in made
    ]
    ClinicalPicture.objects.bulk_create(pictures)
    return made


def place_with_one_bed(world, name: str):
    site = factories.site(name, region=world.east, longitude=6.0)
    factories.report(site, factories.slot(), lines={"ward": {"occ_other": 10}})
    # Close by in the order, whatever the other places have.
    BedPool.objects.exclude(site=site).filter(level="ward").update(reported_free=0)
    return site


def ask_for_the_last_bed(address: str, world, site) -> Result:
    desk = session(world.desk)
    body = {"site": site.code, "version": 1}
    posts = [
        Post(f"/api/v1/requests/{one.number}/offers", body, desk) for one in requests(world, MANY)
    ]
    return rush(address, posts)


def accept(address: str, offers: list[Offer], by: User, count: int) -> Result:
    key = session(by)
    posts = [
        Post(
            f"/api/v1/offers/{offers[number % len(offers)].pk}/acceptance",
            {"doctor": f"dr. {number}", "unit": "C3"},
            key,
        )
        for number in range(count)
    ]
    return rush(address, posts)


def counted(site) -> tuple[int, int, int]:
    """Active holds, held by the pool, and free: three answers that must agree."""
    pool = BedPool.objects.get(site=site, level="ward")
    return Hold.objects.active().filter(pool=pool).count(), pool.held, pool.free_beds


def play(address: str, world, number: int) -> None:
    site = place_with_one_bed(world, f"last-{number}")
    coordinator = factories.user("bed_coordinator", site=site)

    asked = ask_for_the_last_bed(address, world, site)
    assert asked.statuses == Counter({201: 1, 409: MANY - 1}), asked.codes
    assert counted(site) == (1, 1, 0)
    offer = Offer.objects.get(site=site)

    accepted = accept(address, [offer], coordinator, MANY)
    assert accepted.statuses == Counter({201: 1, 409: MANY - 1}), accepted.codes
    assert accepted.codes == Counter({"answered": MANY - 1})
    assert counted(site) == (1, 1, 0)
    print(f"round {number}: p95 asking {asked.p95:.1f} s, accepting {accepted.p95:.1f} s")


def test_of_many_who_want_the_last_bed_one_gets_it(server, rush_hour):
    play(server, rush_hour, 0)


@pytest.mark.slow
def test_of_many_who_want_the_last_bed_one_gets_it_every_time(server, rush_hour):
    for number in range(ROUNDS):
        play(server, rush_hour, number)


def test_a_patient_with_three_offers_gets_one_bed_and_no_hold_is_left_behind(server, rush_hour):
    world = rush_hour
    by = factories.user("regional_coordinator", region=world.east)
    # Room at each, and none elsewhere: that might come first.
    for site in world.places[:3]:
        factories.report(site, factories.slot(), lines={"ward": {"open_cohort": 60}})
    BedPool.objects.filter(site__in=world.places[3:], level="ward").update(reported_free=0)
    request = world.request()
    offers = [world.offer(request, place) for place in range(3)]

    result = accept(server, offers, by, 50)

    assert result.statuses == Counter({201: 1, 409: 49}), result.codes
    ended = Counter(request.offers.values_list("status", flat=True))
    assert ended == Counter({"accepted": 1, "voided": 2})
    assert Hold.objects.active().filter(reference=request.number).count() == 1
    assert [counted(site)[0] - counted(site)[1] for site in world.places] == [0] * 5


def test_patients_whose_offers_cross_do_not_wait_for_each_other_in_a_circle(server, rush_hour):
    world = rush_hour
    by = factories.user("regional_coordinator", region=world.east)
    sites = world.places[:3]
    for site in sites:
        factories.report(site, factories.slot(), lines={"ward": {"open_cohort": 60}})
    offers = [world.offer(one, n) for one in requests(world, 12) for n in range(3)]

    result = accept(server, offers, by, len(offers))

    assert result.statuses == Counter({201: 12, 409: 24}), result.codes
    assert Counter(Offer.objects.values_list("status", flat=True)) == Counter(
        {"accepted": 12, "voided": 24}
    )
    assert sum(counted(site)[0] for site in sites) == 12
    assert sum(counted(site)[1] for site in sites) == 12


# --- the seeded defect ------------------------------------------------------------------------

RULES_IN_THE_DATABASE = {
    "capacity_pool_held_within_ceiling": (
        "ALTER TABLE capacity_bedpool DROP CONSTRAINT capacity_pool_held_within_ceiling",
        "ALTER TABLE capacity_bedpool ADD CONSTRAINT capacity_pool_held_within_ceiling"
        " CHECK (held <= ceiling)",
    ),
    "transfers_offer_one_accepted": (
        "DROP INDEX transfers_offer_one_accepted",
        "CREATE UNIQUE INDEX transfers_offer_one_accepted ON transfers_offer (request_id)"
        " WHERE status = 'accepted'",
    ),
}


@pytest.fixture
def without_rules(rush_hour) -> Iterator[None]:
    """The database without the constraints that repeat the rule; they come back with empty tables."""
    with connection.cursor() as cursor:
        for drop, _add in RULES_IN_THE_DATABASE.values():
            cursor.execute(drop)
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE transfers_offer, capacity_bedpool CASCADE")
        for _drop, add in RULES_IN_THE_DATABASE.values():
            cursor.execute(add)


@pytest.mark.slow
def test_looking_first_and_writing_later_sells_one_bed_many_times(rush_hour, without_rules):
    world = rush_hour
    by = factories.user("regional_coordinator", region=world.east)
    request = world.request()
    offers = [world.offer(request, place) for place in range(3)]
    with serving("tests.transfers.offers.naive:application") as address:
        answered = accept(address, offers, by, 50)
        site = place_with_one_bed(world, "last")
        asked = ask_for_the_last_bed(address, world, site)

    print(f"asked {dict(asked.statuses)}, accepted {dict(answered.statuses)}")
    assert asked.statuses[201] > 1
    assert counted(site)[0] > 1
    assert answered.statuses[201] > 1
