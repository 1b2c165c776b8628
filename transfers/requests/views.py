"""Pages of requests: the board, one request, its form, its values, and the steps it takes."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regions.people import kept
from transfers.offers.forms import ContactForm
from transfers.offers.page import panel_for
from transfers.requests import actions, filling, forms, labels, page, permissions, selectors
from transfers.requests import board as boards
from transfers.requests import typed as typed_in
from transfers.requests.looks import look, look_at_list
from transfers.requests.models import TransferRequest
from transfers.rides.panel import ride_panel

CARDS_A_PAGE = 50
# What a step asks.
ASKED = ("reason", "end_reason")


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Where each request is: as columns, or as a list by clock."""
    shown = boards.board(request.user, request.now, request.GET.dict())
    listed = Paginator(shown.cards, CARDS_A_PAGE).get_page(request.GET.get("page"))
    is_list = request.GET.get("view") == "list"
    cards = listed.object_list if is_list else [c for column in shown.columns for c in column.cards]
    look_at_list(
        "board",
        numbers=[card.whole_number for card in cards],
        regions=[card.region_code for card in cards],
        by=request.user,
        now=request.now,
        is_refresh=bool(request.htmx),
    )
    context = {
        "board": shown,
        "page": listed,
        "bands": boards.bands(listed.object_list, request.now),
        "is_list": is_list,
        "example": next(iter(shown.cards), None),
        "may_create": permissions.may_send_from(request.user),
        "needs_legend": labels.NEEDS,
        "now": request.now,
    }
    name = "_board.html" if request.htmx else "board.html"
    return render(request, f"transfers/requests/{name}", context)


@require_GET
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request, with what this person may do."""
    shown = selectors.get_visible(request.user, number)
    look(request=shown, by=request.user, now=request.now, is_refresh=bool(request.htmx))
    typed = kept.take(request)
    return show(request, shown, failed=_interrupted(typed, shown), typed=typed)


def _interrupted(typed: Mapping[str, str] | None, shown: TransferRequest) -> page.Failed | None:
    """The step that somebody was taking when the session ended, with what was typed."""
    taken = resolve(typed[kept.POSTED_TO]).kwargs.get("step") if typed else None
    if taken is None or typed is None:
        return None
    said = _("U was intussen afgemeld. Bekijk wat u typte en probeer het opnieuw.")
    refusal = ValidationError(said, code="signed_out")
    return page.failed_step(shown, taken, refusal, {name: typed.get(name, "") for name in ASKED})


@require_POST
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Take a step that concerns the request alone."""
    shown = selectors.get_visible(request.user, number)
    # A database holds no NUL, and nobody types one.
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in ASKED}
    try:
        actions.take_step(
            name=step,
            request=shown,
            by=request.user,
            now=request.now,
            version=typed_in.version(request.POST),
            **typed,
        )
    except ValidationError as refused:
        fresh = selectors.get_visible(request.user, number)
        look(request=fresh, by=request.user, now=request.now, is_refresh=True)
        failed = page.failed_step(fresh, step, refused, typed)
        return show(request, fresh, failed=failed, status=409)
    messages.success(request, f"{number}: {labels.done(step)}.")
    return _back(request, number)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A request that does not exist yet."""
    if not permissions.may_send_from(request.user):
        raise PermissionDenied
    return _fill_in(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """What the sender filled in, to finish or to change."""
    shown = selectors.get_visible(request.user, number)
    if not permissions.is_sender(request.user, shown):
        raise PermissionDenied
    if not permissions.may_edit(request.user, shown):
        messages.warning(request, _("Dit verzoek is al verder; vernieuw alleen nog de waarden."))
        return redirect("transfers:request", number=number)
    is_refresh = request.method == "POST" or bool(request.htmx)
    look(request=shown, by=request.user, now=request.now, is_refresh=is_refresh)
    return _fill_in(request, shown)


@require_http_methods(["GET", "POST"])
def values(request: HttpRequest, number: str) -> HttpResponse:
    """Fresh clinical values."""
    shown = selectors.get_visible(request.user, number)
    if not permissions.is_sender(request.user, shown):
        raise PermissionDenied
    if not permissions.may_renew(request.user, shown) or shown.picture is None:
        messages.warning(request, _("De waarden van dit verzoek kunnen nu niet vernieuwd worden."))
        return redirect("transfers:request", number=number)
    look(request=shown, by=request.user, now=request.now, is_refresh=request.method == "POST")
    form = typed_in.values_form(request.POST or kept.take(request), shown, request.now)
    if request.method == "POST" and typed_in.renew(form, shown, by=request.user, now=request.now):
        messages.success(request, _("%(number)s: waarden vernieuwd.") % {"number": number})
        return redirect("transfers:request", number=number)
    context = {"form": form, "subject": shown, "panels": filling.panels(form), "now": request.now}
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "transfers/requests/values.html", context, status=status)


@require_POST
def inform_gp(request: HttpRequest, number: str) -> HttpResponse:
    """The general practitioner knows."""
    shown = selectors.get_visible(request.user, number)
    version = typed_in.version(request.POST)
    try:
        actions.inform_gp(request=shown, by=request.user, now=request.now, version=version)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, f"{number}: {labels.done('inform_gp')}.")
    return redirect("transfers:request", number=number)


def _fill_in(request: HttpRequest, shown: TransferRequest | None) -> HttpResponse:
    typed = request.POST or kept.take(request)
    filled = typed_in.Filled(typed, request.GET, shown, request.user, request.now)
    if request.method == "POST":
        saved = filled.act()
        if saved is not None:
            messages.success(request, filled.said)
            name = "transfers:edit" if filled.stays_here else "transfers:request"
            return redirect(name, number=saved.number)
    context = {
        "sheet": filling.sheet(filled.form, filled.site, request.now, filled.newer),
        "subject": shown,
        "site": filled.site,
        "is_draft": filled.is_draft,
        "levels": filled.levels,
        "diagnoses": forms.DIAGNOSES,
        "may_override": permissions.may_override_objection(request.user),
        "now": request.now,
    }
    if request.htmx:
        return render(request, "transfers/requests/_aside.html", context)
    return render(request, "transfers/requests/form.html", context, status=filled.status)


def show(
    request: HttpRequest,
    shown: TransferRequest,
    *,
    failed: page.Failed | None = None,
    typed: Mapping[str, str] | None = None,
    contact: ContactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a request; `failed` and `contact` were just refused, `typed` stood there before signing in."""
    context = {
        "page": page.page(shown, request.user, request.now, failed),
        "subject": shown,
        "panel": panel_for(request, shown, typed),
        "contact_form": contact or ContactForm(initial=typed),
        "ride_panel": ride_panel(shown, request.user, now=request.now, typed=typed),
        "end_reasons": TransferRequest.EndReason.given(),
        "now": request.now,
    }
    name = "_request.html" if request.htmx else "request.html"
    return render(request, f"transfers/requests/{name}", context, status=status)


def _back(request: HttpRequest, number: str) -> HttpResponse:
    """To the request, or to the board when it is no longer theirs to see."""
    if TransferRequest.objects.visible_to(request.user).filter(number=number).exists():
        return redirect("transfers:request", number=number)
    return redirect("home")
