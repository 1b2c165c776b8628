"""The pictures: the nation's and a region's, each in a fixed number of queries.

A picture is of one call. Until the hospitals' deadline a site counts nationally with what it said in
the call before (nobody is late yet); after it, a site that is silent is unknown: the last value is
never reused unseen.
"""

from capacity.picture.duties import tasks_for
from capacity.picture.national import NationalPicture, RegionRow, national_picture
from capacity.picture.regional import (
    Difference,
    RegionPicture,
    SiteRow,
    differences,
    region_picture,
    return_limit,
)

__all__ = [
    "Difference",
    "NationalPicture",
    "RegionPicture",
    "RegionRow",
    "SiteRow",
    "differences",
    "national_picture",
    "region_picture",
    "return_limit",
    "tasks_for",
]
