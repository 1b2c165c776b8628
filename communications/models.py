"""Gathers the tables of this package's rooms."""

from communications.logbook.models import AuditEvent
from communications.post.models import Message

__all__ = ["AuditEvent", "Message"]
