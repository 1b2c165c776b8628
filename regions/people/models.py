"""Who: people, their roles, and for which place they act."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

if TYPE_CHECKING:
    from datetime import date

    from regions.places.models import Region


class Scope(models.TextChoices):
    """For what a role is given: one site, one region, one transport service, or the whole country."""

    SITE = "site", _("ziekenhuislocatie")
    REGION = "region", _("regio")
    SERVICE = "service", _("vervoersdienst")
    NATION = "nation", _("landelijk")


class Role(models.Model):
    """A role is data: its key is what rules refer to, its words are what people see."""

    key = models.SlugField(primary_key=True, max_length=30)
    scope = models.CharField(max_length=7, choices=Scope)
    group = models.CharField(
        max_length=20, help_text="heading under which the sign-in page shows it"
    )
    label_nl = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60)
    task_nl = models.CharField(max_length=200, help_text="what this role does, in one sentence")
    task_en = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if get_language() == "en" else self.label_nl

    @property
    def task(self) -> str:
        return self.task_en if get_language() == "en" else self.task_nl


class User(AbstractUser):
    """A person. One person may hold several roles and acts under one at a time (`acting`)."""

    phone = models.CharField(max_length=20, blank=True)

    # Set per request by lcps.middleware.acting_role; never stored.
    acting: "Assignment | None" = None

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def role_key(self) -> str:
        """The key of the role this person acts under, or an empty string."""
        return self.acting.role_id if self.acting else ""

    @property
    def place_label(self) -> str:
        """The place this person acts for, as the logbook writes it."""
        return self.acting.scope_label if self.acting else ""


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def valid_on(self, day: "date") -> "AssignmentQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def with_places(self) -> "AssignmentQuerySet":
        return self.select_related("role", "site__region", "region", "service")


class Assignment(models.Model):
    """A role given to a person for one place and a period."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    site = models.ForeignKey(
        "regions.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        "regions.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    service = models.ForeignKey(
        "regions.AmbulanceService",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["role__order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(site=None, region=None)
                    | Q(site=None, service=None)
                    | Q(region=None, service=None)
                ),
                name="regions_assignment_at_most_one_place",
                violation_error_message=_("Een rol geldt voor één plaats."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role_id} · {self.scope_label}"

    @property
    def scope_label(self) -> str:
        if self.region:
            return str(_("Regio %(name)s") % {"name": self.region.name})
        return str(self.site or self.service or _("Landelijk"))

    @property
    def home_region(self) -> "Region | None":
        """The region this assignment looks at: its own, or that of its site or service."""
        if self.region:
            return self.region
        if self.site:
            return self.site.region
        return self.service.region if self.service else None


class RegionUserPermission(UserObjectPermissionBase):
    """Guardian's rights, on regions only: a direct foreign key, no generic one (docs/adr/0001)."""

    content_object = models.ForeignKey("regions.Region", on_delete=models.CASCADE)
