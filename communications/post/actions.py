"""Putting messages in the outbox, and telling open pages that something changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from communications.post.models import Message

LIVE_CHANNEL = "lcps_live"


class Recipient(Protocol):
    pk: Any
    email: str


# The only variables a message may carry: codes, names of places, counts and moments. A value of any
# other name is refused, so no patient data can be written into a message.
ALLOWED_VARIABLES = frozenset(
    {
        "site",
        "region",
        "other_region",
        "number",
        "level",
        "urgency",
        "due",
        "until",
        "day",
        "count",
        "names",
        "condition",
        "reason",
        "doctor",
        "unit",
        "question",
    }
)


def queue(
    template: str,
    *,
    event: str,
    to: Iterable[Recipient],
    variables: Mapping[str, Any],
    link: str,
    at: datetime,
    asks: str = "",
    channels: Iterable[str] = (Message.Channel.IN_APP, Message.Channel.EMAIL),
) -> None:
    """Write one message per recipient and channel, in the caller's transaction.

    The text is `templates/emails/<template>.txt`: its first line is the subject. The same `event` to the
    same recipient over the same channel is written once, however often it is queued. `asks` names what is to
    be done, if anything: see `mark_done`.

    Raises
    ------
    ValueError
        When a variable is not on the allow-list.
    """
    foreign = set(variables) - ALLOWED_VARIABLES
    if foreign:
        raise ValueError(f"message {template!r} may not carry {sorted(foreign)}")
    # A letter is in Dutch, whoever causes it.
    with override("nl"):
        text = render_to_string(f"emails/{template}.txt", dict(variables))
    subject, _, body = text.strip().partition("\n")
    real_now = timezone.now()
    Message.objects.bulk_create(
        [
            Message(
                event=event,
                template=template,
                variables={name: str(value) for name, value in variables.items()},
                channel=channel,
                recipient_id=person.pk,
                address=person.email if channel == Message.Channel.EMAIL else "",
                subject=subject.strip(),
                body=body.strip(),
                link=link,
                asks=asks,
                created_at=at,
                send_after=real_now,
                # In the application a message has arrived as soon as it is there.
                state=Message.State.HANDED_OVER
                if channel == Message.Channel.IN_APP
                else Message.State.WAITING,
                handed_over_at=real_now if channel == Message.Channel.IN_APP else None,
            )
            for person in to
            for channel in channels
            if channel != Message.Channel.EMAIL or person.email
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_read(*, messages: Iterable[int], by: Recipient, at: datetime) -> int:
    """Mark the reader's own messages as read, done or not; others' are left alone."""
    own = Message.objects.in_app_for(by.pk).filter(pk__in=list(messages), read_at=None)
    return own.update(read_at=at)


def mark_done(*asked: str, at: datetime) -> None:
    """Close the messages that asked for this, for everybody who got one, in the caller's transaction.

    A message somebody is reading at this moment is left to its reader: nobody waits for another.
    """
    open_ones = Message.objects.filter(asks__in=asked, done_at=None, channel=Message.Channel.IN_APP)
    found = open_ones.select_for_update(skip_locked=True)
    Message.objects.filter(pk__in=found.values("pk")).update(done_at=at)


def announce(topic: str) -> None:
    """Tell open pages that `topic` changed, when this transaction commits.

    PostgreSQL's NOTIFY: part of the transaction, no broker involved (docs/adr/0002). A topic is a word
    such as `capacity`, never an object, so that nothing leaks to whoever listens.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [LIVE_CHANNEL, topic])
