"""The logbook's page, for the privacy officer: who saw or changed what, when and why."""

from datetime import date, time
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from capacity.deadlines import calendar
from communications.logbook import actions, selectors
from communications.logbook.models import AuditEvent
from regions.models import Role

LINES_A_PAGE = 50


class FilterForm(forms.Form):
    """What to look for; every field may stay empty."""

    who = forms.CharField(label=_("Wie of welke rol"), required=False, max_length=100)
    about = forms.CharField(label=_("Waarover (nummer of code)"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=_("Soort"), required=False, choices=[("", _("alles")), *AuditEvent.Kind.choices]
    )
    day = forms.DateField(
        label=_("Dag, als 29-10-2020"),
        required=False,
        input_formats=["%d-%m-%Y", "%Y-%m-%d"],
        error_messages={"invalid": _("Schrijf een dag als 29-10-2020.")},
        # Beyond these no day has a beginning or an end that can be written as a moment.
        validators=[
            MinValueValidator(date(1900, 1, 1), _("Schrijf een dag als 29-10-2020.")),
            MaxValueValidator(date(2200, 1, 1), _("Schrijf een dag als 29-10-2020.")),
        ],
    )

    def filters(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in ("who", "about", "kind")}
        day = self.cleaned_data["day"]
        if day:
            midnights = (calendar.instant(one, time.min) for one in (day, day + calendar.DAY))
            found |= zip(("since", "until"), midnights, strict=True)
        return found


@require_GET
def logbook(request: HttpRequest) -> HttpResponse:
    """A page of lines, newest first. Reading the logbook is itself a line."""
    form = FilterForm(request.GET or None)
    lines = selectors.lines(**form.filters()) if form.is_valid() else selectors.lines()
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    actions.record(
        "logbook.look",
        sentence="Logboek gelezen",
        about=("logbook", "logbook"),
        by=request.user,
        at=request.now,
        kind=AuditEvent.Kind.LOOK,
        purpose="toezicht op inzage",
    )
    roles = {role.key: role.label for role in Role.objects.all()}
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": [(line, roles.get(line.role, _("systeem"))) for line in shown],
        "query": kept.urlencode(),
        "now": request.now,
    }
    return render(request, "lcps/logbook.html", context, status=422 if form.errors else 200)
