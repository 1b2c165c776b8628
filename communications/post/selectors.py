"""Reads of the outbox and of a person's inbox."""

from datetime import datetime, timedelta

from communications.post.models import Message


def unread_count(user_id: int) -> int:
    return Message.objects.in_app_for(user_id).unread().count()


def seconds_oldest_unsent(*, now: datetime) -> float:
    """Age in seconds (real time) of the oldest message that is due and not out; 0 when there is none."""
    oldest = Message.objects.due(now).order_by("send_after").values_list("send_after", flat=True).first()
    return 0.0 if oldest is None else (now - oldest) / timedelta(seconds=1)
