"""Moving the demonstration's clock plays what was due in between, in order."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from capacity.models import CapacityReport, Deadline, RegionalSitrep
from communications.models import Message
from lcps import clock
from lcps.demonstration import play
from lcps.demonstration.accounts import SENDING_REGION
from lcps.demonstration.world.schedule import LAST_DAY
from tests import factories
from transfers.models import TransferRequest
from transfers.requests import actions as requests
from transfers.requests import status as states


def move(text):
    now = clock.now()
    play.advance(to=play.parse(text, now=now), now=now)


@pytest.mark.django_db
def test_the_morning_plays_in_order(world, caplog):
    move("08:31")

    today = CapacityReport.objects.filter(slot__day=LAST_DAY)
    assert today.count() == 76
    late = Deadline.objects.filter(what=Deadline.What.HOSPITAL_LATE, slot__day=LAST_DAY)
    assert late.filter(outcome="late").count() == 87 - 76
    assert Message.objects.filter(template="hospital_late").exists()

    move("10:01")

    assert today.count() == 84
    assert today.filter(spoken_with="").count() == 80
    signed = set(RegionalSitrep.objects.values_list("region__code", flat=True))
    assert len(signed) == 9
    assert SENDING_REGION not in signed and "euregio" not in signed
    assert not [r for r in caplog.records if r.name == "lcps.demonstration"]


@pytest.mark.django_db
def test_one_jump_does_what_two_jumps_do(world):
    move("10:01")

    assert CapacityReport.objects.filter(slot__day=LAST_DAY).count() == 84
    # A report is as late as its own minute, however late the clock was moved.
    received = CapacityReport.objects.get(slot__day=LAST_DAY, site__code="etz-tweesteden")
    assert received.received_at == datetime(2020, 10, 29, 7, 41, tzinfo=UTC)
    met = Deadline.objects.filter(
        what=Deadline.What.HOSPITAL_LATE, slot__day=LAST_DAY, outcome="met"
    )
    assert met.count() == 76


@pytest.mark.django_db
def test_a_hospital_reports_also_when_a_visitor_ended_its_request(world, caplog):
    running = TransferRequest.objects.filter(status__in=states.BEFORE_ACCEPTANCE)
    request = running.exclude(sending_site__code="etz-elisabeth").first()
    own = factories.user("bed_coordinator", site=request.sending_site)
    requests.take_step(
        name="withdraw",
        request=request,
        by=own,
        now=clock.now(),
        version=request.version,
        end_reason="error",
    )

    move("10:01")

    report = CapacityReport.objects.get(slot__day=LAST_DAY, site=request.sending_site)
    reason = report.reasons.get(warning="need_without_request")
    assert (reason.field, reason.code) == (f"{request.level_id}.need", "other")
    assert not [r for r in caplog.records if r.name == "lcps.demonstration"]


@pytest.mark.django_db
def test_the_clock_goes_forward_only(world):
    with pytest.raises(ValidationError, match="alleen vooruit"):
        move("08:00")

    with pytest.raises(ValidationError, match="geen tijd"):
        move("half negen")
