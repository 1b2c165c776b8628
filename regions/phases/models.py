"""The dials: phases, fair-share keys and settings, each valid for a time and changed by a decision."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class ValidityQuerySet(models.QuerySet[Any]):
    def at(self, moment: datetime) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=moment), valid_from__lte=moment)


class Dated(models.Model):
    """Something that holds from one moment until another, by a decision on record."""

    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=200, help_text="document or decision it rests on")

    objects = ValidityQuerySet.as_manager()

    class Meta:
        abstract = True


class Phase(models.Model):
    """A stage of the playbook: standby, 1a, 1b, 2a-2d, 3. Not a number of beds: that is another dial."""

    code = models.CharField(primary_key=True, max_length=10)
    label_nl = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField()
    field_groups = models.JSONField(default=list, help_text="groups of report fields that are open")

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if get_language() == "en" else self.label_nl


class Cadence(models.Model):
    """At which local times a phase asks for figures, and on which days."""

    class Days(models.TextChoices):
        DAILY = "daily", _("dagelijks")
        WORKING_DAYS = "working_days", _("werkdagen")
        WEDNESDAY = "wednesday", _("woensdag")

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="cadences")
    days = models.CharField(max_length=12, choices=Days)
    hospital_at = models.TimeField(help_text="local time hospitals have reported")
    region_at = models.TimeField(help_text="local time regions have signed off")
    nation_at = models.TimeField(null=True, blank=True, help_text="local time the options go out")
    fields = models.CharField(max_length=5, choices=[("full", _("volledig")), ("short", _("kort"))])

    class Meta:
        ordering = ["phase", "hospital_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "hospital_at"], name="regions_cadence_once_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.hospital_at:%H:%M}"


class PhasePeriod(Dated):
    """Which phase is in force; a region may be higher than the nation, not lower."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT)
    region = models.ForeignKey("regions.Region", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return f"{self.phase_id} from {self.valid_from:%Y-%m-%d}"


class FairShareKey(Dated):
    """The agreed share of the national load per region, for one care level."""

    level = models.CharField(max_length=20, help_text="code of a care level")
    band_percent = models.DecimalField(
        max_digits=4, decimal_places=1, help_text="tolerated deviation, % of the share"
    )

    class Meta:
        ordering = ["level", "valid_from"]

    def __str__(self) -> str:
        return f"{self.level} from {self.valid_from:%Y-%m-%d}"

    @property
    def band(self) -> float:
        """The tolerated deviation as a part of the share: 0.1 for 10 %."""
        return float(self.band_percent) / 100


class FairShareLine(models.Model):
    """One region's percentage of a key."""

    key = models.ForeignKey(FairShareKey, on_delete=models.CASCADE, related_name="lines")
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "region"], name="regions_fairshareline_once"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="regions_fairshareline_0_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id}: {self.percent} %"


class Setting(Dated):
    """A number of the process (a clock, a threshold, a retention) with its validity."""

    name = models.SlugField(max_length=60)
    value = models.JSONField()

    class Meta:
        ordering = ["name", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "valid_from"], name="regions_setting_once_a_moment"
            )
        ]

    def __str__(self) -> str:
        return self.name
