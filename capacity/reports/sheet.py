"""The report form as it stands on the page: every box with its definition, yesterday, errors and questions.

Made anew from what was typed, on every answer of the server, so that the page is right without script.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from capacity.reports import labels, statements, wording
from capacity.reports.boxes import Choice, Free, Panel, Point, Question, Row, StopRow
from capacity.reports.entry import FLOWS, OPTIONAL, REPORT, Reason
from capacity.reports.figures import derive
from capacity.reports.forms import ReportForm, html_name
from capacity.reports.labels import Figure, as_text
from capacity.reports.models import CareLevel, IntakeStop, ReportReason
from capacity.reports.plausibility import Finding, Severity
from capacity.reports.points import Said
from capacity.reports.selectors import Filed, Situation
from capacity.reports.typed import AMSTERDAM

CAPACITY = ("open_cohort", "open_other", "reserve")
OCCUPANCY = ("occ_confirmed", "occ_other", "new_24h")
SPREADING = ("offer", "need")
APART = ("occ_delabelled", "suspected")
# Boxes nobody sees; what is wrong with them is said above the form.
HIDDEN = ("submission", "based_on")


@dataclass(frozen=True)
class Sheet:
    """The whole form."""

    form: ReportForm
    panels: Sequence[Panel]
    extras: Sequence[Row]
    stops: Sequence[StopRow]
    errors: Mapping[str, str]
    points: Sequence[Point]
    is_refused: bool
    correction: Question | None
    repeated: Question | None
    before_word: str
    texts: Mapping[str, str]
    typed_afresh: int
    is_other_day: bool
    asked: int
    filled: int
    missing: int
    wrong: int
    asking: int
    help: Mapping[str, labels.HelpText] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Points still to do."""
        return self.wrong + self.asking + self.missing

    @property
    def progress(self) -> int:
        """How far the bar of 128 units is filled."""
        return round(128 * self.filled / max(self.asked, 1))

    @property
    def extras_filled(self) -> int:
        return sum(bool(row.value) for row in self.extras)

    @property
    def extras_are_same(self) -> bool:
        return bool(self.extras) and all(row.is_same for row in self.extras)

    @property
    def extras_are_open(self) -> bool:
        return any(row.error for row in self.extras)

    @property
    def extras_taken(self) -> bool:
        """Yesterday's equipment can still be taken over."""
        return any(row.before is not None and not row.value for row in self.extras)


def build(
    form: ReportForm, *, now: datetime, stops: Iterable[IntakeStop], is_sent: bool = False
) -> Sheet:
    """The form as it was typed. What is empty is called wrong only when it was sent."""
    return _Builder(form, now, list(stops), is_sent).sheet()


