"""A region's page: its sites, what it signs for, and what the centre answers."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from capacity.deadlines import selectors as deadlines
from capacity.picture import actions, page
from capacity.picture.forms import AnswerForm, SignOffForm
from capacity.picture.models import RegionalSitrep
from capacity.picture.selectors import RegionPicture, region_picture
from regions.people import kept, scopes
from regions.places.models import Region


def region(request: HttpRequest, region: str) -> HttpResponse:
    """The region in the call that is on; totals only for who is not of the region or the centre."""
    place = get_object_or_404(Region, code=region)
    slot = deadlines.slot_at(request.now)
    if slot is None:
        return render(request, "capacity/picture/no_call.html", {"region": place})
    picture = region_picture(place, slot, request.now)
    template = "_grid.html" if request.htmx and request.htmx.target == "locaties" else "region.html"
    typed = kept.take(request) or {}
    form = SignOffForm(typed, picture=picture) if "sentence" in typed else None
    context = _context(request, picture, form) | {"question": typed.get("question", "")}
    return render(request, f"capacity/picture/{template}", context)


@require_POST
def sign_off(request: HttpRequest, region: str) -> HttpResponse:
    """Sign the picture of one's own region."""
    own = Region.objects.filter(scopes.region_filter(request.user, region=""))
    place = get_object_or_404(own, code=region)
    slot = deadlines.slot_at(request.now)
    if slot is None:
        raise Http404
    picture = region_picture(place, slot, request.now)
    form = SignOffForm(request.POST, picture=picture)
    if not form.is_valid():
        return _again(request, picture, form, status=422)
    given = form.cleaned_data
    try:
        sitrep = actions.sign_off(
            region=place,
            slot=slot,
            signed=form.signed(),
            submission=given["submission"],
            based_on=given["based_on"],
            stamp=given["stamp"],
            by=request.user,
            now=request.now,
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        # What is sent from the page that says so is a new form.
        form.data = {**form.data.dict(), "submission": str(uuid4())}
        return _again(request, picture, form, status=409)
    messages.success(
        request, _("Regiobeeld ingediend, versie %(version)s.") % {"version": sitrep.version}
    )
    return redirect("capacity:region", region=place.code)


@require_POST
def sitrep_answer(request: HttpRequest, region: str) -> HttpResponse:
    """The centre agrees with a region's picture, or returns it with a question."""
    form = AnswerForm(request.POST)
    form.is_valid()
    sitreps = RegionalSitrep.objects.visible_to(request.user).filter(region__code=region)
    sitrep = get_object_or_404(sitreps, pk=form.cleaned_data.get("sitrep"))
    try:
        messages.success(request, _answer(request, sitrep, form))
    except ValidationError as refusal:
        picture = region_picture(sitrep.region, sitrep.slot, request.now)
        return _again(request, picture, None, status=409, refusal=refusal)
    return redirect("capacity:region", region=region)


def _answer(request: HttpRequest, sitrep: RegionalSitrep, form: AnswerForm) -> str:
    """Do what was answered, and say so."""
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    if form.cleaned_data["answer"] == "accept":
        actions.accept_sitrep(sitrep=sitrep, by=request.user, now=request.now)
        return _("Regiobeeld akkoord.")
    question = form.cleaned_data["question"]
    actions.return_sitrep(sitrep=sitrep, question=question, by=request.user, now=request.now)
    return _("Regiobeeld teruggestuurd met uw vraag.")


def _again(
    request: HttpRequest,
    picture: RegionPicture,
    form: SignOffForm | None,
    *,
    status: int,
    refusal: ValidationError | None = None,
) -> HttpResponse:
    """The same page with what was typed and what is wrong with it."""
    context = _context(request, picture, form) | {
        "refusals": refusal.messages if refusal else [],
        "question": request.POST.get("question", ""),
    }
    return render(request, "capacity/picture/region.html", context, status=status)


def _context(
    request: HttpRequest, picture: RegionPicture, form: SignOffForm | None = None
) -> dict[str, Any]:
    return page.context(
        picture,
        user=request.user,
        show=request.GET.get("show", "all"),
        changes=request.GET.get("changes", "notable"),
        form=form,
    )
