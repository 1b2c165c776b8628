"""Who may see a region site by site, sign its picture, and judge it."""

from typing import TYPE_CHECKING

from regions.people import permissions as people
from regions.people import scopes

if TYPE_CHECKING:
    from regions.people.models import User
    from regions.places.models import Region


def may_judge(user: "User") -> bool:
    """Return a regional picture with a question, or agree with it."""
    return user.role_key in scopes.JUDGES


def may_sign(user: "User", region: "Region") -> bool:
    return people.may_coordinate(user, region)


def may_see_sites(user: "User", region: "Region") -> bool:
    """See the region site by site; everybody else sees its totals (R3)."""
    return people.may_read_region(user, region)


def sees_site_names(user: "User", region_id: int) -> bool:
    """May be told which site of a region is late or overfull, on a page of all regions."""
    if user.role_key in scopes.CENTRE:
        return True
    acting = user.acting
    home = acting.home_region if acting else None
    return user.role_key in scopes.REGIONAL and home is not None and home.pk == region_id
