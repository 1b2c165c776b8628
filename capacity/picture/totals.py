"""What a group of sites has together, and whether that is fair. Pure: no Django, no clock.

Unknown stays unknown: a sum says of how many sites it knows the figure, and over how many it should
run. A total with too few known sites is incomplete and drives no conclusion (C7).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from capacity.beds.free import of_cohort, promisable
from capacity.picture import fairness
from capacity.picture.fairness import ABOVE, BASIS_POINTS, BELOW, PER_MILLE, WITHIN


@dataclass(frozen=True)
class Figures:
    """What one site said of one care level, and what was promised of it since.

    Parameters
    ----------
    open_cohort, open_other : int
        Beds with staff and equipment, occupied or not.
    reserve : int
        Beds kept empty for calamities (BOSS), part of open.
    occ_cohort, occ_other : int
        Occupied: confirmed and infectious, and all others (delabelled patients are in other).
    new, offer, need : int or None
        Admissions in 24 h, beds offered, patients to place. None when not counted.
    held, moved : int
        Beds promised to requests; departures minus arrivals since the count.
    is_stopped : bool
        The site takes no patients at this level now: what is free there cannot be used.
    """

    open_cohort: int
    open_other: int
    reserve: int
    occ_cohort: int
    occ_other: int
    new: int | None = None
    offer: int | None = None
    need: int | None = None
    held: int = 0
    moved: int = 0
    is_stopped: bool = False

    @property
    def open(self) -> int:
        return self.open_cohort + self.open_other

    @property
    def occupied(self) -> int:
        return self.occ_cohort + self.occ_other

    @property
    def counted_free(self) -> int:
        """Open minus occupied minus reserve, as counted; negative is overfull, never clipped."""
        return self.open - self.occupied - self.reserve

    @property
    def free(self) -> int:
        """Beds that can still be promised; none where intake is stopped."""
        return promisable(
            self.counted_free, moved=self.moved, held=self.held, is_stopped=self.is_stopped
        )

    @property
    def counted_cohort_free(self) -> int:
        return self.open_cohort - self.occ_cohort

    @property
    def cohort_free(self) -> int:
        """Cohort beds that can still be promised; a hold counts against them whoever it is for."""
        return of_cohort(self.counted_cohort_free, self.free, moved=self.moved, held=self.held)


@dataclass(frozen=True)
class Sum:
    """A total over sites: its value, over how many sites it is known, and over how many it runs."""

    value: int | None
    known: int
    of: int

    @property
    def is_complete(self) -> bool:
        return self.known == self.of

    @property
    def part(self) -> float:
        """Which part of the sites is known; 1 when there are none to ask."""
        return self.known / self.of if self.of else 1.0

    @classmethod
    def over(cls, values: Iterable[int | None]) -> Self:
        every = list(values)
        known = [value for value in every if value is not None]
        return cls(sum(known) if known else None, len(known), len(every))


@dataclass(frozen=True)
class Totals:
    """Every figure of one care level, summed over sites."""

    open_cohort: Sum
    open_other: Sum
    open: Sum
    reserve: Sum
    occ_cohort: Sum
    occ_other: Sum
    occupied: Sum
    free: Sum
    cohort_free: Sum
    counted_free: Sum
    counted_cohort_free: Sum
    new: Sum
    offer: Sum
    need: Sum
    held: Sum

    @property
    def known(self) -> int:
        """Over how many sites the stock is known."""
        return self.open.known

    @property
    def of(self) -> int:
        return self.open.of

    @property
    def is_complete(self) -> bool:
        return self.open.is_complete

    def stored(self) -> dict[str, Any]:
        """The figures as they are kept with a signed picture: by the hospitals' count, no holds."""
        kept = {
            "open": self.open,
            "occupied": self.occupied,
            "occ_cohort": self.occ_cohort,
            "reserve": self.reserve,
            "free": self.counted_free,
            "cohort_free": self.counted_cohort_free,
            "new": self.new,
            "offer": self.offer,
            "need": self.need,
        }
        return {name: total.value for name, total in kept.items()} | {
            "sites": self.known,
            "of": self.of,
        }


FIGURES = tuple(field.name for field in fields(Totals))


def lower_bound(text: str, is_complete: bool) -> str:
    """How every sum is written: with missing sites it is at least that much."""
    return text if is_complete else f"≥ {text}"


def total(figures: Iterable[Figures | None]) -> Totals:
    """Sum what sites said of one level; None is a site that is expected and silent."""
    sites = list(figures)
    return Totals(
        **{
            name: Sum.over(None if site is None else getattr(site, name) for site in sites)
            for name in FIGURES
        }
    )


