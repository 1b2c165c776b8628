"""The demonstration plays along with the running business clock."""

from typing import Any

from celery import shared_task
from django.conf import settings

from lcps.demonstration import play


@shared_task(bind=True, name="lcps.demonstration.advance")
def advance(self: Any) -> None:
    """What hospitals and regions that nobody plays do by now."""
    if settings.DEMONSTRATION:
        now = self.now
        play.advance(to=now, now=now)
