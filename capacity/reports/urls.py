"""Addresses of a site's capacity: what it has, and the form it reports with."""

from django.urls import path

from capacity.reports import views

urlpatterns = [
    path("sites/<slug:site>", views.site, name="site"),
    path("sites/<slug:site>/report", views.report, name="report"),
    path("sites/<slug:site>/report/draft", views.report_draft, name="report-draft"),
]
