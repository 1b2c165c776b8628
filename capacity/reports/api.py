"""Reports over the API: the rules of the page; refusals are problem+json, all errors at once."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from capacity.deadlines.models import ReportingSlot
from capacity.reports import actions, history, selectors
from capacity.reports.models import CapacityReport
from capacity.reports.plausibility import counts_asked, extras_asked
from capacity.reports.selectors import Filed, Situation, rules_of
from capacity.reports.wire import ReportSerializer, as_sent, camel, report_out
from regions.places.models import Site

BAD = OpenApiResponse(description="Not the shape of a report; `errors` names every field.")
CONFLICT = OpenApiResponse(
    description="Refused by a rule; `errors` names every field. `lost_update`: read, choose, send again."
)


class SiteReports(APIView):
    """The reports of one site."""

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, site: str) -> Response:
        """The call that is on, what it asks, and the current reports of fourteen days."""
        place = self._site(request, site)
        slot = selectors.call_for(request.now)
        filed = history.fortnight(place, now=request.now)
        return Response(
            {
                "site": place.code,
                "call": _call_out(selectors.asked_only(place, slot)) if slot else None,
                "reports": [report_out(each) for each in filed],
            }
        )

    @extend_schema(
        request=ReportSerializer, responses={201: OpenApiTypes.OBJECT, 400: BAD, 409: CONFLICT}
    )
    def post(self, request: Request, site: str) -> Response:
        """File a report, or a correction of the one in `basedOn`."""
        place = self._site(request, site)
        sent = ReportSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        slot = self._call(request, sent.validated_data.get("call"))
        asked = selectors.asked_only(place, slot)
        try:
            report = actions.file_report(
                site=place,
                slot=slot,
                entry=sent.entry(asked),
                by=request.user,
                now=request.now,
                submission=sent.validated_data["submission"],
                based_on=sent.validated_data["based_on"],
                on_behalf=sent.on_behalf(),
                reasons=sent.reasons_given(asked),
            )
        except actions.ReportRefused as refusal:
            raise as_sent(refusal) from refusal
        return Response(report_out(_filed(report)), status=status.HTTP_201_CREATED)

    def _site(self, request: Request, code: str) -> Site:
        return get_object_or_404(selectors.visible_sites(request.user), code=code)

    def _call(self, request: Request, number: int | None) -> ReportingSlot:
        slot = selectors.call_for(request.now, number)
        if slot is None and number is None:
            raise Http404
        if slot is None:
            text = _("Deze uitvraag bestaat niet, is nog niet open of is te lang voorbij.")
            raise serializers.ValidationError({"call": text}, code="unknown")
        return slot


def _call_out(asked: Situation) -> dict[str, Any]:
    rules, slot = rules_of(asked.levels), asked.slot
    has_icu = any(level.is_intensive for level in rules)
    return {
        "id": slot.pk,
        "day": slot.day,
        "opensAt": slot.opens_at,
        "hospitalDueAt": slot.hospital_due_at,
        "asks": {
            "lines": {
                level.code: [camel(name) for name in counts_asked(level, asked.call)]
                for level in rules
            },
            "extras": [camel(name) for name in extras_asked(asked.call, has_intensive=has_icu)],
        },
    }


def _filed(report: CapacityReport) -> Filed:
    return Filed(report, selectors.entry_of(report, report.lines.all()))
