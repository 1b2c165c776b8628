"""The arguments for and against a place that fits, as codes with their numbers. Pure: no Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from transfers.matching.problem import Beds, Candidate, Facts, Need, Preferences, Regions


@dataclass(frozen=True)
class Argument:
    """One argument for or against a place: a code and its numbers."""

    code: str
    is_for: bool
    facts: Facts = field(default_factory=dict)


def reasons(
    need: Need,
    candidate: Candidate,
    beds: Beds,
    group: Sequence[Candidate],
    regions: Regions,
    dials: Preferences,
) -> tuple[Argument, ...]:
    """The arguments, for before against, in a fixed order."""
    arguments = (
        *_place_reasons(need, candidate, group, dials),
        *_share_reasons(need, candidate, group, regions),
        *_bed_reasons(candidate, beds, dials),
    )
    return tuple(sorted(arguments, key=lambda reason: not reason.is_for))


def _place_reasons(
    need: Need, candidate: Candidate, group: Sequence[Candidate], dials: Preferences
) -> Iterable[Argument]:
    minutes, home = candidate.travel_minutes, candidate.home_minutes
    if candidate.region == need.sending_region:
        yield Argument("own_region", True)
    elif candidate.is_neighbour:
        yield Argument("neighbouring_region", True)
    if len(group) > 1 and minutes == min(other.travel_minutes for other in group):
        yield Argument("closest", True, {"minutes": minutes})
    if home is not None and home <= dials.near_home:
        yield Argument("near_home", True, {"minutes": home})
    if minutes >= dials.long_ride:
        yield Argument("long_ride", False, {"minutes": minutes})


def _share_reasons(
    need: Need, candidate: Candidate, group: Sequence[Candidate], regions: Regions
) -> Iterable[Argument]:
    before = regions.before(candidate.region)
    after = regions.after(need, candidate.region)
    if candidate.region == need.sending_region or before is None or after is None:
        return
    known = [value for other in group if (value := regions.before(other.region)) is not None]
    band = regions.shares[candidate.region].band
    if before < -band and before == min(known):
        yield Argument("least_loaded_region", True, {"deviation": before})
    elif after < -band:
        yield Argument("region_below_band", True, {"deviation": after})
    elif after > band:
        yield Argument("region_over_band_after", False, {"deviation": after})
    elif 2 * after > band:
        yield Argument("region_near_band", False, {"deviation": after})


def _bed_reasons(candidate: Candidate, beds: Beds, dials: Preferences) -> Iterable[Argument]:
    if beds.offered > 0:
        yield Argument("bed_offered", True, {"count": beds.offered})
    else:
        yield Argument("nothing_offered", False)
    if candidate.arrivals_today >= dials.many_arrivals:
        yield Argument("many_arrivals", False, {"count": candidate.arrivals_today})
    if candidate.refusals:
        yield Argument("refused_lately", False, {"count": candidate.refusals})
    if beds.age != "fresh":
        yield Argument(f"figures_{beds.age}", False, {"measured_at": beds.measured_at})
