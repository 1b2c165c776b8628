"""The transport advice, at its limits (T8)."""

from dataclasses import replace

import pytest

from transfers.rides.advice import B1_NURSE, B2, ESCORTED, MICU, Patient, advise

# An IC patient who meets every limit for accompanied transport, each by the smallest margin.
SAFE = Patient(
    is_icu=True,
    ventilation="invasive",
    spo2_percent=99,
    pmax_cmh2o=19,
    peep_cmh2o=5,
    fio2_percent=50,
    map_mmhg=71,
)
WARD = Patient(is_icu=False, ventilation="o2", oxygen_l_min=15)


def test_ic_patient_within_every_limit_travels_escorted():
    assert advise(SAFE).kind == ESCORTED
    assert advise(SAFE).because == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"spo2_percent": 98}, "spo2"),
        ({"pmax_cmh2o": 20}, "pmax"),
        ({"peep_cmh2o": 6}, "peep"),
        ({"fio2_percent": 51}, "fio2"),
        ({"map_mmhg": 70}, "map"),
        ({"has_inotropes": True}, "inotropes"),
        ({"cpr_24h": True}, "cpr"),
        ({"worsening_expected": True}, "worsening"),
        ({"spo2_percent": None}, "spo2"),
        ({"map_mmhg": None}, "map"),
    ],
)
def test_one_limit_not_met_or_not_known_asks_a_micu(change, code):
    advice = advise(replace(SAFE, **change))

    assert advice.kind == MICU
    assert advice.because == (code,)


def test_spontaneous_breathing_needs_no_ventilator_pressures():
    assert (
        advise(replace(SAFE, ventilation="none", pmax_cmh2o=None, peep_cmh2o=None)).kind == ESCORTED
    )


def test_ward_patient_on_little_oxygen_goes_by_ordinary_ambulance():
    assert advise(WARD).kind == B2


def test_ward_patient_on_much_oxygen_or_high_flow_takes_a_nurse_along():
    assert advise(replace(WARD, oxygen_l_min=16)).because == ("much_oxygen",)
    assert advise(replace(WARD, ventilation="hfno")).kind == B1_NURSE
