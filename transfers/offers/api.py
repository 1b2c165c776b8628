"""Offers over the API: one view per action; refusals are problem+json (lcps.api)."""

from datetime import UTC

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from communications.bodies import StrictSerializer
from regions.places.models import Site
from transfers.offers import actions
from transfers.offers.models import Offer
from transfers.requests import selectors as requests

CONFLICT = OpenApiResponse(description="Refused by a rule; `errors` says which.")


class AskSerializer(StrictSerializer):
    """Ask a site for a bed."""

    site = serializers.SlugRelatedField(
        slug_field="code", queryset=Site.objects.reporting().select_related("region")
    )
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    message = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    rankReason = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, source="rank_reason"
    )


class AcceptanceSerializer(StrictSerializer):
    """Take the patient, with a named doctor and a unit."""

    doctor = serializers.CharField(max_length=100)
    unit = serializers.CharField(max_length=100)
    phone = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class RefusalSerializer(StrictSerializer):
    """Say no, with the reason."""

    refusal = serializers.ChoiceField(choices=Offer.Refusal.choices)
    text = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class OfferSerializer(serializers.ModelSerializer[Offer]):
    """An offer as the API shows it. No patient data."""

    request = serializers.SlugRelatedField[Offer](slug_field="number", read_only=True)
    site = serializers.SlugRelatedField[Offer](slug_field="code", read_only=True)
    offeredAt = serializers.DateTimeField(source="offered_at", read_only=True, default_timezone=UTC)
    answerDueAt = serializers.DateTimeField(
        source="answer_due_at", read_only=True, default_timezone=UTC
    )
    answeredAt = serializers.DateTimeField(
        source="answered_at", read_only=True, default_timezone=UTC
    )
    heldUntil = serializers.DateTimeField(source="hold.until", read_only=True, default_timezone=UTC)

    class Meta:
        model = Offer
        fields = (
            "id",
            "request",
            "site",
            "status",
            "rank",
            "offeredAt",
            "answerDueAt",
            "answeredAt",
            "heldUntil",
            "refusal",
        )
        read_only_fields = fields


def _as_sent(refusal: ValidationError, sent: StrictSerializer) -> ValidationError:
    """The refusal with its fields named as the body names them."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    names = {field.source: name for name, field in sent.fields.items()}
    return ValidationError({names.get(n, n): errors for n, errors in refusal.error_dict.items()})


class RequestOffers(APIView):
    """The offers of a request."""

    @extend_schema(request=AskSerializer, responses={201: OfferSerializer, 409: CONFLICT})
    def post(self, request: Request, number: str) -> Response:
        about = requests.get_visible(request.user, number)
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            made = actions.make_offer(
                request=about, by=request.user, now=request.now, **asked.validated_data
            )
        except ValidationError as refusal:
            raise _as_sent(refusal, asked) from refusal
        return Response(OfferSerializer(made).data, status=status.HTTP_201_CREATED)


class OfferAcceptance(APIView):
    """The yes to an offer."""

    @extend_schema(request=AcceptanceSerializer, responses={201: OfferSerializer, 409: CONFLICT})
    def post(self, request: Request, offer: int) -> Response:
        about = get_object_or_404(Offer.objects.visible_to(request.user).with_places(), pk=offer)
        said = AcceptanceSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        done = actions.accept_offer(
            offer=about, by=request.user, now=request.now, **said.validated_data
        )
        return Response(OfferSerializer(done).data, status=status.HTTP_201_CREATED)


class OfferRefusal(APIView):
    """The no to an offer."""

    @extend_schema(request=RefusalSerializer, responses={201: OfferSerializer, 409: CONFLICT})
    def post(self, request: Request, offer: int) -> Response:
        about = get_object_or_404(Offer.objects.visible_to(request.user).with_places(), pk=offer)
        said = RefusalSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        done = actions.refuse_offer(
            offer=about, by=request.user, now=request.now, **said.validated_data
        )
        return Response(OfferSerializer(done).data, status=status.HTTP_201_CREATED)
