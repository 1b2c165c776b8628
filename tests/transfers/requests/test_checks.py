"""The cross-checks, one by one, each seen to speak and to be silent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from transfers.requests import checks
from transfers.requests.checks import Picture

NOW = datetime(2020, 10, 29, 7, 5, tzinfo=UTC)
SOUND = Picture(
    oxygen_l_min=3,
    stable_by="dr. A. Bosman",
    stable_at=NOW,
    informed="agreed",
    informed_who="partner",
    informed_at=NOW,
    gp_informed=True,
    values_at=NOW,
)


def codes(picture, *, is_softened=False, values_until=NOW + timedelta(hours=1), stable_until=None):
    found = checks.findings(
        picture,
        is_softened=is_softened,
        now=NOW,
        values_until=values_until,
        stable_until=stable_until,
    )
    return {one.code for one in found}


def test_a_sound_picture_has_nothing_to_say():
    assert codes(SOUND) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"airway": "tube", "ventilation": "invasive", "fio2_percent": 50}, "peep_missing"),
        ({"airway": "tube", "ventilation": "invasive", "peep_cmh2o": 10}, "fio2_missing"),
        (
            {"ventilation": "invasive", "fio2_percent": 50, "peep_cmh2o": 10},
            "invasive_without_airway",
        ),
        ({"age_years": 2, "age_months": 0}, "months_too_old"),
        ({"age_years": 58, "age_months": 7}, "months_too_old"),
        ({"informed_who": ""}, "informed_who_missing"),
        ({"informed_at": None}, "informed_at_missing"),
        ({"airway": "tube"}, "tube_without_mode"),
        ({"ventilation": "o2", "oxygen_l_min": None}, "oxygen_missing"),
        ({"ventilation": "hfno", "oxygen_l_min": None}, "oxygen_missing"),
        ({"ecmo": "vv"}, "ecmo_asks_review"),
        ({"prone": "now"}, "prone_asks_review"),
        ({"vulnerability": "ernstige dementie"}, "vulnerable_stays"),
        ({"stable_by": "", "stable_at": None}, "stable_missing"),
        ({"stable_at": None}, "stable_missing"),
        ({"informed": ""}, "informed_missing"),
        ({"informed": "objects"}, "objection"),
        ({"gp_informed": False}, "gp_missing"),
    ],
)
def test_each_check_speaks(changes, code):
    assert codes(replace(SOUND, **changes)) == {code}


@pytest.mark.parametrize(
    "changes",
    [
        {"ventilation": "invasive", "airway": "tube", "fio2_percent": 50, "peep_cmh2o": 0},
        {"ventilation": "o2", "oxygen_l_min": 0},
        {"airway": "tracheostomy"},
        {"airway": "tracheostomy", "ventilation": "invasive", "fio2_percent": 50, "peep_cmh2o": 8},
        {"age_years": 1, "age_months": 23},
        {"age_years": 2},
        {"prone": "earlier"},
        {"informed": "objects", "objection_override": "niet wilsbekwaam, levensreddend"},
    ],
)
def test_each_check_is_silent_when_it_should(changes):
    assert codes(replace(SOUND, **changes)) == set()


def test_from_phase_2c_a_vulnerable_patient_needs_a_geriatric_advice():
    frail = replace(SOUND, vulnerability="ernstige dementie")

    assert codes(frail, is_softened=True) == {"advice_missing"}
    assert codes(replace(frail, geriatric_advice="dr. Smit: akkoord"), is_softened=True) == set()
    assert codes(replace(frail, geriatric_advice="dr. Smit: akkoord")) == {"vulnerable_stays"}


@pytest.mark.parametrize(("seconds", "old"), [(-1, True), (0, True), (1, False)])
def test_values_are_old_from_the_moment_they_no_longer_count(seconds, old):
    found = codes(SOUND, values_until=NOW + timedelta(seconds=seconds))

    assert ("values_old" in found) is old


@pytest.mark.parametrize(("seconds", "old"), [(-1, True), (0, True), (1, False)])
def test_a_word_that_the_patient_is_stable_counts_as_long_as_values_do(seconds, old):
    found = codes(SOUND, stable_until=NOW + timedelta(seconds=seconds))

    assert found == ({"stable_old"} if old else set())


def test_what_a_doctor_confirms_and_what_may_wait_does_not_block():
    found = checks.findings(
        replace(SOUND, ecmo="vv", gp_informed=False),
        is_softened=False,
        now=NOW,
        values_until=NOW,
    )

    assert len(found) == 3
    assert checks.blocking(found) == []


@pytest.mark.parametrize(
    ("typed", "percent"),
    [("0.6", 60), ("0.21", 21), ("1", 100), ("0", None), ("60", None), ("1.5", None)],
)
def test_a_fraction_of_oxygen_is_read_as_a_percentage(typed, percent):
    assert checks.percent_of_fraction(Decimal(typed)) == percent


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"ventilation": "hfno"}, True),
        ({"ventilation": "niv"}, False),
        ({"vulnerability": "delier"}, False),
        ({"prone": "now"}, False),
        ({"ecmo": "va"}, False),
    ],
)
def test_only_a_patient_without_flags_skips_the_medical_review(changes, may):
    assert checks.may_skip_review(replace(SOUND, **changes)) is may


def test_a_picture_is_read_from_a_mapping_and_unknowns_stay_unknown():
    picture = checks.of({"ventilation": "invasive", "peep_cmh2o": None, "age_years": 63})

    assert picture.ventilation == "invasive"
    assert picture.peep_cmh2o is None
