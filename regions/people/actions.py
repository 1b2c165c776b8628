"""Giving and taking roles."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

from communications.logbook import actions as logbook
from regions.people.models import Assignment, Role, Scope, User
from regions.places.models import AmbulanceService, Region, Site

# What a role may do to its region, as guardian permissions.
REGION_RIGHTS = {
    "regional_coordinator": ("coordinate_region", "read_region"),
    "regional_analyst": ("read_region",),
}


@transaction.atomic
def assign_role(
    *,
    user: User,
    role: Role,
    valid_from: date,
    by: User | None,
    now: datetime,
    site: Site | None = None,
    region: Region | None = None,
    service: AmbulanceService | None = None,
) -> Assignment:
    """Give `user` a role for one place, with the rights on its region that go with it.

    Raises ValidationError when the place does not fit the role's scope.
    """
    place = {Scope.SITE: site, Scope.REGION: region, Scope.SERVICE: service}.get(Scope(role.scope))
    given = [p for p in (site, region, service) if p is not None]
    if given != ([place] if place is not None else []) or (
        role.scope != Scope.NATION and place is None
    ):
        raise ValidationError(
            _("De rol %(role)s hoort bij een %(scope)s.")
            % {"role": role.label, "scope": Scope(role.scope).label},
            code="wrong_scope",
        )
    assignment = Assignment.objects.create(
        user=user, role=role, site=site, region=region, service=service, valid_from=valid_from
    )
    if region is not None:
        for right in REGION_RIGHTS.get(role.key, ()):
            assign_perm(f"regions.{right}", user, region)
    logbook.record(
        "role.assign",
        sentence=f"Rol {role.label_nl} gegeven aan {user}",
        about=("user", user.username),
        by=by,
        at=now,
        regions=[region.code] if region else [],
        purpose="beheer",
    )
    return assignment
