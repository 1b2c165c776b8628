"""Calls for figures and their deadlines, as rows (docs/adr/0004): beat ticks, rows say what is due."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReportingSlot(models.Model):
    """One call for figures: a local day and the moments its answers are due."""

    day = models.DateField(help_text="local day")
    opens_at = models.DateTimeField(help_text="earliest measuring moment")
    hospital_due_at = models.DateTimeField()
    region_due_at = models.DateTimeField()
    nation_due_at = models.DateTimeField(null=True, blank=True)
    phase = models.ForeignKey("regions.Phase", on_delete=models.PROTECT, related_name="+")
    fields = models.CharField(max_length=5, choices=[("full", _("volledig")), ("short", _("kort"))])

    class Meta:
        ordering = ["-hospital_due_at"]
        constraints = [
            models.UniqueConstraint(fields=["hospital_due_at"], name="capacity_slot_once"),
            models.CheckConstraint(
                condition=Q(
                    opens_at__lt=models.F("hospital_due_at"),
                    hospital_due_at__lt=models.F("region_due_at"),
                ),
                name="capacity_slot_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.hospital_due_at:%Y-%m-%d %H:%M}"

    def is_late(self, first_received_at: datetime) -> bool:
        """Whether an answer came after its time. Its first version decides: a correction is never late."""
        return first_received_at > self.hospital_due_at


# A report that was received just before its deadline may still be on its way into the database: lateness
# is judged a little after the moment, by receipt time. Longer than a web request may take (statement_timeout).
SETTLING = timedelta(seconds=5)


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> Self:
        return self.filter(fired_at=None)

    def due(self, now: datetime) -> Self:
        """Not fired yet, and its moment has come; lateness a few seconds after it."""
        judged = Q(what__in=Deadline.JUDGED)
        return self.open().filter(
            (~judged & Q(due_at__lte=now)) | (judged & Q(due_at__lte=now - SETTLING))
        )


class Deadline(models.Model):
    """One moment on which something is checked for one party. Fired once; late or twice does no harm."""

    class What(models.TextChoices):
        REMIND_HOSPITAL = "remind_hospital", _("herinnering ziekenhuis")
        HOSPITAL_LATE = "hospital_late", _("ziekenhuis te laat")
        LATE_LIST = "late_list", _("lijst van late ziekenhuizen")
        REMIND_REGION = "remind_region", _("herinnering regio")
        REGION_LATE = "region_late", _("regio te laat")
        OVERVIEW_PREPARED = "overview_prepared", _("landelijk beeld klaarzetten")
        OVERVIEW_DUE = "overview_due", _("landelijk beeld publiceren")

    class Outcome(models.TextChoices):
        MET = "met", _("op tijd")
        REMINDED = "reminded", _("bericht gestuurd")
        LATE = "late", _("te laat")
        # Found after a standstill: nobody is helped by a letter about it any more.
        PASSED = "passed", _("voorbij")
        EXCUSED = "excused", _("niet gevraagd")

    # What asks "was it there in time?".
    JUDGED = (What.HOSPITAL_LATE, What.REGION_LATE)

    what = models.CharField(max_length=20, choices=What)
    slot = models.ForeignKey(ReportingSlot, on_delete=models.CASCADE, related_name="deadlines")
    site = models.ForeignKey(
        "regions.Site", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    region = models.ForeignKey(
        "regions.Region", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True, help_text="business moment")
    outcome = models.CharField(max_length=20, blank=True, choices=Outcome)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["what", "slot", "site", "region"],
                nulls_distinct=False,
                name="capacity_deadline_once",
            ),
            models.CheckConstraint(
                condition=Q(site=None) | Q(region=None), name="capacity_deadline_one_party"
            ),
            models.CheckConstraint(
                condition=Q(fired_at=None, outcome="")
                | (Q(fired_at__isnull=False) & ~Q(outcome="")),
                name="capacity_deadline_outcome_paired",
            ),
        ]
        indexes = [
            # The tick: what is due and not fired.
            models.Index(
                fields=["due_at"], condition=Q(fired_at=None), name="capacity_deadline_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_excused(self) -> bool:
        """Its site has closed, or is no longer asked for figures."""
        return self.site is not None and not (self.site.reports and self.site.closed_on is None)

    def is_pointless(self, now: datetime) -> bool:
        """A reminder that comes after what it reminds of."""
        moment = {
            self.What.REMIND_HOSPITAL: self.slot.hospital_due_at,
            self.What.REMIND_REGION: self.slot.region_due_at,
            self.What.OVERVIEW_PREPARED: self.slot.nation_due_at,
        }.get(self.What(self.what))
        return moment is not None and now >= moment


class Heartbeat(models.Model):
    """When a sweep last ran to its end, in real time: what /readyz reports."""

    sweep = models.SlugField(primary_key=True, max_length=30)
    at = models.DateTimeField(help_text="real moment")

    def __str__(self) -> str:
        return f"{self.sweep} ran at {self.at:%Y-%m-%d %H:%M:%S}"
