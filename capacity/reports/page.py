"""What the pages of the form are made from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from capacity.reports import selectors, sheet
from capacity.reports.forms import ReportForm, html_name, texts_of
from capacity.reports.labels import in_words
from capacity.reports.models import ReportDraft
from capacity.reports.selectors import Filed
from capacity.reports.sheet import HIDDEN

__all__ = ["HIDDEN", "conflict_context", "differing", "form_context"]


def form_context(
    form: ReportForm,
    *,
    now: datetime,
    draft: ReportDraft | None = None,
    is_sent: bool = False,
    problems: Sequence[str] = (),
) -> dict[str, Any]:
    """The form as it stands; `problems` are those that belong to no box."""
    situation = form.situation
    stops = selectors.open_stops(situation.site)
    drawn = sheet.build(form, now=now, stops=stops, is_sent=is_sent)
    return {
        "site": situation.site,
        "slot": situation.slot,
        "situation": situation,
        "sheet": drawn,
        "extras_words": sheet.extras_in_words(drawn),
        "form": form,
        "number": form.cleaned_data.get("submission") or uuid4(),
        "before": situation.earlier[0].report if situation.earlier else None,
        "draft": draft,
        "is_sent": is_sent,
        "problems": problems,
        "is_late": situation.current is None and now > situation.slot.hospital_due_at,
        "not_unchanged": selectors.why_not_unchanged(situation),
    }


def conflict_context(form: ReportForm, newer: Filed) -> dict[str, Any]:
    """Both values side by side, to choose from; the boxes that agree are carried along."""
    both = differing(form, newer)
    apart = {each["name"] for each in both} | {"based_on"}
    return {
        "site": form.situation.site,
        "slot": form.situation.slot,
        "newer": newer.report,
        "differing": both,
        "kept": {name: text for name, text in form.texts.items() if name not in apart},
    }


def differing(form: ReportForm, newer: Filed) -> list[dict[str, str]]:
    """Boxes in which other texts stand than were filed meanwhile."""
    names, theirs = form.situation.names, texts_of(newer.entry, situation=form.situation)
    found = []
    for path in [*form.paths, "remark"]:
        name = html_name(path)
        mine, other = form.text(name), theirs.get(name, "")
        if mine != other:
            found.append(
                {
                    "name": name,
                    "label": names.full(path),
                    "mine": mine,
                    "theirs": other,
                    "empty": in_words(None),
                }
            )
    return found
