"""Addresses of this room; each has a row in lcps.policy."""

from django.urls import path

from transfers.offers import views

urlpatterns = [
    path("offers", views.inbox, name="offers"),
    path("offers/<int:offer>/answer", views.answer, name="offer-answer"),
    path("offers/<int:offer>/contact", views.contact, name="offer-contact"),
    path("requests/<slug:number>/offers", views.offer, name="offer"),
]
