"""Is this still the person who signed in? Second factor shown, not silent too long, not longer than a shift.

All of it is real time: sign-in does not move with the business clock. Nothing here asks the database,
except for a person who has not shown a second factor yet.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from lcps import errors
from regions.people import kept
from regions.people.accounts import SINCE_KEY, record_sign_out

# Sent by pages that refresh themselves: nobody needs to be there for it.
BACKGROUND: Final = "X-Background"
# What somebody without a second factor needs to set one up, and somebody with one to show it.
SET_UP_ROUTES: Final = frozenset(
    {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}
)
SHOW_ROUTES: Final = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_signer = signing.Signer(salt="lcps.presence")


def doubt(request: HttpRequest, *, shows_patients: bool) -> HttpResponse | None:
    """None when it is surely the person who signed in; otherwise where they have to prove it."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    now = timezone.now()
    if is_over(request, now) or (shows_patients and is_silent(request, now)):
        record_sign_out(request, "Werd afgemeld: sessie voorbij of te lang stil")
        logout(request)
        return ask_to_sign_in(request, _("Het was hier een tijd stil. Log opnieuw in."))
    return _ask_second_factor(request) if settings.SECOND_FACTOR_REQUIRED else None


def ask_to_sign_in(request: HttpRequest, why: str = "") -> HttpResponse:
    """To the sign-in page and back again; what was typed is kept (regions/people/kept.py)."""
    if errors.is_api(request):
        return errors.problem(401, _("Log eerst in."), {"WWW-Authenticate": 'Cookie realm="LCPS"'})
    back = kept.keep(request)
    if back:
        why = _("Uw sessie was verlopen. Log opnieuw in; wat u typte, staat er dan weer.")
    elif request.method == "POST":
        why = _("Uw sessie was verlopen. Log opnieuw in; er is niets opgeslagen.")
    if why:
        messages.info(request, why)
    return _go(request, _with_next("account_login", back or _page(request)))


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose CSRF token is of an earlier session: nothing is done, what was typed is kept.

    Signing in again in another tab renews the token. Without the signed note of its owner the form may
    come from elsewhere, and is refused like any forgery.
    """
    note = kept.read(request) if request.method == "POST" else None
    if errors.is_api(request):
        return errors.problem(403, _("Het CSRF-token ontbreekt of klopt niet."))
    if note is None or (request.user.is_authenticated and request.user.pk != note["user"]):
        return csrf_failure(request, reason=reason)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    return _go(request, kept.keep(request) or reverse("home"))


def _ask_second_factor(request: HttpRequest) -> HttpResponse | None:
    """A factor counts when it was shown in this very session, not when the account merely has one."""
    records = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" for record in records):
        return None
    kinds = set(
        Authenticator.objects.filter(user=request.user)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("type", flat=True)
    )
    if request.resolver_match.view_name in (SHOW_ROUTES if kinds else SET_UP_ROUTES):
        return None
    if errors.is_api(request):
        return errors.problem(403, _("Log in met uw tweede stap."))
    if not kinds:
        return _go(request, reverse("mfa_index"))
    has_app = Authenticator.Type.TOTP in kinds
    step = "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
    return _go(request, _with_next(step, _page(request)))


def is_over(request: HttpRequest, now: datetime) -> bool:
    """Signed in longer ago than a session may last, however busy it was."""
    return now - _signed_in_at(request) > timedelta(seconds=settings.SESSION_COOKIE_AGE)


def is_silent(request: HttpRequest, now: datetime) -> bool:
    """No sign of life for `IDLE_SECONDS`; a page that refreshes itself is none."""
    return now - _last_sign(request) > timedelta(seconds=settings.IDLE_SECONDS)


def note(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the moment of a sign of life in a signed cookie, so that it costs no write to the database.

    Once silent, only a new sign-in counts: a click on a page without patients does not open the others.
    """
    now = timezone.now()
    match = request.resolver_match
    in_background = BACKGROUND in request.headers or match is None or match.view_name == "live"
    if in_background or is_silent(request, now):
        return
    response.set_cookie(
        settings.SEEN_COOKIE_NAME,
        _signer.sign(f"{_fingerprint(request)}:{int(now.timestamp())}"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _last_sign(request: HttpRequest) -> datetime:
    try:
        cookie = _signer.unsign(request.COOKIES.get(settings.SEEN_COOKIE_NAME, ""))
    except signing.BadSignature:
        return _signed_in_at(request)
    whose, moment = cookie.split(":")
    if whose != _fingerprint(request):
        return _signed_in_at(request)
    return datetime.fromtimestamp(int(moment), tz=UTC)


def _fingerprint(request: HttpRequest) -> str:
    """Binds the cookie to this session, without saying which it is."""
    return salted_hmac("lcps.presence", request.session.session_key or "").hexdigest()[:20]


def _signed_in_at(request: HttpRequest) -> datetime:
    since = request.session.get(SINCE_KEY)
    return datetime.fromisoformat(since) if since else request.user.last_login or LONG_AGO


def _page(request: HttpRequest) -> str:
    """Where to come back to: this page, or for a post without a kept form the beginning."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else reverse("home")


def _with_next(route: str, back: str) -> str:
    return f"{reverse(route)}?{urlencode({'next': back})}"


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect that htmx follows with the whole page; a stream shows no page, so it ends."""
    if request.resolver_match and request.resolver_match.view_name == "live":
        return HttpResponse(status=204)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
