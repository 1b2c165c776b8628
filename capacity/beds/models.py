"""Free beds: one pool per site and level, what holds it, and who came and went since the report.

Beside them how many patients wait to leave, for whom a request runs: transfers tells it, reports ask it.

`free = reported_free + moved - held` (docs/adr/0005). The three parts are kept beside the facts they
sum up (the newest report, movements after it, active holds) by `capacity.beds.actions` alone.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BedPool(models.Model):
    """The beds of one care level at one site, as they can be promised now."""

    site = models.ForeignKey("regions.Site", on_delete=models.PROTECT, related_name="pools")
    level = models.ForeignKey("capacity.CareLevel", on_delete=models.PROTECT, related_name="+")
    line = models.OneToOneField(
        "capacity.ReportLine",
        null=True,
        on_delete=models.PROTECT,
        related_name="pool",
        help_text="the newest reported figures it rests on",
    )
    measured_at = models.DateTimeField(null=True, help_text="of that report")
    valid_until = models.DateTimeField(null=True, help_text="after this the figures have expired")
    reported_free = models.IntegerField(
        default=0, help_text="open - occupied - reserve, may be negative"
    )
    moved = models.IntegerField(default=0, help_text="departures minus arrivals after measured_at")
    held = models.PositiveIntegerField(default=0, help_text="active holds")
    ceiling = models.IntegerField(
        default=0,
        help_text="most that may be held: what was free, or already held when a report came in",
    )
    free_beds = models.GeneratedField(
        expression=F("reported_free") + F("moved") - F("held"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "level"], name="capacity_pool_once"),
            # Repeats the rule of the conditional statement in actions.hold: no bed is promised twice.
            models.CheckConstraint(
                condition=Q(held__lte=F("ceiling")),
                name="capacity_pool_held_within_ceiling",
                violation_error_message=_("Dit bed is al vergeven."),
            ),
        ]

    def __str__(self) -> str:
        return f"pool {self.site_id} {self.level_id}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def active(self) -> Self:
        return self.filter(ended_at=None)


class Hold(models.Model):
    """One bed kept for one request until a moment."""

    class End(models.TextChoices):
        EXPIRED = "expired", _("termijn voorbij")
        RELEASED = "released", _("vrijgegeven")
        ARRIVED = "arrived", _("patiënt opgenomen")

    pool = models.ForeignKey(BedPool, on_delete=models.PROTECT, related_name="holds")
    reference = models.CharField(max_length=20, help_text="number of the request it is kept for")
    placed_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=8, choices=End, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "reference"],
                condition=Q(ended_at=None),
                name="capacity_hold_one_per_request_and_pool",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="capacity_hold_end_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"hold for {self.reference}"


class Movement(models.Model):
    """A patient who came or left through a transfer, counted until the next report includes it."""

    pool = models.ForeignKey(BedPool, on_delete=models.PROTECT, related_name="movements")
    reference = models.CharField(max_length=20)
    at = models.DateTimeField()
    change = models.SmallIntegerField(help_text="beds freed: +1 for a departure, -1 for an arrival")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "reference", "change"], name="capacity_movement_once"
            ),
            models.CheckConstraint(
                condition=Q(change__in=[-1, 1]), name="capacity_movement_one_bed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change:+d} {self.reference}"


class OpenRequests(models.Model):
    """How many of a site's patients of one level wait to leave on a request that was submitted.

    Transfers counts them here as they come and go, because reports may not look into transfers.
    """

    site = models.ForeignKey("regions.Site", on_delete=models.PROTECT, related_name="open_requests")
    level = models.ForeignKey("capacity.CareLevel", on_delete=models.PROTECT, related_name="+")
    requests = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "level"], name="capacity_open_requests_once"),
            models.CheckConstraint(
                condition=Q(requests__gte=0), name="capacity_open_requests_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requests} open requests {self.site_id} {self.level_id}"
