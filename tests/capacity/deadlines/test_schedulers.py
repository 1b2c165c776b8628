"""Ten schedulers at once, over a standstill: every call is opened once and every deadline fires once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from capacity.deadlines import actions
from capacity.deadlines.models import Deadline, ReportingSlot
from communications.post.models import Message

SCHEDULERS = 10


@pytest.mark.django_db(transaction=True)
def test_ten_schedulers_at_once_fire_once(world, now):
    actions.tick(now=now - timedelta(days=3))
    Message.objects.all().delete()
    Deadline.objects.exclude(fired_at=None).update(fired_at=now - timedelta(days=3))
    fired, failed = [], []
    start = threading.Barrier(SCHEDULERS)

    def schedule():
        try:
            start.wait()
            fired.append(actions.tick(now=now))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(SCHEDULERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert ReportingSlot.objects.count() == 4
    assert Deadline.objects.count() == 4 * 12
    # On the first day two were fired already; today only the two reminders are due.
    assert sum(fired) == (12 - 2) + 2 * 12 + 2 == Deadline.objects.filter(fired_at=now).count()
    assert Message.objects.filter(channel="email").count() == 3
