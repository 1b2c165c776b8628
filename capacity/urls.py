"""Addresses of this package; each has a row in lcps.policy."""

from django.urls import include, path

app_name = "capacity"
urlpatterns = [
    path("", include("capacity.reports.urls")),
    path("", include("capacity.picture.urls")),
]
