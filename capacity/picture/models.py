"""The regional picture (sitrep): what a region signs for at 10:00."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.people import scopes

if TYPE_CHECKING:
    from regions.people.models import User


class RegionalSitrepQuerySet(models.QuerySet["RegionalSitrep"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scopes.region_filter(user, region="region"))

    def current(self) -> Self:
        return self.filter(is_current=True)


class RegionalSitrep(models.Model):
    """A region's signed picture of one slot, with the totals as they were when it was signed."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("ingediend")
        RETURNED = "returned", _("teruggestuurd")
        ACCEPTED = "accepted", _("akkoord")

    class Pressure(models.TextChoices):
        GREEN = "green", _("Groen")
        YELLOW = "yellow", _("Geel")
        ORANGE = "orange", _("Oranje")
        RED = "red", _("Rood")

    class Limit(models.TextChoices):
        BEDS = "beds", _("Bedden")
        STAFF = "staff", _("Personeel")
        MEANS = "means", _("Middelen")
        TRANSPORT = "transport", _("Vervoer")
        OUTFLOW = "outflow", _("Uitstroom")

    class Missing(models.TextChoices):
        """Why a site is not in the picture."""

        UNREACHABLE = "unreachable", _("niet bereikt")
        LATER = "later", _("meldt later vandaag")
        OUTAGE = "outage", _("storing")
        EXCUSED = "excused", _("vrijgesteld door de regio")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="sitreps")
    slot = models.ForeignKey(
        "capacity.ReportingSlot", on_delete=models.PROTECT, related_name="sitreps"
    )
    version = models.PositiveSmallIntegerField()
    submission = models.UUIDField(
        unique=True, help_text="makes a form that is sent twice count once"
    )
    is_current = models.BooleanField(default=True)
    status = models.CharField(max_length=9, choices=Status)
    pressure = models.CharField(max_length=6, choices=Pressure)
    sentence = models.CharField(max_length=300)
    limiting_factor = models.CharField(max_length=9, choices=Limit)
    transport_available = models.CharField(max_length=200, blank=True)
    totals = models.JSONField(
        help_text="per level: the figures of capacity.picture.totals.Totals.stored"
    )
    tomorrow = models.JSONField(
        default=dict, help_text="per level: offer and need expected tomorrow"
    )
    missing = models.JSONField(default=dict, help_text="site code to the reason it is missing")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        "regions.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_name = models.CharField(max_length=150)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_name = models.CharField(max_length=150, blank=True)
    question = models.CharField(max_length=300, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_name = models.CharField(max_length=150, blank=True)

    objects = RegionalSitrepQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "slot", "version"], name="capacity_sitrep_version_once"
            ),
            models.UniqueConstraint(
                fields=["region", "slot"],
                condition=Q(is_current=True),
                name="capacity_sitrep_one_current",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | (Q(returned_at__isnull=False) & ~Q(question="")),
                name="capacity_sitrep_returned_with_question",
                violation_error_message=_("Stel een vraag als u het regiobeeld terugstuurt."),
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepted_at__isnull=False),
                name="capacity_sitrep_accepted_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"sitrep {self.region_id} slot {self.slot_id} v{self.version}"

    @property
    def is_returned(self) -> bool:
        return self.status == self.Status.RETURNED

    @property
    def is_accepted(self) -> bool:
        return self.status == self.Status.ACCEPTED


# Signed, and not sent back with a question.
SITREP_IN = (RegionalSitrep.Status.SUBMITTED, RegionalSitrep.Status.ACCEPTED)
