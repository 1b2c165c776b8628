"""Who may do what to a region. Rights on regions are guardian's; everything else derives from them."""

from typing import TYPE_CHECKING

from regions.people import scopes

if TYPE_CHECKING:
    from regions.people.models import User
    from regions.places.models import Region, Site


def may_coordinate(user: "User", region: "Region") -> bool:
    """Report on behalf of its sites, sign off its picture, search inside it."""
    return user.role_key == "regional_coordinator" and user.has_perm(
        "regions.coordinate_region", region
    )


def may_read_region(user: "User", region: "Region") -> bool:
    """See the region's sites in detail."""
    if user.role_key in scopes.CENTRE:
        return True
    return user.role_key in scopes.REGIONAL and user.has_perm("regions.read_region", region)


def is_of_site(user: "User", site: "Site") -> bool:
    """Works at this site, in any hospital role."""
    return (
        user.acting is not None
        and user.role_key in scopes.HOSPITAL
        and user.acting.site_id == site.pk
    )


def may_report(user: "User", site: "Site") -> bool:
    """Fill in the site's capacity: its reporter or bed coordinator, or its region on its behalf."""
    if is_of_site(user, site):
        return user.role_key in ("reporter", "bed_coordinator")
    return may_coordinate(user, site.region)
