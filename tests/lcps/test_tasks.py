"""The broom takes what has ended and leaves the rest."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from lcps.celery import app
from lcps.models import CacheEntry
from lcps.tasks import sweep


@pytest.mark.django_db
def test_only_what_ended_is_swept():
    for name, hours in (("ended", -1), ("runs", 1)):
        until = timezone.now() + timedelta(hours=hours)
        Session.objects.create(session_key=name, session_data="", expire_date=until)
        cache.set(name, 1, timeout=3600)
        CacheEntry.objects.filter(cache_key__endswith=name).update(expires=until)

    sweep()

    assert [each.session_key for each in Session.objects.all()] == ["runs"]
    assert cache.get("runs") == 1
    assert CacheEntry.objects.count() == 1


def test_every_entry_of_the_timetable_has_a_task():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= app.tasks.keys()
