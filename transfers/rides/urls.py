"""Addresses of rides and of what the request page asks about transport."""

from django.urls import path

from transfers.rides import views

urlpatterns = [
    path("rides", views.rides, name="rides"),
    path("rides/<int:ride>", views.ride, name="ride"),
    path("rides/<int:ride>/sheet", views.sheet, name="ride-sheet"),
    path("rides/<int:ride>/<slug:step>", views.step, name="ride-step"),
    path("requests/<pmr:number>/transport", views.transport, name="transport"),
    path("requests/<pmr:number>/handover", views.handover, name="handover"),
]
