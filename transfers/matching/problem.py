"""What the matching is asked: a need, the places it may go to, and what each region carries.

Pure: no Django. `transfers.matching.source` fills these from the tables; `rank` answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from capacity.picture import fairness
from capacity.picture.fairness import ABOVE, BASIS_POINTS, BELOW, WITHIN

Fact = int | str | datetime
Facts = Mapping[str, Fact]

REGION = "region"
NATION = "nation"
ADULT = "adult"
CHILD = "child"
SIDES = {BELOW: -1, WITHIN: 0, ABOVE: 1}


@dataclass(frozen=True)
class Need:
    """What the patient needs, and how far the search goes.

    Parameters
    ----------
    level : str
        Code of the care level.
    in_cohort : bool
        Whether the bed must stand in the cohort.
    age_group : str
        `adult` or `child`.
    sending_site, sending_region : str
        Codes of where the patient is now.
    scope : str
        `region`: only the own region is asked; `nation`: every region.
    reach_minutes : int
        Longest journey the patient is sent on, in minutes, at least 1.
    """

    level: str
    in_cohort: bool
    age_group: str
    sending_site: str
    sending_region: str
    scope: str
    reach_minutes: int

    def __post_init__(self) -> None:
        if self.age_group not in (ADULT, CHILD):
            raise ValueError(f"unknown age group {self.age_group!r}")
        if self.scope not in (REGION, NATION):
            raise ValueError(f"unknown scope {self.scope!r}")
        if self.reach_minutes < 1:
            raise ValueError("the reach is at least 1 minute")


@dataclass(frozen=True)
class Beds:
    """The beds of the level at one site, as they can be promised now (docs/adr/0005).

    `free` leaves out the reserve and what is held; `cohort_free` and `other_free` are the same by
    label. `offered` is what the site itself offers to others. All are counts of beds; free may be
    negative.
    """

    open: int
    occupied: int
    reserve: int
    free: int
    cohort_free: int
    other_free: int
    offered: int
    measured_at: datetime
    age: str = "fresh"
    may_be_used: bool = True


@dataclass(frozen=True)
class Candidate:
    """One hospital location, with everything the rules and the order look at.

    `beds` is None when the site never reported the level. Minutes are those of
    `regions.places.travel`; `home_minutes` is None when the home area is not known.
    """

    site: str
    region: str
    has_level: bool
    age_groups: frozenset[str]
    travel_minutes: int
    beds: Beds | None = None
    home_minutes: int | None = None
    is_neighbour: bool = False
    stop_until: datetime | None = None
    asked_until: datetime | None = None
    refused: str = ""
    disputed_at: datetime | None = None
    arrivals_today: int = 0
    refusals: int = 0

    def __post_init__(self) -> None:
        counts = (self.travel_minutes, self.home_minutes or 0, self.arrivals_today, self.refusals)
        if min(counts) < 0:
            raise ValueError(f"{self.site}: minutes and counts are not negative")


@dataclass(frozen=True)
class RegionShare:
    """What one region carries, and what it should.

    `occupied` counts beds; `basis_points` is its part of the national load (10,000 is all of it);
    `band` is the tolerated deviation in thousandths of the share. `is_conclusive` is False when too
    few of its sites, or of the country's, have reported to conclude anything.
    """

    region: str
    occupied: int
    basis_points: int
    band: int
    is_conclusive: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.basis_points <= BASIS_POINTS or self.occupied < 0 or self.band < 0:
            raise ValueError(f"{self.region}: share, load and band are not negative")


@dataclass(frozen=True)
class Preferences:
    """The dials of the order; all of one unit, so that they can be weighed by whoever reads them.

    Parameters
    ----------
    not_neighbouring, per_arrival, per_refusal : int
        Minutes of journey one would drive further to avoid: a region without common border, one
        more arrival planned there today, one more recent refusal.
    long_ride, near_home : int
        From how many minutes a ride is called long, up to how many a place is called near home.
    many_arrivals : int
        From how many arrivals today they are named.
    """

    not_neighbouring: int = 30
    per_arrival: int = 20
    per_refusal: int = 30
    long_ride: int = 150
    near_home: int = 45
    many_arrivals: int = 2


def deviation(
    share: RegionShare, national: int, *, whole: int = BASIS_POINTS, more: int = 0
) -> int | None:
    """How far a region is from its fair share.

    Parameters
    ----------
    share : RegionShare
        Load and part of one region.
    national : int
        Occupied beds in the country, the sum over the regions that are known well enough.
    whole : int
        The part of the load that those regions should carry together, in basis points.
    more : int
        Patients added to the region and not to the country: a move from elsewhere.

    Returns
    -------
    int or None
        In thousandths (`fairness.deviation`); None when nothing is expected of the region, or its figures
        allow no conclusion.
    """
    if not share.is_conclusive:
        return None
    return fairness.deviation(share.occupied + more, national, part=share.basis_points, whole=whole)


class Regions:
    """The deviations of all regions, computed once."""

    def __init__(self, shares: Iterable[RegionShare]) -> None:
        self.shares = {share.region: share for share in shares}
        # A region that did not report is no reason to call the others overloaded.
        known = [share for share in self.shares.values() if share.is_conclusive]
        self.national = sum(share.occupied for share in known)
        self.whole = sum(share.basis_points for share in known)

    def before(self, region: str) -> int | None:
        share = self.shares.get(region)
        return deviation(share, self.national, whole=self.whole) if share else None

    def after(self, need: Need, region: str) -> int | None:
        """With the patient there. Inside the own region nothing changes hands."""
        share = self.shares.get(region)
        if share is None:
            return None
        more = 0 if region == need.sending_region else 1
        return deviation(share, self.national, whole=self.whole, more=more)

    def side(self, region: str, value: int | None) -> int:
        """-1 below, 0 within (or unknown), 1 above the band."""
        if value is None:
            return 0
        return SIDES[fairness.side(value, self.shares[region].band)]
