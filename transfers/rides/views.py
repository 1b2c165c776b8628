"""A planner's day, one ride, its sheet; asking for transport; the handover."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communications.logbook import actions as logbook
from regions.people import kept
from transfers.models import Ride, TransferRequest
from transfers.requests import selectors as requests
from transfers.requests import status as states
from transfers.requests.looks import look, look_at_list
from transfers.requests.typed import version
from transfers.rides import actions, permissions, selectors
from transfers.rides.forms import (
    AbortForm,
    ArriveForm,
    DeathForm,
    DepartForm,
    HandoverForm,
    PlanForm,
    ReturnForm,
    TransportForm,
)


@require_GET
def rides(request: HttpRequest) -> HttpResponse:
    """The rides of today on a time axis and by clock; a phone shows the list first."""
    template = "_rides.html" if request.htmx else "rides.html"
    context = selectors.day_of_rides(request.user, now=request.now)
    shown = [card.ride for name in ("planned", "waiting", "done") for card in context[name]]
    look_at_list(
        "rides",
        numbers=[ride.request.number for ride in shown],
        regions=[ride.request.sending_site.region.code for ride in shown],
        by=request.user,
        now=request.now,
        is_refresh=bool(request.htmx),
    )
    return render(request, f"transfers/rides/{template}", context)


@require_GET
def ride(request: HttpRequest, ride: int) -> HttpResponse:
    """One ride, with what its planner can do now."""
    found, typed = find(request, ride), kept.take(request)
    if typed is None:
        return show(request, found)
    tried = resolve(typed[kept.POSTED_TO]).kwargs.get("step", "")
    return show(request, found, step=tried, form=form_for(tried, request, found, typed))


def find(request: HttpRequest, pk: int) -> Ride:
    visible = Ride.objects.visible_to(request.user).select_related(
        "request__sending_site__region", "request__level", "offer__site__region", "service"
    )
    return get_object_or_404(visible, pk=pk)


def show(
    request: HttpRequest,
    ride: Ride,
    *,
    step: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a ride; `form` is that of a `step` that was refused."""
    card = selectors.card(ride, request.user, pace=selectors.pace_at(request.now), now=request.now)
    logbook.look(
        sentence="Rit bekeken",
        about=("request", ride.request.number),
        by=request.user,
        at=request.now,
    )
    may_drive = permissions.may_drive(request.user, ride) and ride.returned_at is None
    beside = BESIDE.get(ride.request.status, ()) if may_drive else ()
    is_main = form is not None and step == card.next_step
    context = {
        "card": card,
        "ride": ride,
        "may_drive": may_drive,
        "form": form if is_main else form_for(card.next_step, request, ride),
        "beside": [(name, form if name == step else REASONED[name]()) for name in beside],
        "contacts": selectors.contacts_of(ride),
    }
    return render(request, "transfers/rides/ride.html", context, status=status)


def form_for(
    step: str, request: HttpRequest, ride: Ride, typed: QueryDict | None = None
) -> forms.Form | None:
    data = typed or request.POST or None
    if step in REASONED:
        return REASONED[step](data)
    if step == "plan":
        return PlanForm(data, ride=ride, now=request.now)
    if step == "arrive" and ride.would_arrive_early(request.now):
        return ArriveForm(data)
    return DepartForm(data, ride=ride) if step == "depart" else None


@require_GET
def sheet(request: HttpRequest, ride: int) -> HttpResponse:
    """The printable sheet a crew takes along: no diagnosis."""
    found = find(request, ride)
    logbook.look(
        sentence="Ritblad geopend",
        about=("request", found.request.number),
        by=request.user,
        at=request.now,
    )
    card = selectors.card(found, request.user, pace=selectors.pace_at(request.now), now=request.now)
    context = {"card": card, "ride": found, "contacts": selectors.contacts_of(found)}
    return render(request, "transfers/rides/sheet.html", context)


def plan(request: HttpRequest, ride: Ride, form: forms.Form) -> str:
    actions.plan_ride(ride=ride, by=request.user, now=request.now, **form.cleaned_data)
    return _("Rit gepland. Beide ziekenhuizen krijgen bericht.")


def depart(request: HttpRequest, ride: Ride, form: forms.Form) -> str:
    actions.depart(ride=ride, by=request.user, now=request.now, **form.cleaned_data)
    return _("Vertrek gemeld.")


def arrive(request: HttpRequest, ride: Ride, form: forms.Form | None) -> str:
    confirmed = form.cleaned_data if form else {}
    actions.arrive(ride=ride, by=request.user, now=request.now, **confirmed)
    return _("Aankomst gemeld. Het ontvangende ziekenhuis neemt de patiënt over.")


def give_back(request: HttpRequest, ride: Ride, form: forms.Form) -> str:
    actions.return_ride(ride=ride, by=request.user, now=request.now, **form.cleaned_data)
    return _("Rit teruggegeven. De aanvrager zoekt een ander.")


