"""Gives a person a role for one place, or ends it: what the first administrator needs before there is one."""

from argparse import ArgumentParser
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model
from django.utils import timezone

from lcps import clock
from regions.models import AmbulanceService, Region, Role, Site, User
from regions.people import actions
from regions.people.models import AssignmentQuerySet, Scope

Found = TypeVar("Found", bound=Model)
PLACES: dict[str, tuple[str, type[Model]]] = {
    Scope.SITE: ("site", Site),
    Scope.REGION: ("region", Region),
    Scope.SERVICE: ("service", AmbulanceService),
}


class Command(BaseCommand):
    help = "Give a role, or with --until let it end after that day. Without a role nobody sees anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", help="a key of regions/people/reference/roles.csv")
        parser.add_argument("--place", help="code of the site, region or service the role is for")
        parser.add_argument("--until", type=date.fromisoformat, help="last day, as 2026-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        person = find(User, "username", options["username"])
        role = find(Role, "key", options["role"])
        place = place_of(role, options["place"])
        try:
            if options["until"]:
                self.end(person, role, place, options["until"])
            else:
                self.give(person, role, place)
        except ValidationError as refused:
            raise CommandError("; ".join(refused.messages)) from refused

    def give(self, person: User, role: Role, place: dict[str, Model]) -> None:
        if held(person, role, place).exists():
            raise CommandError(f"{person.username} already has this role.")
        assignment = actions.assign_role(
            user=person,
            role=role,
            valid_from=timezone.localdate(),
            by=None,
            now=clock.now(),
            **place,
        )
        self.stdout.write(f"{person.username}: {assignment}")

    def end(self, person: User, role: Role, place: dict[str, Model], last_day: date) -> None:
        assignment = held(person, role, place).first()
        if assignment is None:
            raise CommandError(f"{person.username} does not have this role.")
        actions.end_role(assignment=assignment, last_day=last_day, by=None, now=clock.now())
        self.stdout.write(f"{person.username}: {assignment} until {last_day}")


def find(model: type[Found], field: str, value: str) -> Found:
    """The row with this name. Raises CommandError with the names there are, when they are few."""
    found = model._default_manager.filter(**{field: value}).first()
    if found is None:
        known = model._default_manager.order_by(field).values_list(field, flat=True)[:20]
        raise CommandError(
            f"No {model._meta.verbose_name} {value!r}. There are: {', '.join(known)} ..."
        )
    return found


def place_of(role: Role, code: str | None) -> dict[str, Model]:
    """The place as the action takes it. Raises CommandError when the role needs one and none is named."""
    if role.scope not in PLACES:
        if code:
            raise CommandError(f"Role {role.key} is for the whole country: leave out --place.")
        return {}
    name, model = PLACES[role.scope]
    if not code:
        raise CommandError(f"Role {role.key} is for one {name}: add --place with its code.")
    return {name: find(model, "code", code)}


def held(person: User, role: Role, place: dict[str, Model]) -> AssignmentQuerySet:
    """The person's assignments of this role, for this place, that have not ended."""
    return person.assignments.valid_on(timezone.localdate()).filter(role=role, **place)
