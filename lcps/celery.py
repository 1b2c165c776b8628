"""Celery: the clock that ticks, and the base of every task.

Beat only ticks. What is due is read from rows by the task itself, so a late, doubled or missed tick
changes nothing (docs/adr/0004). Each tick expires before the next few arrive, so none pile up.
"""

import os
from datetime import datetime

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lcps.settings")


class ClockedTask(Task):
    """A task that is handed the business clock as `self.now`."""

    abstract = True

    @property
    def now(self) -> datetime:
        from lcps import clock

        return clock.now()


app = Celery("lcps", task_cls=ClockedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "capacity.deadlines",
        "transfers.requests",
        "communications.post",
        "lcps",
        "lcps.demonstration",
    ]
)

# In clock order of a morning: first what is due becomes late or is reminded (it writes messages),
# then the messages go out, then offers and requests whose time has passed are closed.
app.conf.beat_schedule = {
    "deadlines": {
        "task": "capacity.deadlines.tick",
        "schedule": 10.0,
        "options": {"expires": 10, "queue": "deadlines"},
    },
    "post": {
        "task": "communications.post.deliver_due",
        "schedule": 2.0,
        "options": {"expires": 10, "queue": "post"},
    },
    "transfers": {
        "task": "transfers.requests.tick",
        "schedule": 10.0,
        "options": {"expires": 10, "queue": "deadlines"},
    },
    # Bound to no clock: sessions and counts that ended are thrown away.
    "sweep": {
        "task": "lcps.sweep",
        "schedule": 600.0,
        "options": {"expires": 300, "queue": "deadlines"},
    },
}


if os.environ.get("LCPS_DEMO") == "1":
    # In the demonstration the other hospitals report by themselves, on the business clock.
    app.conf.beat_schedule["demonstration"] = {
        "task": "lcps.demonstration.advance",
        "schedule": 5.0,
        "options": {"expires": 10, "queue": "deadlines"},
    }
