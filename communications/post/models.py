"""The outbox: a message is a row, written in the transaction that caused it (docs/adr/0004)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, real_now: datetime) -> Self:
        """Waiting, not in somebody's hands, and its moment has come (real time)."""
        return self.filter(
            Q(leased_until=None) | Q(leased_until__lte=real_now),
            state__in=[Message.State.WAITING, Message.State.LEASED],
            send_after__lte=real_now,
        )

    def unsent(self) -> Self:
        return self.filter(state__in=[Message.State.WAITING, Message.State.LEASED])

    def in_app_for(self, user_id: int) -> Self:
        return self.filter(channel=Message.Channel.IN_APP, recipient_id=user_id)

    def unread(self) -> Self:
        return self.filter(read_at=None, done_at=None)


class Message(models.Model):
    """One message to one recipient over one channel. `event` + recipient + channel is unique: nothing doubles."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        IN_APP = "in_app", _("in LCPS")

    class State(models.TextChoices):
        WAITING = "waiting", _("wacht")
        LEASED = "leased", _("wordt verstuurd")
        HANDED_OVER = "handed_over", _("overgedragen")
        MAYBE_SENT = "maybe_sent", _("misschien verstuurd")
        FAILED = "failed", _("mislukt")

    event = models.CharField(
        max_length=120, help_text="what it is about, e.g. late:hospital:JBZ:2020-10-29"
    )
    template = models.CharField(max_length=60)
    variables = models.JSONField(
        default=dict, help_text="codes, counts and moments; no patient data"
    )
    channel = models.CharField(max_length=6, choices=Channel)
    recipient = models.ForeignKey(
        "regions.User", null=True, on_delete=models.SET_NULL, related_name="messages"
    )
    address = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True, help_text="path inside LCPS")
    created_at = models.DateTimeField(help_text="business moment")
    read_at = models.DateTimeField(null=True, blank=True, help_text="business moment, in-app only")
    asks = models.CharField(
        max_length=80,
        blank=True,
        db_default="",
        help_text="what is to be done, e.g. report:jbz:12; empty: nothing",
    )
    done_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="business moment at which what it asks was done, by anybody",
    )

    # From here on everything is real time.
    queued_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=11, choices=State, default=State.WAITING)
    send_after = models.DateTimeField(help_text="moves on after a failed attempt")
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(
        default=0,
        help_text="attempts that may or may not have arrived; more than 0: possibly double",
    )
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="set while it is being handed over: after a crash it is in doubt",
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "channel", "recipient", "address"],
                nulls_distinct=False,
                name="post_message_once",
            ),
            models.CheckConstraint(
                condition=Q(state="leased", lease__isnull=False, leased_until__isnull=False)
                | (~Q(state="leased") & Q(lease=None, leased_until=None)),
                name="post_message_lease_paired",
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(state="leased"),
                name="post_message_started_under_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="maybe_sent") | Q(doubts__gt=0),
                name="post_message_doubt_counted",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(failure=""),
                name="post_message_failure_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(asks=""), name="post_message_done_was_asked"
            ),
        ]
        indexes = [
            # The sweep: what is due and not yet out.
            models.Index(
                fields=["send_after"],
                condition=Q(state__in=["waiting", "leased"]),
                name="post_open_by_moment",
            ),
            # Whoever does what was asked closes it for all who were told.
            models.Index(
                fields=["asks"], condition=Q(done_at=None) & ~Q(asks=""), name="post_asked"
            ),
            # The inbox and its count in the bar of every page.
            models.Index(fields=["recipient", "channel", "-created_at"], name="post_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.event}"
