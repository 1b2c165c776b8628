"""What every request gets, in order: an address for the log, the business clock, the acting role, the policy."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import timezone, translation

from communications.logbook.actions import client_address
from lcps import clock, errors, policy, presence
from regions.people import kept
from regions.people import selectors as people

Next = Callable[[HttpRequest], HttpResponse]
ACTING_KEY = "acting"
HEALTH = "/healthz"


def health(get_response: Next) -> Next:
    """`/healthz` is answered by this process alone: before anything here asks a database, which may hang."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == HEALTH and request.method in ("GET", "HEAD"):
            return _sealed(resolve(HEALTH).func(request))
        return get_response(request)

    return middleware


def request_identity(get_response: Next) -> Next:
    """A number for the log lines of one request, and the client's address behind our own proxies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.identity = uuid.uuid4().hex
        token = client_address.set(address_of(request))
        try:
            return get_response(request)
        finally:
            client_address.reset(token)

    return middleware


def address_of(request: HttpRequest) -> str | None:
    """The client's address: as our outermost proxy saw it, never what the client claims."""
    hops = [h.strip() for h in request.headers.get("X-Forwarded-For", "").split(",") if h.strip()]
    if settings.PROXY_COUNT and len(hops) >= settings.PROXY_COUNT:
        return hops[-settings.PROXY_COUNT]
    return request.META.get("REMOTE_ADDR") or None


def language(get_response: Next) -> Next:
    """Dutch, unless the person switched to English: the browser's own preference does not count."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES)
        with translation.override(chosen if known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response

    return middleware


def business_clock(get_response: Next) -> Next:
    """`request.now`: the business moment, the same for the whole request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        return get_response(request)

    return middleware


def acting_role(get_response: Next) -> Next:
    """`request.user.acting`: the one role the person acts under, as chosen in the session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.assignments = []
        if request.user.is_authenticated:
            # Roles are dated in real days: who may sign in does not move with the demonstration.
            request.assignments = people.assignments_of(
                request.user, day=timezone.localdate(timezone.now())
            )
            kept.forget_others(request)
            by_id = {a.pk: a for a in request.assignments}
            if ACTING_KEY not in request.session and kept.acting_for(request) in by_id:
                request.session[ACTING_KEY] = kept.acting_for(request)
            chosen = request.session.get(ACTING_KEY)
            request.user.acting = by_id.get(chosen) or next(iter(request.assignments), None)
        return get_response(request)

    return middleware


def route_policy(get_response: Next) -> Next:
    """Deny by default: a route is served only as its row in lcps.policy says."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        return policy.refuse(request)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _sealed(response: HttpResponse) -> HttpResponse:
    response.setdefault("Cache-Control", "no-store")
    response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response


def last_words(get_response: Next) -> Next:
    """What every answer says besides: nobody keeps what a signed-in person saw, and when they were last here."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = _sealed(get_response(request))
        if errors.is_api(request):
            response.setdefault("API-Version", errors.API_VERSION)
        if request.user.is_authenticated:
            presence.note(request, response)
        return response

    return middleware
