"""What people type is read exactly or refused with its reason; nothing is guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.reports import typed

DAY = date(2020, 10, 29)


@pytest.mark.parametrize(
    ("text", "value"), [("", None), ("  ", None), ("0", 0), ("12", 12), (" 12 ", 12), ("007", 7)]
)
def test_whole_numbers_are_read(text, value):
    assert typed.whole(text) == value


@pytest.mark.parametrize(
    ("text", "code", "meant"),
    [
        ("12,5", "decimal", "12"),
        ("1.200", "decimal", "1"),
        ("-3", "negative", ""),
        ("−3", "negative", ""),
        ("- 3", "negative", ""),
        ("-3,5", "negative", ""),
        ("1 200", "spaces", "1200"),
        ("1\u00a0200", "spaces", "1200"),
        ("1\u202f200", "spaces", "1200"),
        ("abc", "not_a_number", ""),
        ("12 bedden", "not_a_number", ""),
        ("1_000", "not_a_number", ""),
        ("1e3", "not_a_number", ""),
        ("+5", "not_a_number", ""),
        ("½", "not_a_number", ""),
        ("²", "not_a_number", ""),
        ("0x10", "not_a_number", ""),
        ("12\x00", "not_a_number", ""),
        ("１２", "other_digits", "12"),
        ("٣٤", "other_digits", "34"),
        ("99999999999999999999", "huge", ""),
    ],
)
def test_other_texts_are_refused_with_the_reason(text, code, meant):
    with pytest.raises(typed.Unreadable) as refused:
        typed.whole(text)

    assert (refused.value.code, refused.value.meant) == (code, meant)


@given(st.integers(0, 999_999))
def test_every_count_reads_back(value):
    assert typed.whole(str(value)) == value


@given(st.text(max_size=40))
def test_a_text_is_read_exactly_or_refused(text):
    try:
        value = typed.whole(text)
    except typed.Unreadable as refused:
        assert refused.code
        assert len(refused.text) <= 21 or refused.code == "huge"
    else:
        assert (
            value is None if not text.strip() else str(value) == (text.strip().lstrip("0") or "0")
        )


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("7,8", Decimal("7.8")), ("7.8", Decimal("7.8")), ("7", Decimal(7)), ("60 %", 60)],
)
def test_percentages_are_read_with_one_decimal(text, value):
    assert typed.tenths(text) == value


@pytest.mark.parametrize(
    ("text", "code"), [("7,85", "percentage"), ("-1", "negative"), ("x", "percentage")]
)
def test_other_percentages_are_refused(text, code):
    with pytest.raises(typed.Unreadable) as refused:
        typed.tenths(text)

    assert refused.value.code == code


@pytest.mark.parametrize("text", ["08:05", "8:05", "8.05", "0805", "8:05 uur", "29-10-2020 08:05"])
def test_dutch_times_become_instants(text):
    assert typed.moment(text, day=DAY) == datetime(2020, 10, 29, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["25:00", "8:61", "gisteren", "31-02-2020 08:00", "1-1-0001 00:00", "8"]
)
def test_other_times_are_refused(text):
    with pytest.raises(typed.Unreadable) as refused:
        typed.moment(text, day=DAY)

    assert refused.value.code == "no_time"


def test_the_hour_that_the_clock_change_skips_does_not_exist():
    with pytest.raises(typed.Unreadable) as refused:
        typed.moment("02:30", day=date(2020, 3, 29))

    assert refused.value.code == "no_such_time"


def test_the_hour_that_comes_twice_is_its_first():
    assert typed.moment("02:30", day=date(2020, 10, 25)) == datetime(
        2020, 10, 25, 0, 30, tzinfo=UTC
    )


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
        lambda d: d.replace(second=0, microsecond=0)
    )
)
def test_a_moment_reads_back_as_it_was_written(naive):
    instant = naive.replace(tzinfo=UTC)

    back = typed.moment(typed.as_typed(instant, day=DAY), day=DAY)

    # Only the second pass of the doubled hour of autumn reads back as its first.
    assert back == instant or (instant - back).total_seconds() == 3600
