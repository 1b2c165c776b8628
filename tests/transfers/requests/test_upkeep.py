"""What happens by itself: once, at its moment, and to nobody else's request."""

from datetime import timedelta

import pytest

from communications.post.models import Message
from tests import factories
from transfers.models import HandoverItem, TransferRequest
from transfers.requests import moving, upkeep
from transfers.requests import status as states
from transfers.requests.tasks import tick

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def site(reference):
    return factories.site()


def status_of(request):
    return TransferRequest.objects.get(pk=request.pk).status


@pytest.mark.parametrize(("urgency", "hours"), [(6, 24), (24, 48), (48, 72)])
def test_a_request_lapses_after_its_hours_and_not_a_second_before(site, now, urgency, hours):
    at = now - timedelta(hours=hours)
    request = factories.request_(
        site, status=states.NATIONAL_SEARCH, urgency=urgency, created_at=at
    )

    assert upkeep.expire_requests(now=now - SECOND) == 0
    assert upkeep.expire_requests(now=now) == 1
    assert upkeep.expire_requests(now=now) == 0
    assert status_of(request) == states.EXPIRED


def test_an_update_keeps_a_request_and_a_warning_does_not(site, now):
    at = now - timedelta(hours=48)
    kept = factories.request_(site, status=states.NATIONAL_SEARCH, created_at=at)
    warned = factories.request_(site, status=states.NATIONAL_SEARCH, created_at=at)
    moving.note(kept, "renew", by=None, now=now - timedelta(hours=1))
    moving.note(warned, "late", by=None, now=now - timedelta(hours=1))

    upkeep.expire_requests(now=now)

    assert status_of(kept) == states.NATIONAL_SEARCH
    assert status_of(warned) == states.EXPIRED


@pytest.mark.parametrize("status", sorted(set(states.ALL) - set(upkeep.EXPIRING)))
def test_other_statuses_do_not_lapse(site, now, status):
    request = factories.request_(site, status=status, created_at=now - timedelta(days=9))

    assert upkeep.expire_requests(now=now) == 0
    assert status_of(request) == status


def test_sender_and_region_are_told_that_a_request_lapsed(site, now):
    sender = factories.user("bed_coordinator", site=site)
    region = factories.user("regional_coordinator", region=site.region)
    factories.request_(site, status=states.SUBMITTED, created_at=now - timedelta(hours=48))

    upkeep.expire_requests(now=now)

    told = Message.objects.filter(template="expired", channel="in_app")
    assert {message.recipient_id for message in told} == {sender.pk, region.pk}


def test_a_late_clock_is_told_once_to_whose_move_it_is(site, now):
    region = factories.user("regional_coordinator", region=site.region)
    factories.user("regional_coordinator", region=factories.region())
    request = factories.request_(site, status=states.SUBMITTED, clock_due_at=now)

    assert upkeep.warn_late(now=now - SECOND) == 0
    assert upkeep.warn_late(now=now) == 1
    assert upkeep.warn_late(now=now + timedelta(hours=1)) == 0

    told = Message.objects.filter(template="request_late", channel="in_app")
    assert [message.recipient_id for message in told] == [region.pk]
    assert list(request.events.values_list("step", flat=True)) == ["late"]


def test_the_next_clock_warns_anew(site, now):
    request = factories.request_(site, status=states.SUBMITTED, clock_due_at=now)
    upkeep.warn_late(now=now)
    TransferRequest.objects.filter(pk=request.pk).update(
        status=states.REGIONAL_SEARCH, status_since=now + SECOND, clock_due_at=now + 2 * SECOND
    )

    assert upkeep.warn_late(now=now + 2 * SECOND) == 1


@pytest.mark.parametrize(
    ("items", "left", "closed"),
    [(10, -SECOND, True), (10, 0 * SECOND, True), (10, SECOND, False), (9, -SECOND, False)],
)
def test_a_complete_handover_is_closed_when_its_clock_runs_out(site, now, items, left, closed):
    request = factories.request_(site, status=states.HANDED_OVER, clock_due_at=now + left)
    HandoverItem.objects.bulk_create(
        HandoverItem(request=request, item=item, state="sent", at=now, by_name="X")
        for item in HandoverItem.Item.values[:items]
    )

    upkeep.close_requests(now=now)

    assert (status_of(request) == states.CLOSED) is closed


def test_one_that_fails_stops_no_other_and_is_not_hidden(site, now, monkeypatch):
    first = factories.request_(site, status=states.SUBMITTED, clock_due_at=now)
    second = factories.request_(site, status=states.SUBMITTED, clock_due_at=now)

    def fail(request, *, at):
        if request.pk == first.pk:
            raise RuntimeError("no letter")

    monkeypatch.setattr(upkeep.letters, "warn_late", fail)
    with pytest.raises(RuntimeError):
        upkeep.warn_late(now=now)

    assert not first.events.exists()
    assert second.events.count() == 1


def test_the_tick_hands_its_clock_on(demonstration_clock, site, now):
    request = factories.request_(site, status=states.SUBMITTED, clock_due_at=now)

    tick.apply(throw=True)

    assert request.events.filter(step="late").exists()
