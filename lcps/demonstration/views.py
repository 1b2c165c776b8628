"""The demonstration's own doors: sign in as a role, move the clock, read what was sent."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from lcps.demonstration import accounts, mail_sink, play
from regions.models import User
from regions.people.accounts import record_sign_in


def require_demonstration() -> None:
    """Elsewhere these doors do not exist."""
    if not settings.DEMONSTRATION:
        raise Http404


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """One click on a role card: act as that public account."""
    require_demonstration()
    known = {account.username for account in accounts.ACCOUNTS}
    if request.POST.get("role") not in known:
        raise Http404
    person = get_object_or_404(User, username=request.POST["role"], is_active=True)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    record_sign_in(request, person)
    return redirect("home")


@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Move to a later moment of the day; what was due in between happens first, in order."""
    require_demonstration()
    try:
        moment = play.parse(request.POST.get("at", ""), now=request.now)
        play.advance(to=moment, now=request.now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    back = request.POST.get("next", "")
    # Only to a path of our own: "//elsewhere" would be another host.
    return redirect(back if back.startswith("/") and not back.startswith("//") else "home")


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """What the mail sink of the demonstration received, newest first."""
    require_demonstration()
    letters = mail_sink.letters(settings.MAIL_SINK_DIR, most=100)
    return render(request, "lcps/demonstration/mail.html", {"letters": letters})