class _Builder:
    """Gathers what belongs to one box from form, findings and the report before."""

    def __init__(
        self, form: ReportForm, now: datetime, stops: list[IntakeStop], is_sent: bool
    ) -> None:
        self.form, self.situation, self.stops, self.is_sent = form, form.situation, stops, is_sent
        self.now = now
        self.names = self.situation.names
        form.is_valid()
        entry = form.entry()
        self.lines = {line.level: line for line in entry.lines}
        found = self.situation.check(entry, now=now, unreadable=form.unreadable)
        found += statements.stop_errors(entry)
        if not form.is_own:
            found += statements.spoken_errors(form.on_behalf(), now=now)
        found = [f for f in found if f.code != "required" or f.field not in form.unreadable]
        self.kept = self.situation.kept_reasons(found, now=now)
        self.reasons = form.reasons()
        self.missing = [f for f in found if f.code == "required"]
        self.errors = self._errors(found)
        self.questions = self._questions(found)
        earlier = self.situation.earlier
        self.before = earlier[0].entry.figures() if earlier else {}

    def _errors(self, found: list[Finding]) -> dict[str, str]:
        """What is said to be wrong, by the name of the box."""
        said: dict[str, list[str]] = {}
        for name, texts in self.form.errors.items():
            if name in HIDDEN:
                continue
            said.setdefault(name, []).extend(map(str, texts))
        for each in found:
            is_shown = each.severity is Severity.ERROR and (self.is_sent or each.code != "required")
            if is_shown:
                said.setdefault(html_name(each.field), []).append(wording.finding(each))
        in_order = sorted(said, key=[*self.form.fields, *said].index)
        return {name: " ".join(said[name]) for name in in_order}

    def _questions(self, found: list[Finding]) -> dict[str, Question]:
        """Questions by path; several about one figure are one question."""
        questions: dict[str, Question] = {}
        for each in found:
            if each.severity is not Severity.WARNING:
                continue
            other = questions.get(each.field)
            text = wording.finding(each)
            questions[each.field] = self._question(each, f"{other.text} {text}" if other else text)
        return questions

    def _question(self, found: Finding, text: str) -> Question:
        reason = self.reasons.get(found.field, Reason(""))
        kept = None if reason.code else self.kept.get(found.field)
        error = statements.reason_error(found, kept or reason)
        codes = wording.reasons_for(found)
        if reason.code in ReportReason.Code.values and reason.code not in codes:
            codes = (ReportReason.Code(reason.code), *codes)
        is_shown = error is not None and self.is_sent
        return Question(
            name=html_name(found.field),
            text=text,
            choices=[Choice(code.value, code.label, code.value == reason.code) for code in codes],
            words=reason.text,
            kept=self._said(kept) if kept else "",
            error=_question_error(found, error) if is_shown and error else "",
            is_answered=error is None,
        )

    def _said(self, reason: Reason) -> str:
        """A reason that the version before gave, in words."""
        assert self.situation.current is not None, "a reason is kept from the version before"
        label = ReportReason.Code(reason.code).label
        return _("Blijft uit versie %(version)s: %(reason)s") % {
            "version": self.situation.current.report.version,
            "reason": f"{label}, {reason.text}" if reason.text else label,
        }

    def row(self, path: str, figure: Figure, definition: str = "") -> Row:
        name, count = html_name(path), path.rpartition(".")[2]
        before = self.before.get(path)
        is_extra = "." not in path
        return Row(
            name=name,
            label=self.names.own(figure.label),
            definition=definition or self.names.own(figure.definition),
            help=figure.help,
            value=self.form.text(name),
            before=None if before is None else as_text(before),
            is_optional=is_extra or count in OPTIONAL,
            is_stock=is_extra or count not in FLOWS,
            is_decimal=path == "absence_percent",
            error=self.errors.get(name, ""),
            question=self.questions.get(path),
        )

    def rows(self, level: CareLevel, names: Iterable[str]) -> list[Row]:
        asked = self.form.counts[level.code]
        return [
            self.row(f"{level.code}.{name}", labels.COUNTS[name], self._definition(level, name))
            for name in names
            if name in asked
        ]

    def _definition(self, level: CareLevel, name: str) -> str:
        """A definition that depends on the level or on another figure; empty for the usual one."""
        if name == "open_other" and level.has_reserve:
            return self.names.own(_("idem, buiten het %(cohort)s-cohort; BOSS telt mee"))
        apart = self.lines[level.code].occ_delabelled
        if name == "occ_other" and apart:
            return _("alle anderen, zonder de %(apart)s ontlabeld") % {"apart": apart}
        return ""

    def panel(self, level: CareLevel) -> Panel:
        before = self.situation.earlier[0].entry.line(level.code) if self.before else None
        ids = {
            part: " ".join(
                f"id_{level.code}-{name}" for name in names if name in self._asked(level)
            )
            for part, names in {
                "open": ("open_cohort", "open_other"),
                "occupied": ("occ_confirmed", "occ_other", "occ_delabelled"),
                "reserve": ("reserve",),
                "cohort": ("open_cohort", "occ_confirmed"),
            }.items()
        }
        return Panel(
            level=level,
            capacity=self.rows(level, CAPACITY),
            occupancy=self.rows(level, OCCUPANCY),
            spreading=self.rows(level, SPREADING),
            apart=self.rows(level, APART),
            free=Free(
                now=derive(self.lines[level.code]),
                before=derive(before) if before else None,
                boxes=ids,
                question=self.questions.get(f"{level.code}.occupied"),
            ),
        )

    def _asked(self, level: CareLevel) -> tuple[str, ...]:
        return self.form.counts[level.code]

    def stop_row(self, target: str) -> StopRow:
        name = f"stop-{target}"
        why = self.form.text(f"{name}-why")
        return StopRow(
            name=name,
            label=IntakeStop.Target(target).label,
            is_on=bool(self.form.cleaned_data.get(name)),
            reasons=[Choice(value, label, value == why) for value, label in IntakeStop.Why.choices],
            until=self.form.text(f"{name}-until"),
            running=next((stop for stop in self.stops if stop.target == target), None),
            errors=[
                self.errors[f"{name}-{part}"]
                for part in ("why", "until")
                if f"{name}-{part}" in self.errors
            ],
        )

    def sheet(self) -> Sheet:
        panels = [self.panel(level) for level in self.situation.levels]
        about_all = self.questions.get(REPORT)
        said = Said(
            names=self.names,
            paths={html_name(path): path for path in self.form.paths},
            errors=self.errors,
            questions=self.questions,
            missing=[html_name(f.field) for f in self.missing],
        )
        points = said.points(panels)
        # The boxes of a stop are asked only while it is on; they are no part of the count.
        asked = {row.name for panel in panels for row in panel.rows if not row.is_optional}
        asked |= (
            {"measured_at"} if self.form.is_own else {"measured_at", "spoken_with", "spoken_at"}
        )
        return Sheet(
            form=self.form,
            panels=panels,
            extras=[self.row(name, labels.EXTRAS[name]) for name in self.form.extras],
            stops=[self.stop_row(target) for target in self.form.targets],
            errors=self.errors,
            points=points,
            is_refused=self.is_sent and bool(points),
            correction=about_all if self.situation.current else None,
            repeated=None if self.situation.current else about_all,
            before_word=before_word(self.situation),
            texts=self.form.texts,
            typed_afresh=1 + sum(n in FLOWS for names in self.form.counts.values() for n in names),
            is_other_day=self.situation.slot.day != self.now.astimezone(AMSTERDAM).date(),
            asked=len(asked),
            filled=len(asked - {*said.missing, *said.wrong}),
            missing=len(said.missing),
            wrong=len(said.wrong),
            asking=len(said.open),
            help=labels.help_texts(self.names),
        )


