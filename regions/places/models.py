"""Where: regions, organisations, hospital sites, ambulance services and whom to phone there."""

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    """How sure we are that a place belongs to its region (docs/data.md)."""

    HIGH = "high", _("zeker")
    MEDIUM = "medium", _("aannemelijk")
    LOW = "low", _("aanname")


class Region(models.Model):
    """A regional acute-care network (ROAZ): the unit of spreading. How many there are is data."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40, help_text="on cards and on the map")
    network_name = models.CharField(max_length=200)
    trauma_centre = models.CharField(max_length=200)
    population = models.PositiveIntegerField()
    latitude = models.FloatField(help_text="degrees north, of the label on the map")
    longitude = models.FloatField(help_text="degrees east, of the label on the map")
    boundary_confidence = models.CharField(max_length=6, choices=Confidence)
    neighbours = models.ManyToManyField("self", blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        permissions = [
            ("coordinate_region", "Report on behalf, sign off and search inside the region"),
            ("read_region", "See the region's sites in detail"),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A hospital organisation; several sites may share one."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    ura = models.CharField(max_length=8, blank=True, help_text="8 digits, leading zeros count")
    agb = models.CharField(max_length=8, blank=True, help_text="8 digits, leading zeros count")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ura="") | Q(ura__regex=r"^\d{8}$"),
                name="regions_organisation_ura_8_digits",
                violation_error_message=_("Een URA-nummer heeft 8 cijfers."),
            ),
            models.CheckConstraint(
                condition=Q(agb="") | Q(agb__regex=r"^\d{8}$"),
                name="regions_organisation_agb_8_digits",
                violation_error_message=_("Een AGB-code heeft 8 cijfers."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SiteQuerySet(models.QuerySet["Site"]):
    def reporting(self) -> Self:
        """Sites that are asked for a capacity report."""
        return self.filter(reports=True, closed_on=None)


class Site(models.Model):
    """One hospital location. Its code is ours, because one URA number can have several locations."""

    code = models.SlugField(unique=True, max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    short_name = models.CharField(
        max_length=80, help_text="as people say it; on cards and in tables"
    )
    search_name = models.CharField(
        max_length=400, db_index=True, help_text="folded, for search and order"
    )
    city = models.CharField(max_length=100)
    postcode = models.CharField(max_length=7)
    latitude = models.FloatField(help_text="degrees north")
    longitude = models.FloatField(help_text="degrees east")
    kind = models.CharField(max_length=30, help_text="academic, general, children, categorical")
    emergency_department = models.CharField(max_length=20)
    has_icu = models.BooleanField()
    reports = models.BooleanField(help_text="is asked for a capacity report")
    # Today's region, so that every list needs one join. SiteMembership keeps the history.
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="sites")
    region_confidence = models.CharField(max_length=6, choices=Confidence)
    closed_on = models.DateField(null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["search_name"]

    def __str__(self) -> str:
        return self.name

    @property
    def place_name(self) -> str:
        """Short name and city, the city once: "Ikazia, Rotterdam", "Isala Meppel"."""
        return self._in_its_city(self.short_name)

    @property
    def full_name(self) -> str:
        """Name and city, the city once: "Ikazia Ziekenhuis, Rotterdam", "Rijnstate Arnhem"."""
        return self._in_its_city(self.name)

    def _in_its_city(self, name: str) -> str:
        return name if self.city in name else f"{name}, {self.city}"


class SiteMembership(models.Model):
    """Which region a site belonged to, and when. A report keeps the membership of its date."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="memberships")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="regions_sitemembership_one_region_at_a_time",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            "valid_to",
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Een locatie hoort op elke dag bij één regio."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.site} in {self.region} from {self.valid_from}"


class AmbulanceService(models.Model):
    """Who drives: a regional ambulance service (RAV) or a mobile intensive care unit centre (MICU)."""

    class Kind(models.TextChoices):
        RAV = "rav", _("ambulancedienst")
        MICU = "micu", _("MICU-centrum")

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=4, choices=Kind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="services")
    latitude = models.FloatField(help_text="degrees north, of the base")
    longitude = models.FloatField(help_text="degrees east, of the base")

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A number or address for one function of a site, a regional desk or a service."""

    class Function(models.TextChoices):
        BEDS = "beds", _("beddencoördinatie")
        ICU = "icu", _("dienstdoende intensivist")
        EMERGENCY = "ed", _("SEH")
        CRISIS = "crisis", _("crisisteam")
        ALL_HOURS = "24h", _("24-uurslijn")
        DESK = "desk", _("coördinatiecentrum")

    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    service = models.ForeignKey(
        AmbulanceService, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    function = models.CharField(max_length=6, choices=Function)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    verified_on = models.DateField(null=True, blank=True, help_text="older than 90 days is flagged")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(site__isnull=False, region=None, service=None)
                    | Q(site=None, region__isnull=False, service=None)
                    | Q(site=None, region=None, service__isnull=False)
                ),
                name="regions_contact_one_place",
                violation_error_message=_("Een contact hoort bij één locatie, regio of dienst."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_function_display()}: {self.phone or self.email}"
