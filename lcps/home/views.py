"""Home per role, the national board, search and messages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from capacity.deadlines import selectors as deadlines
from capacity.picture.selectors import national_picture
from communications.post import actions as post
from lcps.home import board, selectors
from lcps.home import inbox as letters
from lcps.home import search as searching


def home(request: HttpRequest) -> HttpResponse:
    """What this role must do now, by clock."""
    page = selectors.home(request.user, request.now)
    # The menu shows the count where it is known: on this page it costs nothing.
    request.task_count = (page.count, page.late > 0)
    template = "_home.html" if request.htmx else "home.html"
    return render(request, f"lcps/home/{template}", {"home": page})


def task_count(request: HttpRequest) -> HttpResponse:
    """How many tasks wait for this role: the number beside "Nu te doen" in every page's menu."""
    count, late = selectors.task_count(request.user, request.now)
    return render(request, "lcps/home/_task_count.html", {"count": count, "is_over": late > 0})


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
    """Find a request by number, or a hospital or region by name."""
    found = searching.find(request.user, request.GET.get("q", ""), request.now)
    return render(request, "lcps/home/search.html", {"found": found})


def inbox(request: HttpRequest) -> HttpResponse:
    """My messages; opening or ticking one off is a POST."""
    if request.method == "POST":
        return _read(request)
    page = letters.messages_of(request.user, request.GET.get("page"))
    template = "_messages.html" if request.htmx else "messages.html"
    return render(request, f"lcps/home/{template}", {"page": page})


def _read(request: HttpRequest) -> HttpResponse:
    """Mark one message as read and go where it points, or mark them all."""
    chosen = request.POST.get("open") or request.POST.get("read", "")
    ids = letters.unread_ids(request.user) if chosen == "all" else [chosen]
    numbers = [int(one) for one in map(str, ids) if one.isdecimal() and len(one) < 18]
    post.mark_read(messages=numbers, by=request.user, at=request.now)
    link = letters.link_of(request.user, chosen) if "open" in request.POST else ""
    return redirect(link or "messages")
