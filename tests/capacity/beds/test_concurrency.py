"""At once: the last bed has one winner, and a report that comes in meanwhile loses no hold."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from capacity.beds import actions
from capacity.models import BedPool, Hold, OpenRequests
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def at_once(*works):
    """Run all works at the same moment; what each came to, its refusal included."""
    barrier = Barrier(len(works))

    def run(work):
        barrier.wait(timeout=10)
        try:
            return work()
        except ValidationError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture
def site(reference):
    site = factories.site()
    line = {"open_cohort": 0, "open_other": 1, "reserve": 0, "occ_confirmed": 0, "occ_other": 0}
    report = factories.report(site, factories.slot(), lines={"icu": line, "ward": line})
    actions.refresh_pools(report=report, now=factories.NOW)
    return site


def take(site, number):
    return actions.hold(
        site=site,
        level="icu",
        reference=f"PMR-{number}",
        until=factories.NOW + timedelta(hours=1),
        now=factories.NOW,
    )


def test_the_last_bed_has_one_winner(site):
    outcomes = at_once(*[lambda n=n: take(site, n) for n in range(PEOPLE)])

    assert sum(isinstance(outcome, Hold) for outcome in outcomes) == 1
    assert outcomes.count("no_free_bed") == PEOPLE - 1
    assert BedPool.objects.get(level="icu").held == Hold.objects.active().count() == 1


def test_counting_again_while_beds_are_taken_and_given_back_loses_none(site):
    pool = BedPool.objects.get(level="icu")
    report = pool.line.report
    mine = take(site, 100)

    for turn in range(10):
        at_once(
            lambda: actions.refresh_pools(report=report, now=factories.NOW),
            lambda hold=mine: actions.release(hold=hold, end=Hold.End.RELEASED, now=factories.NOW),
            lambda turn=turn: take(site, turn),
            lambda: actions.refresh_pools(report=report, now=factories.NOW),
        )
        pool.refresh_from_db()
        assert pool.held == Hold.objects.active().filter(pool=pool).count() <= 1
        mine = Hold.objects.active().filter(pool=pool).first() or take(site, f"again-{turn}")


def count(site, change):
    actions.count_request(site=site, level="icu", change=change)


def test_requests_of_one_site_that_begin_and_end_at_once_are_all_counted(site):
    at_once(*[lambda: count(site, 1) for _ in range(PEOPLE)])
    assert OpenRequests.objects.get(site=site, level="icu").requests == PEOPLE

    at_once(*[lambda change=change: count(site, change) for change in (1, -1, -1, -1) * 2])
    assert OpenRequests.objects.get(site=site, level="icu").requests == PEOPLE - 4
