"""Addresses of the API, version 1. Each has a row in lcps.policy."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from capacity.beds import api as beds
from capacity.reports import api as reports
from transfers.offers import api as offers
from transfers.requests import api as requests

app_name = "api"
urlpatterns = [
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("sites/<slug:site>/reports", reports.SiteReports.as_view(), name="site-reports"),
    path("free-beds", beds.FreeBedsList.as_view(), name="free-beds"),
    path("requests", requests.Requests.as_view(), name="requests"),
    path("requests/<slug:number>", requests.RequestDetail.as_view(), name="request"),
    path("requests/<slug:number>/offers", offers.RequestOffers.as_view(), name="request-offers"),
    path(
        "offers/<int:offer>/acceptance", offers.OfferAcceptance.as_view(), name="offer-acceptance"
    ),
    path("offers/<int:offer>/refusal", offers.OfferRefusal.as_view(), name="offer-refusal"),
]
