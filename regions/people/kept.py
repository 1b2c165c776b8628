"""What somebody typed while the session had ended is kept, and comes back after signing in again.

For a page, two lines:

    <form method="post">{% csrf_token %}{% form_owner %} ...          in the template
    form = SomeForm(request.POST or kept.take(request))                in the view that shows the form

`{% form_owner %}` is a signed note of who got the form, for which role and on which page. A post without a
valid session that carries it is kept in the browser's new session, on the server. It comes back once, to
the same person, on the same page, with a notice; to anybody else it does not exist.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

FIELD: Final = "form_owner"
KEY: Final = "kept"
# Where the form was sent: a page with several forms gives what was typed back to the right one.
POSTED_TO: Final = "posted_to"
SALT: Final = "lcps.kept"
DAY: Final = 24 * 60 * 60
MOST_PAGES: Final = 5
MOST_CHARACTERS: Final = 200_000


def owner(request: HttpRequest, page: str) -> str:
    """The value of the hidden field: who fills in the form, under which role, and on which page."""
    acting = request.user.acting
    note = {"user": request.user.pk, "acting": acting.pk if acting else None, "page": page}
    return signing.dumps(note, salt=SALT)


def read(request: HttpRequest) -> dict[str, Any] | None:
    """The note in the posted form; None when there is none, it is not ours, or it is a day old."""
    try:
        return signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=DAY)
    except signing.BadSignature:
        return None


def keep(request: HttpRequest) -> str | None:
    """Keep what was posted for its owner.

    The page it was typed on, or None when nothing could be kept: no note, or more than a form can hold.
    """
    note = read(request) if request.method == "POST" else None
    if note is None:
        return None
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name not in (FIELD, "csrfmiddlewaretoken") and "password" not in name
    }
    typed[POSTED_TO] = [request.path]
    if sum(len(text) for values in typed.values() for text in values) > MOST_CHARACTERS:
        return None
    path = note["page"].partition("?")[0]
    others = {p: kept for p, kept in request.session.get(KEY, {}).items() if p != path}
    last = list(others.items())[1 - MOST_PAGES :]
    request.session[KEY] = dict([*last, (path, note | {"typed": typed})])
    return str(note["page"])


def take(request: HttpRequest) -> QueryDict | None:
    """What this person typed on this page before the session ended: once, with a notice; else None."""
    found = _own(request)
    if request.method != "GET" or found is None or "HX-Request" in request.headers:
        return None
    request.session[KEY] = {p: k for p, k in request.session[KEY].items() if p != request.path}
    typed = QueryDict(mutable=True)
    for name, values in found["typed"].items():
        typed.setlist(name, values)
    messages.info(request, _("Wat u typte, staat er weer. Het is nog niet verstuurd."))
    return typed


def acting_for(request: HttpRequest) -> int | None:
    """The role under which the kept form of this page was typed, so that the page opens as it was."""
    found = _own(request)
    return found["acting"] if found else None


def forget_others(request: HttpRequest) -> None:
    """Throw away what another person typed in this browser."""
    pages = request.session.get(KEY)
    if pages and any(kept["user"] != request.user.pk for kept in pages.values()):
        request.session[KEY] = {p: k for p, k in pages.items() if k["user"] == request.user.pk}


def _own(request: HttpRequest) -> Mapping[str, Any] | None:
    found = request.session.get(KEY, {}).get(request.path)
    return found if found and found["user"] == request.user.pk else None
