"""The business clock: real time in production, a movable morning in the demonstration (docs/adr/0003).

It is handed in and never fetched: the middleware sets `request.now`, the task base sets `self.now`, and
everything below takes `now` as an argument. Sign-in, sessions, tokens and delivery leases keep real time.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone


class BusinessClock(models.Model):
    """The one row that says which business moment belongs to which real moment."""

    id = models.SmallAutoField(primary_key=True)
    business_anchor = models.DateTimeField(help_text="business moment at the real anchor")
    real_anchor = models.DateTimeField(help_text="real moment the clock was set")

    class Meta:
        app_label = "lcps"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="lcps_businessclock_one_row",
                violation_error_message="There is one business clock.",
            )
        ]

    def __str__(self) -> str:
        return f"business clock set to {self.business_anchor:%Y-%m-%d %H:%M}"

    def at(self, real: datetime) -> datetime:
        return self.business_anchor + (real - self.real_anchor)


def now() -> datetime:
    """The business moment now (UTC)."""
    real = timezone.now()
    if not settings.DEMONSTRATION:
        return real
    clock = BusinessClock.objects.filter(pk=1).first()
    return clock.at(real) if clock else real


def set_to(business: datetime) -> None:
    """Set the demonstration's clock. Never in production."""
    if not settings.DEMONSTRATION:
        raise RuntimeError("The business clock can only be set in the demonstration.")
    BusinessClock.objects.update_or_create(
        pk=1, defaults={"business_anchor": business, "real_anchor": timezone.now()}
    )


def resume(*, stopped_at: datetime) -> None:
    """Let the clock go on from where it stood at the real moment everything was stopped."""
    clock = BusinessClock.objects.filter(pk=1).first()
    if clock is not None:
        set_to(clock.at(max(stopped_at, clock.real_anchor)))
