"""What is refused and what asks a reason (C3), each rule on the border where it begins."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.reports.entry import Extras, LineEntry, ReportEntry, StopEntry
from capacity.reports.figures import derive
from capacity.reports.plausibility import (
    AskedCall,
    Earlier,
    Level,
    Severity,
    check,
    counts_asked,
    extras_asked,
)

NOW = datetime(2020, 10, 29, 7, 5, tzinfo=UTC)
OPENS = datetime(2020, 10, 28, 23, 0, tzinfo=UTC)
ICU = Level("icu", 300, is_intensive=True)
WARD = Level("ward", 2_000, has_reserve=False)
CALL = AskedCall(
    opens_at=OPENS,
    is_short=False,
    phase_order=4,
    groups=frozenset({"core", "equipment", "surge", "absence"}),
    expects_reserve=True,
)
LINE = LineEntry("icu", 14, 8, 1, 14, 6, None, None, 2, 0, 0)


def report(line=LINE, **fields):
    return ReportEntry(**{"measured_at": NOW, "lines": (line,)} | fields)


def found(entry, *, before=(), call=CALL, now=NOW, levels=(ICU,), phase_order=4, **more):
    earlier = [Earlier(each, phase_order) for each in before]
    return [
        (f.field, f.code)
        for f in check(
            entry,
            levels=levels,
            call=call,
            earlier=earlier,
            now=now,
            **{"requests": {}} | more,
        )
    ]


def test_a_good_report_has_no_findings():
    assert found(report()) == []


@pytest.mark.parametrize(
    "name",
    [
        "open_cohort",
        "open_other",
        "reserve",
        "occ_confirmed",
        "occ_other",
        "new_24h",
        "offer",
        "need",
    ],
)
def test_a_missing_figure_is_an_error(name):
    assert (f"icu.{name}", "required") in found(report(replace(LINE, **{name: None})))


@pytest.mark.parametrize("name", ["occ_delabelled", "suspected"])
def test_what_may_be_counted_in_other_may_stay_empty(name):
    assert found(report(replace(LINE, **{name: None}))) == []


def test_an_unreadable_figure_is_not_called_missing_too():
    entry = report(replace(LINE, need=None))

    assert found(entry, unreadable=frozenset({"icu.need"})) == []


def test_a_level_that_was_left_out_is_missing():
    assert ("ward.open_cohort", "required") in found(report(), levels=(ICU, WARD))


def test_a_level_that_is_not_asked_is_refused():
    assert ("icu", "unknown_level") in found(report(), levels=(WARD,))


@pytest.mark.parametrize("name", ["open_cohort", "occ_confirmed", "occ_other", "need", "offer"])
def test_what_cannot_be_asks_no_reason(name):
    wrong = report(replace(LINE, **{name: 999}))

    assert found(wrong, before=[report()], requests={"icu": 0}) == [(f"icu.{name}", "too_high")]


@pytest.mark.parametrize(("count", "codes"), [(300, []), (301, [("icu.open_other", "too_high")])])
def test_more_beds_than_a_level_can_have_is_an_error(count, codes):
    before = report(replace(LINE, open_other=count))

    assert found(report(replace(LINE, open_other=count)), before=[before]) == codes


def test_a_negative_count_is_an_error():
    assert ("icu.need", "negative") in found(report(replace(LINE, need=-1)))


@pytest.mark.parametrize(
    ("reserve", "codes"), [(22, []), (23, [("icu.reserve", "reserve_over_open")])]
)
def test_the_reserve_is_part_of_the_open_beds(reserve, codes):
    assert found(report(replace(LINE, reserve=reserve))) == codes


@pytest.mark.parametrize(("offer", "codes"), [(1, []), (2, [("icu.offer", "offer_over_free")])])
def test_no_more_is_offered_than_is_free(offer, codes):
    assert found(report(replace(LINE, offer=offer))) == codes


def test_an_overfull_level_offers_nothing_and_asks_a_reason():
    line = replace(LINE, occ_confirmed=17)

    assert found(report(line)) == [("icu.occupied", "occupied_over_open")]
    assert ("icu.offer", "offer_over_free") in found(report(replace(line, offer=1)))


@pytest.mark.parametrize(
    ("moment", "codes"),
    [
        (None, [("measured_at", "required")]),
        (NOW, []),
        (NOW + timedelta(seconds=1), [("measured_at", "in_future")]),
        (OPENS, []),
        (OPENS - timedelta(seconds=1), [("measured_at", "before_call")]),
    ],
)
def test_the_measuring_moment_lies_in_the_call(moment, codes):
    assert found(report(measured_at=moment)) == codes


@pytest.mark.parametrize(
    ("stop", "codes"),
    [
        (StopEntry("ed", "staff", NOW + timedelta(hours=24)), []),
        (StopEntry("ed", "", NOW + timedelta(hours=1)), [("stop.ed.why", "required")]),
        (StopEntry("ed", "staff", None), [("stop.ed.until", "required")]),
        (StopEntry("ed", "staff", NOW), [("stop.ed.until", "stop_has_ended")]),
        (
            StopEntry("ed", "staff", NOW + timedelta(hours=24, seconds=1)),
            [("stop.ed.until", "stop_too_long")],
        ),
    ],
)
def test_a_stop_has_a_reason_and_ends_within_a_day(stop, codes):
    assert found(report(stops=(stop,))) == codes


@pytest.mark.parametrize(
    ("extras", "codes"),
    [
        (Extras(ventilators_owned=26, ventilators_used=26), []),
        (
            Extras(ventilators_owned=26, ventilators_used=27),
            [("ventilators_used", "used_over_owned")],
        ),
        (Extras(surge_24h=2, surge_72h=2, surge_7d=6), []),
        (Extras(surge_24h=2, surge_72h=1), [("surge_72h", "surge_falls")]),
        (Extras(surge_24h=2, surge_7d=1), [("surge_7d", "surge_falls")]),
        (Extras(absence_percent=Decimal(60)), []),
        (Extras(absence_percent=Decimal("60.1")), [("absence_percent", "out_of_range")]),
        (Extras(ecmo_free=10_000), [("ecmo_free", "out_of_range")]),
    ],
)
def test_equipment_surge_and_absence_agree(extras, codes):
    assert found(report(extras=extras)) == codes


def test_a_long_remark_is_refused():
    assert found(report(remark="x" * 500)) == []
    assert found(report(remark="x" * 501)) == [("remark", "too_long")]


def test_a_remark_that_names_a_patient_is_refused():
    assert found(report(remark="bed 4: BSN 123456782")) == [("remark", "bsn")]
    assert found(report(remark="mevrouw van 12-03-1956")) == [("remark", "birth_date")]


@pytest.mark.parametrize(
    ("old", "new", "asks"),
    [
        (20, 26, False),  # 30 % exactly
        (19, 25, True),  # 6 beds, 32 %
        (10, 15, False),  # 50 %, but 5 beds
        (10, 16, True),
        (20, 14, False),
        (19, 13, True),
        (0, 5, False),
        (0, 6, True),
        (100, 130, False),
        (100, 131, True),
    ],
)
def test_a_change_above_both_limits_asks_a_reason(old, new, asks):
    before = report(replace(LINE, open_cohort=40, occ_other=old))
    after = report(replace(LINE, open_cohort=40, occ_other=new, occ_confirmed=0))
    before = replace(before, lines=(replace(before.lines[0], occ_confirmed=0),))

    codes = found(after, before=[before])

    assert (("icu.occ_other", "large_change") in codes) is asks


def test_a_change_says_how_much():
    before = report(replace(LINE, open_cohort=26))

    (finding,) = [
        f
        for f in check(
            report(replace(LINE, open_cohort=34)),
            levels=[ICU],
            call=CALL,
            earlier=[Earlier(before, 4)],
            now=NOW,
            requests={},
        )
    ]

    assert finding.severity is Severity.WARNING
    assert finding.params == {"value": 34, "before": 26, "change": 8, "percent": 31}


def test_more_admissions_than_patients_ask_a_reason():
    assert found(report(replace(LINE, new_24h=20))) == []
    assert found(report(replace(LINE, new_24h=21))) == [("icu.new_24h", "new_over_occupied")]


@pytest.mark.parametrize(
    ("need", "requests", "asks"),
    [
        (0, {}, False),
        (1, {}, True),
        (2, {"icu": 2}, False),
        (3, {"icu": 2}, True),
        (1, {"icu": 2}, False),
        (1, {"ward": 9}, True),
        (None, {"icu": 0}, False),
        (3, None, False),  # an older call: how many there were then is not known any more
    ],
)
def test_more_patients_to_place_than_requests_ask_a_reason(need, requests, asks):
    codes = found(report(replace(LINE, need=need)), requests=requests)

    assert (("icu.need", "need_without_request") in codes) is asks


def test_patients_without_a_request_are_told_with_both_numbers():
    (finding,) = check(
        report(replace(LINE, need=3)),
        levels=[ICU],
        call=CALL,
        earlier=[],
        now=NOW,
        requests={"icu": 1},
    )

    assert (finding.severity, finding.params) == (Severity.WARNING, {"value": 3, "requests": 1})


def test_an_empty_reserve_asks_a_reason_where_one_is_expected():
    line = replace(LINE, reserve=0)

    assert found(report(line)) == [("icu.reserve", "no_reserve")]
    assert found(report(line), call=replace(CALL, expects_reserve=False)) == []


def test_all_zero_after_figures_asks_once():
    closed = LineEntry("icu", 0, 0, 0, 0, 0, None, None, 0, 0, 0)
    call = replace(CALL, expects_reserve=False)

    assert found(report(closed), before=[report()], call=call) == [("icu.open_cohort", "all_zero")]
    assert found(report(closed), before=[report(closed)], call=call) == []


def test_fewer_icu_beds_while_the_phase_rises_ask_a_reason():
    fewer = report(replace(LINE, open_other=7))

    assert found(fewer, before=[report()], phase_order=4) == []
    assert found(fewer, before=[report()], phase_order=3) == [
        ("icu.open_other", "drops_as_phase_rises")
    ]


def test_the_third_identical_report_asks_whether_anybody_counted():
    assert found(report(), before=[report()]) == []
    assert found(report(), before=[report(), report()]) == [("report", "three_identical")]
    other = report(replace(LINE, need=1))
    assert found(report(), before=[report(), other]) == []


def test_a_form_that_was_only_opened_repeats_nothing():
    blank = ReportEntry(NOW, (LineEntry("icu"),))

    assert ("report", "three_identical") not in found(blank, before=[blank, blank])


def test_a_correction_asks_why():
    assert found(report(), is_correction=True) == [("report", "correction")]


def test_a_short_call_asks_less():
    call = replace(CALL, is_short=True)

    assert "new_24h" not in counts_asked(ICU, call)
    assert extras_asked(call, has_intensive=True) == ()
    assert found(report(replace(LINE, new_24h=None)), call=call) == []


def test_what_is_asked_follows_level_and_phase():
    assert "reserve" in counts_asked(ICU, CALL)
    assert "reserve" not in counts_asked(WARD, CALL)
    assert len(extras_asked(CALL, has_intensive=True)) == 8
    assert extras_asked(CALL, has_intensive=False) == ("absence_percent",)
    assert extras_asked(replace(CALL, groups=frozenset({"core"})), has_intensive=True) == ()


counts = st.none() | st.integers(-5, 2_500)
lines = st.builds(LineEntry, st.just("icu"), *[counts for _ in range(10)])


@given(lines, lines)
def test_what_has_no_errors_can_be_stored(line, before):
    findings = check(
        report(line),
        levels=[ICU],
        call=CALL,
        earlier=[Earlier(report(before), 4)],
        now=NOW,
        requests={},
    )

    if not [f for f in findings if f.severity is Severity.ERROR]:
        derived = derive(line)
        assert derived is not None
        assert line.reserve <= derived.open
        assert line.offer <= max(derived.free, 0)
        assert all(
            0 <= line.count(n) <= 300 for n in counts_asked(ICU, CALL) if line.count(n) is not None
        )
