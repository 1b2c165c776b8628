"""The button of the offer panel, the inbox of who is asked, and the answers."""

from collections.abc import Callable

from django import forms as plain
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communications import identity
from regions.people import kept
from transfers.offers import actions
from transfers.offers.forms import AcceptForm, ContactForm, OfferForm, RefuseForm, put_errors
from transfers.offers.models import Offer
from transfers.offers.page import TYPED, inbox_context
from transfers.requests import selectors as requests
from transfers.requests.looks import look
from transfers.requests.views import show

TYPED_FIELDS = ("site", "message", "rank_reason")

ANSWERS: dict[str, tuple[type[plain.Form], Callable[..., Offer]]] = {
    "accept": (AcceptForm, actions.accept_offer),
    "refuse": (RefuseForm, actions.refuse_offer),
    "extend": (plain.Form, actions.extend_hold),
}


@require_POST
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the chosen site for a bed."""
    about = requests.get_visible(request.user, number)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return _back_to_panel(request, number, form)
    try:
        made = actions.make_offer(
            request=about, by=request.user, now=request.now, **form.cleaned_data
        )
    except ValidationError as refusal:
        put_errors(form, refusal)
        return _back_to_panel(request, number, form)
    messages.success(request, _("Bed gevraagd aan %(site)s.") % {"site": made.site.short_name})
    return redirect("transfers:request", number=number)


def _back_to_panel(request: HttpRequest, number: str, form: OfferForm) -> HttpResponse:
    """The request page again, with the place still chosen and what was typed still there."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, error)
    typed = {name: request.POST.get(name, "")[:300] for name in TYPED_FIELDS}
    typed = {name: "" if identity.find(text) else text for name, text in typed.items()}
    request.session[TYPED] = {"number": number, **typed}
    address = reverse("transfers:request", kwargs={"number": number})
    return redirect(f"{address}?{urlencode({'site': typed['site']})}#aanbod")


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What this hospital or region is asked, and who is coming."""
    page = actions.open_inbox(by=request.user, now=request.now, is_refresh=bool(request.htmx))
    typed = kept.take(request)
    tried = resolve(typed[kept.POSTED_TO]).kwargs.get("offer") if typed else None
    about = Offer.objects.visible_to(request.user).filter(pk=tried).first()
    form_class = {"accept": AcceptForm, "refuse": RefuseForm}.get((typed or {}).get("answer", ""))
    form = form_class(typed, auto_id=f"id_{tried}_%s") if about and form_class else None
    context = inbox_context(page, tried=about, form=form)
    return render(request, "transfers/offers/inbox.html", context)


@require_POST
def answer(request: HttpRequest, offer: int) -> HttpResponse:
    """Accept, refuse, or keep the bed longer."""
    about = get_object_or_404(Offer.objects.visible_to(request.user).with_places(), pk=offer)
    kind = request.POST.get("answer", "")
    if kind not in ANSWERS:
        messages.error(request, _("Kies of u accepteert of weigert."))
        return redirect("transfers:offers")
    form_class, action = ANSWERS[kind]
    form = form_class(request.POST, auto_id=f"id_{about.pk}_%s")
    if not form.is_valid():
        return _again(request, about, form, status=422)
    try:
        done = action(offer=about, by=request.user, now=request.now, **form.cleaned_data)
    except ValidationError as refusal:
        put_errors(form, refusal)
        return _again(request, about, form, status=409)
    return _answered(request, done)


def _again(request: HttpRequest, about: Offer, form: plain.Form, *, status: int) -> HttpResponse:
    """The inbox with what was typed and what is wrong with it."""
    page = actions.open_inbox(by=request.user, now=request.now, is_refresh=True)
    context = inbox_context(page, tried=about, form=form)
    return render(request, "transfers/offers/inbox.html", context, status=status)


def _answered(request: HttpRequest, done: Offer) -> HttpResponse:
    number = {"number": done.request.short_number, "site": done.site.short_name}
    if done.refusal == Offer.Refusal.DATA_WRONG:
        said = _("%(number)s is geweigerd. Corrigeer nu de cijfers van %(site)s.")
        messages.warning(request, said % number)
        return redirect("capacity:report", site=done.site.code)
    if done.status == Offer.Status.REFUSED:
        messages.success(request, _("%(number)s is geweigerd. Het bed is weer vrij.") % number)
    elif request.POST.get("answer") == "extend":
        messages.success(request, _("Het bed voor %(number)s blijft vastgehouden.") % number)
    else:
        said = _("%(number)s is geaccepteerd. Laat uw arts nu de uitplaatsende arts bellen.")
        messages.success(request, said % number)
    return redirect("transfers:offers")


@require_POST
def contact(request: HttpRequest, offer: int) -> HttpResponse:
    """Write down that the two doctors spoke."""
    about = get_object_or_404(Offer.objects.visible_to(request.user).with_places(), pk=offer)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _contact_again(request, about, form, status=422)
    try:
        actions.record_contact(offer=about, by=request.user, now=request.now, **form.cleaned_data)
    except ValidationError as refusal:
        put_errors(form, refusal)
        return _contact_again(request, about, form, status=409)
    messages.success(request, _("Contact tussen de artsen is vastgelegd."))
    return redirect("transfers:request", number=about.request.number)


def _contact_again(
    request: HttpRequest, about: Offer, form: ContactForm, *, status: int
) -> HttpResponse:
    """The request page with what was typed about the doctors, and what is wrong with it."""
    shown = requests.get_visible(request.user, about.request.number)
    look(request=shown, by=request.user, now=request.now, is_refresh=True)
    return show(request, shown, contact=form, status=status)
