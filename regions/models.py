"""Gathers the tables of this package's rooms."""

from regions.people.models import Assignment, RegionUserPermission, Role, User
from regions.phases.models import Cadence, FairShareKey, FairShareLine, Phase, PhasePeriod, Setting
from regions.places.models import (
    AmbulanceService,
    Contact,
    Organisation,
    Region,
    Site,
    SiteMembership,
)

__all__ = [
    "AmbulanceService",
    "Assignment",
    "Cadence",
    "Contact",
    "FairShareKey",
    "FairShareLine",
    "Organisation",
    "Phase",
    "PhasePeriod",
    "Region",
    "RegionUserPermission",
    "Role",
    "Setting",
    "Site",
    "SiteMembership",
    "User",
]
