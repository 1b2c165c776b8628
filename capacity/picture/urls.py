"""Addresses of the regions' pictures."""

from django.urls import path

from capacity.picture import views

urlpatterns = [
    path("regions/<slug:region>", views.region, name="region"),
    path("regions/<slug:region>/sign-off", views.sign_off, name="sign-off"),
    path("regions/<slug:region>/sitrep-answer", views.sitrep_answer, name="sitrep-answer"),
]
