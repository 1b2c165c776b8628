"""Derived figures: free is open less occupied less reserve, and is never clipped (C2)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from capacity.reports.entry import LineEntry, ReportEntry
from capacity.reports.figures import FigureDifference, derive, differences

ICU = LineEntry(
    "icu", open_cohort=14, open_other=8, reserve=1, occ_confirmed=14, occ_other=6, new_24h=2
)
counts = st.integers(0, 2_000)


def test_free_leaves_out_the_reserve():
    derived = derive(ICU)

    assert (derived.open, derived.occupied, derived.free) == (22, 20, 1)
    assert (derived.free_cohort, derived.free_other) == (0, 1)


def test_delabelled_patients_lie_in_other():
    ward = LineEntry(
        "ward",
        open_cohort=34,
        open_other=210,
        reserve=0,
        occ_confirmed=33,
        occ_other=199,
        occ_delabelled=6,
    )

    derived = derive(ward)

    assert (derived.occupied, derived.free_cohort, derived.free_other) == (238, 1, 5)


def test_overfull_is_not_clipped():
    derived = derive(replace(ICU, occ_confirmed=17))

    assert derived.free == -2
    assert derived.is_overfull


def test_an_empty_figure_leaves_free_unknown():
    assert derive(replace(ICU, reserve=None)) is None
    assert derive(replace(ICU, suspected=None, occ_delabelled=None)) is not None


@given(counts, counts, counts, counts, counts, st.none() | counts)
def test_free_is_open_less_occupied_less_reserve(
    cohort, other, reserve, confirmed, rest, delabelled
):
    line = LineEntry("icu", cohort, other, reserve, confirmed, rest, delabelled)

    derived = derive(line)

    assert derived.free == derived.open - derived.occupied - derived.reserve
    assert derived.free == derived.free_cohort + derived.free_other


def test_differences_name_figure_and_both_values():
    before = ReportEntry(None, (ICU,))
    after = ReportEntry(None, (replace(ICU, occ_other=7, suspected=2),))

    assert differences(before, after) == [
        FigureDifference("icu.occ_other", 6, 7),
        FigureDifference("icu.suspected", None, 2),
    ]
    assert differences(before, before) == []
