"""Every code the matching can give has words, and its numbers stand in them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.transfers.matching.test_rank import AT, SHARES, place
from tests.transfers.matching.test_rules import BROKEN
from transfers.matching import explain
from transfers.matching.arguments import Argument
from transfers.matching.rank import rank
from transfers.matching.rules import RULES, Excluded

NOW = datetime(2020, 10, 29, 9, 24, tzinfo=UTC)


@pytest.mark.parametrize(("rule", "need", "like", "facts"), BROKEN)
def test_every_exclusion_becomes_a_sentence_with_its_numbers(rule, need, like, facts):
    excluded = rank(need, [replace(place("rijnstate", "oost", 112), **like)], SHARES).excluded[0]

    said = explain.exclusion(excluded, now=NOW)

    assert said.endswith(".")
    assert "%(" not in said


def test_every_rule_has_a_name():
    assert set(explain.RULES) == {code for code, _rule in RULES}
    assert explain.rule("no_free_bed", level="IC") == "Geen vrij bed zonder BOSS: IC"


def test_no_free_bed_says_the_whole_sum():
    facts = {"open": 48, "occupied": 46, "reserve": 2, "free": 0, "measured_at": AT}

    assert explain.exclusion(Excluded("radboud", "no_free_bed", facts), now=NOW) == (
        "48 open, 46 bezet, 2 BOSS, 0 vrij. Gemeld 08:26."
    )


def test_a_region_above_its_band_says_by_how_much():
    facts = {"deviation": 325, "band": 100}

    assert explain.exclusion(Excluded("ikazia", "region_above_band", facts), now=NOW) == (
        "De regio draagt +33 %, de band loopt tot +10 %."
    )


def test_figures_of_another_day_are_said_with_their_date():
    assert explain.moment(AT - timedelta(days=2), NOW) == "27 okt 08:26"
    assert explain.moment(AT, NOW) == "08:26"


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        (Argument("closest", True, {"minutes": 112}), "Dichtst bij van alle plaatsen die passen"),
        (Argument("near_home", True, {"minutes": 40}), "Dicht bij huis: 40 min"),
        (Argument("long_ride", False, {"minutes": 176}), "Lange rit: 2 u 56"),
        (
            Argument("least_loaded_region", True, {"deviation": -284}),
            "Regio draagt nu het minst: −28 %",
        ),
        (Argument("many_arrivals", False, {"count": 3}), "Er komen vandaag al 3 patiënten"),
        (
            Argument("figures_stale", False, {"measured_at": AT}),
            "Cijfers verouderd, van 08:26",
        ),
    ],
)
def test_an_argument_is_said_in_few_words(argument, words):
    assert explain.reason(argument, now=NOW) == words


@pytest.mark.parametrize(
    ("per_mille", "said"),
    [(0, "0 %"), (4, "0 %"), (5, "+1 %"), (-5, "−1 %"), (-119, "−12 %"), (None, "onbekend")],
)
def test_a_deviation_is_said_in_whole_percents(per_mille, said):
    assert explain.deviation(per_mille) == said
