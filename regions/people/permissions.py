"""Who may do what to a region. Rights on regions are guardian's; everything else derives from them."""

from typing import TYPE_CHECKING

from regions.people import scopes

if TYPE_CHECKING:
    from regions.people.models import User
    from regions.places.models import Region, Site


def may_coordinate(user: "User", region: "Region") -> bool:
    """Report on behalf of its sites, sign off its picture, search inside it."""
    return user.role_key == "regional_coordinator" and _has_right(
        user, "regions.coordinate_region", region
    )


def may_give_roles(user: "User | None") -> bool:
    """Give and end roles: the administrator. `None` is the system itself, when it is set up."""
    return user is None or user.role_key == "admin"


def may_read_region(user: "User", region: "Region") -> bool:
    """See the region's sites in detail."""
    if user.role_key in scopes.CENTRE:
        return True
    return user.role_key in scopes.REGIONAL and _has_right(user, "regions.read_region", region)


def _has_right(user: "User", right: str, region: "Region") -> bool:
    """Guardian's answer for the region this person acts for now; a right elsewhere sleeps meanwhile.

    Asked once per person and request, because a page asks it many times: kept on the person as read for
    this request, like Django's own permissions.
    """
    if user.acting is None or user.acting.region_id != region.pk:
        return False
    known: dict[tuple[str, int], bool] = user.__dict__.setdefault("_region_rights", {})
    key = (right, region.pk)
    if key not in known:
        known[key] = user.has_perm(right, region)
    return known[key]


def is_of_site(user: "User", site: "Site") -> bool:
    """Works at this site, in any hospital role."""
    return (
        user.acting is not None
        and user.role_key in scopes.HOSPITAL
        and user.acting.site_id == site.pk
    )


def may_send_from(user: "User", site: "Site") -> bool:
    """Write transfer requests for patients of this site: its bed coordinator or treating physician."""
    return is_of_site(user, site) and user.role_key in scopes.SENDERS


def may_report(user: "User", site: "Site") -> bool:
    """Fill in the site's capacity: its reporter or bed coordinator, or its region on its behalf."""
    if is_of_site(user, site):
        return user.role_key in scopes.REPORTERS
    return may_coordinate(user, site.region)
