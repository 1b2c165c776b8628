"""The broom: what has ended is not kept. Real time."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from lcps.models import CacheEntry


@shared_task(name="lcps.sweep")
def sweep() -> None:
    """Sessions that ended, with what was typed in them, and counts whose time is over."""
    Session.objects.filter(expire_date__lt=Now()).delete()
    CacheEntry.objects.filter(expires__lt=Now()).delete()
