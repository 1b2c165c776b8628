"""From outbox to mail server: claim by lease, send outside any transaction, mark (docs/adr/0004).

A lease keeps real time. Three marks make every accident visible:

- claimed, not started, lease over: nobody began; it is simply claimed again;
- started, lease over: its carrier vanished in the midst; it is sent once more and says so;
- handed over, failed, or maybe sent: it is done.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from communications.post import mail, retry
from communications.post.mail import Carrier, Outcome, Result, Unreachable
from communications.post.models import Message

log = logging.getLogger("lcps.post")
chance = Random()

BATCH = 25
# Well below Celery's hard limit of 60 s, after which a process is killed in the midst of a send.
RUN_SECONDS = 30

State = Message.State
FREE = {"lease": None, "leased_until": None, "started_at": None}


def deliver_due(*, run_seconds: float = RUN_SECONDS) -> int:
    """Hand over what is due until nothing is left or the time is up. Returns how many were handed over."""
    end = time.monotonic() + run_seconds
    sent = 0
    while time.monotonic() < end and (batch := claim(timezone.now())):
        sent += _deliver(batch, end)
    return sent


@transaction.atomic
def claim(real_now: datetime) -> list[Message]:
    """Take a batch of due messages under one lease. Others skip them until it is over."""
    due = Message.objects.due(real_now).filter(channel=Message.Channel.EMAIL)
    rows = due.select_for_update(skip_locked=True).order_by("send_after", "pk")[:BATCH]
    lease, until = uuid4(), real_now + timedelta(seconds=settings.POST_LEASE_SECONDS)
    claimed = []
    for message in rows:
        if message.started_at:
            message.doubts += 1
            log.warning("message %s: its carrier vanished while sending", message.pk)
        if message.doubts > retry.MOST_DOUBTS:
            _settle(message, State.MAYBE_SENT, failure="twice unknown whether it arrived")
            continue
        message.state, message.started_at = State.LEASED, None
        message.lease, message.leased_until = lease, until
        claimed.append(message)
    Message.objects.bulk_update(claimed, ["state", "started_at", "lease", "leased_until", "doubts"])
    return claimed


def _deliver(batch: Sequence[Message], end: float) -> int:
    sent = 0
    waiting = list(batch)
    with Carrier() as carrier:
        while waiting and time.monotonic() < end:
            if not carrier.is_connected:
                _let_go_of_database()
            try:
                carrier.connect()
            except Unreachable as error:
                _put_off(waiting, str(error))
                return sent
            message = waiting.pop(0)
            if not _start(message):
                continue
            _let_go_of_database()
            result = carrier.send(mail.letter(message))
            sent += _finish(message, result)
    _give_back(waiting)
    return sent


def _start(message: Message) -> bool:
    """Mark that the attempt begins, and renew the lease; False when somebody else has it by now."""
    real_now = timezone.now()
    message.attempts += 1
    return bool(
        _held(message).update(
            attempts=message.attempts,
            started_at=real_now,
            leased_until=real_now + timedelta(seconds=settings.POST_LEASE_SECONDS),
        )
    )


def _finish(message: Message, result: Result) -> bool:
    """Mark what came of it, if the lease is still ours; True when it was handed over."""
    if result.outcome == Outcome.SENT:
        return _settle(message, State.HANDED_OVER, handed_over_at=timezone.now(), failure="")
    log.warning("message %s, attempt %s: %s", message.pk, message.attempts, result.reason)
    if result.outcome == Outcome.DOUBT:
        message.doubts += 1
    is_at_end = (
        result.outcome == Outcome.REFUSED
        or message.attempts >= retry.MOST_ATTEMPTS
        or message.doubts > retry.MOST_DOUBTS
    )
    if is_at_end:
        # An earlier attempt may have arrived: then it has not simply failed.
        end = State.MAYBE_SENT if message.doubts else State.FAILED
        _settle(message, end, failure=result.reason)
    else:
        again = timezone.now() + retry.pause(message.attempts, chance)
        _settle(message, State.WAITING, send_after=again, failure=result.reason)
    return False


def _settle(message: Message, state: State, **fields: Any) -> bool:
    """Write the end of an attempt and free the row; False when the lease has gone to somebody else."""
    changed = _held(message).update(
        state=state, attempts=message.attempts, doubts=message.doubts, **FREE, **fields
    )
    if not changed:
        log.warning("message %s: the lease was lost before the outcome was known", message.pk)
    return bool(changed)


def _put_off(messages: Sequence[Message], reason: str) -> None:
    """No server answered: an attempt for all of them, so that each of them waits longer and longer."""
    log.warning("mail server unreachable, %s messages wait: %s", len(messages), reason)
    for message in messages:
        message.attempts += 1
        _finish(message, Result(Outcome.LATER, reason))


def _give_back(messages: Sequence[Message]) -> None:
    """Time is up: leave the rest to the next run, at once."""
    for message in messages:
        _settle(message, State.WAITING)


def _held(message: Message) -> QuerySet[Message]:
    """The row, as long as it is under the lease we know."""
    return Message.objects.filter(pk=message.pk, lease=message.lease, state=State.LEASED)


def _let_go_of_database() -> None:
    """Hold no connection while the mail server takes its time."""
    if not connection.in_atomic_block:
        connection.close()
