"""Reads the Maildir in which the demonstration's mail sink keeps what was sent."""

import mailbox
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path


@dataclass(frozen=True)
class Letter:
    """One received e-mail."""

    to: str
    subject: str
    sent_at: datetime | None
    body: str


def letters(folder: str, *, most: int) -> list[Letter]:
    """The newest letters first, at most `most`; none when there is no sink or nothing came in yet."""
    if not folder or not (Path(folder) / "new").is_dir():
        return []
    box = mailbox.Maildir(folder, create=False)
    newest = sorted(box.iterkeys(), key=lambda key: box.get_file(key)._file.name, reverse=True)[
        :most
    ]
    return [letter(box[key]) for key in newest]


def letter(message: mailbox.MaildirMessage) -> Letter:
    payload = message.get_payload(decode=True)
    return Letter(
        to=str(message.get("To", "")),
        subject=str(make_header(decode_header(message.get("Subject", "")))),
        sent_at=parsedate_to_datetime(message["Date"]) if message["Date"] else None,
        body=payload.decode(message.get_content_charset() or "utf-8", "replace")
        if isinstance(payload, bytes)
        else "",
    )
