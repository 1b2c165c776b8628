"""What a hospital told us: facts with a time, in versions, never overwritten."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regions.people import scopes

if TYPE_CHECKING:
    from datetime import datetime

    from regions.people.models import User


class CareLevel(models.Model):
    """A kind of bed (IC, ward, later paediatric IC): data, so that a level added here appears everywhere."""

    code = models.SlugField(primary_key=True, max_length=20)
    label_nl = models.CharField(max_length=40)
    label_en = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    most_beds = models.PositiveIntegerField(help_text="a figure above this is a typing error")
    needs_icu = models.BooleanField(help_text="only sites with an ICU report it")
    has_reserve = models.BooleanField(
        default=False, help_text="beds kept empty for calamities (BOSS) are asked for"
    )

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if get_language() == "en" else self.label_nl


class Source(models.TextChoices):
    """How a report came in; a person outranks a sheet, a sheet outranks a feed."""

    MANUAL = "manual", _("ingevuld")
    EXCEL = "excel", _("Excel")
    FEED = "feed", _("koppeling")
    CARRIED = "carried", _("overgenomen")


class CapacityReportQuerySet(models.QuerySet["CapacityReport"]):
    def visible_to(self, user: "User") -> Self:
        """A site sees its own reports, a region those of its sites, the centre all."""
        return self.filter(scopes.site_filter(user, site="site", region="region"))

    def current(self) -> Self:
        """The newest version of each (site, slot)."""
        return self.filter(is_current=True)


class CapacityReport(models.Model):
    """One site's answer to one call, in one version."""

    site = models.ForeignKey("regions.Site", on_delete=models.PROTECT, related_name="reports_made")
    region = models.ForeignKey(
        "regions.Region",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="membership on that day",
    )
    slot = models.ForeignKey(
        "capacity.ReportingSlot", on_delete=models.PROTECT, related_name="reports"
    )
    version = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)
    measured_at = models.DateTimeField(help_text="the moment the beds were counted")
    received_at = models.DateTimeField(help_text="receipt of this version")
    first_received_at = models.DateTimeField(
        help_text="receipt of version 1: on time is decided by this"
    )
    source = models.CharField(max_length=7, choices=Source)
    by = models.ForeignKey("regions.User", null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    submission = models.UUIDField(
        unique=True, help_text="makes a form that is sent twice count once"
    )
    # On behalf of the site, by its region, after a phone call.
    spoken_with = models.CharField(max_length=100, blank=True)
    spoken_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    ventilators_owned = models.PositiveSmallIntegerField(null=True, blank=True)
    ventilators_used = models.PositiveSmallIntegerField(null=True, blank=True)
    ecmo_free = models.PositiveSmallIntegerField(null=True, blank=True)
    crrt_free = models.PositiveSmallIntegerField(null=True, blank=True)
    surge_24h = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="extra beds within 24 h"
    )
    surge_72h = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="extra beds within 72 h"
    )
    surge_7d = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="extra beds within 7 days"
    )
    absence_percent = models.DecimalField(
        max_digits=3, decimal_places=1, null=True, blank=True, help_text="staff absent, %"
    )

    objects = CapacityReportQuerySet.as_manager()

    class Meta:
        ordering = ["-measured_at", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "slot", "version"], name="capacity_report_version_once"
            ),
            models.UniqueConstraint(
                fields=["site", "slot"],
                condition=Q(is_current=True),
                name="capacity_report_one_current",
            ),
            models.CheckConstraint(
                condition=Q(spoken_with="", spoken_at=None)
                | (~Q(spoken_with="") & Q(spoken_at__isnull=False)),
                name="capacity_report_on_behalf_paired",
                violation_error_message=_("Vul in met wie u sprak en hoe laat."),
            ),
            models.CheckConstraint(
                condition=Q(ventilators_used=None)
                | Q(ventilators_owned=None)
                | Q(ventilators_used__lte=F("ventilators_owned")),
                name="capacity_report_ventilators_used_at_most_owned",
                violation_error_message=_(
                    "Er zijn niet meer beademingsapparaten in gebruik dan er zijn."
                ),
            ),
            models.CheckConstraint(
                condition=Q(absence_percent=None)
                | Q(absence_percent__gte=0, absence_percent__lte=60),
                name="capacity_report_absence_0_to_60",
                violation_error_message=_("Verzuim ligt tussen 0 en 60 %."),
            ),
        ]
        indexes = [
            # The boards: the current report of every site in a slot.
            models.Index(
                fields=["slot", "site"], condition=Q(is_current=True), name="capacity_report_board"
            ),
            # The newest report of a site, and its 14-day line.
            models.Index(fields=["site", "-measured_at"], name="capacity_report_newest"),
        ]

    def __str__(self) -> str:
        return f"report {self.site_id} slot {self.slot_id} v{self.version}"

    @property
    def is_on_behalf(self) -> bool:
        return bool(self.spoken_with)

    @property
    def is_late(self) -> bool:
        return self.slot.is_late(self.first_received_at)


