"""Addresses of this room; each has a row in lcps.policy."""

from django.urls import path, register_converter

from transfers.requests import views


class NumberConverter:
    """A request's number in an address; anything else is no address."""

    regex = r"PMR-\d{4}-\d{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "pmr")

urlpatterns = [
    path("requests", views.board, name="board"),
    path("requests/new", views.new, name="new"),
    path("requests/<pmr:number>", views.request_page, name="request"),
    path("requests/<pmr:number>/edit", views.edit, name="edit"),
    path("requests/<pmr:number>/values", views.values, name="values"),
    path("requests/<pmr:number>/gp", views.inform_gp, name="gp"),
    path("requests/<pmr:number>/steps/<slug:step>", views.step, name="step"),
]
