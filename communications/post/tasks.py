"""The sweep of the outbox. Beat sends it every two seconds; any number may run at once."""

from celery import shared_task

from communications.post import delivery


@shared_task(name="communications.post.deliver_due")
def deliver_due() -> None:
    """Hand over the messages that are due."""
    delivery.deliver_due()
