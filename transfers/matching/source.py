"""Puts together what the matching is asked for one request: seven queries, whatever the size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef

from capacity.beds import selectors as beds
from capacity.beds.selectors import FreeBeds
from capacity.beds.staleness import Age
from capacity.picture.fairness import BASIS_POINTS
from regions.phases import selectors as phases
from regions.phases.models import FairShareKey
from regions.places import travel
from regions.places.models import Region, Site
from transfers.matching.problem import (
    ADULT,
    CHILD,
    NATION,
    REGION,
    Beds,
    Candidate,
    Need,
    RegionShare,
)
from transfers.matching.rank import Ranking, rank
from transfers.offers.models import Offer
from transfers.requests.models import TransferRequest

ADULT_YEARS = 18


@dataclass(frozen=True)
class Problem:
    """The input of the matching and its answer, with the rows they speak of by code of the site."""

    need: Need
    candidates: tuple[Candidate, ...]
    shares: tuple[RegionShare, ...]
    ranking: Ranking
    sites: Mapping[str, Site]
    beds: Mapping[str, FreeBeds]
    key: FairShareKey | None


@dataclass
class Known:
    """What passed between us and one site."""

    asked_until: datetime | None = None
    refused: str = ""
    disputed_at: datetime | None = None
    arrivals: int = 0
    refusals: int = 0


@dataclass(frozen=True)
class Home:
    """Where the patient lives, as far as two digits of a postcode tell."""

    latitude: float
    longitude: float


@dataclass
class Load:
    """What one region carries: the cohort's occupied beds, and how many of its sites said so."""

    region: Region
    occupied: int = 0
    expected: int = 0
    known: int = 0


def problem(
    *,
    request: TransferRequest,
    now: datetime,
    dials: Mapping[str, Any],
    offers: Iterable[Offer] | None = None,
) -> Problem:
    """Rank every reporting site for a request, as things stand now.

    `dials` are the settings in force (`phases.settings_at("", now)`); `offers` are those of
    `offers_known`, where the caller read them already. The request comes with its sending site,
    that site's region, its level and its clinical picture.
    """
    sites = list(_sites(request))
    found = {row.site.code: row for row in beds.free_beds(now=now, level=request.level_id)}
    need = _need(request, dials)
    # Inside a region no load changes hands between regions.
    key: FairShareKey | None = None
    shares: tuple[RegionShare, ...] = ()
    if need.scope == NATION:
        key, shares = _shares(request, sites, found, now=now, dials=dials)
    if offers is None:
        offers = offers_known(request=request, now=now, dials=dials)
    known = _known(request, offers)
    home = _home(request.home_area, sites)
    candidates = tuple(
        _candidate(request, site, found.get(site.code), known[site.pk], home) for site in sites
    )
    return Problem(
        need=need,
        candidates=candidates,
        shares=shares,
        ranking=rank(need, candidates, shares),
        sites={site.code: site for site in sites},
        beds=found,
        key=key,
    )


def offers_known(
    *, request: TransferRequest, now: datetime, dials: Mapping[str, Any]
) -> list[Offer]:
    """All offers of this request, and of others: who is coming where, and who said no lately."""
    since = now - timedelta(days=int(dials["matching.refusals_days"]))
    return list(
        Offer.objects.of_concern_to(request, refused_since=since)
        .select_related("site__region", "hold")
        .annotate(level_asked=F("request__level_id"))
        .order_by("-offered_at", "-pk")
    )


def _sites(request: TransferRequest) -> Iterable[Site]:
    """Every reporting site, marked when its region borders on the sending one."""
    borders = Region.neighbours.through.objects.filter(
        from_region=request.sending_site.region_id, to_region=OuterRef("region")
    )
    return Site.objects.reporting().select_related("region").annotate(is_next=Exists(borders))


def _need(request: TransferRequest, dials: Mapping[str, Any]) -> Need:
    reach = dials["matching.reach_minutes"]
    return Need(
        level=request.level_id,
        in_cohort=request.in_cohort,
        age_group=_age_group(request),
        sending_site=request.sending_site.code,
        sending_region=request.sending_site.region.code,
        scope=REGION if request.is_searched_in_region else NATION,
        reach_minutes=int(reach.get(request.level_id, reach["other"])),
    )


def _age_group(request: TransferRequest) -> str:
    # After the retention period there is no picture; then nothing is searched any more either.
    picture = request.picture
    return CHILD if picture is not None and picture.age_years < ADULT_YEARS else ADULT


