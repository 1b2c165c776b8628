"""Reads about people: who holds a role, and whom to write to."""

from datetime import date

from django.utils import timezone

from regions.people.models import Assignment, User
from regions.places.models import Region, Site


def assignments_of(user: User, *, day: date) -> list[Assignment]:
    """The roles a person may act under on a day, in order."""
    return list(user.assignments.valid_on(day).with_places())


def holders(
    *role_keys: str,
    site: Site | None = None,
    region: Region | None = None,
    service: int | None = None,
) -> list[User]:
    """Active people who hold one of the roles today, for one place or nationally.

    Roles are dated in real days: the demonstration's clock does not move them.
    """
    held = Assignment.objects.valid_on(timezone.localdate()).filter(
        role__in=role_keys, user__is_active=True
    )
    if site is not None:
        held = held.filter(site=site)
    if region is not None:
        held = held.filter(region=region)
    if service is not None:
        held = held.filter(service=service)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))
