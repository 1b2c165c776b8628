"""Requests over the API: the list without patient data, one request with it. Refusals are problem+json."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from transfers.requests import selectors
from transfers.requests import status as states
from transfers.requests.looks import look
from transfers.requests.models import ClinicalPicture, TransferRequest, TransferRequestQuerySet

PICTURE_FIELDS = {
    "ageYears": "age_years",
    "ageMonths": "age_months",
    "sex": "sex",
    "weightKg": "weight_kg",
    "heightCm": "height_cm",
    "diagnosisGroup": "diagnosis_group",
    "infection": "infection",
    "isolation": "isolation",
    "mdro": "mdro",
    "illnessDay": "illness_day",
    "icuDay": "icu_day",
    "airway": "airway",
    "ventilation": "ventilation",
    "oxygenLitresPerMinute": "oxygen_l_min",
    "fio2Percent": "fio2_percent",
    "peepCmh2o": "peep_cmh2o",
    "pmaxCmh2o": "pmax_cmh2o",
    "spo2Percent": "spo2_percent",
    "pfRatioMmhg": "pf_ratio_mmhg",
    "prone": "prone",
    "mapMmhg": "map_mmhg",
    "noradrenalineUgPerKgMin": "noradrenaline_ug_kg_min",
    "otherInotropes": "other_inotropes",
    "cprWithin24Hours": "cpr_24h",
    "worseningExpected": "worsening_expected",
    "sedationRass": "sedation_rass",
    "ecmo": "ecmo",
    "dialysis": "dialysis",
    "specialNeeds": "special_needs",
    "treatmentLimits": "treatment_limits",
    "vulnerability": "vulnerability",
    "valuesAt": "values_at",
    "conditions": "fit",
    "judgedAt": "fit_at",
}


class PictureSerializer(serializers.ModelSerializer[ClinicalPicture]):
    """The clinical picture: no name, no birth date, no citizen number."""

    class Meta:
        model = ClinicalPicture
        fields = tuple(PICTURE_FIELDS)
        read_only_fields = fields

    def build_field(self, field_name: str, *args: Any, **kwargs: Any) -> Any:
        """Each name of the API reads its column; types and units stay those of the table."""
        source = PICTURE_FIELDS[field_name]
        made, options = super().build_field(source, *args, **kwargs)
        return made, options | ({} if source == field_name else {"source": source})


class RequestSerializer(serializers.ModelSerializer[TransferRequest]):
    """A request as a list shows it: places and clocks."""

    level = serializers.CharField(source="level_id", read_only=True)
    urgencyHours = serializers.IntegerField(source="urgency", read_only=True)
    statusSince = serializers.DateTimeField(source="status_since", read_only=True)
    clockDueAt = serializers.DateTimeField(source="clock_due_at", read_only=True, allow_null=True)
    sendingSite = serializers.CharField(source="sending_site.code", read_only=True)
    sendingRegion = serializers.CharField(source="sending_site.region.code", read_only=True)
    receivingSites = serializers.SerializerMethodField()
    waitingFor = serializers.SerializerMethodField()

    class Meta:
        model = TransferRequest
        fields: tuple[str, ...] = (
            "number",
            "version",
            "status",
            "statusSince",
            "clockDueAt",
            "level",
            "urgencyHours",
            "reason",
            "searching",
            "sendingSite",
            "sendingRegion",
            "receivingSites",
            "waitingFor",
        )
        read_only_fields = fields

    def get_receivingSites(self, request: TransferRequest) -> list[str]:  # noqa: N802
        return [offer.site.code for offer in request.live_offers]

    def get_waitingFor(self, request: TransferRequest) -> str:  # noqa: N802
        return states.STATUSES[request.status].move


class RequestDetailSerializer(RequestSerializer):
    """One request with its clinical picture."""

    ownReference = serializers.CharField(source="own_reference", read_only=True)
    endReason = serializers.CharField(source="end_reason", read_only=True)
    clinical = serializers.SerializerMethodField()

    class Meta(RequestSerializer.Meta):
        fields = (
            *RequestSerializer.Meta.fields,
            "question",
            "ownReference",
            "endReason",
            "clinical",
        )
        read_only_fields = fields

    def get_clinical(self, request: TransferRequest) -> dict[str, Any] | None:
        return PictureSerializer(request.picture).data if request.picture else None


class Requests(generics.ListAPIView[TransferRequest]):
    """The requests this person may see, by clock. A draft and an ended request are asked for by status."""

    serializer_class = RequestSerializer

    @extend_schema(
        parameters=[OpenApiParameter("status", str, enum=states.ALL)],
        responses={
            200: RequestSerializer(many=True),
            400: OpenApiResponse(description="Bad filter."),
        },
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> TransferRequestQuerySet:
        visible = TransferRequest.objects.visible_to(self.request.user)
        status = self.request.query_params.get("status")
        if status is None:
            visible = visible.running().exclude(status=states.DRAFT)
        elif status in states.ALL:
            visible = visible.filter(status=status)
        else:
            said = _("“%(status)s” is geen status. Kies een status uit de beschrijving.")
            said = said % {"status": status[:40]}
            raise serializers.ValidationError({"status": said}, code="unknown")
        places = visible.select_related("sending_site__region").order_by("clock_due_at", "pk")
        return selectors.with_destination(places)


class RequestDetail(APIView):
    """One request. Asking for it writes a line in the logbook."""

    @extend_schema(responses={200: RequestDetailSerializer})
    def get(self, request: Request, number: str) -> Response:
        shown = selectors.get_visible(request.user, number)
        look(request=shown, by=request.user, now=request.now)
        return Response(RequestDetailSerializer(shown).data)