@dataclass(frozen=True)
class Change:
    """A difference between two calls, over the sites that answered both."""

    value: int
    sites: int


def change(
    today: Mapping[int, Figures | None], before: Mapping[int, Figures | None], figure: str
) -> Change | None:
    """How much a figure changed over the same sites; None when no site answered both calls.

    Parameters
    ----------
    today, before : mapping of site id to Figures or None
        The two calls, of one care level.
    figure : str
        Name of a figure, e.g. ``occ_cohort``.
    """
    pairs = [
        (getattr(now, figure), getattr(then, figure))
        for site, now in today.items()
        if now is not None and (then := before.get(site)) is not None
    ]
    known = [(now, then) for now, then in pairs if now is not None and then is not None]
    if not known:
        return None
    return Change(sum(now - then for now, then in known), len(known))


@dataclass(frozen=True)
class Group:
    """A set of sites with what they said, per care level, in one call and in the one before it."""

    today: Mapping[str, Mapping[int, Figures | None]]
    before: Mapping[str, Mapping[int, Figures | None]]
    _summed: dict[str, Totals] = field(default_factory=dict, compare=False, repr=False)

    def totals(self, level: str) -> Totals:
        """The totals of this call; summed once, for a page asks for them often."""
        if level not in self._summed:
            self._summed[level] = total(self.today.get(level, {}).values())
        return self._summed[level]

    def totals_before(self, level: str) -> Totals:
        """The earlier call, over the sites that answered this one (so that the two compare)."""
        before = self.before.get(level, {})
        answered = (site for site, said in self.today.get(level, {}).items() if said is not None)
        return total(before.get(site) for site in answered)

    def change(self, level: str, figure: str) -> Change | None:
        return change(self.today.get(level, {}), self.before.get(level, {}), figure)

    def of(self, sites: Collection[int]) -> "Group":
        """The same for some of the sites."""
        return Group(_only(self.today, sites), _only(self.before, sites))


def _only(
    said: Mapping[str, Mapping[int, Figures | None]], sites: Collection[int]
) -> dict[str, dict[int, Figures | None]]:
    return {
        level: {site: by_site[site] for site in sites if site in by_site}
        for level, by_site in said.items()
    }


INCOMPLETE = "incomplete"
NO_KEY = "no_key"


@dataclass(frozen=True)
class Share:
    """A region's load against its fair share of the nation's (R5).

    `fraction` is the deviation as part of the share (0.33 is a third above it), `beds` the same in
    beds; both are None when no key is in force or nothing is known. `side` says what to conclude.
    """

    occupied: int | None
    expected: float | None
    per_mille: int | None
    side: str

    @property
    def fraction(self) -> float | None:
        return None if self.per_mille is None else self.per_mille / PER_MILLE

    @property
    def beds(self) -> float | None:
        if self.occupied is None or self.expected is None:
            return None
        return self.occupied - self.expected

    @property
    def is_conclusive(self) -> bool:
        return self.side in (ABOVE, WITHIN, BELOW)


def share(
    region: Sum,
    nation: Sum,
    *,
    key: float | None,
    band: float,
    enough: float,
    whole: float = 1.0,
    base: int | None = None,
) -> Share:
    """Compare a region's load with its share.

    Parameters
    ----------
    region, nation : Sum
        Occupied beds of the region and of the whole country.
    key : float or None
        The region's agreed fraction (0 to 1) of the country's load; None when no key is in force.
    band : float
        Tolerated deviation as part of the share; its edge still counts as within.
    enough : float
        Part of the sites, of the region and of the country, that must be known to conclude.
    whole : float
        The same of all regions that are known well enough together; the others are left out of `base`.
    base : int or None
        Occupied beds of those regions; None for those of the nation.
    """
    if key is None or nation.value is None or region.value is None:
        side = NO_KEY if key is None else INCOMPLETE
        return Share(region.value, None, None, side)
    base = nation.value if base is None else base
    part, of = round(key * BASIS_POINTS), round(whole * BASIS_POINTS)
    expected = part * base / of if of else 0.0
    value = fairness.deviation(region.value, base, part=part, whole=of)
    if region.part < enough or nation.part < enough:
        return Share(region.value, expected, value, INCOMPLETE)
    # Whoever should carry nothing has no fraction: any load at all is then above the share.
    excess = region.value * PER_MILLE if value is None else value
    return Share(region.value, expected, value, fairness.side(excess, round(band * PER_MILLE)))
