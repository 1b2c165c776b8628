"""How figures, times and deviations are written."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from lcps.templatetags import lcps as tags

# 10:24 in Amsterdam, winter time.
NOW = datetime(2020, 10, 29, 9, 24, tzinfo=UTC)


@pytest.fixture(autouse=True)
def dutch():
    with translation.override("nl"):
        yield


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (57, "57"),
        (1831, "1.831"),
        (1234567, "1.234.567"),
        (-8, "−8"),
        (12.5, "12,5"),
        (None, "onbekend"),
    ],
)
def test_number_has_dutch_separators(value, text):
    assert tags.number(value) == text


def test_number_follows_the_language():
    with translation.override("en"):
        assert tags.number(1831) == "1,831"


@pytest.mark.parametrize(
    ("value", "text"), [(8, "+8"), (-11, "−11"), (0, "0"), (1200, "+1.200"), (None, "")]
)
def test_delta_carries_its_sign(value, text):
    assert tags.delta(value) == text


@pytest.mark.parametrize(("value", "text"), [("≥ 57", "≥ 57"), (1831, "1.831"), (None, "onbekend")])
def test_figure_writes_numbers_and_leaves_text(value, text):
    assert tags.figure(value) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.33, "+33 %"), (-0.24, "−24 %"), (0.0, "0 %"), (0.004, "0 %"), (None, "onbekend")],
)
def test_percent_of_a_deviation(fraction, text):
    assert tags.percent(fraction) == text


def test_share_has_no_sign():
    assert tags.share(0.784) == "78 %"
    assert tags.share(None) == "onbekend"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 min"),
        (18, "18 min"),
        (59, "59 min"),
        (60, "1 u 00"),
        (66, "1 u 06"),
        (1500, "25 u 00"),
        (None, "onbekend"),
    ],
)
def test_minutes(value, text):
    assert tags.minutes(value) == text


def test_hm_is_dutch_wall_clock_time_in_winter_and_summer():
    assert tags.hm(datetime(2020, 10, 29, 7, 21, tzinfo=UTC)) == "08:21"
    assert tags.hm(datetime(2020, 7, 29, 7, 21, tzinfo=UTC)) == "09:21"
    assert tags.hm(None) == "onbekend"


def test_iso_keeps_the_offset():
    assert tags.iso(NOW) == "2020-10-29T10:24:00+01:00"
    assert tags.iso(None) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (66 * 60, "nog 1 u 06"),
        (18 * 60, "nog 18 min"),
        (17 * 60 + 1, "nog 18 min"),
        (1, "nog 1 min"),
        (0, "nu"),
        (-59, "nu"),
        (-60, "1 min te laat"),
        (-12 * 60 - 59, "12 min te laat"),
    ],
)
def test_left(seconds, text):
    assert tags.left(NOW + timedelta(seconds=seconds), NOW) == text


def test_left_without_a_limit_is_empty():
    assert tags.left(None, NOW) == ""


@pytest.mark.parametrize(
    ("hours", "text"),
    [(1, "om 11:24"), (-1, "om 09:24"), (24, "30 okt 10:24"), (-24, "gisteren 10:24")],
)
def test_when_names_another_day(hours, text):
    assert tags.when(NOW + timedelta(hours=hours), NOW) == text


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(1201, "is-ok"), (1200, "is-soon"), (1, "is-soon"), (0, "is-over"), (-1, "is-over")],
)
def test_clock_state_turns_at_twenty_minutes_and_at_the_limit(seconds, state):
    assert tags.clock_state(NOW + timedelta(seconds=seconds), NOW) == state


@pytest.mark.parametrize(("offset", "state"), [(1, "is-ok"), (0, "is-soon"), (-1, "is-soon")])
def test_clock_state_turns_at_its_own_moment(offset, state):
    soon_at = NOW + timedelta(seconds=offset)

    assert tags.clock_state(NOW + timedelta(hours=2), NOW, soon_at) == state


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2020, 10, 29, 7, 21, tzinfo=UTC), "08:21"),
        (datetime(2020, 10, 28, 23, 5, tzinfo=UTC), "00:05"),
        (datetime(2020, 10, 28, 22, 55, tzinfo=UTC), "gisteren 23:55"),
        (datetime(2020, 10, 27, 7, 35, tzinfo=UTC), "27 okt 08:35"),
        (datetime(2019, 12, 31, 7, 35, tzinfo=UTC), "31 dec 2019 08:35"),
        (None, "nooit gemeld"),
    ],
)
def test_age_counts_days_in_the_netherlands(moment, text):
    assert tags.age(moment, NOW) == text


def test_at_least_marks_an_incomplete_total():
    assert tags.at_least(57, False) == "≥ 57"
    assert tags.at_least(57, True) == "57"
    assert tags.at_least(None, False) == "onbekend"


@pytest.mark.parametrize(
    ("deviation", "state"),
    [
        (0.101, "is-above"),
        (0.10, "is-within"),
        (0.0, "is-within"),
        (-0.10, "is-within"),
        (-0.101, "is-below"),
        (None, "is-stale"),
    ],
)
def test_fairness_includes_the_edge_of_the_band(deviation, state):
    assert tags.fairness(deviation, 0.1) == state


def test_share_geometry_places_the_mark_and_stops_at_the_edge():
    assert tags.share_geometry(0.33, 0.1)["mark"] == "79.7"
    assert tags.share_geometry(0.9, 0.1)["mark"] == "96"
    assert tags.share_geometry(-0.9, 0.1)["bar_x"] == "0"
    assert tags.share_geometry(0.0, 0.10)["band_width"] == "19.2"


def test_beds_geometry_fills_the_open_beds():
    layout = tags.beds_geometry(28, 20, 3, 2)

    assert layout["is_over"] == ""
    assert float(layout["held_x"]) == pytest.approx(0.5 + float(layout["occupied"]), abs=0.1)
    parts = sum(float(layout[part]) for part in ("occupied", "held", "reserve"))
    assert parts == pytest.approx(float(layout["open"]) * 25 / 28, abs=0.2)


def test_beds_geometry_shows_what_exceeds_the_open_beds():
    layout = tags.beds_geometry(28, 31)

    assert layout["is_over"] == "yes"
    assert float(layout["over_x"]) > float(layout["open"])
    assert float(layout["over_x"]) + float(layout["over"]) <= 160


@pytest.mark.parametrize("beds", [(0, 0), (0, 4), (4, 0, 9, 9)])
def test_beds_geometry_never_draws_negative_lengths(beds):
    assert (
        min(
            float(length) for name, length in tags.beds_geometry(*beds).items() if name != "is_over"
        )
        >= 0
    )


def test_spark_geometry_leaves_out_unknown_days():
    drawn = tags.spark_geometry([1, None, 3])

    assert drawn["line"] == "2.0,28.0 116.0,4.0"


def test_spark_geometry_ends_where_the_series_is_expected():
    drawn = tags.spark_geometry([10, 20], expected=30)

    assert (drawn["now_x"], drawn["next_x"]) == ("106", "119")
    assert float(drawn["next_y"]) < float(drawn["now_y"])


@pytest.mark.parametrize("values", [[], [None, None]])
def test_spark_geometry_of_nothing_is_empty(values):
    assert tags.spark_geometry(values) == {}


def test_lengths_have_a_decimal_point_in_dutch():
    drawn = Template("{% load lcps %}{% share_geometry 0.33 0.1 as g %}{{ g.mark }}").render(
        Context()
    )

    assert drawn == "79.7"


class Sample(forms.Form):
    text = forms.CharField()
    level = forms.ChoiceField(choices=[("icu", "IC")])
    why = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    remark = forms.CharField(widget=forms.Textarea)
    sure = forms.BooleanField()
    secret = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("name", "css", "kind"),
    [
        ("text", "utrecht-textbox--html-input", "box"),
        ("level", "utrecht-select", "box"),
        ("why", 'type="radio"', "choice"),
        ("remark", "utrecht-textarea--html-textarea", "box"),
        ("sure", 'type="checkbox"', "check"),
        ("secret", 'type="hidden"', "hidden"),
    ],
)
def test_control_wears_the_classes_of_the_design_system(name, css, kind):
    field = Sample()[name]

    assert css in tags.control(field)
    assert tags.control_kind(field) == kind
