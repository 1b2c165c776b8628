"""Firing deadlines: who is told what, once, and what a standstill leaves behind."""

from datetime import timedelta

import pytest

from capacity.deadlines import actions, letters, selectors
from capacity.deadlines.models import SETTLING, Deadline, ReportingSlot
from communications.post.models import Message
from tests import factories

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def outcomes(**where) -> dict[str, str]:
    return dict(
        Deadline.objects.filter(**where).exclude(fired_at=None).values_list("what", "outcome")
    )


def mailed(template: str) -> set[str]:
    return set(
        Message.objects.filter(channel="email", template=template).values_list("address", flat=True)
    )


@pytest.mark.parametrize(
    ("clock", "after", "fired"),
    [
        ("08:00", -SECOND, {}),
        ("08:00", 0 * SECOND, {"remind_hospital": "reminded"}),
        ("08:00", SECOND, {"remind_hospital": "reminded"}),
        ("08:30", -SECOND, {"remind_hospital": "reminded"}),
        ("08:30", SETTLING - SECOND, {"remind_hospital": "passed"}),
        ("08:30", SETTLING, {"remind_hospital": "passed", "hospital_late": "late"}),
        ("08:30", SETTLING + SECOND, {"remind_hospital": "passed", "hospital_late": "late"}),
    ],
)
def test_one_second_before_at_and_after(world, at, clock, after, fired):
    moment = at(clock) + after
    actions.open_slots(moment)

    actions.fire_due(moment)

    assert outcomes(site=world.site) == fired
    assert set(Deadline.objects.exclude(fired_at=None).values_list("fired_at", flat=True)) <= {
        moment
    }


def test_a_morning_without_answers(world, at):
    actions.open_slots(at("07:00"))

    for moment in selectors.open_moments(until=at("12:30")):
        actions.fire_due(moment)

    assert outcomes(site=world.site) == {"remind_hospital": "reminded", "hospital_late": "late"}
    assert outcomes(region=world.region) == {
        "late_list": "reminded",
        "remind_region": "reminded",
        "region_late": "late",
    }
    assert outcomes(site=None, region=None) == {
        "overview_prepared": "reminded",
        "overview_due": "reminded",
    }
    hospitals = {world.reporter.email, world.beds.email, world.stranger.email}
    assert mailed("remind_hospital") == mailed("hospital_late") == hospitals
    assert (
        mailed("late_list")
        == mailed("remind_region")
        == mailed("region_late")
        == {world.coordinator.email}
    )
    assert mailed("overview_prepared") == mailed("overview_due") == {world.lead.email}
    # Each by mail and in LCPS, nothing twice.
    assert Message.objects.count() == 2 * (3 + 3 + 1 + 1 + 1 + 1 + 1)


def test_a_morning_with_answers_sends_nothing_to_those_who_answered(world, at, sign):
    actions.open_slots(at("07:00"))
    slot = ReportingSlot.objects.get()
    factories.report(world.site, slot, received_at=at("07:45"))
    sign(world.region, slot, at("09:20"))

    for moment in selectors.open_moments(until=at("12:30")):
        actions.fire_due(moment)

    assert outcomes(site=world.site) == {"remind_hospital": "met", "hospital_late": "met"}
    assert set(outcomes(region=world.region).values()) == {"met"}
    told = {world.reporter.email, world.beds.email, world.coordinator.email}
    assert not Message.objects.filter(address__in=told).exists()


@pytest.mark.parametrize(
    ("received", "outcome"), [(-SECOND, "met"), (0 * SECOND, "met"), (SECOND, "late")]
)
def test_in_time_is_decided_by_receipt_not_by_when_the_tick_ran(world, at, received, outcome):
    actions.open_slots(at("07:00"))
    factories.report(world.site, ReportingSlot.objects.get(), received_at=at("08:30") + received)

    actions.fire_due(at("08:40"))

    assert outcomes(site=world.site)["hospital_late"] == outcome
    assert mailed("hospital_late") == {world.stranger.email}


def test_figures_carried_over_are_no_answer(world, at):
    actions.open_slots(at("07:00"))
    carried = factories.report(world.site, ReportingSlot.objects.get(), received_at=at("07:45"))
    type(carried).objects.update(source="carried")

    actions.fire_due(at("08:31"))

    assert outcomes(site=world.site)["hospital_late"] == "late"


