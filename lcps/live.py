"""One event stream tells open pages that something changed; the page then asks again.

Each process listens once to PostgreSQL (LISTEN) and passes the topics on to its open streams. An event
carries only a word, so it can leak nothing; what a page may show is decided when it asks. Between two signs
of life the listener asks, in one question for all streams, whose session is over: theirs end.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any, Final

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse

from communications.post.actions import LIVE_CHANNEL

log = logging.getLogger("lcps.live")

KEEP_ALIVE_SECONDS = 15
RECONNECT_SECONDS = 1
MOST_WAITING = 50
SIGNED_OUT: Final = ""
SIGNED_IN = (
    "SELECT session_key FROM django_session WHERE session_key = ANY(%s) AND expire_date > now()"
)


class Hub:
    """The one listener of this process, and per open stream its queue and its session."""

    def __init__(self) -> None:
        self.sessions: dict[asyncio.Queue[str], str | None] = {}
        self.task: asyncio.Task[None] | None = None

    def join(self, session: str | None) -> asyncio.Queue[str]:
        queue: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self.sessions[queue] = session
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self.listen())
        return queue

    def leave(self, queue: asyncio.Queue[str]) -> None:
        self.sessions.pop(queue, None)
        if not self.sessions and self.task is not None:
            self.task.cancel()
            self.task = None

    def pass_on(self, topic: str) -> None:
        for queue in self.sessions:
            put(queue, topic)

    async def end_signed_out(self, db: psycopg.AsyncConnection[Any]) -> None:
        """Signing out removes the session; a session that lasted too long is still there, and over."""
        found = await db.execute(SIGNED_IN, [list(self.sessions.values())])
        valid = {key for (key,) in await found.fetchall()}
        for queue, session in self.sessions.items():
            if session not in valid:
                put(queue, SIGNED_OUT)

    async def listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    _conninfo(), autocommit=True
                ) as db:
                    await db.execute(f"LISTEN {LIVE_CHANNEL}")
                    while True:
                        async for notice in db.notifies(timeout=KEEP_ALIVE_SECONDS):
                            self.pass_on(notice.payload)
                        await self.end_signed_out(db)
            except psycopg.Error:
                log.warning("live listener lost its connection, trying again")
                await asyncio.sleep(RECONNECT_SECONDS)
                # Whatever was announced meanwhile is unknown, so everything is asked again.
                self.pass_on("all")


def put(queue: asyncio.Queue[str], word: str) -> None:
    if queue.full():
        queue.get_nowait()  # a slow reader loses the oldest word; it will ask again anyway
    queue.put_nowait(word)


def _conninfo() -> str:
    db = settings.DATABASES["default"]
    parts = {
        "dbname": connections["default"].settings_dict["NAME"],
        "user": db["USER"],
        "password": db["PASSWORD"],
        "host": db["HOST"],
        "port": db["PORT"],
    }
    return psycopg.conninfo.make_conninfo(**{k: v for k, v in parts.items() if v})


hub = Hub()


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """The event stream: a topic per event, and a sign of life every 15 s, as long as the session lives."""
    # The session and the rights were read before; without this each open stream keeps a connection.
    await sync_to_async(connections.close_all)()
    queue = hub.join(request.session.session_key)

    async def events() -> AsyncIterator[str]:
        try:
            yield "retry: 2000\n\n"
            while True:
                try:
                    topic = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                    if topic == SIGNED_OUT:
                        return
                    yield f"event: change\ndata: {topic}\n\n"
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            hub.leave(queue)

    return StreamingHttpResponse(
        events(),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
