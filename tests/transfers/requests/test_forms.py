"""Every wrong answer gets a clear message at its field; every way of writing a right one is read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from capacity.models import CareLevel
from tests.transfers.requests.typed import TYPED
from transfers.requests.fields import percent_meant
from transfers.requests.forms import INTENSIVE, PictureForm, RequestForm

NOW = datetime(2020, 10, 29, 7, 5, tzinfo=UTC)  # 08:05 in Amsterdam
ICU = CareLevel(code="icu", needs_icu=True)
WARD = CareLevel(code="ward", needs_icu=False)


def form(level=WARD, now=NOW, **changes):
    return RequestForm(TYPED | changes, level=level, now=now)


def icu(**changes):
    base = {"airway": "tube", "ventilation": "invasive", "prone": "never", "ecmo": "none"}
    base |= {"map_mmhg": "70", "noradrenaline_ug_kg_min": "0", "other_inotropes": "no"}
    return form(ICU, **base | changes)


def test_what_is_right_is_read():
    filled = form()

    assert filled.is_valid(), filled.errors
    values = filled.values()
    assert values["weight_kg"] == 92
    assert values["urgency"] == 24
    assert values["in_cohort"] is True
    assert values["gp_informed"] is True
    assert "version" not in values


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("age_years", "", "Vul dit in."),
        ("age_years", "-1", "van 0 tot 120"),
        ("age_years", "121", "van 0 tot 120"),
        ("age_years", "58,5", "heel getal"),
        ("age_years", "5 8", "heel getal"),
        ("age_years", "1_0", "heel getal"),
        ("age_years", "\u0665\u0668", "heel getal"),
        ("age_years", "acht", "heel getal"),
        ("weight_kg", "0", "van 1 tot 350"),
        ("weight_kg", "9" * 30, "van 1 tot 350"),
        ("oxygen_l_min", "81", "van 0 tot 80"),
        ("values_at", "", "Vul dit in."),
        ("values_at", "straks", "Vul een tijd in"),
        ("values_at", "25:00", "Vul een tijd in"),
        ("values_at", "29-10-2020 08:06", "toekomst"),
        ("values_at", "01-01-1900 10:00", "te lang terug"),
        ("infection_date", "30-10-2020", "in de toekomst"),
        ("infection_date", "28-10-2019", "een jaar terug"),
        ("infection_date", "31-02-2020", "Vul een datum in"),
        ("own_reference", "123456782", "BSN"),
        ("own_reference", "x" * 31, "30"),
        ("special_needs", "geb. 12-03-1956", "geboortedatum"),
        ("special_needs", "twee\nregels", "één regel"),
        ("home_area", "1", "eerste twee cijfers"),
        ("home_area", "\u0661\u0662", "eerste twee cijfers"),
        ("sex", "", "Maak een keuze."),
        ("sex", "x", "Maak een keuze."),
        ("urgency", "12", "Maak een keuze."),
        ("ventilation", "invasive", "Maak een keuze."),  # not on a ward
    ],
)
def test_a_wrong_answer_is_said_at_its_field(name, typed, said):
    filled = form(**{name: typed})

    assert not filled.is_valid()
    assert said in " ".join(filled.errors[name])
    assert set(filled.errors) == {name}


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("weight_kg", " 92 ", 92),
        ("noradrenaline_ug_kg_min", "0,08", Decimal("0.08")),
        ("noradrenaline_ug_kg_min", "0.08", Decimal("0.08")),
        ("noradrenaline_ug_kg_min", "1", Decimal(1)),
        ("sedation_rass", "-4", -4),
        ("sedation_rass", "−4", -4),
        ("infection_date", "27-10-2020", date(2020, 10, 27)),
        ("infection_date", "27/10/2020", date(2020, 10, 27)),
        ("infection_date", "2020-10-27", date(2020, 10, 27)),
        ("values_at", "08:05", datetime(2020, 10, 29, 7, 5, tzinfo=UTC)),
        ("values_at", "8.05", datetime(2020, 10, 29, 7, 5, tzinfo=UTC)),
        ("values_at", "08:06", datetime(2020, 10, 28, 7, 6, tzinfo=UTC)),  # that was yesterday
        ("values_at", "28-10 22:30", datetime(2020, 10, 28, 21, 30, tzinfo=UTC)),
        ("values_at", "28-10-2020 22:30", datetime(2020, 10, 28, 21, 30, tzinfo=UTC)),
    ],
)
def test_every_way_of_writing_is_read(name, typed, value):
    filled = icu(**{name: typed})

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data[name] == value


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("fio2_percent", "0,6", "Bedoelt u 60 %?"),
        ("fio2_percent", "0.21", "Bedoelt u 21 %?"),
        ("fio2_percent", "20", "van 21 tot 100"),
        ("noradrenaline_ug_kg_min", "0,085", "twee cijfers"),
        ("noradrenaline_ug_kg_min", "6", "van 0 tot 5"),
        ("noradrenaline_ug_kg_min", "veel", "bijvoorbeeld 0,08"),
        ("noradrenaline_ug_kg_min", "NaN", "bijvoorbeeld 0,08"),
        ("noradrenaline_ug_kg_min", "٣", "bijvoorbeeld 0,08"),
        ("noradrenaline_ug_kg_min", "0_1", "bijvoorbeeld 0,08"),
        ("noradrenaline_ug_kg_min", "1e0", "bijvoorbeeld 0,08"),
        ("values_at", "01-01-0001 00:00", "bijvoorbeeld"),
        ("sedation_rass", "5", "van −5 tot 4"),
    ],
)
def test_values_of_intensive_care_are_bounded(name, typed, said):
    filled = icu(**{name: typed})

    assert not filled.is_valid()
    assert said in " ".join(filled.errors[name])


def test_a_time_alone_on_the_night_of_the_clock_change_is_one_that_has_been():
    # Sunday 25 October 2020, 02:30 wall time comes twice; 00:45 UTC is the first of the two.
    now = datetime(2020, 10, 25, 0, 45, tzinfo=UTC)

    filled = form(now=now, values_at="02:40", stable_at="")

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["values_at"] == datetime(2020, 10, 25, 0, 40, tzinfo=UTC)


def test_a_ward_patient_is_not_asked_what_only_intensive_care_has():
    assert not INTENSIVE & set(form().fields)
    assert set(icu().fields) >= INTENSIVE


def test_what_was_typed_comes_back_as_it_was_typed():
    filled = form(weight_kg="negentig", own_reference=" MZ-31 ")

    assert filled.typed()["weight_kg"] == "negentig"
    assert filled.typed()["own_reference"] == " MZ-31 "


def test_a_moment_is_written_so_that_it_is_read_the_same():
    for taken_at in (
        datetime(2020, 10, 29, 7, 5, tzinfo=UTC),
        datetime(2020, 10, 28, 9, 0, tzinfo=UTC),
        datetime(2020, 10, 28, 7, 0, tzinfo=UTC),
    ):
        shown = PictureForm(level=WARD, now=NOW, initial={"values_at": taken_at})[
            "values_at"
        ].value()

        assert form(values_at=shown).fields["values_at"].clean(shown) == taken_at


@pytest.mark.parametrize(("typed", "meant"), [("0,6", 60), ("1e-5", None), ("6E-1", None)])
def test_only_a_plain_fraction_is_taken_for_a_percentage(typed, meant):
    assert percent_meant(typed) == meant
