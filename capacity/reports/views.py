"""A site's page and the form it reports with."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capacity.beds import selectors as beds
from capacity.deadlines.models import ReportingSlot
from capacity.reports import actions, editing, history, page, selectors, wording
from capacity.reports.forms import ReportForm
from capacity.reports.models import CapacityReport
from capacity.reports.selectors import Filed, Situation
from communications import drafts
from regions.people import kept, permissions
from regions.places.models import Site


@require_GET
def site(request: HttpRequest, site: str) -> HttpResponse:
    """What a site can take now, how old that is, and what it said the last fortnight."""
    place = _site(request, site)
    levels = selectors.levels_of(place)
    names = selectors.names_at(request.now, levels)
    filed = history.fortnight(place, now=request.now)
    days = history.days(filed, levels)
    slot = selectors.call_for(request.now)
    versions = history.versions(filed, names=names)
    just_filed = _just_filed(request, versions)
    context = {
        "site": place,
        "slot": slot,
        "levels": levels,
        "beds": beds.free_beds(now=request.now, site=place),
        "stops": list(place.stops.active(request.now)),
        "versions": versions,
        "filed": just_filed,
        "to_request": _to_request(request, place, just_filed),
        "is_answered": slot is not None and bool(days) and days[0].report.slot_id == slot.pk,
        "days": days,
        "lines": history.lines_of(days, levels),
        "may_report": permissions.may_report(request.user, place),
    }
    return render(request, "capacity/reports/site.html", context)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, site: str) -> HttpResponse:
    """The form of a site's report, or of a correction."""
    place = _site(request, site)
    if request.method == "POST":
        return _sent(request, place)
    slot = selectors.call_for(request.now, _number(request.GET.get("slot")))
    return _opened(request, place, slot) if slot else _no_call(request, place, status=200)


@require_POST
def report_draft(request: HttpRequest, site: str) -> HttpResponse:
    """Keep what was typed; the script gets the parts of the form back that may have changed."""
    place = _site(request, site)
    slot = _call_sent(request)
    if slot is None:
        return _at_another_call(request, place)
    if not request.htmx:
        return _keep(request, place, slot)
    situation = selectors.situation(place, slot, now=request.now)
    form = _form(request, situation, request.POST)
    if drafts.is_too_much(request.POST):
        return _page(request, form, problems=[drafts.TOO_MUCH], status=413)
    draft = actions.save_draft(
        site=place, slot=slot, values=form.storable, by=request.user, now=request.now
    )
    return _page(request, form, draft=draft)


def _sent(request: HttpRequest, place: Site) -> HttpResponse:
    """What the pressed button asks."""
    slot = _call_sent(request)
    if slot is None:
        return _at_another_call(request, place)
    if request.POST.get("do") == "file":
        return _file(request, place, slot)
    if request.POST.get("do") == "discard":
        actions.drop_draft(site=place, slot=slot, by=request.user)
        return redirect("capacity:site", site=place.code)
    return _keep(request, place, slot)


def _file(request: HttpRequest, place: Site, slot: ReportingSlot) -> HttpResponse:
    """File what was sent; show it again when it cannot be."""
    empty = selectors.asked_only(place, slot)
    form = _form(request, empty, request.POST)
    refusal: ValidationError | None = None
    if form.is_valid():
        try:
            filed = actions.file_report(
                site=place,
                slot=slot,
                entry=form.entry(),
                by=request.user,
                now=request.now,
                submission=form.value("submission") or uuid4(),
                based_on=form.value("based_on"),
                on_behalf=form.on_behalf(),
                reasons=form.reasons(),
            )
        except actions.LostUpdate as lost:
            situation = selectors.situation(place, slot, now=request.now)
            return _conflict(
                request, _form(request, situation, request.POST), lost.newer, status=409
            )
        except ValidationError as error:
            refusal = error
        else:
            address = reverse("capacity:site", kwargs={"site": place.code})
            return HttpResponseRedirect(f"{address}?filed={filed.pk}")
    return _again(request, place, slot, refusal)


def _again(
    request: HttpRequest, place: Site, slot: ReportingSlot, refusal: ValidationError | None
) -> HttpResponse:
    """The form as it was sent, with all that is wrong; kept, so that nothing typed is lost."""
    situation = selectors.situation(place, slot, now=request.now)
    form = _form(request, situation, request.POST)
    draft = actions.save_draft(
        site=place, slot=slot, values=form.storable, by=request.user, now=request.now
    )
    is_general = refusal is not None and not isinstance(refusal, actions.ReportRefused)
    problems = list(refusal.messages) if is_general and refusal else []
    problems += [text for name in page.HIDDEN for text in form.errors.get(name, [])]
    return _page(request, form, draft=draft, is_sent=True, problems=problems, status=422)


