"""Sharing out whole beds so that the parts add up to the published total. Pure: no Django."""

from collections.abc import Mapping
from math import ceil, floor


def by_largest_remainder(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Whole parts of a total, each within one of its exact share (Hamilton's method).

    Parameters
    ----------
    total : int
        What to share out, at least 0.
    weights : Mapping[str, float]
        Relative size of each part, at least 0, not all 0. Equal remainders go to the part named
        first.

    Returns
    -------
    dict[str, int]
        Parts that sum to `total`.
    """
    exact = quotas(total, weights)
    parts = {name: floor(share) for name, share in exact.items()}
    left = total - sum(parts.values())
    for name in sorted(exact, key=lambda name: parts[name] - exact[name])[:left]:
        parts[name] += 1
    return parts


def following(
    total: int, weights: Mapping[str, float], previous: Mapping[str, int], fixed: Mapping[str, int]
) -> dict[str, int]:
    """Whole parts of a total that change no more than needed from the day before.

    Yesterday's part is kept while it lies within one of its exact share; what is then missing or
    over goes to the parts furthest from theirs. So a part follows its share without flickering.

    Parameters
    ----------
    total : int
        What to share out, at least the sum of `fixed`.
    weights : Mapping[str, float]
        Relative size of each part that is not fixed, at least 0, not all 0.
    previous : Mapping[str, int]
        The parts of the day before.
    fixed : Mapping[str, int]
        Parts that are what they are.

    Returns
    -------
    dict[str, int]
        Parts of at least 0 that sum to `total`.
    """
    left = total - sum(fixed.values())
    exact = quotas(left, {name: weight for name, weight in weights.items() if name not in fixed})
    parts = {
        name: min(max(previous[name], ceil(share - 1), 0), floor(share + 1))
        for name, share in exact.items()
    }
    gap = left - sum(parts.values())
    step = 1 if gap > 0 else -1
    for _ in range(abs(gap)):
        furthest = max(exact, key=lambda name: step * (exact[name] - parts[name]))
        parts[furthest] += step
    return {**parts, **fixed}


def quotas(total: int, weights: Mapping[str, float]) -> dict[str, float]:
    """Exact shares.

    Raises
    ------
    ValueError
        When the total is negative, or there is nothing to share it by.
    """
    everything = sum(weights.values())
    if total < 0 or everything <= 0:
        raise ValueError(f"cannot share {total} by weights that sum to {everything}")
    return {name: total * weight / everything for name, weight in weights.items()}
