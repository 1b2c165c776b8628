"""What the matching is asked: from the rows of a small country, in few queries."""

from datetime import timedelta

import pytest

from capacity.models import BedPool, Hold, IntakeStop
from capacity.picture.national import national_picture
from regions.models import FairShareKey, FairShareLine, Site
from regions.phases import selectors as phases
from tests import factories
from transfers.matching import source
from transfers.matching.problem import Regions
from transfers.matching.rank import check
from transfers.models import Offer, TransferRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(reference):
    """Three regions in a row, west to east; two sites each, all reported at 08:00."""
    regions = [factories.region(f"r{n}", longitude=4.5 + n) for n in range(3)]
    regions[0].neighbours.add(regions[1])
    slot = factories.slot()
    for n, region in enumerate(regions):
        for m in range(2):
            site = factories.site(f"s{n}{m}", region=region, longitude=4.5 + n + m / 10)
            factories.report(site, slot, lines={"ward": {"offer": 1 if m == 0 else 0}})
    return regions


def ask(number="s00", *, now, **fields):

    made = factories.request_(
        Site.objects.get(code=number), **{"status": "national_search"} | fields
    )
    request = TransferRequest.objects.with_places().get(pk=made.pk)
    return source.problem(request=request, now=now, dials=phases.settings_at("", now))


def key_for(level, *percents, now):
    key = FairShareKey.objects.create(
        level=level, band_percent=10, valid_from=now - timedelta(days=9), decision="test"
    )
    for code, percent in percents:
        region = factories.region(code)
        FairShareLine.objects.create(key=key, region=region, percent=percent)


def refuse(site_code, *, now, request, refusal="no_staff", at=None):
    from regions.models import Site

    site = Site.objects.get(code=site_code)
    pool = BedPool.objects.get(site=site, level_id=request.level_id)
    hold = Hold.objects.create(
        pool=pool,
        reference=request.number,
        placed_at=now,
        until=now,
        ended_at=now,
        end="released",
    )
    return Offer.objects.create(
        request=request,
        site=site,
        hold=hold,
        status="refused",
        refusal=refusal,
        offered_at=now,
        offered_name="x",
        answer_due_at=now,
        answered_at=at or now,
    )


def rules(problem):
    return {row.site: row.rule for row in problem.ranking.excluded}


def order(problem):
    return [row.site for row in problem.ranking.ranked]


def test_nearest_offered_place_comes_first_and_the_sender_is_left_out(country, now):
    problem = ask(now=now)

    assert rules(problem) == {"s00": "sending_site"}
    assert order(problem)[:2] == ["s01", "s10"]  # the own region, then an offered bed next door
    assert check(problem.need, problem.candidates, problem.shares, problem.ranking) == []


def test_a_search_in_the_region_stays_inside(country, now):
    problem = ask(now=now, status="regional_search")

    assert order(problem) == ["s01"]
    assert set(rules(problem).values()) == {"sending_site", "outside_region"}


def test_queries_do_not_grow_with_the_country(country, now, django_assert_num_queries):
    made = factories.request_(country[0].sites.first(), status="national_search")
    request = TransferRequest.objects.with_places().get(pk=made.pk)
    dials = phases.settings_at("", now)
    with django_assert_num_queries(6):
        source.problem(request=request, now=now, dials=dials)
    for n in range(20):
        factories.report(factories.site(region=country[n % 3]), factories.slot())

    with django_assert_num_queries(6):
        source.problem(request=request, now=now, dials=dials)


def test_held_and_stopped_and_silent_sites_fall_out_by_their_own_rule(country, now):
    from regions.models import Site

    BedPool.objects.filter(site__code="s10", level="ward").update(held=3)
    IntakeStop.objects.create(
        site=Site.objects.get(code="s11"),
        target="ward",
        why="staff",
        started_at=now - timedelta(hours=1),
        expected_end=now + timedelta(hours=4),
    )
    factories.site("s22", region=country[2])
    factories.site("s23", region=country[2], has_icu=False)

    found = rules(ask(now=now))
    assert {code: found.get(code) for code in ("s10", "s11", "s22")} == {
        "s10": "no_free_bed",
        "s11": "intake_stop",
        "s22": "figures_expired",
    }
    assert rules(ask(now=now, level="icu"))["s23"] == "no_such_level"


def test_expired_figures_are_no_destination(country, now):
    later = now + timedelta(days=3)

    assert set(rules(ask(now=later)).values()) == {"sending_site", "figures_expired"}


