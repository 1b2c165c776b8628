"""The demonstration's world: real totals, plausible hospitals, and the morning's story."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from capacity.reports.entry import LineEntry, ReportEntry
from capacity.reports.plausibility import AskedCall, Earlier, Level, check
from lcps.demonstration.world.figures import (
    LEVELS,
    SEED,
    WITHOUT_REQUEST,
    Line,
    Report,
    build_world,
)
from lcps.demonstration.world.occupancy import regional_weights
from lcps.demonstration.world.places import reporting_sites
from lcps.demonstration.world.schedule import BY_TELEPHONE, LAST_DAY, NEVER
from lcps.demonstration.world.series import regional_admissions

ZONE = ZoneInfo("Europe/Amsterdam")
YESTERDAY = LAST_DAY - timedelta(days=1)
WORLD = build_world(SEED)
SITES = reporting_sites()
# The rules of the report form, in the phase of the demonstration.
ASKED = {
    "icu": Level("icu", 300, is_intensive=True),
    "ward": Level("ward", 2000, has_reserve=False),
}


def by_site(day: date) -> dict[str, Report]:
    return {report.site: report for report in WORLD.on(day)}


def by_region(day: date, level: str, figure: str) -> Counter[str]:
    totals: Counter[str] = Counter()
    for report, line in WORLD.lines(day, level):
        totals[report.region] += getattr(line, figure)
    return totals


def history(site: str) -> list[Report]:
    return [report for report in WORLD.reports if report.site == site]


# ----- totals ----------------------------------------------------------------------------------


def test_the_world_has_65_days_and_the_morning_itself() -> None:
    assert WORLD.days[0] == date(2020, 8, 25)
    assert WORLD.days[-1] == LAST_DAY
    assert all(b - a == timedelta(days=1) for a, b in pairwise(WORLD.days))
    assert len(WORLD.days) == 66


@pytest.mark.parametrize(
    ("level", "figure"),
    [
        ("icu", "occ_confirmed"),
        ("icu", "occ_other"),
        ("icu", "new_24h"),
        ("ward", "occ_confirmed"),
        ("ward", "new_24h"),
    ],
)
def test_every_day_sums_to_the_national_series(level: str, figure: str) -> None:
    sums: Counter[date] = Counter()
    for report in WORLD.reports:
        line = report.line(level)
        sums[report.day] += getattr(line, figure) if line else 0

    assert sums == {each.day: getattr(each, f"{level}_{figure}") for each in WORLD.national}


def test_the_published_figures_of_the_morning() -> None:
    last = WORLD.national[-1]

    assert (last.icu_occ_confirmed, last.icu_occ_other, last.ward_occ_confirmed) == (553, 470, 1831)
    assert (last.icu_new_24h, last.ward_new_24h) == (47, 269)


def test_new_patients_come_from_lcps_from_the_day_it_published_them() -> None:
    lcps = [each.day for each in WORLD.national if each.new_source == "lcps"]

    assert lcps[0] == date(2020, 10, 17)
    assert len(lcps) == 13


@pytest.mark.parametrize(
    ("level", "figure", "follows"),
    [("ward", "occ_confirmed", 0.5), ("icu", "occ_confirmed", 0.4), ("icu", "occ_other", 0.0)],
)
def test_each_region_is_within_one_bed_of_its_share(
    level: str, figure: str, follows: float
) -> None:
    for each in WORLD.national:
        totals = by_region(each.day, level, figure)
        for region, weight in regional_weights(each.day, follows).items():
            share = weight * getattr(each, f"{level}_{figure}")
            assert abs(totals[region] - share) < 1, (each.day, region)


def test_regional_weights_know_nothing_of_the_day_itself() -> None:
    # Zuidwest-Nederland: 2,186,934 of 17,590,672 inhabitants, and its part of 15 to 28 October.
    days = [LAST_DAY - timedelta(days=back) for back in range(1, 15)]
    admitted = sum(regional_admissions()[day]["zuidwest"] for day in days)
    everybody = sum(sum(regional_admissions()[day].values()) for day in days)
    expected = 0.5 * 2_186_934 / 17_590_672 + 0.5 * admitted / everybody

    assert regional_weights(LAST_DAY, 0.5)["zuidwest"] == pytest.approx(expected)


# ----- hospitals -------------------------------------------------------------------------------


def test_every_site_has_one_report_a_day_with_its_own_levels() -> None:
    assert len(WORLD.reports) == 66 * 87
    for day in WORLD.days:
        assert [report.site for report in WORLD.on(day)] == list(SITES)
    for report in WORLD.reports:
        levels = ("icu", "ward") if SITES[report.site].has_icu else ("ward",)
        assert tuple(line.level for line in report.lines) == levels
        assert report.region == SITES[report.site].region


def test_no_figure_is_impossible() -> None:
    for report in WORLD.reports:
        for line in report.lines:
            figures = [v for v in vars(line).values() if isinstance(v, int)]
            where = (report.day, report.site, line.level)
            assert min(figures) >= 0, where
            assert line.reserve <= line.open_cohort + line.open_other, where
            assert line.offer <= max(line.free, 0), where
            assert line.new_24h <= line.occ_confirmed, where
            assert line.occ_confirmed <= line.open_cohort, where


@pytest.mark.parametrize(("level", "most"), [("icu", 4), ("ward", 9)])
def test_no_site_jumps_from_day_to_day(level: str, most: int) -> None:
    for site in SITES:
        lines = [line for report in history(site) if (line := report.line(level))]
        for before, after in pairwise(lines):
            assert abs(after.occ_confirmed - before.occ_confirmed) <= most, site


def test_open_icu_beds_are_those_of_the_first_step_of_the_scale_up() -> None:
    def opened(day: date) -> int:
        return sum(line.open_cohort + line.open_other for _, line in WORLD.lines(day, "icu"))

    assert 1_150 <= opened(LAST_DAY) <= 1_350
    assert 1_000 <= opened(WORLD.days[0]) <= 1_100
    assert opened(YESTERDAY) == pytest.approx(opened(LAST_DAY), abs=5)


# ----- the story of the morning ----------------------------------------------------------------


@pytest.mark.parametrize("day", [YESTERDAY, LAST_DAY])
def test_south_and_west_are_full_and_north_and_east_have_room(day: date) -> None:
    icu, ward = by_region(day, "icu", "free"), by_region(day, "ward", "free")

    assert icu["zuidwest"] < 0
    assert ward["zuidwest"] <= 3
    for full in ("west", "brabant", "amsterdam"):
        assert icu[full] <= 5, full
        assert ward[full] <= 16, full
    for spacious in ("noord", "oost", "limburg", "zwolle"):
        assert icu[spacious] >= 8, spacious
        assert ward[spacious] >= 20, spacious


def test_deviation_from_the_fair_share_points_the_same_way() -> None:
    patients = by_region(LAST_DAY, "ward", "occ_confirmed")
    people = regional_weights(LAST_DAY, 0.0)
    deviation = {region: patients[region] / 1831 / people[region] - 1 for region in people}

    assert deviation["zuidwest"] > 0.25
    assert 0.10 < deviation["brabant"] < 0.25
    assert all(deviation[region] < -0.10 for region in ("noord", "zwolle", "limburg", "oost"))


def test_limburg_halves_its_icu_offer() -> None:
    assert by_region(YESTERDAY, "icu", "offer")["limburg"] == 2
    assert by_region(LAST_DAY, "icu", "offer")["limburg"] == 1


def test_needs_of_the_morning_are_the_requests_and_two_more() -> None:
    expected = Counter(
        {(r.sending_site, r.level): 0 for r in WORLD.requests} | {key: 0 for key in WITHOUT_REQUEST}
    )
    expected.update((r.sending_site, r.level) for r in WORLD.requests if r.is_in_bed)
    expected.update(WITHOUT_REQUEST)
    stated = {
        (report.site, level): line.need
        for level in LEVELS
        for report, line in WORLD.lines(LAST_DAY, level)
    }

    assert +Counter(stated) == +expected
    assert sum(stated.values()) == 19


def test_nobody_asked_or_offered_before_the_centre_was_woken() -> None:
    quiet = [r for r in WORLD.reports if r.day < date(2020, 9, 23)]

    assert all(line.need == line.offer == 0 for report in quiet for line in report.lines)


def test_beds_held_for_the_requests_are_free_in_yesterdays_reports() -> None:
    held: Counter[tuple[str, str]] = Counter()
    for request in WORLD.requests:
        for offer in request.offers:
            if offer.status in {"open", "accepted"} and request.status != "closed":
                held[offer.site, request.level] += 1
    yesterday = by_site(YESTERDAY)

    assert len(held) >= 8
    for (site, level), beds in held.items():
        line = yesterday[site].line(level)
        assert line and line.free >= beds, (site, level)


# ----- who reports when ------------------------------------------------------------------------


def minute(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%H:%M")


def test_most_report_in_time_some_late_three_never() -> None:
    reports = WORLD.on(LAST_DAY)
    never = {r.site for r in reports if r.received_at is None}
    late = {r.site for r in reports if r.received_at and minute(r.received_at) > "08:30"}
    telephoned = {r.site for r in reports if r.filed_by == "region"}

    assert never == NEVER
    assert telephoned == set(BY_TELEPHONE)
    assert late - telephoned == {
        "langeland-zoetermeer", "etz-tweesteden", "zaans-mc-zaandam", "rivierenland-tiel",
    }  # fmt: skip
    assert {
        minute(r.received_at) for r in reports if r.site == "etz-tweesteden" and r.received_at
    } == {"08:41"}


def test_moments_are_of_the_morning_and_in_order() -> None:
    for report in WORLD.reports:
        assert report.measured_at.tzinfo is UTC
        assert report.measured_at.astimezone(ZONE).date() == report.day
        assert "06:44" < minute(report.measured_at) < "08:30"
        if report.received_at:
            assert report.received_at.astimezone(ZONE).date() == report.day
            assert "07:20" <= minute(report.received_at) < "10:00"
            assert report.measured_at < report.received_at
        assert (report.filed_by == "region") == bool(report.spoken_with and report.spoken_at)


def test_on_earlier_days_every_site_reports_and_a_few_are_late() -> None:
    late: dict[date, int] = defaultdict(int)
    for report in WORLD.reports:
        if report.day != LAST_DAY:
            assert report.received_at is not None
            late[report.day] += minute(report.received_at) > "08:30"

    assert set(late.values()) == {4}


def test_habits_last_a_site_reports_about_the_same_time_each_day() -> None:
    moments = [r.received_at for r in history("umcg-groningen") if r.received_at]
    minutes = [at.astimezone(ZONE).hour * 60 + at.astimezone(ZONE).minute for at in moments]
    usual = [m for m in minutes if m <= 8 * 60 + 30]

    assert max(usual) - min(usual) <= 12


# ----- odd reports -----------------------------------------------------------------------------


def entry(report: Report) -> ReportEntry:
    return ReportEntry(report.measured_at, tuple(LineEntry(**vars(line)) for line in report.lines))


def test_the_form_would_accept_every_report_with_the_reasons_it_carries() -> None:
    opens_at = datetime(2020, 10, 28, 23, 0, tzinfo=UTC)
    call = AskedCall(opens_at, is_short=False, phase_order=4, expects_reserve=True)
    days = [LAST_DAY - timedelta(days=back) for back in (1, 2)]
    before = [by_site(day) for day in days]
    for report in WORLD.on(LAST_DAY):
        levels = [ASKED[line.level] for line in report.lines]
        earlier = [Earlier(entry(reports[report.site]), phase_order=4) for reports in before]
        now = report.received_at or report.measured_at
        requests = Counter(
            r.level for r in WORLD.requests if r.sending_site == report.site and r.is_in_bed
        )
        findings = check(
            entry(report), levels=levels, call=call, earlier=earlier, now=now, requests=requests
        )

        stated = {(reason.field, reason.warning) for reason in report.reasons}
        assert {(f.field, f.code) for f in findings} == stated, report.site
        assert all(finding.severity == "warning" for finding in findings), report.site


def test_the_odd_reports_of_the_morning() -> None:
    odd = {
        r.site: {reason.warning for reason in r.reasons} for r in WORLD.on(LAST_DAY) if r.reasons
    }

    assert odd == {
        "bernhoven-uden": {"occupied_over_open"},
        "mc-leeuwarden": {"large_change"},
        "st-anna-geldrop": {"no_reserve"},
        "antonius-sneek": {"three_identical"},
        "etz-elisabeth": {"need_without_request"},
    }


def test_one_cohort_ward_opened_this_morning() -> None:
    yesterday, today = (by_site(day)["mc-leeuwarden"].line("ward") for day in (YESTERDAY, LAST_DAY))
    assert yesterday and today

    assert today.open_cohort - yesterday.open_cohort == 9
    assert today.open_cohort > 1.3 * yesterday.open_cohort


# ----- reproducible ----------------------------------------------------------------------------


def test_same_seed_same_world() -> None:
    assert build_world(SEED) == WORLD
    assert WORLD.checksum() == CHECKSUM


def test_another_seed_is_another_world_with_the_same_totals() -> None:
    other = build_world(1)

    assert other.checksum() != WORLD.checksum()
    for level, figure in (
        ("icu", "occ_confirmed"),
        ("ward", "occ_confirmed"),
        ("icu", "occ_other"),
    ):
        sums = [
            sum(getattr(line, figure) for _, line in other.lines(day, level))
            for day in other.days[-3:]
        ]
        assert sums == [getattr(each, f"{level}_{figure}") for each in other.national[-3:]]


def test_checksum_sees_a_single_bed() -> None:
    last = WORLD.reports[-1]
    line = last.lines[-1]
    changed = Line(**{**vars(line), "occ_other": line.occ_other + 1})
    report = Report(**{**vars(last), "lines": (*last.lines[:-1], changed)})
    other = type(WORLD)(WORLD.seed, WORLD.national, (*WORLD.reports[:-1], report), WORLD.requests)

    assert other.checksum() != WORLD.checksum()


CHECKSUM = "b953cd874ad62155cf9d0c353970098f507c46331970cc006ffa827febe8de59"
