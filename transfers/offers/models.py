"""An offer: one bed at one site, kept until a moment, asked of the people there."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from capacity.reports.models import CapacityReport
from regions.people import scopes
from transfers.requests import status as states

if TYPE_CHECKING:
    from datetime import datetime

    from regions.people.models import User
    from transfers.requests.models import TransferRequest


# Accepted and on the way to a bed, and not yet in the figures of the place.
COMING = (
    states.ACCEPTED,
    states.TRANSPORT_REQUESTED,
    states.TRANSPORT_PLANNED,
    states.DEPARTED,
    states.ARRIVED,
)


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: "User") -> Self:
        """The receiving side and its region, the sending region, and the desk."""
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.role_id in scopes.TRANSFER_DESK:
            return self.all()
        if acting.role_id in scopes.HOSPITAL and acting.site_id:
            return self.filter(Q(site=acting.site_id) | Q(request__sending_site=acting.site_id))
        if acting.role_id == "regional_coordinator" and acting.region_id:
            return self.filter(
                Q(site__region=acting.region_id) | Q(request__sending_site__region=acting.region_id)
            )
        return self.none()

    def open(self) -> Self:
        return self.filter(status=Offer.Status.OPEN)

    def accepted_and_waiting(self) -> Self:
        """Accepted, and the patient has not left yet: the bed is kept, but not for ever."""
        return self.filter(
            status=Offer.Status.ACCEPTED, request__status__in=states.BEFORE_DEPARTURE
        )

    def open_coming_or_answered(self, *, since: "datetime") -> Self:
        """What a receiving hospital has to do with: to answer, to expect, and said since a moment."""
        coming = Q(status=Offer.Status.ACCEPTED, request__status__in=COMING)
        return self.filter(Q(status=Offer.Status.OPEN) | coming | Q(answered_at__gte=since))

    def with_correction(self) -> Self:
        """Marked `is_corrected` when the site reported again since it answered."""
        later = CapacityReport.objects.filter(
            site=OuterRef("site"), received_at__gt=OuterRef("answered_at")
        )
        return self.annotate(is_corrected=Exists(later))

    def disputed(self, *, since: "datetime") -> Self:
        """Refused because the figures were wrong, with no newer report of the site yet."""
        return self.with_correction().filter(
            is_corrected=False, refusal=Offer.Refusal.DATA_WRONG, answered_at__gte=since
        )

    def of_concern_to(self, request: "TransferRequest", *, refused_since: "datetime") -> Self:
        """What the matching looks at: all of this request; of others who comes and who refused."""
        refused = Q(status=Offer.Status.REFUSED, answered_at__gte=refused_since)
        coming = Q(status=Offer.Status.ACCEPTED, request__status__in=COMING)
        return self.with_correction().filter(Q(request=request) | refused | coming)

    def with_places(self) -> Self:
        """With the places and the patient's need, in one join."""
        return self.select_related(
            "site__region", "hold", "request__sending_site__region", "request__level"
        )


class Offer(models.Model):
    """The question "can you take this patient?" with a bed held for the answer."""

    class Status(models.TextChoices):
        OPEN = "open", _("wacht op antwoord")
        ACCEPTED = "accepted", _("geaccepteerd")
        REFUSED = "refused", _("geweigerd")
        EXPIRED = "expired", _("verlopen")
        VOIDED = "voided", _("vervallen")

    class Refusal(models.TextChoices):
        """Why a site says no (T7); counts are seen by its region and the centre only."""

        NO_STAFF = "no_staff", _("geen personeel")
        BED_FILLED = "bed_just_filled", _("bed net bezet")
        NO_ISOLATION = "no_isolation", _("geen isolatieplek")
        NO_SPECIALTY = "no_specialty", _("specialisme ontbreekt")
        TOO_ILL = "too_ill", _("te ziek voor deze plek")
        TOO_MANY_TODAY = "too_many_today", _("te veel opnames vandaag")
        TECHNICAL = "technical", _("technische storing")
        DATA_WRONG = "data_wrong", _("cijfers klopten niet")
        OTHER = "other", _("anders")

    request = models.ForeignKey(
        "transfers.TransferRequest", on_delete=models.CASCADE, related_name="offers"
    )
    site = models.ForeignKey("regions.Site", on_delete=models.PROTECT, related_name="offers")
    hold = models.OneToOneField("capacity.Hold", on_delete=models.PROTECT, related_name="offer")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    rank = models.PositiveSmallIntegerField(
        null=True, help_text="place in the proposed order when chosen"
    )
    rank_reason = models.CharField(
        max_length=200, blank=True, help_text="why a place below 3 was chosen"
    )
    message = models.CharField(max_length=300, blank=True)
    offered_at = models.DateTimeField()
    offered_name = models.CharField(max_length=150)
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_name = models.CharField(max_length=150, blank=True)
    accepting_doctor = models.CharField(max_length=100, blank=True)
    accepting_phone = models.CharField(
        max_length=20, blank=True, help_text="direct, of that doctor"
    )
    unit = models.CharField(max_length=100, blank=True)
    refusal = models.CharField(max_length=15, choices=Refusal, blank=True)
    refusal_text = models.CharField(max_length=200, blank=True)
    # Doctor-to-doctor contact, required before departure.
    contact_names = models.CharField(max_length=200, blank=True)
    contact_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        constraints = [
            # One patient, one bed: whatever the code does, a second acceptance does not fit.
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status="accepted"),
                name="transfers_offer_one_accepted",
            ),
            models.UniqueConstraint(
                fields=["request", "site"],
                condition=Q(status="open"),
                name="transfers_offer_one_open_per_site",
            ),
            models.CheckConstraint(
                condition=Q(status="open", answered_at=None)
                | (~Q(status="open") & Q(answered_at__isnull=False)),
                name="transfers_offer_answered_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | ~Q(accepting_doctor=""),
                name="transfers_offer_accepted_names_doctor",
                violation_error_message=_("Noem de arts die de patiënt accepteert."),
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(refusal=""),
                name="transfers_offer_refused_has_code",
                violation_error_message=_("Kies waarom het niet kan."),
            ),
            models.CheckConstraint(
                condition=Q(contact_names="", contact_at=None)
                | (~Q(contact_names="") & Q(contact_at__isnull=False)),
                name="transfers_offer_contact_paired",
            ),
        ]
        indexes = [
            # The sweep that expires offers, and the inbox of a receiving site.
            models.Index(
                fields=["answer_due_at"], condition=Q(status="open"), name="transfers_offer_open"
            ),
        ]

    def __str__(self) -> str:
        return f"offer of {self.request_id} to {self.site_id}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_accepted(self) -> bool:
        return self.status == self.Status.ACCEPTED
