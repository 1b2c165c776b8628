"""Plays the demonstration's day: as the business clock moves, what was due happens, in order.

Two things happen by themselves: hospitals and regions that nobody plays do their part, and deadlines fire.
Moving the clock ahead plays everything in between, each at its own moment.
"""

from datetime import UTC, datetime, time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from capacity.deadlines import actions as deadlines
from capacity.deadlines import selectors as calls
from lcps import clock
from lcps.demonstration import others
from lcps.demonstration.world.schedule import ZONE
from transfers.requests import upkeep


def parse(text: str, *, now: datetime) -> datetime:
    """A local time of the demonstration's day ("08:31") as a moment.

    Raises ValidationError when it is no time, or lies in the past.
    """
    try:
        wanted = time.fromisoformat(text.strip())
    except ValueError as error:
        raise ValidationError(
            _("'%(text)s' is geen tijd. Schrijf bijvoorbeeld 08:31.") % {"text": text},
            code="no_time",
        ) from error
    day = now.astimezone(ZONE).date()
    moment = datetime.combine(day, wanted.replace(tzinfo=None), ZONE).astimezone(UTC)
    if moment <= now:
        raise ValidationError(
            _("Het is al %(now)s. De klok gaat alleen vooruit.")
            % {"now": now.astimezone(ZONE).strftime("%H:%M")},
            code="past",
        )
    return moment


def advance(*, to: datetime, now: datetime) -> None:
    """Play every cue up to `to`, then set the clock there when it lies ahead."""
    deadlines.open_slots(to)
    due = {*calls.open_moments(until=to), *others.moments(since=now, until=to), to}
    for at in sorted(due):
        # A hospital that reports on the very minute is in time: reports first, then the deadline.
        others.do_their_part(now=at)
        deadlines.fire_due(at)
    upkeep.sweep(now=to)
    if to > now:
        clock.set_to(to)
