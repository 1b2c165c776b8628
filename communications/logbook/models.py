"""The logbook: one line for every change and every look. It outlives what it speaks of."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, kind: str, reference: str) -> Self:
        return self.filter(object_kind=kind, object_reference=reference)


class AuditEvent(models.Model):
    """Who, in which role, when, what, about what, and why. Labels and codes, no foreign keys.

    A database trigger refuses UPDATE and DELETE (migration 0003), so a line once written stays.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", _("wijziging")
        LOOK = "look", _("inzage")
        SIGN_IN = "sign_in", _("aanmelding")

    at = models.DateTimeField(help_text="business moment")
    entered_at = models.DateTimeField(help_text="real moment the line was written")
    kind = models.CharField(max_length=7, choices=Kind)
    action = models.CharField(max_length=60, help_text="code of what was done, e.g. offer.accept")
    sentence = models.CharField(max_length=300, help_text="what was done, in plain Dutch")
    actor_id = models.CharField(max_length=40, help_text="user id, or 'system'")
    actor_name = models.CharField(max_length=150)
    role = models.CharField(max_length=30)
    place = models.CharField(
        max_length=200, blank=True, help_text="for which place the actor acted"
    )
    purpose = models.CharField(max_length=60, help_text="ground for the look or change")
    object_kind = models.CharField(max_length=30)
    object_reference = models.CharField(
        max_length=60, help_text="number or code, never an identity"
    )
    region_codes = models.JSONField(default=list, help_text="regions concerned")
    detail = models.JSONField(default=dict, help_text="codes and figures before and after")
    address = models.GenericIPAddressField(null=True, help_text="network address of the client")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            # The history on a request page and the privacy officer's search by object.
            models.Index(
                fields=["object_kind", "object_reference", "-at"], name="logbook_by_object"
            ),
            # The logbook page: newest first, by period.
            models.Index(fields=["-at", "-id"], name="logbook_by_time"),
            # "What did this person open?"
            models.Index(fields=["actor_id", "-at"], name="logbook_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.action} {self.object_reference}"
