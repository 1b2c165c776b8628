"""What waits for whom, by clock; gathered from every room."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils.translation import override

from capacity.models import RegionalSitrep
from lcps.home import tasks
from lcps.home.tasks import Task, grouped, tasks_for, turns_of_others
from tests import factories

MINUTE = timedelta(minutes=1)


def task(due_at, title="iets"):
    return Task(due_at, None, title, "", "/", "Doe")


@pytest.mark.parametrize(
    ("minutes", "group"),
    [(-1, "late"), (0, "late"), (1, "hour"), (60, "hour"), (61, "later"), (60 * 20, "later")],
)
def test_groups_by_the_clock(now, minutes, group):
    found = grouped([task(now + minutes * MINUTE)], now)

    assert [one.key for one in found] == [group]


def test_groups_without_tasks_are_left_out(now):
    assert grouped([], now) == []


def test_tasks_of_every_room_come_in_one_order(now, monkeypatch):
    def source(*minutes):
        return lambda user, now: [task(now + m * MINUTE, str(m)) for m in minutes]

    monkeypatch.setattr(tasks, "SOURCES", (source(50, -5), source(10), source()))

    found = tasks_for(SimpleNamespace(), now)

    assert [one.title for one in found] == ["-5", "10", "50"]


def sitrep(region, slot, **given) -> RegionalSitrep:
    usual = {
        "version": 1,
        "submission": uuid4(),
        "status": "submitted",
        "pressure": "orange",
        "sentence": "Vol.",
        "limiting_factor": "beds",
        "totals": {},
        "submitted_at": slot.region_due_at,
        "submitted_name": "M. Peters",
    }
    return RegionalSitrep.objects.create(region=region, slot=slot, **usual | given)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestSitreps:
    def titles(self, role: str, at) -> list[str]:
        return [one.title for one in tasks_for(factories.user(role), at)]

    def test_a_signed_picture_waits_for_the_centre(self, now):
        slot, brabant = factories.slot(), factories.region("brabant")
        sitrep(brabant, slot)

        (found,) = tasks_for(factories.user("lcps_coordinator"), now)

        assert found.title == "Keur het regiobeeld van Brabant"
        assert found.about == "Oranje. Vol."
        assert found.due_at == slot.region_due_at + 90 * MINUTE
        assert found.url == "/capacity/regions/brabant#regiobeeld"

    def test_a_missing_picture_is_late_at_ten(self, now):
        slot = factories.slot()
        factories.region("euregio")

        before = slot.region_due_at - timedelta(seconds=1)
        assert self.titles("lcps_coordinator", before) == []
        assert self.titles("lcps_coordinator", slot.region_due_at) == [
            "Regiobeeld Euregio ontbreekt"
        ]

    def test_a_returned_picture_is_missing_with_its_question(self, now):
        slot, brabant = factories.slot(), factories.region("brabant")
        sitrep(brabant, slot, status="returned", returned_at=now, question="Waarom nul?")

        (found,) = tasks_for(factories.user("lcps_coordinator"), slot.region_due_at)

        assert "Waarom nul?" in found.about

    def test_a_judged_picture_waits_for_nobody(self, now):
        slot, brabant = factories.slot(), factories.region("brabant")
        sitrep(brabant, slot, status="accepted", accepted_at=now)

        assert self.titles("lcps_coordinator", slot.region_due_at) == []

    def test_others_of_the_centre_do_not_judge(self, now):
        sitrep(factories.region("brabant"), factories.slot())

        assert self.titles("analyst", now) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_a_request_waits_for_one_and_is_with_others_for_the_rest(now):
    site = factories.site("jbz", region=factories.region("brabant"))
    factories.request_(site, status="medical_review")
    doctor = factories.user("medical_officer")
    lcps = factories.user("lcps_coordinator")

    assert [one.level_label for one in tasks_for(doctor, now)] == ["Kliniek"]
    assert turns_of_others(doctor) == []
    assert tasks_for(lcps, now) == []
    (turn,) = turns_of_others(lcps)
    assert (turn.label, turn.count) == ("Medical officer", 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(("language", "within"), [("nl", "< 24 u"), ("en", "< 24 h")])
def test_a_task_says_how_soon_in_the_language_of_its_reader(now, language, within):
    factories.request_(factories.site("jbz"), status="medical_review", urgency=24)
    doctor = factories.user("medical_officer")

    with override(language):
        (found,) = tasks_for(doctor, now)

    assert found.about.endswith(within)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_nobody_follows_a_request_they_may_not_see(now):
    factories.request_(factories.site("jbz"), status="medical_review")

    for role in ("oversight_reader", "privacy_officer", "analyst"):
        person = factories.user(role)
        assert tasks_for(person, now) == []
        assert turns_of_others(person) == []
