"""Free beds over the API: the one definition, for whoever may see the site in detail."""

import re
from datetime import UTC
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from capacity.beds.selectors import FreeBeds, free_beds
from capacity.reports.models import CareLevel
from communications.bodies import StrictSerializer
from regions.places.models import Region, Site

BAD = OpenApiResponse(description="A filter that does not exist; `errors` names it.")


class Known(serializers.SlugRelatedField[Any]):
    """The code of something that exists."""

    def to_internal_value(self, data: Any) -> Any:
        # The database is asked for codes only, never for whatever a query may hold.
        if not re.fullmatch(r"[-a-zA-Z0-9_]{1,60}", str(data)):
            self.fail("does_not_exist", slug_name="code", value=str(data)[:60])
        return super().to_internal_value(data)


class FilterSerializer(StrictSerializer):
    """Which beds: of a care level, a region, a site."""

    level = Known(slug_field="code", queryset=CareLevel.objects.all(), required=False)
    region = Known(slug_field="code", queryset=Region.objects.all(), required=False)
    site = Known(slug_field="code", queryset=Site.objects.all(), required=False)


class FreeBedsSerializer(serializers.Serializer[FreeBeds]):
    """The beds of one care level at one site. `free` = reportedFree + moved - held."""

    site = serializers.CharField(source="site.code")
    region = serializers.CharField(source="site.region.code")
    level = serializers.CharField()
    open = serializers.IntegerField()
    occupied = serializers.IntegerField()
    reserve = serializers.IntegerField()
    reportedFree = serializers.IntegerField(source="reported_free")
    moved = serializers.IntegerField()
    held = serializers.IntegerField()
    free = serializers.IntegerField()
    freeCohort = serializers.IntegerField(source="free_cohort")
    freeOther = serializers.IntegerField(source="free_other")
    offer = serializers.IntegerField(allow_null=True)
    need = serializers.IntegerField(allow_null=True)
    measuredAt = serializers.DateTimeField(source="measured_at", default_timezone=UTC)
    age = serializers.CharField(source="age.value")
    counts = serializers.BooleanField()
    stoppedUntil = serializers.DateTimeField(
        source="stop.expected_end", default=None, default_timezone=UTC
    )


class Pages(PageNumberPagination):
    page_size = 200


class FreeBedsList(APIView):
    """Free beds now."""

    pagination_class = Pages

    @extend_schema(
        parameters=[FilterSerializer], responses={200: FreeBedsSerializer(many=True), 400: BAD}
    )
    def get(self, request: Request) -> Response:
        asked = FilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        beds = free_beds(now=request.now, visible_to=request.user, **asked.validated_data)
        pages = Pages()
        page = pages.paginate_queryset(beds, request)  # type: ignore[arg-type]
        return pages.get_paginated_response(FreeBedsSerializer(page, many=True).data)