def test_a_correction_later_on_leaves_the_first_answer_in_time(world, at):
    actions.open_slots(at("07:00"))
    slot = ReportingSlot.objects.get()
    factories.report(world.site, slot, received_at=at("08:29"))
    factories.report(world.site, slot, received_at=at("08:35"))

    actions.fire_due(at("08:40"))

    assert outcomes(site=world.site)["hospital_late"] == "met"


def test_late_hospitals_of_a_region_are_one_message(world, at):
    for code in ("aa", "bb", "cc"):
        factories.site(code, region=world.region)
    actions.open_slots(at("07:00"))

    actions.fire_due(at("08:45"))

    (letter,) = Message.objects.filter(template="late_list", channel="email")
    assert letter.address == world.coordinator.email
    assert letter.subject == "4 ziekenhuizen hebben nog niet aangeleverd"
    assert "Ziekenhuis Aa, Ziekenhuis Bb, Ziekenhuis Cc, 's Heeren & Zn." in letter.body
    assert "Om 08:30 op donderdag 29 oktober" in letter.body


def test_the_reminder_leads_to_the_form(world, at):
    actions.open_slots(at("07:00"))

    actions.fire_due(at("08:00"))

    letter = Message.objects.get(channel="email", recipient=world.reporter)
    assert letter.subject == "Aanleveren voor 08:30: 's Heeren & Zn"
    assert "Bevestig ongewijzigd" in letter.body
    assert letter.link.endswith("/sites/noord/report#aanlevering")
    assert letter.created_at == at("08:00")


def test_letters_are_dutch_whoever_causes_them(world, at):
    from django.utils.translation import override

    actions.open_slots(at("07:00"))

    with override("en"):
        actions.fire_due(at("08:00"))

    assert "donderdag 29 oktober" in Message.objects.filter(channel="email").first().body


def test_firing_twice_does_nothing_more(world, at):
    actions.open_slots(at("07:00"))

    assert actions.fire_due(at("08:00")) == 2
    assert actions.fire_due(at("08:00")) == 0


def test_a_standstill_is_written_down_without_mailing_about_the_past(world, at, now):
    actions.tick(now=now - timedelta(days=3))
    Message.objects.all().delete()

    actions.tick(now=now)

    past = Deadline.objects.filter(slot__day__lt=now.date()).exclude(fired_at=None)
    assert past.count() == 3 * 12
    assert set(past.filter(what="hospital_late").values_list("outcome", flat=True)) == {"late"}
    assert set(
        past.filter(slot__day__day__gt=26, what="remind_hospital").values_list("outcome", flat=True)
    ) == {"passed"}
    assert set(Message.objects.values_list("template", flat=True)) == {"remind_hospital"}
    assert all("29 oktober" in body for body in Message.objects.values_list("body", flat=True))


def test_after_an_outage_over_the_deadline_only_what_still_helps_is_sent(world, at):
    """Stopped from 07:50 to 08:50: no reminder any more, but who is late is told."""
    actions.open_slots(at("07:50"))

    actions.fire_due(at("08:50"))

    assert mailed("remind_hospital") == set()
    assert mailed("hospital_late") == {world.reporter.email, world.beds.email, world.stranger.email}
    assert mailed("late_list") == {world.coordinator.email}


def test_a_site_that_closed_is_excused(world, at):
    actions.open_slots(at("07:00"))
    type(world.site).objects.filter(pk=world.site.pk).update(reports=False)

    actions.fire_due(at("08:31"))

    assert set(outcomes(site=world.site).values()) == {"excused"}


def test_one_that_fails_does_not_hold_up_the_others(world, at, monkeypatch):
    actions.open_slots(at("07:00"))
    write = letters.write

    def fail_for_one(deadline, *, now):
        if deadline.site_id == world.site.pk:
            raise RuntimeError("broken template")
        write(deadline, now=now)

    monkeypatch.setattr(letters, "write", fail_for_one)
    with pytest.raises(ExceptionGroup, match="1 deadlines"):
        actions.fire_due(at("08:00"))

    assert mailed("remind_hospital") == {world.stranger.email}
    assert outcomes(site=world.site) == {}

    monkeypatch.setattr(letters, "write", write)
    assert actions.fire_due(at("08:01")) == 1


def test_a_reminder_costs_a_fixed_number_of_queries(world, at, django_assert_max_num_queries):
    actions.open_slots(at("07:00"))

    with django_assert_max_num_queries(2 + 2 * 8 + 4):
        actions.fire_due(at("08:00"))