def _keep(request: HttpRequest, place: Site, slot: ReportingSlot) -> HttpResponse:
    """Any other button: do it to what was typed, keep that, and open the form again."""
    situation = selectors.situation(place, slot, now=request.now)
    form = _form(request, situation, request.POST)
    if drafts.is_too_much(request.POST):
        return _page(request, form, problems=[drafts.TOO_MUCH], status=413)
    if form.too_long:
        said = [wording.too_long(situation.names, *each) for each in form.too_long]
        return _page(request, form, problems=said, status=422)
    form.is_valid()
    do, take = request.POST.get("do", ""), request.POST.get("take", "")
    if do == "confirm" and selectors.why_not_unchanged(situation):
        do = ""
    texts = editing.edited(form, do=do, take=take, now=request.now)
    actions.save_draft(site=place, slot=slot, values=texts, by=request.user, now=request.now)
    address = reverse("capacity:report", kwargs={"site": place.code})
    return HttpResponseRedirect(f"{address}?slot={slot.pk}{editing.anchor(do, take)}")


def _opened(request: HttpRequest, place: Site, slot: ReportingSlot) -> HttpResponse:
    """The form as it is opened: from a draft, from the filed report, or empty."""
    situation = selectors.situation(place, slot, now=request.now)
    typed = kept.take(request)
    if typed is not None:
        return _page(request, _form(request, situation, typed))
    draft = selectors.draft_of(request.user, site=place, slot=slot)
    draft = editing.usable(draft, situation)
    stops = selectors.open_stops(place)
    texts = editing.opened(situation, draft, stops=stops, now=request.now)
    if draft and situation.current and editing.is_overtaken(texts, situation):
        form = _form(request, situation, texts)
        if page.differing(form, situation.current):
            return _conflict(request, form, situation.current, status=200)
        texts["based_on"] = str(situation.current.report.pk)
    return _page(request, _form(request, situation, texts), draft=draft)


def _at_another_call(request: HttpRequest, place: Site) -> HttpResponse:
    """What was sent for a call that cannot be answered, at the call that is on: to be checked and sent again."""
    slot = selectors.call_for(request.now)
    if slot is None:
        return _no_call(request, place, status=409)
    # Number and version belong to the call it was typed for.
    typed = {n: text for n, text in request.POST.items() if n not in ("submission", "based_on")}
    form = _form(request, selectors.situation(place, slot, now=request.now), typed)
    said = wording.at_another_call(slot.hospital_due_at, days=selectors.CORRECTABLE_DAYS)
    return _page(request, form, problems=[said], status=409)


def _no_call(request: HttpRequest, place: Site, *, status: int) -> HttpResponse:
    return render(request, "capacity/reports/no_call.html", {"site": place}, status=status)


def _page(
    request: HttpRequest, form: ReportForm, *, status: int = 200, **shown: Any
) -> HttpResponse:
    context = page.form_context(form, now=request.now, **shown)
    return render(request, "capacity/reports/report.html", context, status=status)


def _conflict(request: HttpRequest, form: ReportForm, newer: Filed, *, status: int) -> HttpResponse:
    context = page.conflict_context(form, newer)
    return render(request, "capacity/reports/conflict.html", context, status=status)


def _site(request: HttpRequest, code: str) -> Site:
    """A site this person may see; their own without asking."""
    own = request.user.acting.site if request.user.acting else None
    if own is not None and own.code == code:
        return own
    return get_object_or_404(selectors.visible_sites(request.user), code=code)


def _call_sent(request: HttpRequest) -> ReportingSlot | None:
    """The call a form was sent for, when it can be answered now."""
    number = _number(request.POST.get("slot"))
    return None if number is None else selectors.call_for(request.now, number)


def _form(request: HttpRequest, situation: Situation, data: Any) -> ReportForm:
    is_own = permissions.is_of_site(request.user, situation.site)
    return ReportForm(data, situation=situation, now=request.now, is_own=is_own)


def _number(text: str | None) -> int | None:
    """A row's number from an address or a hidden box; None when it is none."""
    is_number = bool(text) and text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if is_number else None


def _just_filed(request: HttpRequest, versions: list[history.Version]) -> history.Version | None:
    """The version this person filed a moment ago, to be confirmed on the page."""
    number = _number(request.GET.get("filed"))
    own: list[history.Version] = [v for v in versions if v.report.pk == number]
    report: CapacityReport | None = own[0].report if own else None
    return own[0] if report and report.by_id == request.user.pk else None


def _to_request(request: HttpRequest, site: Site, filed: history.Version | None) -> str:
    """The care level of which a request was just said to follow, for whoever may make it; else empty."""
    if filed is None or not permissions.may_send_from(request.user, site):
        return ""
    return next(iter(filed.promised), "")
