"""A mail server of our own that can be slow, refuse, or break off."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP
from django.utils import timezone

from communications.post.models import Message


class Sink:
    """Keeps what it took, in order."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.delay = 0.0
        self.answers: list[str] = []  # to recipients, one each; then 250
        self.breaks_off = 0  # so many times after taking the text
        self.on_mail: Callable[[EmailMessage], None] = lambda mail: None
        self.port = 0
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve(listener, ready)))
        self.thread.start()
        ready.wait()

    def stop(self) -> None:
        if self.thread:
            self.loop.call_soon_threadsafe(self.stopped.set)
            self.thread.join()
            self.thread = None

    async def serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self.loop, self.stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await self.loop.create_server(lambda: SMTP(self, loop=self.loop), sock=listener)
        ready.set()
        await self.stopped.wait()
        server.close()

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(mail)
        self.on_mail(mail)
        # Taken, but not yet answered: who dies now leaves a doubt behind.
        await asyncio.sleep(self.delay)
        if self.breaks_off:
            self.breaks_off -= 1
            server.transport.close()
        return "250 OK"


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    made = Sink()
    made.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    yield made
    made.stop()


@pytest.fixture
def outbox():
    """Put messages in the outbox."""

    def make(count: int = 1, **fields) -> list[Message]:
        start = Message.objects.count()
        return Message.objects.bulk_create(
            Message(
                **{
                    "event": f"test:{start + n}",
                    "template": "test",
                    "channel": "email",
                    "address": f"person{start + n}@example.org",
                    "subject": f"Onderwerp {start + n}",
                    "body": "Tekst",
                    "link": "/board",
                    "created_at": timezone.now(),
                    "send_after": timezone.now(),
                }
                | fields
            )
            for n in range(count)
        )

    return make
