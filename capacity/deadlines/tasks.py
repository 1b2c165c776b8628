"""The tick of the deadlines. Beat sends it; what is due is read from rows."""

from typing import Any

from celery import shared_task

from capacity.deadlines import actions


@shared_task(name="capacity.deadlines.tick", bind=True)
def tick(self: Any) -> None:
    """Open the calls that open and fire the deadlines that are due, by the business clock."""
    actions.tick(now=self.now)
