"""Chance that falls the same way everywhere.

Only `random.Random.random` is promised to give the same numbers in every version of Python, so
everything the demonstration draws is drawn through these functions.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

Option = TypeVar("Option")


def of(seed: int, *names: object) -> Random:
    """Dice of their own for one purpose, so that a change elsewhere leaves these throws alone."""
    return Random(":".join(str(part) for part in (seed, *names)))


def between(dice: Random, low: int, high: int) -> int:
    """A whole number from `low` up to and including `high`."""
    return low + int(dice.random() * (high - low + 1))


def pick(dice: Random, options: Sequence[Option], weights: Sequence[float] | None = None) -> Option:
    """One of the options; twice the weight is twice as likely."""
    reach = list(accumulate(weights or [1.0] * len(options)))
    return options[bisect_right(reach, dice.random() * reach[-1])]


def ripple(dice: Random) -> float:
    """A small push up or down: mean 0, standard deviation 1, never beyond 3.5 (four throws)."""
    return (dice.random() + dice.random() + dice.random() + dice.random() - 2) * 3**0.5
