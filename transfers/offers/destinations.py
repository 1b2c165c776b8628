"""The ranked places of a request as its page shows them: arguments, exclusions, the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from capacity.beds.selectors import FreeBeds
from regions.places.load import folded
from regions.places.models import Site
from regions.places.outlines import Outline, outlines
from transfers.matching import explain, source
from transfers.matching.rank import Ranked
from transfers.matching.rules import Excluded
from transfers.offers import routes
from transfers.requests.models import TransferRequest

# How many places stand open in the list, how many names follow a rule, how many lines the map has.
SHOWN = 5
MOST_SHOWN = 10
NAMES = 5
ON_MAP = 3


@dataclass(frozen=True)
class Argument:
    """One sentence for or against a place."""

    text: str
    is_for: bool


@dataclass(frozen=True)
class Row:
    """One place that fits, as the table shows it. Deviations are fractions of the fair share."""

    rank: int
    site: Site
    free: int
    measured_at: datetime
    age: str
    offered: int
    share_before: float | None
    share_after: float | None
    band: float
    travel_minutes: int
    arrivals: int
    arguments: list[Argument]
    is_chosen: bool
    needs_reason: bool
    opens_rest: bool


@dataclass(frozen=True)
class RemovedBy:
    """One rule, and whom it removed."""

    label: str
    count: int
    names: str


@dataclass(frozen=True)
class WhyNot:
    """The answer to "Waarom niet ...?" about one hospital."""

    site: Site
    says: str
    detail: str


@dataclass(frozen=True)
class Chosen:
    """What an offer to the chosen place would mean."""

    row: Row
    answer_due_at: datetime
    answer_minutes: int
    held_until: datetime
    held_hours: int
    free_after: int


@dataclass(frozen=True)
class RouteMap:
    """The map beside the list: the regions, where the patient is, and the first places."""

    outlines: list[Outline]
    start: routes.Point
    routes: list[routes.Route]


@dataclass(frozen=True)
class Destinations:
    """The ranked places and everything beside them."""

    level: str
    rows: list[Row]
    rest_count: int
    fitting: int
    hidden: int
    all_count: int
    offered_count: int
    removed: list[RemovedBy]
    removed_count: int
    sites: list[Site]
    asked: WhyNot | None
    asked_words: str
    candidates: list[Site]
    chosen: Chosen | None
    map: RouteMap
    free_choice: int
    is_national: bool
    has_key: bool


def destinations(
    request: TransferRequest,
    problem: source.Problem,
    dials: Mapping[str, Any],
    *,
    now: datetime,
    chosen: str,
    asked: str,
    shows_all: bool,
) -> Destinations:
    ranking, free_choice = problem.ranking, int(dials["rank.free_choice"])
    rest = [place for place in ranking.ranked if _is_rest(place)]
    opens = rest[0].site if rest else ""
    rows = [_row(place, problem, now, chosen, free_choice, opens) for place in ranking.ranked]
    shown = rows if shows_all else [row for row in rows if _is_shown(row)]
    picked = next((row for row in rows if row.is_chosen), None)
    level = request.level.label
    found = _named(asked, problem.sites)
    return Destinations(
        level=level,
        rows=shown,
        rest_count=len(rest),
        fitting=len(rows),
        hidden=len(rows) - len(shown),
        all_count=len(problem.sites),
        offered_count=sum(row.offered > 0 for row in rows),
        removed=_removed(problem, level),
        removed_count=len(ranking.excluded),
        sites=sorted(problem.sites.values(), key=lambda site: site.search_name),
        asked=_why_not(found[0], problem, level, now) if len(found) == 1 else None,
        asked_words=asked,
        candidates=found if len(found) > 1 else [],
        chosen=_chosen(picked, request, dials, now) if picked else None,
        map=_map(request, rows),
        free_choice=free_choice,
        is_national=not request.is_searched_in_region,
        has_key=problem.key is not None,
    )


def _is_rest(place: Ranked) -> bool:
    """In another region, and nothing offered."""
    return bool(place.cost.region and place.cost.offer)


def _is_shown(row: Row) -> bool:
    """The first places, every early offer, and the one that is chosen."""
    return row.rank <= SHOWN or row.is_chosen or (row.offered > 0 and row.rank <= MOST_SHOWN)


def _row(
    place: Ranked,
    problem: source.Problem,
    now: datetime,
    chosen: str,
    free_choice: int,
    opens: str,
) -> Row:
    band = problem.key.band if problem.key else 0.0
    return Row(
        rank=place.rank,
        site=problem.sites[place.site],
        free=place.beds.free,
        measured_at=place.beds.measured_at,
        age=place.beds.age,
        offered=place.beds.offered,
        share_before=_fraction(place.share_before),
        share_after=_fraction(place.share_after),
        band=band,
        travel_minutes=place.candidate.travel_minutes,
        arrivals=place.candidate.arrivals_today,
        arguments=[
            Argument(explain.reason(reason, now=now), reason.is_for) for reason in place.reasons
        ],
        is_chosen=place.site == chosen,
        needs_reason=place.rank > free_choice,
        opens_rest=place.site == opens,
    )


def _fraction(per_mille: int | None) -> float | None:
    return None if per_mille is None else per_mille / 1000


def _removed(problem: source.Problem, level: str) -> list[RemovedBy]:
    """The rules by how many they removed, with the largest places by name."""
    found = []
    for code, rows in problem.ranking.removed_by_rule().items():
        names = [problem.sites[row.site].short_name for row in rows]
        said = ", ".join(names[:NAMES])
        if len(names) > NAMES:
            said = _("Onder andere %(names)s") % {"names": said}
        found.append(RemovedBy(explain.rule(code, level=level), len(rows), said))
    return sorted(found, key=lambda one: -one.count)


def _why_not(site: Site, problem: source.Problem, level: str, now: datetime) -> WhyNot | None:
    place = problem.ranking.place_of(site.code)
    if place is not None:
        says = _("%(site)s past wel: plaats %(rank)s.") % {
            "site": site.short_name,
            "rank": place.rank,
        }
        return WhyNot(site, says, _said(place, now))
    excluded = problem.ranking.exclusion_of(site.code)
    return None if excluded is None else _excluded(site, excluded, problem, level, now)


def _named(asked: str, sites: Mapping[str, Site]) -> list[Site]:
    """The sites somebody may mean: the one by code or by the words of the list, else all by part of a name."""
    if asked in sites:
        return [sites[asked]]
    words = asked.strip(" ,").casefold()
    every = sorted(sites.values(), key=lambda site: site.search_name)
    for site in every:
        if words in (f"{site.short_name}, {site.city}".casefold(), site.name.casefold()):
            return [site]
    return [site for site in every if words and folded(words) in site.search_name]


def _said(place: Ranked, now: datetime) -> str:
    return ". ".join(explain.reason(reason, now=now) for reason in place.reasons) + "."


def _excluded(
    site: Site, excluded: Excluded, problem: source.Problem, level: str, now: datetime
) -> WhyNot:
    rule = explain.rule(excluded.rule, level=level)
    says = _("%(site)s valt af: %(rule)s.") % {
        "site": site.short_name,
        "rule": rule[:1].lower() + rule[1:],
    }
    detail = explain.exclusion(excluded, now=now)
    return WhyNot(site, says, f"{detail} {_held(problem.beds.get(site.code))}".strip())


def _held(free: FreeBeds | None) -> str:
    """What the sum of the report does not show: beds that are held, and who came or left since."""
    if free is None or not (free.held or free.moved):
        return ""
    return _("Daarvan af: %(held)s vastgehouden; sindsdien %(moved)s vrijgekomen.") % {
        "held": free.held,
        "moved": free.moved,
    }


def _chosen(row: Row, request: TransferRequest, dials: Mapping[str, Any], now: datetime) -> Chosen:
    urgency = str(request.urgency)
    minutes, hours = dials["clock.offered"][urgency], dials["hold.hours"][urgency]
    return Chosen(
        row=row,
        answer_due_at=now + timedelta(minutes=minutes),
        answer_minutes=minutes,
        held_until=now + timedelta(hours=hours),
        held_hours=hours,
        free_after=row.free - 1,
    )


def _map(request: TransferRequest, rows: Sequence[Row]) -> RouteMap:
    shown = [row for row in rows if row.rank <= ON_MAP or row.is_chosen]
    start, lines = routes.routes(
        request.sending_site,
        request.sending_site.short_name,
        [(row.site, f"{row.rank} {row.site.short_name}", row.is_chosen) for row in shown],
    )
    return RouteMap(list(outlines().values()), start, lines)
