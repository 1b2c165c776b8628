"""The reference files agree with each other and with the rules in docs/data.md."""

import csv
import json
import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).parents[3] / "regions" / "places" / "reference"


def read(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REGIONS = {row["code"]: row for row in read("regions.csv")}
SITES = {row["code"]: row for row in read("sites.csv")}
OUTLINES: dict[str, Any] = json.loads((REFERENCE / "outlines.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("regions.csv", 11),
        ("organisations.csv", 70),
        ("sites.csv", 117),
        ("ambulance_services.csv", 25),
        ("micu_centres.csv", 8),
    ],
)
def test_every_code_is_once_in_its_file(name: str, rows: int) -> None:
    codes = [row["code"] for row in read(name)]

    assert len(codes) == len(set(codes)) == rows
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in codes)


@pytest.mark.parametrize("name", ["name", "short_name"])
def test_no_two_sites_are_called_the_same(name: str) -> None:
    assert [
        each for each, times in Counter(row[name] for row in SITES.values()).items() if times > 1
    ] == []


def test_references_lead_somewhere() -> None:
    organisations = {row["code"] for row in read("organisations.csv")}
    services = read("ambulance_services.csv") + read("micu_centres.csv")

    assert {row["organisation"] for row in SITES.values()} == organisations
    assert {row["region"] for row in SITES.values()} == set(REGIONS)
    assert {row["region"] for row in services} == set(REGIONS)
    assert {row["site"] for row in read("micu_centres.csv")} < set(SITES)
    assert {row["trauma_centre"] for row in REGIONS.values()} < set(SITES)


def test_each_trauma_centre_reports_from_its_own_region() -> None:
    for code, region in REGIONS.items():
        centre = SITES[region["trauma_centre"]]

        assert (centre["region"], centre["trauma_centre"], centre["reports"]) == (
            code,
            "yes",
            "yes",
        )
    assert sum(row["trauma_centre"] == "yes" for row in SITES.values()) == len(REGIONS)


def test_a_general_or_academic_hospital_with_an_emergency_department_reports() -> None:
    for row in SITES.values():
        admits = row["type"] in {"general", "academic"} and row["has_ed"] in {"24_7", "day_evening"}

        assert row["reports"] == ("yes" if admits else "no"), row["code"]
    assert sum(row["reports"] == "yes" for row in SITES.values()) == 87


def test_only_reporting_sites_with_round_the_clock_emergency_care_have_an_icu() -> None:
    icus = [row for row in SITES.values() if row["assumed_icu"] == "yes"]

    assert len(icus) == 75
    assert all(row["has_ed"] == "24_7" and row["reports"] == "yes" for row in icus)
    assert {row["region"] for row in icus} == set(REGIONS)


def test_assumed_weights_follow_the_size_class() -> None:
    icu = {"academic": "36", "large": "17", "medium": "9", "small": "5", "": "0"}
    ward = {"academic": "42", "large": "34", "medium": "20", "small": "11", "": "0"}

    for row in SITES.values():
        size = row["assumed_size"]
        assert row["assumed_icu_weight"] == (icu[size] if row["assumed_icu"] == "yes" else "0"), (
            row["code"]
        )
        assert row["assumed_ward_weight"] == ward[size], row["code"]
        assert (size == "") == (row["reports"] == "no"), row["code"]
        if size in {"medium", "small"}:
            is_medium = row["has_ed"] == "24_7" and int(row["catchment_estimate"]) >= 160_000
            assert (size == "medium") == is_medium, row["code"]


def test_catchments_share_out_the_whole_population() -> None:
    catchments = sum(int(row["catchment_estimate"] or 0) for row in SITES.values())
    population = sum(int(row["population"]) for row in REGIONS.values())

    assert population == 17_590_672
    assert catchments == pytest.approx(population, abs=87 * 500)