def _question_error(found: Finding, error: Finding) -> str:
    return _("Kies een reden.") if error == found else wording.finding(error)


def before_word(situation: Situation) -> str:
    """How the report before is called on the page: yesterday, the hour of today, or a date."""
    if not situation.earlier:
        return ""
    return day_word(situation.earlier[0], situation)


def day_word(filed: Filed, situation: Situation) -> str:
    day, today = filed.report.slot.day, situation.slot.day
    if day == today:
        return f"{filed.report.slot.hospital_due_at.astimezone(AMSTERDAM):%H:%M}"
    if (today - day).days == 1:
        return _("gisteren")
    return date_format(day, "j b")


def extras_in_words(sheet: Sheet) -> list[str]:
    """The folded block in one line, for as far as it is filled in."""
    value = {row.name: row.value for row in sheet.extras}
    words = []
    if value.get("ventilators_owned") and value.get("ventilators_used"):
        words.append(
            _("beademing %(used)s van %(owned)s in gebruik")
            % {"used": value["ventilators_used"], "owned": value["ventilators_owned"]}
        )
    for name, text in (("ecmo_free", _("ECMO %(n)s vrij")), ("crrt_free", _("CRRT %(n)s vrij"))):
        if value.get(name):
            words.append(text % {"n": value[name]})
    surge = [value.get(name) or "?" for name in ("surge_24h", "surge_72h", "surge_7d")]
    if any(value.get(name) for name in ("surge_24h", "surge_72h", "surge_7d")):
        words.append(_("extra IC %(beds)s") % {"beds": " / ".join(surge)})
    if value.get("absence_percent"):
        words.append(_("verzuim %(percent)s %%") % {"percent": value["absence_percent"]})
    return words
