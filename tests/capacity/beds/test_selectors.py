"""The one definition of free beds, with age, stops and who may see them."""

from datetime import timedelta

import pytest

from capacity.beds import actions
from capacity.beds.selectors import free_beds
from capacity.models import IntakeStop
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(reference):
    site = factories.site()
    actions.refresh_pools(report=factories.report(site, factories.slot()), now=factories.NOW)
    return site


def test_parts_add_up(site, now):
    actions.hold(site=site, level="icu", reference="PMR-1", until=now + timedelta(hours=1), now=now)

    beds = free_beds(now=now, level="icu", site=site)[0]

    assert (beds.open, beds.occupied, beds.reserve) == (20, 16, 1)
    assert (beds.reported_free, beds.moved, beds.held, beds.free) == (3, 0, 1, 2)
    assert (beds.free_cohort, beds.free_other) == (2, 1)
    assert beds.counts
    assert beds.age == "fresh"


@pytest.mark.parametrize(
    ("missed", "age", "counts"), [(0, "fresh", True), (1, "late", True), (2, "expired", False)]
)
def test_age_follows_the_calls_that_were_missed(site, now, missed, age, counts):
    for day in range(1, missed + 1):
        factories.slot(now.date() + timedelta(days=day))

    later = now + timedelta(days=missed, hours=1)

    beds = free_beds(now=later, level="icu")[0]
    assert (beds.age, beds.counts) == (age, counts)


def test_a_stop_takes_its_own_level_out_until_it_ends(site, now):
    IntakeStop.objects.create(
        site=site,
        target="icu",
        why="staff",
        started_at=now,
        expected_end=now + timedelta(hours=2),
    )

    assert [(b.level, b.counts) for b in free_beds(now=now)] == [("icu", False), ("ward", True)]
    assert all(b.counts for b in free_beds(now=now + timedelta(hours=2)))


def test_each_sees_its_own(site, now):
    def seen(role, **place):
        return {b.site for b in free_beds(now=now, visible_to=factories.user(role, **place))}

    other = factories.site()
    actions.refresh_pools(report=factories.report(other, factories.slot()), now=now)

    assert seen("reporter", site=site) == {site}
    assert seen("regional_coordinator", region=site.region) == {site}
    assert seen("lcps_coordinator") == {site, other}
    assert seen("oversight_reader") == set()


def test_three_queries_whatever_the_size(site, now, django_assert_max_num_queries):
    for _ in range(5):
        factories.report(factories.site(), factories.slot())

    with django_assert_max_num_queries(3):
        assert len(free_beds(now=now)) == 12
