"""Reads of the outbox and of a person's inbox."""

from datetime import datetime, timedelta

from django.db.models import Min

from communications.post.models import Message


def unread_count(user_id: int) -> int:
    return Message.objects.in_app_for(user_id).unread().count()


def seconds_oldest_unsent(*, now: datetime) -> float:
    """Age in seconds (real time) of the oldest message that is not out yet; 0 when there is none.

    A message that failed and waits for its next attempt counts: while the mail server is down this rises.
    """
    oldest = Message.objects.unsent().aggregate(at=Min("queued_at"))["at"]
    return 0.0 if oldest is None else max(0.0, (now - oldest) / timedelta(seconds=1))
