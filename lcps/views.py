"""Pages of the frame itself: health, role switch, gallery, notices."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from capacity.deadlines import selectors as deadlines
from communications.post import selectors as post
from lcps import gallery as parts
from lcps.middleware import ACTING_KEY


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers, and nothing else is asked (`middleware.health`)."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the parts it leans on do: database, broker, last tick, oldest unsent message."""
    found: dict[str, object] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = "ok"
        found["secondsSinceTick"] = deadlines.seconds_since_tick(now=timezone.now())
        found["secondsOldestUnsent"] = post.seconds_oldest_unsent(now=timezone.now())
    except DatabaseError as error:
        found["database"] = type(error).__name__
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()
        found["broker"] = "ok"
    except redis.RedisError as error:
        # Beds and reports keep working without it; only what is sent and swept waits.
        found["broker"] = type(error).__name__
    is_ready = found["database"] == "ok"
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", **found}, status=200 if is_ready else 503
    )


@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Act under another of one's own roles."""
    chosen = request.POST.get("assignment", "")
    if chosen not in {str(a.pk) for a in request.assignments}:
        raise Http404
    request.session[ACTING_KEY] = int(chosen)
    return redirect("home")


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in both themes, for who builds pages."""
    return render(request, "lcps/gallery.html", parts.context(request.now))


def notices(request: HttpRequest) -> HttpResponse:
    """Names and licences of what the pages are built with."""
    return render(request, "lcps/notices.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the pages are, and whom to tell when they are not."""
    return render(request, "lcps/accessibility.html")
