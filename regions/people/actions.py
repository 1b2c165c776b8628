"""Giving and taking roles."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from communications.logbook import actions as logbook
from regions.people import permissions
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

    Raises PermissionDenied for who is no administrator, and ValidationError when the place does not fit
    the role's scope.
    """
    if not permissions.may_give_roles(by):
        raise PermissionDenied
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


@transaction.atomic
def end_role(
    *, assignment: Assignment, last_day: date, by: User | None, now: datetime
) -> Assignment:
    """Let a role end after `last_day` (a real day). Whoever acts under it then is out at the next click.

    Raises PermissionDenied for who is no administrator, and ValidationError for a day before the first.
    """
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if not permissions.may_give_roles(by):
        raise PermissionDenied
    if last_day < assignment.valid_from:
        raise ValidationError(_("De rol eindigt niet voor de eerste dag."), code="before_first_day")
    assignment.valid_to = last_day
    assignment.save(update_fields=["valid_to"])
    if last_day < timezone.localdate():
        _take_rights(assignment)
    logbook.record(
        "role.end",
        sentence=f"Rol {assignment.role.label_nl} van {assignment.user} eindigt na {last_day:%d-%m-%Y}",
        about=("user", assignment.user.username),
        by=by,
        at=now,
        regions=[assignment.region.code] if assignment.region else [],
        purpose="beheer",
    )
    return assignment


def _take_rights(ended: Assignment) -> None:
    """The rights on the region go, but for those another role there still brings."""
    if ended.region is None:
        return
    others = ended.user.assignments.valid_on(timezone.localdate()).filter(region=ended.region)
    kept = {right for one in others for right in REGION_RIGHTS.get(one.role_id, ())}
    for right in set(REGION_RIGHTS.get(ended.role_id, ())) - kept:
        remove_perm(f"regions.{right}", ended.user, ended.region)
