"""Reads of calls and deadlines: the call that is on, what comes next, whether the tick lives."""

from datetime import datetime, timedelta

from capacity.deadlines.models import Deadline, ReportingSlot


def slot_at(moment: datetime) -> ReportingSlot | None:
    """The call that is being answered at a moment: the newest that has opened."""
    return ReportingSlot.objects.filter(opens_at__lte=moment).order_by("-opens_at").first()


def seconds_since_tick(*, now: datetime) -> float | None:
    """Seconds since a deadline was last fired (real time); None when none ever was."""
    last = Deadline.objects.exclude(fired_at=None).order_by("-fired_at").values_list("fired_at", flat=True).first()
    return None if last is None else (now - last) / timedelta(seconds=1)
