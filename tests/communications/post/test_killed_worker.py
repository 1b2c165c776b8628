"""The worker is killed while it sends and the broker is emptied: no reminder is lost, none doubled silently.

Each round is a morning of the demonstration's clock: at 08:00 every hospital is reminded, by a real worker
over real SMTP. In the midst of it the worker gets SIGKILL, its broker is wiped, and it starts again.
"""

import random
import threading
import time
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from capacity.deadlines.models import Deadline
from communications.post import mail
from communications.post.models import Message
from lcps import clock
from tests import factories
from tests.communications.post.worker import Worker

HOSPITALS = 40
PATIENCE = 60
EIGHT = datetime.fromisoformat("2020-10-01T06:00:00+00:00")


@pytest.fixture
def worker(transactional_db, sink, settings):
    settings.DEMONSTRATION = True
    factories.reference()
    region = factories.region("west")
    for n in range(HOSPITALS):
        factories.user("reporter", site=factories.site(f"site-{n:02}", region=region))
    made = Worker(sink.port)
    made.start()
    yield made
    made.close()


@pytest.mark.parametrize(
    "rounds",
    [pytest.param(3), pytest.param(20, marks=pytest.mark.slow)],
    ids=lambda n: f"{n}-rounds",
)
def test_nothing_is_lost_or_silently_doubled(worker, sink, rounds):
    chance = random.Random(20201029)
    # The server has taken the mail and has not said so yet: the moment that makes doubles.
    sink.delay = 0.03
    doubts = 0

    for n in range(rounds):
        morning = EIGHT + timedelta(days=n)
        clock.set_to(morning)
        wait_for_mails(worker, sink, len(sink.mails) + chance.randint(1, HOSPITALS - 5))
        worker.kill()
        worker.empty_broker()
        worker.start()
        wait_until_out(worker, morning)
        doubts += check_round(sink, morning)

    # The kills struck where they hurt, or this test shows nothing.
    assert doubts >= rounds / 2


def wait_for_mails(worker: Worker, sink, count: int) -> None:
    """Tick until the server has taken so many, and return in the midst of the last one."""
    reached = threading.Event()
    sink.on_mail = lambda _: reached.set() if len(sink.mails) >= count else None
    end = time.monotonic() + PATIENCE
    while not reached.wait(0.5):
        assert time.monotonic() < end, "the worker sends nothing"
        worker.tick()


def wait_until_out(worker: Worker, morning: datetime) -> None:
    """Tick until every hospital's reminder of this morning has left the outbox."""
    end = time.monotonic() + PATIENCE
    while reminders(morning).exclude(state=Message.State.HANDED_OVER).exists() or (
        reminders(morning).count() < HOSPITALS
    ):
        found = list(reminders(morning).values_list("state", flat=True))
        assert time.monotonic() < end, (
            f"lost: {HOSPITALS - found.count('handed_over')} of {HOSPITALS}"
        )
        worker.tick()
        time.sleep(0.5)


def check_round(sink, morning: datetime) -> int:
    """Each reminder arrived; of one that arrived twice, the row and the later copy say so. Returns the doubts."""
    copies = defaultdict(list)
    for got in sink.mails:
        copies[got["Message-ID"]].append(got["X-LCPS-Possibly-Double"])
    sent = list(reminders(morning))
    for message in sent:
        arrived = copies[mail.message_id(message)]
        assert arrived, f"{message} was lost"
        assert len(arrived) <= 1 + message.doubts, f"{message} was doubled silently"
        assert arrived[1:] == ["yes"] * (len(arrived) - 1), f"a copy of {message} does not say so"
    fired = Deadline.objects.filter(slot__day=morning.date(), what="remind_hospital")
    assert fired.filter(outcome="reminded").count() == HOSPITALS
    return sum(message.doubts for message in sent)


def reminders(morning: datetime):
    day = f"{morning + timedelta(minutes=30):%Y-%m-%d}"
    return Message.objects.filter(
        channel="email", template="remind_hospital", event__contains=f":{day}T"
    )
