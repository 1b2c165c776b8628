"""What a role may see, as filters that querysets use in `visible_to(user)`.

National roles see all; a regional role its region; a hospital role its site. Everything else is unseen,
and unseen is 404.
"""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from regions.people.models import User

NOTHING = Q(pk__in=[])

HOSPITAL = frozenset({"reporter", "bed_coordinator", "treating_physician"})
# Of a hospital, those who fill in its capacity, and those who ask places for its patients.
REPORTERS = frozenset({"reporter", "bed_coordinator"})
SENDERS = frozenset({"bed_coordinator", "treating_physician"})
REGIONAL = frozenset({"regional_coordinator", "regional_analyst"})
# The centre: sees every site's capacity in detail.
CENTRE = frozenset(
    {"lcps_coordinator", "medical_officer", "transport_coordinator", "shift_lead", "analyst"}
)
# Of the centre, those who handle patients' requests.
TRANSFER_DESK = frozenset(
    {"lcps_coordinator", "medical_officer", "transport_coordinator", "shift_lead"}
)
# Of the centre, those who accept a regional picture or send it back.
JUDGES = frozenset({"lcps_coordinator", "shift_lead"})
PLANNERS = frozenset({"ambulance_planner", "micu_coordinator"})


def region_filter(user: "User", *, region: str) -> Q:
    """Rows of the user's own region; of all regions for the centre.

    `region` is the lookup of the region on the filtered model; "" when it is the region itself.
    """
    acting = user.acting
    if acting is None:
        return NOTHING
    if acting.role_id in CENTRE:
        return Q()
    if acting.role_id in REGIONAL and acting.region_id:
        return Q(**{region or "pk": acting.region_id})
    return NOTHING


def site_filter(user: "User", *, site: str, region: str) -> Q:
    """Rows of the user's own site, of the sites of the own region, or of all for the centre."""
    acting = user.acting
    if acting is not None and acting.role_id in HOSPITAL and acting.site_id:
        return Q(**{site or "pk": acting.site_id})
    return region_filter(user, region=region)
