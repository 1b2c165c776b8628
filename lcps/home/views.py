"""Home per role, the national board, search, messages and the logbook."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from capacity.deadlines import selectors as deadlines
from capacity.picture.selectors import national_picture
from lcps.home import board


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "lcps/home/home.html")


def national_board(request: HttpRequest) -> HttpResponse:
    """Every region against its fair share, with what is free, asked and offered."""
    slot = deadlines.slot_at(request.now)
    if slot is None:
        return render(request, "lcps/home/board_empty.html")
    asked = board.Asked(
        measure=request.GET.get("measure", ""),
        basis=request.GET.get("basis", ""),
        sort=request.GET.get("sort", "share"),
    )
    picture = national_picture(slot, request.now, basis=asked.basis)
    template = "_board.html" if request.htmx else "board.html"
    return render(
        request, f"lcps/home/{template}", {"board": board.board(picture, asked, request.user)}
    )


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "lcps/home/search.html")


def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "lcps/home/inbox.html")


def logbook(request: HttpRequest) -> HttpResponse:
    return render(request, "lcps/home/logbook.html")