def test_a_patient_outside_the_cohort_needs_a_bed_outside_it(country, now):

    factories.report(
        Site.objects.get(code="s10"), factories.slot(), lines={"ward": {"occ_other": 9}}
    )

    assert rules(ask(now=now, in_cohort=False))["s10"] == "no_bed_of_label"
    assert "s10" in order(ask(now=now))


def test_children_go_where_children_are_taken(country, now):

    Site.objects.filter(code="s10").update(kind="children")
    Site.objects.filter(code="s11").update(kind="academic")
    child = ask(now=now, level="icu", clinical={"age_years": 9})

    assert sorted(order(child)) == ["s10", "s11"]
    assert rules(ask(now=now))["s10"] == "age_group"
    assert "s11" in order(ask(now=now))


def test_the_fair_share_is_that_of_the_cohort_and_a_region_above_it_is_no_destination(country, now):

    key_for("ward", ("r0", 40), ("r1", 20), ("r2", 40), now=now)
    factories.report(
        Site.objects.get(code="s20"), factories.slot(), lines={"ward": {"occ_confirmed": 4}}
    )
    problem = ask(now=now)

    # 44 cohort beds are occupied: 16, 16 and 12, where 17.6, 8.8 and 17.6 would be fair.
    assert [(s.region, s.occupied, s.basis_points, s.band) for s in problem.shares] == [
        ("r0", 16, 4000, 100),
        ("r1", 16, 2000, 100),
        ("r2", 12, 4000, 100),
    ]
    assert rules(problem)["s10"] == "region_above_band"
    row = problem.ranking.place_of("s20")
    assert (row.share_before, row.share_after) == (-318, -261)


def test_too_few_reports_allow_no_conclusion_about_fairness(country, now):
    key_for("ward", ("r0", 40), ("r1", 20), ("r2", 40), now=now)
    factories.site("silent", region=country[1])
    problem = ask(now=now)

    assert "s10" in order(problem)
    assert problem.ranking.place_of("s10").share_before is None
    assert problem.ranking.place_of("s20").share_before is not None


def test_who_refused_this_request_is_not_asked_again_and_others_remember(country, now):
    ours = factories.request_(country[0].sites.get(code="s00"), status="national_search")
    refuse("s10", now=now, request=ours, refusal="too_ill")
    request = TransferRequest.objects.with_places().get(pk=ours.pk)
    problem = source.problem(request=request, now=now, dials=phases.settings_at("", now))
    elsewhere = ask(now=now)

    assert rules(problem)["s10"] == "refused_already"
    assert elsewhere.ranking.place_of("s10").candidate.refusals == 1


def test_a_site_that_said_its_figures_are_wrong_waits_for_its_correction(country, now):

    theirs = factories.request_(country[2].sites.first(), status="national_search")
    refuse("s10", now=now, request=theirs, refusal="data_wrong")

    assert rules(ask(now=now))["s10"] == "figures_disputed"
    assert "s10" in order(ask(now=now, level="icu"))

    factories.report(
        Site.objects.get(code="s10"), factories.slot(), received_at=now + timedelta(minutes=5)
    )
    assert "s10" in order(ask(now=now))


def test_the_list_says_of_every_region_what_the_board_says(country, now):
    """An hour and a half after the deadline one region still has yesterday's figures only."""
    today, yesterday = factories.slot(), factories.slot(factories.TODAY - timedelta(days=1))
    late = factories.site("s30", region=factories.region("r3"))
    factories.report(late, yesterday, lines={"ward": {"occ_confirmed": 9}})
    key_for("ward", ("r0", 40), ("r1", 20), ("r2", 20), ("r3", 20), now=now)
    later = now + timedelta(hours=2)

    regions = Regions(ask(now=later).shares)
    board = national_picture(today, later, basis="ward")

    said = {row.code: row.share.per_mille for row in board.rows if row.share.is_conclusive}
    assert said.keys() == {"r0", "r1", "r2"}
    assert {code: regions.before(code) for code in ("r0", "r1", "r2", "r3")} == said | {"r3": None}


def test_the_way_home_is_known_where_the_postcode_area_has_a_hospital(country, now):

    Site.objects.filter(code="s21").update(postcode="9700 RB")
    known = ask(now=now, home_area="97").ranking.place_of("s21").candidate
    unknown = ask(now=now, home_area="44").ranking.place_of("s21").candidate

    assert known.home_minutes == 10
    assert unknown.home_minutes is None
