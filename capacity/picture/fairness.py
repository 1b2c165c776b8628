"""How far a region is from its fair share (R5): the one rule of boards, ranking and map. Pure, in whole numbers.

Whole numbers, because a rounded float decided at the edge of the band: a region read as even on the board and
was left out of the ranking.
"""

from typing import Final

# A share of 12.34 % is 1,234 basis points.
BASIS_POINTS: Final = 10_000
PER_MILLE: Final = 1_000
ABOVE: Final = "above"
WITHIN: Final = "within"
BELOW: Final = "below"


def deviation(occupied: int, national: int, *, part: int, whole: int = BASIS_POINTS) -> int | None:
    """(occupied - expected) / expected.

    Parameters
    ----------
    occupied : int
        Beds the region has in use.
    national : int
        The same, summed over the regions that are known well enough.
    part, whole : int
        What the region, and those regions together, should carry, in basis points of the country's load.

    Returns
    -------
    int or None
        In thousandths, rounded half away from zero; None when nothing is expected of the region.
    """
    expected = part * national
    if expected <= 0:
        return None
    excess = occupied * whole - expected
    magnitude = (2 * abs(excess) * PER_MILLE + expected) // (2 * expected)
    return magnitude if excess >= 0 else -magnitude


def side(value: int, band: int) -> str:
    """On which side of the band a deviation lies, both in thousandths; its edge still counts as within."""
    if abs(value) <= band:
        return WITHIN
    return ABOVE if value > 0 else BELOW
