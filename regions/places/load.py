"""Loads the reference files of places; running it again changes nothing."""

import csv
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from regions.places.models import AmbulanceService, Organisation, Region, Site, SiteMembership

FOLDER = Path(__file__).parent / "reference"
SINCE = date(2020, 1, 1)


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def folded(text: str) -> str:
    """Lower case without accents, for search and order: 'Máxima' is found as 'maxima'."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


@transaction.atomic
def load_places() -> dict[str, int]:
    """Regions with their neighbours, organisations, sites, ambulance services and MICU centres."""
    counts = {"regions": _regions(), "organisations": _organisations(), "sites": _sites()}
    counts["services"] = _services()
    return counts


def _regions() -> int:
    made = Region.objects.bulk_create(
        [
            Region(
                code=r["code"],
                name=r["name"],
                short_name=r["short_name"],
                network_name=r["network"],
                trauma_centre=r["trauma_centre"],
                population=int(r["population"]),
                latitude=float(r["latitude"]),
                longitude=float(r["longitude"]),
                boundary_confidence=r["boundary_confidence"],
                valid_from=SINCE,
            )
            for r in rows(FOLDER / "regions.csv")
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "name",
            "short_name",
            "network_name",
            "trauma_centre",
            "population",
            "latitude",
            "longitude",
            "boundary_confidence",
        ],
    )
    by_code = Region.objects.in_bulk(field_name="code")
    for row in rows(FOLDER / "neighbours.csv"):
        by_code[row["region"]].neighbours.add(by_code[row["neighbour"]])
    return len(made)


def _organisations() -> int:
    return len(
        Organisation.objects.bulk_create(
            [
                Organisation(code=r["code"], name=r["name"])
                for r in rows(FOLDER / "organisations.csv")
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name"],
        )
    )


def _sites() -> int:
    region = dict(Region.objects.values_list("code", "pk"))
    organisation = dict(Organisation.objects.values_list("code", "pk"))
    made = Site.objects.bulk_create(
        [
            Site(
                code=r["code"],
                organisation_id=organisation[r["organisation"]],
                name=r["name"],
                short_name=r["short_name"],
                search_name=folded(f"{r['name']} {r['short_name']} {r['city']}"),
                city=r["city"],
                postcode=r["postcode"],
                latitude=float(r["latitude"]),
                longitude=float(r["longitude"]),
                kind=r["type"],
                emergency_department=r["has_ed"],
                has_icu=r["assumed_icu"] == "yes",
                reports=r["reports"] == "yes",
                region_id=region[r["region"]],
                region_confidence=r["region_confidence"],
            )
            for r in rows(FOLDER / "sites.csv")
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "organisation",
            "name",
            "short_name",
            "search_name",
            "city",
            "postcode",
            "latitude",
            "longitude",
            "kind",
            "emergency_department",
            "has_icu",
            "reports",
            "region_confidence",
        ],
    )
    without = Site.objects.filter(memberships=None)
    SiteMembership.objects.bulk_create(
        SiteMembership(site=site, region_id=site.region_id, valid_from=SINCE) for site in without
    )
    return len(made)


def _services() -> int:
    region = dict(Region.objects.values_list("code", "pk"))
    files = (
        ("ambulance_services.csv", AmbulanceService.Kind.RAV),
        ("micu_centres.csv", AmbulanceService.Kind.MICU),
    )
    return len(
        AmbulanceService.objects.bulk_create(
            [
                AmbulanceService(
                    code=r["code"],
                    name=r["name"],
                    kind=kind,
                    region_id=region[r["region"]],
                    latitude=float(r["latitude"]),
                    longitude=float(r["longitude"]),
                )
                for name, kind in files
                for r in rows(FOLDER / name)
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "kind", "region", "latitude", "longitude"],
        )
    )
