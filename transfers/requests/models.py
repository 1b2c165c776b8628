"""The transfer request (PMR): a number, an age and a clinical need. No name, no birth date, no BSN."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.people import scopes
from transfers.requests import status as states
from transfers.requests.turns import Parties

if TYPE_CHECKING:
    from regions.people.models import User
    from transfers.rides.models import Ride


def bounded(low: float, high: float) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class TransferRequestQuerySet(models.QuerySet["TransferRequest"]):
    def visible_to(self, user: "User") -> Self:
        """Patient data only to the sending and (from offer on) the receiving side, both regions, and the desk."""
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.role_id in scopes.TRANSFER_DESK:
            return self.exclude(status=states.DRAFT)
        if acting.role_id in scopes.HOSPITAL and acting.site_id:
            sent = Q(sending_site=acting.site_id)
            asked = Q(offers__site=acting.site_id, offers__status__in=["open", "accepted"])
            return self.filter(pk__in=self.model.objects.filter(sent | asked).values("pk"))
        if acting.role_id == "regional_coordinator" and acting.region_id:
            sent = Q(sending_site__region=acting.region_id) & ~Q(status=states.DRAFT)
            asked = Q(
                offers__site__region=acting.region_id, offers__status__in=["open", "accepted"]
            )
            return self.filter(pk__in=self.model.objects.filter(sent | asked).values("pk"))
        return self.none()

    def running(self) -> Self:
        return self.exclude(status__in=states.ENDED)

    def with_places(self) -> Self:
        """With what a card and the header of its page show, in one join."""
        return self.select_related("sending_site__region", "level", "clinical")


class TransferRequest(models.Model):
    """One patient movement request."""

    class Reason(models.TextChoices):
        CAPACITY = "capacity", _("capaciteit")
        EXPERTISE = "expertise", _("expertise")
        RETURN = "return", _("terugplaatsing")
        EVACUATION = "evacuation", _("evacuatie")

    class Urgency(models.IntegerChoices):
        TODAY = 6, _("< 6 uur")
        DAY = 24, _("< 24 uur")
        TWO_DAYS = 48, _("< 48 uur")

    class Searching(models.TextChoices):
        REGION = "region", _("in de regio")
        NATION = "nation", _("landelijk")

    class EndReason(models.TextChoices):
        """Why a request ended without a transfer (T7)."""

        WORSENED = "worsened", _("verslechterd")
        IMPROVED = "improved_or_discharged", _("opgeknapt of ontslagen")
        FOUND_LOCALLY = "bed_found_locally", _("bed in eigen huis gevonden")
        OBJECTION = "objection", _("bezwaar van patiënt of naasten")
        NO_TRANSPORT = "no_transport", _("geen vervoer")
        WEATHER = "weather", _("weer")
        DUPLICATE = "duplicate", _("dubbel")
        ERROR = "error", _("vergissing")
        UNFIT = "unfit", _("medisch niet geschikt")

        @classmethod
        def given(cls) -> list[tuple[str, str]]:
            """What may be chosen at withdrawing or cancelling; unfit is the medical officer's judgement."""
            return [choice for choice in cls.choices if choice[0] != cls.UNFIT]

    STATUS_LABELS = {
        states.DRAFT: _("Concept"),
        states.SUBMITTED: _("Ingediend"),
        states.INFO_NEEDED: _("Vraag aan inzender"),
        states.REGIONAL_SEARCH: _("Regio zoekt"),
        states.ESCALATED: _("Bij LCPS"),
        states.MEDICAL_REVIEW: _("Medisch oordeel"),
        states.NATIONAL_SEARCH: _("Landelijk zoeken"),
        states.OFFERED: _("Aangeboden"),
        states.ACCEPTED: _("Geaccepteerd"),
        states.TRANSPORT_REQUESTED: _("Vervoer gevraagd"),
        states.TRANSPORT_PLANNED: _("Vervoer gepland"),
        states.DEPARTED: _("Onderweg"),
        states.ARRIVED: _("Aangekomen"),
        states.HANDED_OVER: _("Overgedragen"),
        states.CLOSED: _("Afgesloten"),
        states.ON_HOLD: _("Aangehouden"),
        states.WITHDRAWN: _("Ingetrokken"),
        states.EXPIRED: _("Verlopen"),
        states.DECEASED: _("Overleden"),
    }
    STATUS_CHOICES = list(STATUS_LABELS.items())

    number = models.CharField(max_length=15, unique=True, help_text="PMR-yyyy-nnnnnn")
    submission = models.UUIDField(
        unique=True, help_text="makes a form that is sent twice count once"
    )
    version = models.PositiveIntegerField(
        default=1, help_text="rises with every change; old tabs are refused"
    )
    status = models.CharField(max_length=20, choices=STATUS_CHOICES, default=states.DRAFT)
    status_since = models.DateTimeField()
    clock_due_at = models.DateTimeField(null=True, blank=True, help_text="when this status is late")
    searching = models.CharField(max_length=6, choices=Searching, blank=True)
    level = models.ForeignKey("capacity.CareLevel", on_delete=models.PROTECT, related_name="+")
    in_cohort = models.BooleanField(default=True, help_text="needs a bed in the cohort")
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.CAPACITY)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, help_text="hours")
    sending_site = models.ForeignKey(
        "regions.Site", on_delete=models.PROTECT, related_name="requests_sent"
    )
    own_reference = models.CharField(
        max_length=30, blank=True, help_text="free code of the sender; no identity"
    )
    home_area = models.CharField(
        max_length=2, blank=True, help_text="first two digits of the home postcode"
    )
    question = models.CharField(max_length=300, blank=True, help_text="open question to the sender")
    end_reason = models.CharField(max_length=22, choices=EndReason, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "regions.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TransferRequestQuerySet.as_manager()

    class Meta:
        ordering = ["clock_due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=states.ALL), name="transfers_request_known_status"
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^PMR-\d{4}-\d{6}$"),
                name="transfers_request_number_form",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=states.ENDED) & Q(ended_at__isnull=False))
                | (~Q(status__in=states.ENDED) & Q(ended_at=None)),
                name="transfers_request_ended_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status=states.OFFERED) | ~Q(searching=""),
                name="transfers_request_offered_knows_its_search",
            ),
            models.CheckConstraint(
                condition=Q(home_area="") | Q(home_area__regex=r"^\d{2}$"),
                name="transfers_request_home_area_2_digits",
                violation_error_message=_("Het postcodegebied is de eerste twee cijfers."),
            ),
        ]
        indexes = [
            # The board and the home page: running requests by clock.
            models.Index(
                fields=["clock_due_at"],
                condition=~Q(status__in=states.ENDED),
                name="transfers_running_by_clock",
            ),
            models.Index(fields=["sending_site", "status"], name="transfers_by_sender"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def picture(self) -> "ClinicalPicture | None":
        """The clinical picture; a draft may have none yet, and after the retention period it is erased."""
        return getattr(self, "clinical", None)

    @property
    def short_number(self) -> str:
        """The last digits, as people say it: 418 for PMR-2020-000418."""
        return str(int(self.number[-6:]))

    def parties(self) -> Parties:
        """The places this request concerns, with the offers that count and the ride that is live.

        Reads `live_offers` and `live_rides` where a list fetched them (selectors.with_destination).
        """
        offers, rides = getattr(self, "live_offers", None), self._live_rides()
        if offers is None:
            offers = list(
                self.offers.filter(status__in=["open", "accepted"]).select_related("site__region")
            )
        return Parties(
            sending_site=self.sending_site_id,
            sending_region=self.sending_site.region_id,
            receiving_sites=tuple(offer.site_id for offer in offers),
            receiving_regions=tuple(offer.site.region_id for offer in offers),
            service=rides[0].service_id if rides else None,
        )

    @property
    def is_searched_in_region(self) -> bool:
        """Whether the search is still inside the own region."""
        return (
            self.status == states.REGIONAL_SEARCH
            or self.searching == TransferRequest.Searching.REGION
        )

    def _live_rides(self) -> "list[Ride]":
        fetched: list[Ride] | None = getattr(self, "live_rides", None)
        return list(self.rides.filter(returned_at=None)) if fetched is None else fetched

    @property
    def due_at(self) -> datetime | None:
        """The deadline of this status as every page shows it: a moment of the ride, else its clock.

        The warning goes out at `clock_due_at`, which for a ride is some time later.
        """
        rides = self._live_rides()
        return (rides[0].due_at(self.status) if rides else None) or self.clock_due_at

    def is_late(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now


class ClinicalPicture(models.Model):
    """What the receiving doctor must know (T2). Its own table: planners' queries never touch it,
    and it is erased after the retention period while the request's skeleton stays."""

    class Sex(models.TextChoices):
        MALE = "male", _("man")
        FEMALE = "female", _("vrouw")
        UNKNOWN = "unknown", _("onbekend")

    class Infection(models.TextChoices):
        CONFIRMED = "confirmed", _("bewezen")
        SUSPECTED = "suspected", _("verdacht")
        NEGATIVE = "negative", _("negatief")

    class Isolation(models.TextChoices):
        NONE = "none", _("geen")
        CONTACT = "contact", _("contact")
        DROPLET = "droplet", _("druppel")
        AIRBORNE = "airborne", _("aerogeen")
        STRICT = "strict", _("strikt")

    class Airway(models.TextChoices):
        NONE = "none", _("geen")
        TUBE = "tube", _("tube")
        TRACHEOSTOMY = "tracheostomy", _("tracheostoma")

    class Ventilation(models.TextChoices):
        NONE = "none", _("geen")
        OXYGEN = "o2", _("zuurstof")
        HIGH_FLOW = "hfno", _("high flow")
        NON_INVASIVE = "niv", _("niet-invasief")
        INVASIVE = "invasive", _("invasief")

    class Prone(models.TextChoices):
        NEVER = "never", _("nooit")
        EARLIER = "earlier", _("eerder")
        NOW = "now", _("nu")

    class Ecmo(models.TextChoices):
        NONE = "none", _("geen")
        VV = "vv", "VV"
        VA = "va", "VA"

    request = models.OneToOneField(
        TransferRequest, on_delete=models.CASCADE, related_name="clinical"
    )
    age_years = models.PositiveSmallIntegerField(validators=bounded(0, 120))
    age_months = models.PositiveSmallIntegerField(null=True, blank=True, validators=bounded(0, 23))
    sex = models.CharField(max_length=7, choices=Sex)
    weight_kg = models.PositiveSmallIntegerField(validators=bounded(1, 350))
    height_cm = models.PositiveSmallIntegerField(null=True, blank=True, validators=bounded(40, 230))
    diagnosis_group = models.CharField(max_length=60)
    infection = models.CharField(max_length=9, choices=Infection)
    infection_date = models.DateField(null=True, blank=True)
    isolation = models.CharField(max_length=8, choices=Isolation)
    mdro = models.CharField(max_length=60, blank=True, help_text="resistant organism, if any")
    illness_day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=bounded(0, 365)
    )
    icu_day = models.PositiveSmallIntegerField(null=True, blank=True, validators=bounded(0, 365))
    airway = models.CharField(max_length=12, choices=Airway, default=Airway.NONE)
    ventilation = models.CharField(max_length=8, choices=Ventilation, default=Ventilation.NONE)
    oxygen_l_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=bounded(0, 80)
    )
    fio2_percent = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=bounded(21, 100)
    )
    peep_cmh2o = models.PositiveSmallIntegerField(null=True, blank=True, validators=bounded(0, 30))
    pmax_cmh2o = models.PositiveSmallIntegerField(null=True, blank=True, validators=bounded(0, 60))
    spo2_percent = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=bounded(50, 100)
    )
    pf_ratio_mmhg = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=bounded(20, 700)
    )
    prone = models.CharField(max_length=7, choices=Prone, default=Prone.NEVER)
    prone_ended_at = models.DateTimeField(null=True, blank=True, help_text="end of the last time")
    map_mmhg = models.PositiveSmallIntegerField(null=True, blank=True, validators=bounded(20, 180))
    noradrenaline_ug_kg_min = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True, validators=bounded(0, 5)
    )
    other_inotropes = models.BooleanField(default=False)
    cpr_24h = models.BooleanField(default=False)
    worsening_expected = models.BooleanField(default=False)
    sedation_rass = models.SmallIntegerField(null=True, blank=True, validators=bounded(-5, 4))
    ecmo = models.CharField(max_length=4, choices=Ecmo, default=Ecmo.NONE)
    dialysis = models.BooleanField(default=False)
    special_needs = models.CharField(max_length=200, blank=True)
    treatment_limits = models.CharField(max_length=200, blank=True)
    vulnerability = models.CharField(
        max_length=200, blank=True, help_text="flags; blocked below phase 2c"
    )
    geriatric_advice = models.CharField(
        max_length=200, blank=True, help_text="asked for from phase 2c on"
    )
    stable_by = models.CharField(
        max_length=100, blank=True, help_text="doctor who calls the patient stable"
    )
    stable_at = models.DateTimeField(null=True, blank=True)
    informed = models.CharField(
        max_length=8,
        blank=True,
        choices=[("agreed", _("geïnformeerd, akkoord")), ("objects", _("geïnformeerd, bezwaar"))],
    )
    informed_who = models.CharField(max_length=100, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    objection_override = models.CharField(
        max_length=200,
        blank=True,
        help_text="why the sending physician transfers despite an objection",
    )
    gp_informed = models.BooleanField(default=False)
    values_at = models.DateTimeField(help_text="when the values were last taken")
    fit = models.CharField(max_length=300, blank=True, help_text="the medical officer's conditions")
    fit_at = models.DateTimeField(null=True, blank=True)
    fit_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stable_by="", stable_at=None)
                | (~Q(stable_by="") & Q(stable_at__isnull=False)),
                name="transfers_clinical_stable_paired",
                violation_error_message=_(
                    "Vul in welke arts de patiënt stabiel vindt en hoe laat."
                ),
            ),
            models.CheckConstraint(
                condition=Q(fit_at=None, fit_by="") | (Q(fit_at__isnull=False) & ~Q(fit_by="")),
                name="transfers_clinical_fit_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"clinical picture of {self.request_id}"


class RequestDraft(models.Model):
    """What somebody typed into a request that has not been submitted, as typed: also what is still wrong.

    Colleagues of the sending site finish each other's drafts. It goes when the request is submitted.
    """

    request = models.OneToOneField(TransferRequest, on_delete=models.CASCADE, related_name="draft")
    values = models.JSONField(help_text="field name to typed text")
    saved_at = models.DateTimeField()
    saved_name = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"draft of {self.request_id}"


class RequestEvent(models.Model):
    """One step a request took: the history on its page. Stays when the clinical picture is erased."""

    request = models.ForeignKey(TransferRequest, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(max_length=30, help_text="name of the row in status.TABLE, or a note")
    since = models.CharField(max_length=20)
    to = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=150)
    role = models.CharField(max_length=30)
    place = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["request", "at"], name="transfers_event_history")]

    def __str__(self) -> str:
        return f"{self.step} {self.at:%H:%M}"
