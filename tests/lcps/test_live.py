"""The event stream lives as long as the session it was opened in."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as conf
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client, RequestFactory
from django.utils import timezone

from communications.post.actions import LIVE_CHANNEL
from lcps import live
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
HEARTBEAT = 0.2
PATIENCE = 20


@pytest.fixture
def signed_in(monkeypatch):
    """`signed_in()` is a browser with a session; the heart beats fast."""
    monkeypatch.setattr(live, "KEEP_ALIVE_SECONDS", HEARTBEAT)
    monkeypatch.setattr(live, "hub", live.Hub())

    def make():
        client = Client()
        client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


async def opened(client):
    """The stream of this browser, its first words read."""
    request = RequestFactory().get("/live")
    request.session = SessionStore(client.cookies[conf.SESSION_COOKIE_NAME].value)
    words = aiter(await live.stream(request))
    assert await anext(words) == b"retry: 2000\n\n"
    return words


async def ended(words):
    """What the stream still says until it ends."""
    async with asyncio.timeout(PATIENCE):
        return [word async for word in words]


async def change(topic):
    async with await live.psycopg.AsyncConnection.connect(live._conninfo(), autocommit=True) as db:
        await db.execute("SELECT pg_notify(%s, %s)", [LIVE_CHANNEL, topic])


async def next_change(words):
    async with asyncio.timeout(PATIENCE):
        while (word := await anext(words)).startswith(b":"):
            pass
    return word


def aside(leaves, client):
    """In a thread of its own, whose connection would stay open."""
    leaves(client)
    connections.close_all()


def over(client):
    Session.objects.filter(pk=client.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )


@pytest.mark.parametrize("leaves", [Client.logout, over], ids=["signs out", "session is over"])
def test_stream_ends_with_its_session_and_no_other_does(signed_in, leaves):
    leaver, stayer = signed_in(), signed_in()

    async def watch():
        left, other = await opened(leaver), await opened(stayer)
        await sync_to_async(aside)(leaves, leaver)
        assert set(await ended(left)) <= {b": still here\n\n"}
        # Beats go by, and the other still hears what happens.
        await asyncio.sleep(3 * HEARTBEAT)
        await change("capacity")
        assert await next_change(other) == b"event: change\ndata: capacity\n\n"
        await other.aclose()

    asyncio.run(watch())
