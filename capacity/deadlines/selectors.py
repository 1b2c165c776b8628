"""Reads of calls and deadlines: the call that is on, what waits for whom, whether the tick lives."""

from collections import defaultdict
from datetime import datetime, timedelta

from capacity.deadlines.calendar import Rhythm
from capacity.deadlines.duties import next_for, tasks_for
from capacity.deadlines.models import SETTLING, Deadline, Heartbeat, ReportingSlot
from regions.phases.models import Cadence

__all__ = ["next_for", "open_moments", "rhythms", "seconds_since_tick", "slot_at", "tasks_for"]


def slot_at(moment: datetime) -> ReportingSlot | None:
    """The call that is being answered at a moment: the newest that has opened."""
    return ReportingSlot.objects.filter(opens_at__lte=moment).order_by("-opens_at").first()


def rhythms() -> dict[str, list[Rhythm]]:
    """At which times, and on which days, each phase asks: by code of the phase."""
    found: dict[str, list[Rhythm]] = defaultdict(list)
    for row in Cadence.objects.all():
        found[row.phase_id].append(
            Rhythm(row.days, row.hospital_at, row.region_at, row.nation_at, row.fields)
        )
    return found


def open_moments(*, until: datetime) -> list[datetime]:
    """The moments up to `until` on which something is still to be fired, in order.

    For a clock that jumps: firing at each of them in turn does what would have happened meanwhile.
    """
    found = Deadline.objects.due(until).order_by().values_list("what", "due_at").distinct()
    return sorted(
        {due_at + (SETTLING if what in Deadline.JUDGED else timedelta()) for what, due_at in found}
    )


def seconds_since_tick(*, now: datetime) -> float | None:
    """Seconds of real time since the deadlines were last swept to the end; None when they never were."""
    last = Heartbeat.objects.filter(sweep="deadlines").values_list("at", flat=True).first()
    return None if last is None else (now - last) / timedelta(seconds=1)