class ReportLine(models.Model):
    """The figures of one care level. Counts of beds; flows are empty when the stock was carried over."""

    report = models.ForeignKey(CapacityReport, on_delete=models.CASCADE, related_name="lines")
    level = models.ForeignKey(CareLevel, on_delete=models.PROTECT, related_name="+")
    open_cohort = models.PositiveSmallIntegerField()
    open_other = models.PositiveSmallIntegerField()
    reserve = models.PositiveSmallIntegerField(
        default=0, help_text="BOSS: kept empty, part of open"
    )
    occ_confirmed = models.PositiveSmallIntegerField()
    occ_other = models.PositiveSmallIntegerField()
    occ_delabelled = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="empty: counted in other"
    )
    suspected = models.PositiveSmallIntegerField(null=True, blank=True)
    new_24h = models.PositiveSmallIntegerField(null=True, blank=True)
    offer = models.PositiveSmallIntegerField(null=True, blank=True)
    need = models.PositiveSmallIntegerField(null=True, blank=True)

    # Derived by the database, never typed (C2). Negative means overfull and is not clipped.
    open_beds = models.GeneratedField(
        expression=F("open_cohort") + F("open_other"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    occupied = models.GeneratedField(
        expression=F("occ_confirmed")
        + F("occ_other")
        + models.functions.Coalesce(F("occ_delabelled"), 0),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    free_beds = models.GeneratedField(
        expression=F("open_cohort")
        + F("open_other")
        - F("occ_confirmed")
        - F("occ_other")
        - models.functions.Coalesce(F("occ_delabelled"), 0)
        - F("reserve"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["level__order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "level"], name="capacity_line_once_a_level"),
            models.CheckConstraint(
                condition=Q(reserve__lte=F("open_cohort") + F("open_other")),
                name="capacity_line_reserve_within_open",
                violation_error_message=_("BOSS is hoger dan het aantal open bedden."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level_id} of report {self.report_id}"


class ReportReason(models.Model):
    """Why a figure that stands out is nevertheless right."""

    class Code(models.TextChoices):
        SCALE_UP = "scale_up", _("Opgeschaald")
        SCALE_DOWN = "scale_down", _("Afgeschaald")
        CORRECTION = "correction", _("Correctie")
        EVACUATION = "evacuation", _("Evacuatie")
        COHORT_CHANGE = "cohort_change", _("Cohort gewijzigd")
        REAL_PEAK = "real_peak", _("Echte piek")
        REQUEST_FOLLOWS = "request_follows", _("Verzoek volgt")
        OTHER = "other", _("Anders")

    report = models.ForeignKey(CapacityReport, on_delete=models.CASCADE, related_name="reasons")
    field = models.CharField(max_length=60, help_text="e.g. icu.open_cohort")
    warning = models.CharField(max_length=40, help_text="code of the warning it answers")
    code = models.CharField(max_length=20, choices=Code)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "field", "warning"], name="capacity_reason_once"
            ),
            models.CheckConstraint(
                condition=~Q(code="other") | ~Q(text=""),
                name="capacity_reason_other_has_text",
                violation_error_message=_("Schrijf bij 'Anders' wat er aan de hand is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.code}"


class IntakeStopQuerySet(models.QuerySet["IntakeStop"]):
    def active(self, now: "datetime") -> Self:
        """Stops that are on; one whose end has passed no longer is, also when nobody took it back."""
        return self.filter(ended_at=None, started_at__lte=now, expected_end__gt=now)


class IntakeStop(models.Model):
    """A temporary closure: of the emergency department, or of a care level, with a reason and an end."""

    class Target(models.TextChoices):
        EMERGENCY = "ed", _("SEH-stop")
        ICU = "icu", _("IC-stop")
        WARD = "ward", _("Kliniekstop")

    class Why(models.TextChoices):
        STAFF = "staff", _("Te weinig personeel")
        FULL = "full", _("Vol")
        INFECTION = "infection", _("Uitbraak op de afdeling")
        TECHNICAL = "technical", _("Technische storing")
        OTHER = "other", _("Anders")

    site = models.ForeignKey("regions.Site", on_delete=models.PROTECT, related_name="stops")
    target = models.CharField(max_length=4, choices=Target)
    why = models.CharField(max_length=10, choices=Why)
    started_at = models.DateTimeField()
    expected_end = models.DateTimeField(help_text="at most 24 h ahead, then we ask again")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = IntakeStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "target"], condition=Q(ended_at=None), name="capacity_stop_one_open"
            ),
            models.CheckConstraint(
                condition=Q(expected_end__gt=F("started_at")), name="capacity_stop_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} stop {self.site_id}"


class ReportDraft(models.Model):
    """What somebody typed and did not send yet, kept per person, site and slot."""

    user = models.ForeignKey("regions.User", on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey("regions.Site", on_delete=models.CASCADE, related_name="+")
    slot = models.ForeignKey("capacity.ReportingSlot", on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(help_text="field name to typed text")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "site", "slot"], name="capacity_draft_once")
        ]

    def __str__(self) -> str:
        return f"draft {self.user_id} {self.site_id}"
