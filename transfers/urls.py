"""Addresses of this package; each has a row in lcps.policy."""

from django.urls import include, path

app_name = "transfers"
urlpatterns = [
    path("", include("transfers.requests.urls")),
    path("", include("transfers.offers.urls")),
    path("", include("transfers.rides.urls")),
]
