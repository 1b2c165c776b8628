"""Which hospitals can take this patient, in what order, and by which rule the others fall out (T6).

Pure: no Django. The same input gives the same answer, in any order of the input. The matching
proposes; people decide. Words for the codes are in `transfers.matching.explain`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from transfers.matching.arguments import Argument, reasons
from transfers.matching.problem import Beds, Candidate, Need, Preferences, Regions, RegionShare
from transfers.matching.rules import RULES, Excluded, first_broken


@dataclass(frozen=True, order=True)
class Cost:
    """Four whole numbers, compared from left to right; lower is better. Never one composite sum.

    `region`: 0 inside the own region. `offer`: 0 when the site offers a bed itself. `fairness`: -1,
    0 or 1 when the receiving region ends below, within or above its band. `minutes`: the journey
    there, the journey home again, and the surcharges of `Preferences`.
    """

    region: int
    offer: int
    fairness: int
    minutes: int


@dataclass(frozen=True)
class Ranked:
    """A place that fits, with its rank (from 1), its cost and its arguments.

    `share_before` and `share_after` are the deviation of its region from the fair share in
    thousandths, without and with this patient; None when the key or the load is not known.
    """

    rank: int
    candidate: Candidate
    beds: Beds
    cost: Cost
    share_before: int | None
    share_after: int | None
    reasons: tuple[Argument, ...]

    @property
    def site(self) -> str:
        return self.candidate.site


@dataclass(frozen=True)
class Ranking:
    """The answer: who fits, best first, and who does not, by site code."""

    ranked: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]

    def place_of(self, site: str) -> Ranked | None:
        return next((row for row in self.ranked if row.site == site), None)

    def exclusion_of(self, site: str) -> Excluded | None:
        return next((row for row in self.excluded if row.site == site), None)

    def removed_by_rule(self) -> dict[str, list[Excluded]]:
        """Who each rule removed, in the order of the rules."""
        found: dict[str, list[Excluded]] = {}
        for code, _rule in RULES:
            rows = [row for row in self.excluded if row.rule == code]
            if rows:
                found[code] = rows
        return found


def rank(
    need: Need,
    candidates: Sequence[Candidate],
    shares: Sequence[RegionShare],
    preferences: Preferences | None = None,
) -> Ranking:
    """Put the places that fit in order and say which rule removed each other one.

    Parameters
    ----------
    need : Need
        The patient's need and the scope of the search.
    candidates : sequence of Candidate
        Every place once; their order does not matter.
    shares : sequence of RegionShare
        Load and fair share per region for this level; empty when no key is in force.
    preferences : Preferences, optional
        The dials of the order.

    Returns
    -------
    Ranking
        Ties in cost are broken by site code, so the answer is the same for any order of the input.

    Raises
    ------
    ValueError
        When a site or a region occurs twice.
    """
    _refuse_doubles("site", [candidate.site for candidate in candidates])
    _refuse_doubles("region", [share.region for share in shares])
    dials, regions = preferences or Preferences(), Regions(shares)
    fitting: list[tuple[Cost, str, Candidate, Beds]] = []
    excluded: list[Excluded] = []
    for candidate in candidates:
        broken = first_broken(need, candidate, regions)
        if broken is not None or candidate.beds is None:
            excluded.append(broken or Excluded(candidate.site, "figures_expired", {}))
        else:
            cost = _cost(need, candidate, candidate.beds, regions, dials)
            fitting.append((cost, candidate.site, candidate, candidate.beds))
    fitting.sort(key=lambda row: row[:2])
    group = [candidate for _cost_, _site, candidate, _beds in fitting]
    ranked = tuple(
        Ranked(
            rank=place,
            candidate=candidate,
            beds=beds,
            cost=cost,
            share_before=regions.before(candidate.region),
            share_after=regions.after(need, candidate.region),
            reasons=reasons(need, candidate, beds, group, regions, dials),
        )
        for place, (cost, _site, candidate, beds) in enumerate(fitting, start=1)
    )
    return Ranking(ranked, tuple(sorted(excluded, key=lambda row: row.site)))


def check(
    need: Need, candidates: Sequence[Candidate], shares: Sequence[RegionShare], ranking: Ranking
) -> list[str]:
    """What is wrong with an answer, sentence by sentence; an empty list proves it sound.

    Every candidate stands in it once; who is ranked breaks no rule; who is excluded breaks the
    named rule and none before it; costs do not fall and ranks count from 1.
    """
    regions, wrong = Regions(shares), []
    named = [row.site for row in ranking.ranked] + [row.site for row in ranking.excluded]
    if sorted(named) != sorted(candidate.site for candidate in candidates):
        wrong.append("the answer does not hold every candidate exactly once")
    by_code = {candidate.site: candidate for candidate in candidates}
    for row in ranking.ranked:
        broken = first_broken(need, by_code[row.site], regions)
        if broken is not None:
            wrong.append(f"{row.site} is ranked but breaks {broken.rule}")
    for gone in ranking.excluded:
        broken = first_broken(need, by_code[gone.site], regions)
        if broken is None or broken.rule != gone.rule:
            wrong.append(f"{gone.site} does not fall out first by {gone.rule}")
    keys = [(row.cost, row.site) for row in ranking.ranked]
    if keys != sorted(keys) or [row.rank for row in ranking.ranked] != list(
        range(1, len(keys) + 1)
    ):
        wrong.append("the ranks do not follow the costs")
    return wrong


def _cost(
    need: Need, candidate: Candidate, beds: Beds, regions: Regions, dials: Preferences
) -> Cost:
    is_home = candidate.region == need.sending_region
    # Somebody whose home is not known is taken to live where the journey starts.
    back = candidate.travel_minutes if candidate.home_minutes is None else candidate.home_minutes
    return Cost(
        region=0 if is_home else 1,
        offer=0 if beds.offered > 0 else 1,
        fairness=regions.side(candidate.region, regions.after(need, candidate.region)),
        minutes=candidate.travel_minutes
        + back
        + (0 if is_home or candidate.is_neighbour else dials.not_neighbouring)
        + candidate.arrivals_today * dials.per_arrival
        + candidate.refusals * dials.per_refusal,
    )


def _refuse_doubles(what: str, names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"a {what} occurs twice")
