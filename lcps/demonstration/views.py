"""The demonstration's own doors: sign in as a role, move the clock, read what was sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def sign_in(request: HttpRequest) -> HttpResponse:
    return redirect("home")


def move_clock(request: HttpRequest) -> HttpResponse:
    return redirect("home")


def mail(request: HttpRequest) -> HttpResponse:
    return redirect("home")