def abort(request: HttpRequest, ride: Ride, form: forms.Form) -> str:
    actions.abort(ride=ride, by=request.user, now=request.now, **form.cleaned_data)
    return _(
        "Gemeld: de rit is afgebroken. Beide ziekenhuizen, hun regio’s en LCPS krijgen bericht."
    )


def report_death(request: HttpRequest, ride: Ride, form: forms.Form) -> str:
    actions.report_death(ride=ride, by=request.user, now=request.now, **form.cleaned_data)
    return _("Overlijden gemeld. Beide ziekenhuizen, hun regio’s en LCPS krijgen bericht.")


# Steps that go another way than the ride was planned: each with its reason, in these statuses.
REASONED: dict[str, type[forms.Form]] = {
    "return": ReturnForm,
    "abort": AbortForm,
    "report-death": DeathForm,
}
BESIDE = {
    states.TRANSPORT_REQUESTED: ("return",),
    states.TRANSPORT_PLANNED: ("return",),
    states.DEPARTED: ("abort", "report-death"),
}
STEPS: dict[str, Callable[[HttpRequest, Ride, Any], str]] = {
    "plan": plan,
    "depart": depart,
    "arrive": arrive,
    "return": give_back,
    "abort": abort,
    "report-death": report_death,
}


@require_POST
def step(request: HttpRequest, ride: int, step: str) -> HttpResponse:
    """One step of a ride: one of `STEPS`."""
    if step not in STEPS:
        raise Http404
    found = find(request, ride)
    form = form_for(step, request, found)
    if form is not None and not form.is_valid():
        return show(request, found, step=step, form=form, status=422)
    try:
        said = STEPS[step](request, found, form)
    except ValidationError as error:
        say_errors(request, form, error)
        return show(request, found, step=step, form=form, status=409)
    messages.success(request, said)
    if step in REASONED:
        return redirect("transfers:rides")
    return redirect("transfers:ride", ride=found.pk)


def say_errors(request: HttpRequest, form: forms.Form | None, error: ValidationError) -> None:
    """At the field where there is one, at the top of the page otherwise."""
    fields = getattr(error, "error_dict", {})
    if form is not None and fields and set(fields) <= set(form.fields):
        form.add_error(None, error)
    else:
        messages.error(request, " ".join(error.messages))


@require_http_methods(["GET", "POST"])
def transport(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a ride: the advice with its reasons, and who can drive."""
    found = requests.get_visible(request.user, number)
    may_ask = permissions.may_ask(request.user, found)
    # Who sent an old page is told below what stands now.
    if found.status != states.ACCEPTED and not (may_ask and request.method == "POST"):
        messages.warning(request, _("Voor dit verzoek wordt nu geen vervoer gevraagd."))
        return redirect("transfers:request", number=number)
    if not may_ask:
        raise PermissionDenied
    look(request=found, by=request.user, now=request.now, is_refresh=request.method == "POST")
    advice = actions.advise(actions.picture_of(found), is_icu=found.level.needs_icu)
    services = selectors.services_by_distance(found, kind=advice.kind)
    form = TransportForm(
        request.POST or kept.take(request) or None, initial=selectors.proposed(advice, services)
    )
    if request.method == "POST" and _ask(request, found, form):
        messages.success(request, _("Rit gevraagd."))
        return redirect("transfers:request", number=number)
    context = {
        "request_": found,
        "ride": next(iter(found.live_rides), None),
        "is_asked": found.status == states.ACCEPTED,
        "form": form,
        "advice": selectors.advice_in_words(advice),
        "services": services,
        "destination": next((o.site for o in found.live_offers if o.is_accepted), None),
    }
    status = 200 if request.method == "GET" else 422 if form.errors else 409
    return render(request, "transfers/rides/transport.html", context, status=status)


def _ask(request: HttpRequest, found: TransferRequest, form: TransportForm) -> bool:
    """Ask for the ride of the form; False when that is refused, which the form or a message then says."""
    if not form.is_valid():
        return False
    try:
        actions.request_ride(
            request=found,
            by=request.user,
            now=request.now,
            version=version(request.POST),
            **form.cleaned_data,
        )
    except ValidationError as error:
        say_errors(request, form, error)
        return False
    return True


@require_POST
def handover(request: HttpRequest, number: str) -> HttpResponse:
    """The receiving site takes over, with the checklist complete."""
    found = requests.get_visible(request.user, number)
    form = HandoverForm(request.POST)
    if form.is_valid():
        try:
            actions.hand_over(
                request=found,
                items=form.answers,
                by=request.user,
                now=request.now,
                version=form.cleaned_data["version"],
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Overgedragen. De verantwoordelijkheid is nu bij u."))
    else:
        messages.error(request, _("Vul de overdrachtslijst in."))
    return redirect("transfers:request", number=number)
