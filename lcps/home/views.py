"""Home per role, the national board search and messages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "lcps/home/home.html")


def national_board(request: HttpRequest) -> HttpResponse:
    return render(request, "lcps/home/board.html")


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "lcps/home/search.html")


def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "lcps/home/inbox.html")