def test_places_are_in_the_netherlands() -> None:
    for row in [
        *SITES.values(),
        *REGIONS.values(),
        *read("ambulance_services.csv"),
        *read("micu_centres.csv"),
    ]:
        assert 50.7 < float(row["latitude"]) < 53.6, row["code"]
        assert 3.3 < float(row["longitude"]) < 7.3, row["code"]


def test_confidence_is_always_stated_and_low_where_the_split_is_assumed() -> None:
    stated = {"high", "medium", "low"}

    assert {row["boundary_confidence"] for row in REGIONS.values()} <= stated
    assert {row["region_confidence"] for row in SITES.values()} <= stated
    assert {code for code, row in REGIONS.items() if row["boundary_confidence"] == "low"} == {
        "noordwest",
        "amsterdam",
    }


def test_fair_share_keys_sum_to_exactly_100() -> None:
    for level in ("icu", "ward"):
        lines = [row for row in read("fair_share.csv") if row["care_level"] == level]

        assert {row["region"] for row in lines} == set(REGIONS)
        assert sum(Decimal(row["percentage"]) for row in lines) == Decimal("100.00")
        assert {row["valid_from"] for row in lines} == {"2020-10-01"}


def test_fair_share_follows_the_inhabitants_to_a_hundredth_of_a_percent() -> None:
    population = sum(int(row["population"]) for row in REGIONS.values())

    for row in read("fair_share.csv"):
        exact = 100 * int(REGIONS[row["region"]]["population"]) / population
        assert float(row["percentage"]) == pytest.approx(exact, abs=0.01)


def test_neighbours_are_mutual_and_never_oneself() -> None:
    borders = {
        (row["region"], row["neighbour"]): row["border_km"] for row in read("neighbours.csv")
    }

    assert all(borders[b, a] == km for (a, b), km in borders.items())
    assert all(a != b for a, b in borders)
    assert {a for a, _ in borders} == set(REGIONS)


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("limburg", {"brabant", "oost"}),
        ("brabant", {"zuidwest", "oost", "limburg"}),
        ("euregio", {"zwolle", "oost"}),
        ("noord", {"zwolle", "amsterdam", "noordwest"}),
    ],
)
def test_known_neighbours(region: str, expected: set[str]) -> None:
    assert {
        row["neighbour"] for row in read("neighbours.csv") if row["region"] == region
    } == expected


def test_outlines_are_small_and_name_their_source() -> None:
    assert (REFERENCE / "outlines.json").stat().st_size < 60_000
    assert "CBS/Kadaster" in OUTLINES["sources"]
    assert set(OUTLINES["regions"]) == set(REGIONS)


def points_of(path: str) -> list[list[tuple[int, int]]]:
    """The rings of a path that only uses M, l and z, as absolute points."""
    rings = []
    for ring in path.split("z")[:-1]:
        start, _, steps = ring[1:].partition("l")
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        first_x, first_y = (int(number) for number in start.split())
        points = [(first_x, first_y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        rings.append(points)
    return rings


@pytest.mark.parametrize("code", REGIONS)
def test_each_outline_and_label_lies_inside_the_view_box(code: str) -> None:
    left, top, width, height = (int(number) for number in OUTLINES["view_box"].split())
    outline = OUTLINES["regions"][code]
    points = [point for ring in points_of(outline["path"]) for point in ring]

    for x, y in [*points, (outline["label_x"], outline["label_y"])]:
        assert left <= x <= left + width
        assert top <= y <= top + height


@pytest.mark.parametrize(
    "pair", [("brabant", "limburg"), ("noord", "zwolle"), ("west", "zuidwest")]
)
def test_neighbours_share_their_border_to_the_point(pair: tuple[str, str]) -> None:
    edges = []
    for code in pair:
        rings = points_of(OUTLINES["regions"][code]["path"])
        edges.append({frozenset(edge) for ring in rings for edge in pairwise([*ring, ring[0]])})

    assert len(edges[0] & edges[1]) >= 20
