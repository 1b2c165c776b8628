"""Where the patients lie: national figures spread over hospitals, whole beds, totals kept.

Pure: no Django.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from math import exp
from random import Random

from lcps.demonstration.world import dice as chance
from lcps.demonstration.world.apportion import by_largest_remainder, following
from lcps.demonstration.world.places import Place, inhabitants, reporting_sites
from lcps.demonstration.world.series import national, regional_admissions

# How far a region's share follows its recent admissions; the rest follows its inhabitants.
# Patients on the ICU were spread over the country more evenly, and other patients do not depend on
# the epidemic.
FOLLOWS_ADMISSIONS = {"icu_occ_confirmed": 0.4, "icu_occ_other": 0.0, "ward_occ_confirmed": 0.5}
RECENT_DAYS = 14
# A hospital's share of its region wanders: each day it keeps 97 % of yesterday's deviation.
KEEPS, WANDERS = 0.97, 0.035
# This hospital sends the same figures on these last days.
UNCHANGED_SITE, UNCHANGED_SINCE = "antonius-sneek", date(2020, 10, 27)

Parts = dict[str, int]


def regional_weights(day: date, follows: float) -> dict[str, float]:
    """Share of each region in the national figure of a day, summing to 1.

    Parameters
    ----------
    day : date
        The admissions of the 14 days before it count, as known in the morning.
    follows : float
        Weight of those admissions, 0 to 1; the inhabitants have the rest.
    """
    people = inhabitants()
    admissions = regional_admissions()
    recent = {
        region: sum(
            admissions[day - timedelta(days=back)][region] for back in range(1, RECENT_DAYS + 1)
        )
        for region in people
    }
    everybody, admitted = sum(people.values()), sum(recent.values())
    return {
        region: (1 - follows) * people[region] / everybody + follows * recent[region] / admitted
        for region in people
    }


def wandering(
    sites: Mapping[str, Place], level: str, dice: Random, days: int
) -> list[dict[str, float]]:
    """Weight of each site on each day: its size, times a factor near 1 that changes slowly."""
    deviation = {code: 4 * WANDERS * chance.ripple(dice) for code in sites}
    weights = []
    for _ in range(days):
        deviation = {
            code: KEEPS * each + WANDERS * chance.ripple(dice) for code, each in deviation.items()
        }
        weights.append({code: sites[code].weight(level) * exp(deviation[code]) for code in sites})
    return weights


def occupied(series: str, seed: int) -> list[Parts]:
    """Beds occupied per site, for every day; each day sums to the published figure.

    Parameters
    ----------
    series : str
        `icu_occ_confirmed`, `icu_occ_other` or `ward_occ_confirmed`.
    seed : int
        Decides how the hospitals' shares wander.
    """
    level = series.partition("_")[0]
    sites = {code: site for code, site in reporting_sites().items() if site.weight(level)}
    days = national()
    weights = wandering(sites, level, chance.of(seed, series), len(days))
    result: list[Parts] = []
    for each, weight in zip(days, weights, strict=True):
        totals = by_largest_remainder(
            getattr(each, series), regional_weights(each.day, FOLLOWS_ADMISSIONS[series])
        )
        parts: Parts = {}
        for region, total in totals.items():
            within = {code: weight[code] for code in sites if sites[code].region == region}
            if result:
                unchanged = each.day > UNCHANGED_SINCE and UNCHANGED_SITE in within
                fixed = {UNCHANGED_SITE: result[-1][UNCHANGED_SITE]} if unchanged else {}
                parts |= following(total, within, result[-1], fixed)
            else:
                parts |= by_largest_remainder(total, within)
        result.append({code: parts[code] for code in sites})
    return result


def admitted(series: str, stock: list[Parts], seed: int) -> list[Parts]:
    """New patients per site, for every day; each day sums to the national figure.

    Where more beds are occupied than yesterday, that many came in; of the others three quarters are
    shared by the beds occupied and the rest falls by chance. Never more than are occupied.

    Parameters
    ----------
    series : str
        `icu_new_24h` or `ward_new_24h`.
    stock : list[Parts]
        Confirmed patients per site and day at that level.
    seed : int
        Decides where chance falls.
    """
    dice = chance.of(seed, series)
    unchanged = 1 if series == "ward_new_24h" else 0
    result = []
    for index, each in enumerate(national()):
        today, yesterday = stock[index], stock[max(0, index - 1)]
        fixed = each.day >= UNCHANGED_SINCE
        total = getattr(each, series) - (unchanged if fixed else 0)
        others = {
            code: beds for code, beds in today.items() if not (fixed and code == UNCHANGED_SITE)
        }
        rises = {code: max(0, beds - yesterday[code]) for code, beds in others.items()}
        if sum(rises.values()) > total:
            parts = by_largest_remainder(total, rises)
        else:
            parts = fill_up(total - sum(rises.values()), rises, others, dice)
        if fixed:
            parts[UNCHANGED_SITE] = unchanged
        result.append({code: parts[code] for code in today})
    return result


def fill_up(left: int, parts: Parts, stock: Parts, dice: Random) -> Parts:
    """Add the patients left, most by share and the rest by chance, never beyond a site's stock."""
    shared = by_largest_remainder(3 * left // 4, stock)
    filled = {code: min(parts[code] + shared[code], stock[code]) for code in stock}
    codes, beds = list(stock), list(stock.values())
    left += sum(parts.values()) - sum(filled.values())
    if left > sum(beds) - sum(filled.values()):
        raise ValueError(f"{left} more patients came in than there are")
    while left:
        code = chance.pick(dice, codes, beds)
        if filled[code] < stock[code]:
            filled[code] += 1
            left -= 1
    return filled
