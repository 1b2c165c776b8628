"""Handing a message to the mail server, and knowing what came of it.

SMTP leaves one moment of doubt: the text was sent and the connection broke before the answer. The
server may then have taken the message. That is told apart from a failure that certainly sent nothing.
"""

import smtplib
import ssl
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from communications.post.models import Message

POSSIBLY_DOUBLE = "(Dit bericht hebt u mogelijk al eerder ontvangen.)"


# The server said no to this message; the conversation goes on.
ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


class Outcome(StrEnum):
    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Result:
    outcome: Outcome
    reason: str = ""


class Unreachable(Exception):
    """No mail server answered, or it would not talk to us: nothing was sent."""


class _Watched(smtplib.SMTP):
    """An SMTP conversation that knows whether it is in doubt, and ends in time as a whole."""

    in_doubt = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.give_up_in(settings.EMAIL_TIMEOUT)
        super().__init__(*args, **kwargs)

    def give_up_in(self, seconds: float) -> None:
        self.give_up_at = time.monotonic() + seconds

    def getreply(self) -> tuple[int, bytes]:
        # The timeout of the socket counts anew for each answer; the conversation has one end.
        if self.sock is not None:
            self.sock.settimeout(max(0.01, self.give_up_at - time.monotonic()))
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.in_doubt = True
        reply = super().data(msg)
        self.in_doubt = False
        return reply


class _WatchedOverTls(_Watched, smtplib.SMTP_SSL):
    pass


class _Backend(EmailBackend):
    connection: _Watched | None

    @property
    def connection_class(self) -> type[_Watched]:
        return _WatchedOverTls if self.use_ssl else _Watched


class Carrier:
    """One conversation with the mail server, for a few messages."""

    def __init__(self) -> None:
        self.backend = _Backend()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    @property
    def is_connected(self) -> bool:
        """The server may have ended the conversation after its last answer."""
        return self.backend.connection is not None and self.backend.connection.sock is not None

    def connect(self) -> None:
        """Raises Unreachable when there is no server to talk to."""
        if self.is_connected:
            return
        self.hang_up()
        try:
            self.backend.open()
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise Unreachable(_describe(error)) from error

    def send(self, letter: EmailMessage) -> Result:
        """Hand one letter over. Connect first."""
        connection = self.backend.connection
        assert connection is not None
        connection.in_doubt = False
        connection.give_up_in(settings.EMAIL_TIMEOUT)
        try:
            self.backend.send_messages([letter])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            result = _judge(error, in_doubt=connection.in_doubt)
            if not isinstance(error, ANSWERS):
                self.hang_up()
            return result
        return Result(Outcome.SENT)

    def hang_up(self) -> None:
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException, ssl.SSLError):
            # Nothing depends on a polite goodbye.
            self.backend.connection = None


def _judge(error: Exception, *, in_doubt: bool) -> Result:
    reason = _describe(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return Result(Outcome.REFUSED if min(codes) >= 500 else Outcome.LATER, reason)
    if isinstance(error, smtplib.SMTPResponseException):
        return Result(Outcome.REFUSED if error.smtp_code >= 500 else Outcome.LATER, reason)
    if isinstance(error, ValueError):
        # An address or subject that cannot be written as a header.
        return Result(Outcome.REFUSED, reason)
    return Result(Outcome.DOUBT if in_doubt else Outcome.LATER, reason)


def _describe(error: Exception) -> str:
    """What went wrong, without the address: it ends in logs and on pages."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"recipient refused: {codes}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"mail server answered {error.smtp_code}"
    if isinstance(error, ValueError):
        return type(error).__name__
    return f"{type(error).__name__}: {error}"[:200]


def letter(message: Message) -> EmailMessage:
    """The message as an e-mail. Every attempt has the same Message-ID, by which mail systems see a double."""
    paragraphs = [POSSIBLY_DOUBLE] if message.doubts else []
    paragraphs += [message.body] if message.body else []
    paragraphs += [f"{settings.SITE_ORIGIN}{message.link}"] if message.link else []
    headers = {
        "Message-ID": message_id(message),
        "X-LCPS-Attempt": str(message.attempts),
        "Auto-Submitted": "auto-generated",
    }
    if message.doubts:
        headers["X-LCPS-Possibly-Double"] = "yes"
    return EmailMessage(
        subject=message.subject,
        body="\n\n".join(paragraphs) + "\n",
        to=[message.address],
        headers=headers,
    )


def message_id(message: Message) -> str:
    """Derived from the row alone, and different again after the database was made anew."""
    host = urlsplit(settings.SITE_ORIGIN).hostname or "lcps"
    return f"<message-{message.pk}.{int(message.queued_at.timestamp() * 1000)}@{host}>"