def _candidate(
    request: TransferRequest,
    site: Site,
    found: FreeBeds | None,
    known: Known,
    home: Home | None,
) -> Candidate:
    stop = found.stop if found else None
    return Candidate(
        site=site.code,
        region=site.region.code,
        has_level=_has_level(request, site),
        age_groups=_age_groups(request, site),
        travel_minutes=travel.minutes(request.sending_site, site),
        beds=_beds(found) if found else None,
        home_minutes=travel.minutes(site, home) if home else None,
        is_neighbour=site.is_next,
        stop_until=stop.expected_end if stop else None,
        asked_until=known.asked_until,
        refused=known.refused,
        disputed_at=known.disputed_at,
        arrivals_today=known.arrivals,
        refusals=known.refusals,
    )


def _has_level(request: TransferRequest, site: Site) -> bool:
    return site.has_icu or not request.level.needs_icu


def _age_groups(request: TransferRequest, site: Site) -> frozenset[str]:
    """Whom a hospital takes, by its kind: children's intensive care is found in academic ones only."""
    if site.kind == "children":
        return frozenset({CHILD})
    if site.kind == "academic" or (site.kind == "general" and not request.level.needs_icu):
        return frozenset({ADULT, CHILD})
    return frozenset({ADULT})


def _beds(found: FreeBeds) -> Beds:
    return Beds(
        open=found.open,
        occupied=found.occupied,
        reserve=found.reserve,
        free=found.free,
        cohort_free=found.cohort_free,
        other_free=found.other_free,
        offered=found.offer or 0,
        measured_at=found.measured_at,
        age=str(found.age),
        may_be_used=found.age is not Age.EXPIRED,
    )


def _shares(
    request: TransferRequest,
    sites: Iterable[Site],
    found: Mapping[str, FreeBeds],
    *,
    now: datetime,
    dials: Mapping[str, Any],
) -> tuple[FairShareKey | None, tuple[RegionShare, ...]]:
    """What each region carries of the cohort, against its part of the key in force (R5)."""
    key, parts = phases.fair_shares(request.level_id, now)
    if key is None:
        return None, ()
    loads: dict[int, Load] = {}
    for site in sites:
        if not _has_level(request, site):
            continue
        load = loads.setdefault(site.region_id, Load(site.region))
        load.expected += 1
        row = found.get(site.code)
        # As on the board: what did not answer the last call is missing there.
        if row is not None and row.age is Age.FRESH:
            load.known += 1
            load.occupied += row.open_cohort - row.free_cohort
    enough = int(dials["staffing.fresh_percent"])
    nation = _is_enough(
        sum(load.known for load in loads.values()),
        sum(load.expected for load in loads.values()),
        enough,
    )
    return key, tuple(
        RegionShare(
            region=load.region.code,
            occupied=load.occupied,
            basis_points=round(parts.get(region_id, 0) * BASIS_POINTS),
            band=round(key.band_percent * 10),
            is_conclusive=nation and _is_enough(load.known, load.expected, enough),
        )
        for region_id, load in sorted(loads.items())
    )


def _is_enough(known: int, expected: int, percent: int) -> bool:
    return known * 100 >= expected * percent


def _known(request: TransferRequest, offers: Iterable[Offer]) -> dict[int, Known]:
    """What we asked, who is coming and who said no lately, by site."""
    known: dict[int, Known] = defaultdict(Known)
    for offer in offers:
        _take_in(known[offer.site_id], offer, request)
    return known


def _take_in(known: Known, offer: Offer, request: TransferRequest) -> None:
    is_ours = offer.request_id == request.pk
    if offer.is_open and is_ours:
        known.asked_until = offer.answer_due_at
    elif offer.is_accepted:
        known.arrivals += 1
    elif offer.status == Offer.Status.REFUSED:
        known.refusals += 1
        known.refused = offer.refusal if is_ours else known.refused
        is_disputed = offer.refusal == Offer.Refusal.DATA_WRONG and not offer.is_corrected
        if is_disputed and offer.level_asked == request.level_id:
            known.disputed_at = offer.answered_at


def _home(area: str, sites: Iterable[Site]) -> Home | None:
    """The middle of the hospitals in a postcode area; None when it has none, or is not known."""
    near = [site for site in sites if area and site.postcode.startswith(area)]
    if not near:
        return None
    return Home(
        latitude=sum(site.latitude for site in near) / len(near),
        longitude=sum(site.longitude for site in near) / len(near),
    )
