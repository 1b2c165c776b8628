"""The hard rules: why a place cannot take this patient (T6). Pure: no Django.

Each rule gives None when it is met, else the numbers that say why not. A place stands under the
first rule it fails.
"""

from collections.abc import Callable
from dataclasses import dataclass

from transfers.matching.problem import REGION, Beds, Candidate, Fact, Facts, Need, Regions

Rule = Callable[[Need, Candidate, Regions], Facts | None]


@dataclass(frozen=True)
class Excluded:
    """A place that does not fit: the first rule it fails, with the numbers that made it fail."""

    site: str
    rule: str
    facts: Facts


def _sending_site(need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    return {} if candidate.site == need.sending_site else None


def _outside_region(need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    return {} if need.scope == REGION and candidate.region != need.sending_region else None


def _no_such_level(_need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    return None if candidate.has_level else {}


def _age_group(need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    return None if need.age_group in candidate.age_groups else {"group": need.age_group}


def _already_asked(_need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    return {"until": candidate.asked_until} if candidate.asked_until else None


def _refused_already(_need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    return {"refusal": candidate.refused} if candidate.refused else None


def _figures_expired(_need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    if candidate.beds is None:
        return {}
    return None if candidate.beds.may_be_used else {"measured_at": candidate.beds.measured_at}


def _figures_disputed(_need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    return {"at": candidate.disputed_at} if candidate.disputed_at else None


def _intake_stop(_need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    return {"until": candidate.stop_until} if candidate.stop_until else None


def _no_free_bed(_need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    beds = candidate.beds
    return _bed_facts(beds) | {"free": beds.free} if beds and beds.free < 1 else None


def _no_bed_of_label(need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    if candidate.beds is None:
        return None
    free = candidate.beds.cohort_free if need.in_cohort else candidate.beds.other_free
    return _bed_facts(candidate.beds) | {"free": free} if free < 1 else None


def _region_above_band(need: Need, candidate: Candidate, regions: Regions) -> Facts | None:
    value = regions.before(candidate.region)
    if need.scope == REGION or value is None or regions.side(candidate.region, value) < 1:
        return None
    return {"deviation": value, "band": regions.shares[candidate.region].band}


def _out_of_reach(need: Need, candidate: Candidate, _regions: Regions) -> Facts | None:
    if candidate.travel_minutes <= need.reach_minutes:
        return None
    return {"minutes": candidate.travel_minutes, "reach": need.reach_minutes}


def _bed_facts(beds: Beds) -> dict[str, Fact]:
    return {
        "open": beds.open,
        "occupied": beds.occupied,
        "reserve": beds.reserve,
        "measured_at": beds.measured_at,
    }


# In this order: what a place is, what passed between us, what it said, what it has, where it lies.
RULES: tuple[tuple[str, Rule], ...] = (
    ("sending_site", _sending_site),
    ("outside_region", _outside_region),
    ("no_such_level", _no_such_level),
    ("age_group", _age_group),
    ("already_asked", _already_asked),
    ("refused_already", _refused_already),
    ("figures_expired", _figures_expired),
    ("figures_disputed", _figures_disputed),
    ("intake_stop", _intake_stop),
    ("no_free_bed", _no_free_bed),
    ("no_bed_of_label", _no_bed_of_label),
    ("region_above_band", _region_above_band),
    ("out_of_reach", _out_of_reach),
)


def first_broken(need: Need, candidate: Candidate, regions: Regions) -> Excluded | None:
    for code, rule in RULES:
        facts = rule(need, candidate, regions)
        if facts is not None:
            return Excluded(candidate.site, code, facts)
    return None
