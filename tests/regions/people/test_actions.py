"""Giving and ending roles, and what a person may with the role they act under."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from communications.models import AuditEvent
from regions.models import Assignment, Role, User
from regions.people import actions, permissions
from regions.people import selectors as people
from tests import factories

pytestmark = pytest.mark.usefixtures("reference")


def give(role, *, by=None, valid_from=None, **place):
    return actions.assign_role(
        user=factories.user(),
        role=Role.objects.get(pk=role),
        valid_from=valid_from or timezone.localdate(),
        by=by,
        now=factories.NOW,
        **place,
    )


def again(assignment):
    """The person as the next request reads them, acting under this role."""
    person = User.objects.get(pk=assignment.user_id)
    person.acting = Assignment.objects.with_places().get(pk=assignment.pk)
    return person


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("reporter", {}),
        ("reporter", {"region": True}),
        ("reporter", {"site": True, "region": True}),
        ("regional_coordinator", {"site": True}),
        ("ambulance_planner", {}),
        ("lcps_coordinator", {"region": True}),
    ],
)
def test_role_needs_the_place_of_its_scope(role, place):
    made = {"site": factories.site, "region": factories.region, "service": factories.service}

    with pytest.raises(ValidationError) as refusal:
        give(role, **{name: made[name]() for name in place})

    assert refusal.value.code == "wrong_scope"


def test_only_the_administrator_gives_and_ends_roles():
    admin, other = factories.user("admin"), factories.user("shift_lead")

    given = give("analyst", by=admin)
    assert AuditEvent.objects.filter(action="role.assign", actor_id=str(admin.pk)).count() == 1

    with pytest.raises(PermissionDenied):
        give("analyst", by=other)
    with pytest.raises(PermissionDenied):
        actions.end_role(
            assignment=given, last_day=timezone.localdate(), by=other, now=factories.NOW
        )


def test_roles_are_dated():
    today = timezone.localdate()
    future = give("analyst", valid_from=today + timedelta(days=1))
    ending = give("analyst")
    actions.end_role(assignment=ending, last_day=today, by=None, now=factories.NOW)

    assert people.assignments_of(future.user, day=today) == []
    assert people.assignments_of(future.user, day=today + timedelta(days=1)) == [future]
    assert people.assignments_of(ending.user, day=today) == [ending]
    assert people.assignments_of(ending.user, day=today + timedelta(days=1)) == []
    assert people.holders("analyst") == [ending.user]


def test_role_does_not_end_before_it_began():
    given = give("analyst")

    with pytest.raises(ValidationError):
        actions.end_role(
            assignment=given,
            last_day=given.valid_from - timedelta(days=1),
            by=None,
            now=factories.NOW,
        )


def test_letters_go_to_open_accounts_only():
    given = give("analyst")
    User.objects.filter(pk=given.user_id).update(is_active=False)

    assert people.holders("analyst") == []


def test_rights_on_a_region_end_with_the_role():
    region = factories.region()
    given = give("regional_coordinator", region=region, valid_from=factories.TODAY)
    assert permissions.may_coordinate(again(given), region)

    yesterday = timezone.localdate() - timedelta(days=1)
    actions.end_role(assignment=given, last_day=yesterday, by=None, now=factories.NOW)

    assert not again(given).has_perm("regions.coordinate_region", region)


def test_right_stays_while_another_role_brings_it():
    region = factories.region()
    given = give("regional_coordinator", region=region, valid_from=factories.TODAY)
    second = factories.assign(given.user, "regional_analyst", region=region)

    yesterday = timezone.localdate() - timedelta(days=1)
    actions.end_role(assignment=given, last_day=yesterday, by=None, now=factories.NOW)

    assert permissions.may_read_region(again(second), region)
    assert not permissions.may_coordinate(again(given), region)


def test_coordinator_of_two_regions_acts_for_one_at_a_time():
    here, there = factories.region(), factories.region()
    given = give("regional_coordinator", region=here)
    factories.assign(given.user, "regional_coordinator", region=there)

    person = again(given)

    assert permissions.may_coordinate(person, here)
    assert not permissions.may_coordinate(person, there)
    assert not permissions.may_report(person, factories.site(region=there))


def test_coordinator_who_is_a_reporter_now_coordinates_nothing():
    region = factories.region()
    site = factories.site(region=region)
    given = give("regional_coordinator", region=region)
    reporting = factories.assign(given.user, "reporter", site=site)

    person = again(reporting)

    assert not permissions.may_coordinate(person, region)
    assert permissions.may_report(person, site)
