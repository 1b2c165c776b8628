"""The tick of the transfers. Beat sends it; what is due is read from rows."""

from typing import Any

from celery import shared_task

from transfers.requests import upkeep


@shared_task(name="transfers.requests.tick", bind=True)
def tick(self: Any) -> None:
    """Offers and requests whose time has passed, and clocks that are late, by the business clock."""
    upkeep.sweep(now=self.now)
