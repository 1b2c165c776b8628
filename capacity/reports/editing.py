"""What the form's own buttons do to what was typed: take over, confirm unchanged, now."""

from collections.abc import Mapping
from datetime import datetime

from capacity.reports import typed
from capacity.reports.entry import STOCK
from capacity.reports.forms import ReportForm, html_name, stops_as_texts, texts_of
from capacity.reports.labels import as_text
from capacity.reports.models import IntakeStop, ReportDraft
from capacity.reports.selectors import Situation

Texts = dict[str, str]


def opened(
    situation: Situation, draft: ReportDraft | None, *, stops: list[IntakeStop], now: datetime
) -> Texts:
    """What the form holds when it is opened: the draft, else the filed report, else nothing."""
    if draft is not None:
        return {name: str(text) for name, text in draft.values.items()}
    current = situation.current
    if current is None:
        return stops_as_texts(stops, now=now, with_end=False)
    return (
        texts_of(current.entry, situation=situation)
        | stops_as_texts(stops, now=now, with_end=True)
        | {"based_on": str(current.report.pk)}
    )


def usable(draft: ReportDraft | None, situation: Situation) -> ReportDraft | None:
    """The draft, unless its writer has filed since: then it has served."""
    current = situation.current
    if draft is None or current is None:
        return draft
    is_served = (
        current.report.by_id == draft.user_id and draft.saved_at <= current.report.received_at
    )
    return None if is_served else draft


def is_overtaken(texts: Mapping[str, str], situation: Situation) -> bool:
    """Somebody filed after this was typed."""
    current = situation.current
    return current is not None and texts.get("based_on", "") != str(current.report.pk)


def edited(form: ReportForm, *, do: str, take: str, now: datetime) -> Texts:
    """What was typed, after the button that was pressed."""
    texts, situation = form.texts, form.situation
    before = before_texts(situation)
    if do == "confirm":
        texts = unchanged(form) | texts
    elif do == "extras":
        texts = {name: before[name] for name in form.extras if name in before} | texts
    elif do == "now":
        day = situation.slot.hospital_due_at.astimezone(typed.AMSTERDAM).date()
        texts["measured_at"] = typed.as_typed(now, day=day)
    elif take in before:
        texts[take] = before[take]
    return texts


def unchanged(form: ReportForm) -> Texts:
    """Yesterday's stock; what flows is typed afresh (C6)."""
    before = before_texts(form.situation)
    names = {
        f"{level}-{name}" for level, asked in form.counts.items() for name in asked if name in STOCK
    }
    return {name: before[name] for name in (*names, *form.extras) if name in before}


def before_texts(situation: Situation) -> Texts:
    """The figures of the report before, as typed."""
    if not situation.earlier:
        return {}
    return {
        html_name(path): as_text(value)
        for path, value in situation.earlier[0].entry.figures().items()
        if value is not None
    }


def anchor(do: str, take: str) -> str:
    """Where the page is opened again after a button."""
    if do == "now":
        return "#id_measured_at"
    return f"#id_{take}" if take else ""
