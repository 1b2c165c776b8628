"""The ride: who drives, with what, when; and the handover at the end. No diagnosis text here."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from regions.people import scopes
from transfers.requests import status as states

if TYPE_CHECKING:
    from datetime import datetime

    from regions.people.models import User


class RideQuerySet(models.QuerySet["Ride"]):
    def visible_to(self, user: "User") -> Self:
        """A planner sees the rides of the own service; the desk and both regions see theirs."""
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.role_id in scopes.PLANNERS and acting.service_id:
            return self.filter(service=acting.service_id)
        if acting.role_id in scopes.TRANSFER_DESK:
            return self.all()
        if acting.role_id in scopes.HOSPITAL and acting.site_id:
            return self.filter(
                Q(request__sending_site=acting.site_id) | Q(offer__site=acting.site_id)
            )
        if acting.role_id == "regional_coordinator" and acting.region_id:
            return self.filter(
                Q(request__sending_site__region=acting.region_id)
                | Q(offer__site__region=acting.region_id)
            )
        return self.none()


class Ride(models.Model):
    """One patient's journey to the receiving site."""

    class Kind(models.TextChoices):
        MICU = "micu", "MICU"
        ESCORTED = "escorted", _("begeleid IC-transport")
        B1_NURSE = "b1_nurse", _("B1 met verpleegkundige")
        B2 = "b2", "B2"
        HELICOPTER = "helicopter", _("helikopter")

    request = models.ForeignKey(
        "transfers.TransferRequest", on_delete=models.CASCADE, related_name="rides"
    )
    offer = models.ForeignKey("transfers.Offer", on_delete=models.PROTECT, related_name="rides")
    service = models.ForeignKey(
        "regions.AmbulanceService", on_delete=models.PROTECT, related_name="rides"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    kind_advised = models.CharField(max_length=10, choices=Kind)
    kind_reason = models.CharField(max_length=200, blank=True, help_text="why other than advised")
    vehicle = models.CharField(max_length=40, blank=True)
    crew = models.CharField(max_length=100, blank=True)
    escort = models.CharField(max_length=100, blank=True, help_text="escorting doctor or nurse")
    escort_agreed_at = models.DateTimeField(null=True, blank=True, help_text="the escort's go")
    # Copied from the request when the ride is asked for, so that a planner's page never reads the
    # clinical picture: what the crew must prepare for, no diagnosis.
    weight_kg = models.PositiveSmallIntegerField(null=True, blank=True)
    isolation = models.CharField(max_length=8, blank=True)
    devices = models.CharField(max_length=100, blank=True, help_text="codes, separated by spaces")
    oxygen_l_min = models.PositiveSmallIntegerField(default=0)
    pick_up_at = models.DateTimeField(
        null=True, blank=True, help_text="planned departure with the patient"
    )
    arrival_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="expected arrival, from the departure as far as it is known",
    )
    requested_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True, blank=True)
    departed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True, help_text="given back by the planner")
    return_reason = models.CharField(max_length=200, blank=True)

    objects = RideQuerySet.as_manager()

    class Meta:
        ordering = ["pick_up_at", "requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(returned_at=None), name="transfers_ride_one_live"
            ),
            models.CheckConstraint(
                condition=Q(planned_at=None)
                | (Q(pick_up_at__isnull=False, arrival_at__isnull=False) & ~Q(vehicle="")),
                name="transfers_ride_planned_is_complete",
                violation_error_message=_(
                    "Een geplande rit heeft een voertuig, een vertrek en een aankomst."
                ),
            ),
            models.CheckConstraint(
                condition=Q(pick_up_at=None)
                | Q(arrival_at=None)
                | Q(arrival_at__gt=Coalesce("departed_at", "pick_up_at")),
                name="transfers_ride_arrives_after_departure",
                violation_error_message=_("De aankomst ligt na het vertrek."),
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, return_reason="")
                | (Q(returned_at__isnull=False) & ~Q(return_reason="")),
                name="transfers_ride_returned_with_reason",
            ),
        ]
        indexes = [
            # The planner's day.
            models.Index(fields=["service", "pick_up_at"], name="transfers_ride_day"),
        ]

    def __str__(self) -> str:
        return f"ride for {self.request_id}"

    def due_at(self, status: str) -> "datetime | None":
        """What the planner is held to: the planned departure, then the expected arrival."""
        moments = {states.TRANSPORT_PLANNED: self.pick_up_at, states.DEPARTED: self.arrival_at}
        return moments.get(status)

    def leaves_late(self, now: "datetime") -> bool:
        """Whether the planned departure has passed and the ride is still to leave."""
        if self.departed_at is not None or self.returned_at is not None:
            return False
        return self.pick_up_at is not None and self.pick_up_at < now

    def expected_at(self, now: "datetime") -> "datetime | None":
        """The arrival; of a ride that leaves late as if it left now."""
        if self.arrival_at is None or self.pick_up_at is None or not self.leaves_late(now):
            return self.arrival_at
        return now + (self.arrival_at - self.pick_up_at)

    def would_arrive_early(self, now: "datetime") -> bool:
        """Whether less than half of the journey has passed."""
        if self.departed_at is None or self.arrival_at is None:
            return False
        return now - self.departed_at < self.arrival_at - now


class HandoverItem(models.Model):
    """One item of the handover checklist (T11): given, or not applicable."""

    class Item(models.TextChoices):
        MEDICAL_LETTER = "medical_letter", _("medische brief")
        NURSING = "nursing", _("verpleegkundige overdracht")
        MEDICATION = "medication", _("medicatielijst")
        IMAGES = "images", _("beelden gedeeld")
        LAB = "lab", _("laboratorium")
        LIMITS = "limits", _("behandelbeperkingen")
        ISOLATION = "isolation", _("isolatie")
        LINES = "lines", _("lijnen en tubes")
        BELONGINGS = "belongings", _("eigendommen")
        RELATIVES = "relatives", _("naasten weten waarheen")

    class State(models.TextChoices):
        SENT = "sent", _("gegeven")
        NOT_APPLICABLE = "not_applicable", _("niet van toepassing")

    request = models.ForeignKey(
        "transfers.TransferRequest", on_delete=models.CASCADE, related_name="handover"
    )
    item = models.CharField(max_length=14, choices=Item)
    state = models.CharField(max_length=14, choices=State)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "item"], name="transfers_handover_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.item} of {self.request_id}"
