"""The national and the regional picture, read from the database."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from capacity.models import BedPool, IntakeStop, RegionalSitrep
from capacity.picture import selectors as pictures
from regions.models import Contact, FairShareKey, FairShareLine
from tests import factories

YESTERDAY = date(2020, 10, 28)
LATER = timedelta(hours=1)  # 09:05: the hospitals' deadline has passed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def key_for(**percents: float) -> FairShareKey:
    key = FairShareKey.objects.create(
        level="ward",
        band_percent=10,
        decision="test",
        valid_from=factories.NOW - timedelta(days=30),
    )
    for code, percent in percents.items():
        FairShareLine.objects.create(key=key, region=factories.region(code), percent=percent)
    return key


def test_a_silent_site_makes_the_national_total_a_lower_bound(now):
    slot = factories.slot()
    factories.report(factories.site(), slot)
    factories.site()

    picture = pictures.national_picture(slot, now + LATER)

    assert (picture.reported, picture.expected, picture.silent) == (1, 2, 1)
    assert picture.group.totals("icu").free.value == 3
    assert not picture.group.totals("icu").free.is_complete


def test_before_the_deadline_a_site_counts_with_the_call_before(now):
    slot, yesterday = factories.slot(), factories.slot(YESTERDAY)
    early, waiting = factories.site(), factories.site()
    for site in (early, waiting):
        factories.report(site, yesterday)
    factories.report(early, slot, lines={"ward": {"occ_confirmed": 9}})

    asked = pictures.national_picture(slot, now)
    closed = pictures.national_picture(slot, now + LATER)

    assert asked.group.totals("ward").occ_cohort.value == 17
    assert asked.group.change("ward", "occ_cohort").value == 1
    assert asked.reported == closed.reported == 1
    assert closed.group.totals("ward").occ_cohort.value == 9


def test_holds_subtract_from_what_is_free_but_not_from_what_was_counted(now):
    slot, site = factories.slot(), factories.site()
    factories.report(site, slot)
    BedPool.objects.filter(site=site, level="icu").update(held=2)

    totals = pictures.national_picture(slot, now).group.totals("icu")

    assert (totals.free.value, totals.counted_free.value, totals.held.value) == (1, 3, 2)


def test_who_moved_counts_only_with_the_report_it_was_counted_from(now):
    slot, yesterday, site = factories.slot(), factories.slot(YESTERDAY), factories.site()
    factories.report(site, yesterday)
    BedPool.objects.filter(site=site, level="icu").update(moved=1)
    assert pictures.national_picture(slot, now).group.totals("icu").free.value == 4

    pool_line = BedPool.objects.get(site=site, level="icu").line
    factories.report(site, slot)
    BedPool.objects.filter(site=site, level="icu").update(line=pool_line, moved=1)

    assert pictures.national_picture(slot, now).group.totals("icu").free.value == 3


def test_a_stop_leaves_nothing_free(now):
    slot, site = factories.slot(), factories.site()
    factories.report(site, slot)
    IntakeStop.objects.create(
        site=site, target="icu", why="staff", started_at=now, expected_end=now + LATER
    )

    group = pictures.national_picture(slot, now).group
    afterwards = pictures.national_picture(slot, now + LATER).group

    assert group.totals("icu").free.value == 0
    assert group.totals("ward").free.value == 3
    assert afterwards.totals("icu").free.value == 3


def test_deviation_from_the_fair_share(now):
    key_for(heavy=50, light=50)
    slot = factories.slot()
    factories.report(
        factories.site(region=factories.region("heavy")), slot, lines={"ward": {"occ_confirmed": 9}}
    )
    factories.report(
        factories.site(region=factories.region("light")), slot, lines={"ward": {"occ_confirmed": 1}}
    )

    rows = {r.code: r for r in pictures.national_picture(slot, now).rows}

    assert (rows["heavy"].share.side, rows["heavy"].share.fraction) == ("above", 0.8)
    assert (rows["light"].share.side, rows["light"].share.fraction) == ("below", -0.8)


def test_a_silent_region_makes_no_other_look_overloaded(now):
    key_for(one=25, two=25, silent=50)
    slot = factories.slot()
    for code in ("one", "two"):
        site = factories.site(region=factories.region(code))
        factories.report(site, slot, lines={"ward": {"occ_confirmed": 10}})
    for _ in range(2):
        # A quarter of the sites: the country as a whole is known well enough.
        site = factories.site(region=factories.region("one"))
        factories.report(site, slot, lines={"ward": {"occ_confirmed": 0}})
    factories.site(region=factories.region("silent"))

    rows = {r.code: r for r in pictures.national_picture(slot, now + LATER).rows}

    assert rows["silent"].share.side == "incomplete"
    assert (rows["one"].share.side, rows["one"].share.fraction) == ("within", 0.0)
    assert (rows["two"].share.side, rows["two"].share.fraction) == ("within", 0.0)


def test_the_basis_is_ordinary_nursing_unless_asked_otherwise(now):
    slot = factories.slot()
    factories.report(factories.site(), slot)

    assert pictures.national_picture(slot, now).basis.code == "ward"
    assert pictures.national_picture(slot, now, basis="icu").basis.code == "icu"
    assert pictures.national_picture(slot, now, basis="nonsense").basis.code == "ward"


def test_the_line_of_fourteen_days_leaves_out_days_with_too_few_sites(now):
    sites = [factories.site(region=factories.region("one")) for _ in range(2)]
    for back, answered in ((2, sites), (1, sites[:1]), (0, sites)):
        for site in answered:
            factories.report(site, factories.slot(date(2020, 10, 29) - timedelta(days=back)))

    (row,) = pictures.national_picture(factories.slot(), now).rows

    assert row.series == (*[None] * 11, 16, None, 16)


def test_a_site_without_icu_is_not_asked_for_one(now):
    slot = factories.slot()
    factories.site(has_icu=False)
    factories.report(factories.site(), slot)

    totals = pictures.national_picture(slot, now + LATER).group

    assert totals.totals("icu").is_complete
    assert not totals.totals("ward").is_complete


def test_the_national_picture_takes_as_many_queries_for_ten_sites_as_for_forty(
    now, django_assert_num_queries
):
    days = [date(2020, 10, 29) - timedelta(days=back) for back in range(3)]

    def grow(count: int) -> None:
        for number in range(count):
            site = factories.site(region=factories.region(f"r{number % 5}"))
            for day in days:
                factories.report(site, factories.slot(day))

    grow(10)
    slot = factories.slot()
    with django_assert_num_queries(4):
        pictures.national_picture(slot, now)
    grow(30)
    with django_assert_num_queries(4):
        assert pictures.national_picture(slot, now).expected == 40


def test_a_region_site_by_site(now):
    region = factories.region("brabant")
    slot = factories.slot()
    names = ("on-time", "late", "on-behalf", "carried", "silent")
    sites = {name: factories.site(name, region=region) for name in names}
    factories.report(sites["on-time"], slot)
    factories.report(sites["late"], slot, received_at=slot.hospital_due_at + timedelta(minutes=1))
    factories.report(sites["on-behalf"], slot, spoken_with="J. Smit", spoken_at=now)
    factories.report(sites["carried"], slot).__class__.objects.filter(site=sites["carried"]).update(
        source="carried"
    )
    factories.report(factories.site(), slot)
    Contact.objects.create(site=sites["silent"], function="beds", phone="0492 000 010")
    Contact.objects.create(site=sites["silent"], function="24h", phone="0492 000 099")

    picture = pictures.region_picture(region, slot, now + LATER)

    states = {row.place.code: row.state for row in picture.rows}
    assert states == {
        "on-time": "on_time",
        "late": "late",
        "on-behalf": "on_behalf",
        "carried": "carried",
        "silent": "silent",
    }
    assert (picture.reported, picture.carried, len(picture.silent)) == (3, 1, 1)
    assert picture.silent[0].phone == "0492 000 010"
    assert picture.group.totals("icu").open.value == 80


def test_on_the_stroke_of_the_deadline_a_report_is_on_time(now):
    region, slot = factories.region("brabant"), factories.slot()
    factories.report(factories.site(region=region), slot, received_at=slot.hospital_due_at)

    (row,) = pictures.region_picture(region, slot, now).rows

    assert row.state == "on_time"


def test_a_correction_does_not_make_late_who_was_on_time(now):
    region, slot = factories.region("brabant"), factories.slot()
    site, after = factories.site(region=region), slot.hospital_due_at + timedelta(hours=1)
    factories.report(site, slot)
    factories.report(site, slot, received_at=after)

    (row,) = pictures.region_picture(region, slot, after).rows

    assert row.state == "on_time"


def test_yesterday_is_of_the_same_sites(now):
    region, slot, yesterday = (
        factories.region("brabant"),
        factories.slot(),
        factories.slot(YESTERDAY),
    )
    answered, silent = (factories.site(region=region) for _ in range(2))
    for site in (answered, silent):
        factories.report(site, yesterday)
    factories.report(answered, slot)

    before = pictures.region_picture(region, slot, now).group.totals_before("ward")

    assert (before.open.value, before.open.of) == (20, 1)


def test_the_stamp_changes_with_a_new_report(now):
    region, slot = factories.region("brabant"), factories.slot()
    site = factories.site(region=region)
    factories.report(site, slot)
    first = pictures.region_picture(region, slot, now).stamp

    assert pictures.region_picture(region, slot, now).stamp == first
    factories.report(site, slot)
    assert pictures.region_picture(region, slot, now).stamp != first


def test_a_region_takes_as_many_queries_for_two_sites_as_for_twenty(now, django_assert_num_queries):
    region, slot = factories.region("brabant"), factories.slot()
    for _ in range(2):
        factories.report(factories.site(region=region), slot)
    with django_assert_num_queries(7):
        pictures.region_picture(region, slot, now)
    for _ in range(18):
        factories.report(factories.site(region=region), slot)
    with django_assert_num_queries(7):
        pictures.region_picture(region, slot, now)


def test_a_country_without_reports_is_unknown(now):
    factories.site()

    picture = pictures.national_picture(factories.slot(), now)

    assert picture.group.totals("icu").open.value is None
    assert picture.rows[0].share.side == "no_key"


def test_the_sitrep_of_a_region_is_known_nationally(now):
    region, slot = factories.region("brabant"), factories.slot()
    factories.report(factories.site(region=region), slot)
    RegionalSitrep.objects.create(
        region=region,
        slot=slot,
        version=1,
        submission=uuid4(),
        status="submitted",
        pressure="green",
        sentence="Rustig.",
        limiting_factor="staff",
        totals={},
        submitted_at=now,
        submitted_name="M. Peters",
    )

    picture = pictures.national_picture(slot, now)

    assert picture.rows[0].sitrep == "submitted"
    assert picture.sitreps_in == 1


@pytest.mark.parametrize(("wall", "minutes"), [("11:30", 90), ("09:30", 90)])
def test_until_when_the_centre_may_ask(wall, minutes):
    slot = factories.slot()

    assert pictures.return_limit(slot, wall) == slot.region_due_at + timedelta(minutes=minutes)
