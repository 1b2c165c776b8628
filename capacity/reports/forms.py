"""The report form: fields made from the care levels and the call, read as text. No rules live here."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from capacity.reports import typed, wording
from capacity.reports.entry import (
    EXTRAS,
    REPORT,
    Extras,
    LineEntry,
    OnBehalf,
    Reason,
    ReportEntry,
    StopEntry,
)
from capacity.reports.labels import as_text
from capacity.reports.models import IntakeStop
from capacity.reports.plausibility import MOST_EXTRA, MOST_REMARK, counts_asked, extras_asked
from capacity.reports.selectors import Situation, rules_of
from capacity.reports.statements import MOST_REASON, MOST_SPOKEN
from capacity.reports.typed import Unreadable
from communications import identity

# A text longer than this is no figure, moment or code; it is not kept.
MOST_BOX = 60
LONGEST = {"remark": MOST_REMARK, "spoken_with": MOST_SPOKEN}
REOPEN = _("Open het formulier opnieuw: er ontbreekt iets aan.")


def html_name(path: str) -> str:
    """The name of a figure's box: icu-open_cohort for icu.open_cohort."""
    return path.replace(".", "-")


def _longest(name: str) -> int:
    return LONGEST.get(name, MOST_REASON if name.endswith("-text") else MOST_BOX)


class TypedField(forms.CharField):
    """A text that must read as something exact; what it must be is `read`."""

    limit = 0

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=True, **kwargs)

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        try:
            return self.read(super().to_python(value) or "")
        except Unreadable as error:
            text = wording.unreadable(error, limit=self.limit)
            raise ValidationError(text, code=error.code) from error

    def run_validators(self, value: Any) -> None:
        """None: a text that was read exactly is valid; whether it is right is no matter of form."""


class CountField(TypedField):
    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def read(self, text: str) -> int | None:
        return typed.whole(text)


class PercentField(TypedField):
    def read(self, text: str) -> Decimal | None:
        return typed.tenths(text)


class MomentField(TypedField):
    """A Dutch time; `after` moves a time of day that has passed to tomorrow."""

    def __init__(self, day: datetime, after: datetime | None = None) -> None:
        super().__init__()
        self.day, self.after = day.astimezone(typed.AMSTERDAM).date(), after

    def read(self, text: str) -> datetime | None:
        moment = typed.moment(text, day=self.day)
        if moment and self.after and "-" not in text and moment <= self.after:
            return typed.moment(text, day=self.day + timedelta(days=1))
        return moment


class ReportForm(forms.Form):
    """What was typed, always bound: opened empty, from a draft, from a filed report, or sent.

    Every text is kept as it was; what it may not be is said by `plausibility` through the action.
    """

    submission = forms.UUIDField(required=False, error_messages={"invalid": REOPEN})
    based_on = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**62,
        error_messages={"invalid": REOPEN, "min_value": REOPEN, "max_value": REOPEN},
    )
    remark = forms.CharField(required=False)

    def __init__(
        self, data: Mapping[str, Any], *, situation: Situation, now: datetime, is_own: bool
    ) -> None:
        super().__init__(data)
        self.situation, self.is_own = situation, is_own
        rules = rules_of(situation.levels)
        self.counts = {level.code: counts_asked(level, situation.call) for level in rules}
        self.extras = extras_asked(
            situation.call, has_intensive=any(level.is_intensive for level in rules)
        )
        for level in rules:
            for name in self.counts[level.code]:
                self.fields[f"{level.code}-{name}"] = CountField(level.most_beds)
        for name in self.extras:
            self.fields[name] = (
                PercentField() if name == "absence_percent" else CountField(MOST_EXTRA)
            )
        self.fields["measured_at"] = MomentField(situation.slot.hospital_due_at)
        for target in self.targets:
            self.fields[f"stop-{target}"] = forms.BooleanField(required=False)
            self.fields[f"stop-{target}-why"] = forms.CharField(required=False, max_length=20)
            self.fields[f"stop-{target}-until"] = MomentField(now, after=now)
        if not is_own:
            self.fields["spoken_with"] = forms.CharField(required=False)
            self.fields["spoken_at"] = MomentField(now)

    @property
    def targets(self) -> list[str]:
        """What can be stopped here: the emergency department, and the levels this site has."""
        return [
            target
            for target in IntakeStop.Target.values
            if target == IntakeStop.Target.EMERGENCY or target in self.counts
        ]

    @property
    def paths(self) -> list[str]:
        """Every figure, in the order of the form."""
        return [f"{level}.{name}" for level, names in self.counts.items() for name in names] + list(
            self.extras
        )

    def text(self, name: str) -> str:
        return str(self.data.get(name) or "").strip()

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by name."""
        names = [name for name in self.fields if name != "submission"]
        names += [
            f"why-{html_name(path)}{suffix}" for path in self._askable() for suffix in ("", "-text")
        ]
        return {name: self.text(name).replace("\x00", "") for name in names if self.text(name)}

    @property
    def too_long(self) -> list[tuple[str, int, int]]:
        """Texts longer than their box takes: path, length, and what it takes."""
        return [
            (self._path(name), len(text), _longest(name))
            for name, text in self.texts.items()
            if len(text) > _longest(name)
        ]

    def _path(self, name: str) -> str:
        """What a box is about."""
        if name.startswith("stop-"):
            return "stop." + name.split("-")[1]
        by_name = {html_name(path): path for path in [*self._askable(), *self.paths]}
        return by_name.get(name.removeprefix("why-").removesuffix("-text"), name)

    @property
    def storable(self) -> dict[str, str]:
        """What may be kept as a draft: all but words that say who a patient is, and what is too long."""
        return {
            name: text
            for name, text in self.texts.items()
            if len(text) <= _longest(name) and not self._names_somebody(name, text)
        }

    @staticmethod
    def _names_somebody(name: str, text: str) -> bool:
        """A figure or a moment cannot be told from a birth date by its digits; words can."""
        found = identity.find(text)
        is_free = name in ("remark", "spoken_with") or name.endswith("-text")
        return found is not None and (is_free or (found == identity.BSN and name != "based_on"))

    def _askable(self) -> Iterable[str]:
        """Paths of what a reason can be asked for."""
        yield REPORT
        for level, names in self.counts.items():
            yield f"{level}.occupied"
            yield from (f"{level}.{name}" for name in names)

    @property
    def unreadable(self) -> set[str]:
        """Paths of what could not be read."""
        stops = [f"stop.{target}.{part}" for target in self.targets for part in ("why", "until")]
        by_name = {html_name(path): path for path in [*self.paths, *stops]}
        return {by_name.get(name, name) for name in self.errors}

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    def entry(self) -> ReportEntry:
        """The figures that could be read; None for the others. Call it after `is_valid`."""
        levels = {level.code: level for level in self.situation.levels}
        lines = []
        for code, names in self.counts.items():
            counts = {name: self.value(f"{code}-{name}") for name in names}
            if not levels[code].has_reserve:
                counts["reserve"] = 0
            lines.append(LineEntry(code, **counts))
        return ReportEntry(
            measured_at=self.value("measured_at"),
            lines=tuple(lines),
            extras=Extras(**{name: self.value(name) for name in EXTRAS}),
            stops=tuple(
                StopEntry(
                    target,
                    self.value(f"stop-{target}-why") or "",
                    self.value(f"stop-{target}-until"),
                )
                for target in self.targets
                if self.value(f"stop-{target}")
            ),
            remark=self.value("remark") or "",
        )

    def reasons(self) -> dict[str, Reason]:
        """The reasons that were chosen, by the path of their figure."""
        return {
            path: Reason(
                self.text(f"why-{html_name(path)}"), self.text(f"why-{html_name(path)}-text")
            )
            for path in self._askable()
            if self.text(f"why-{html_name(path)}")
        }

    def on_behalf(self) -> OnBehalf | None:
        if self.is_own:
            return None
        return OnBehalf(self.value("spoken_with") or "", self.value("spoken_at"))


def texts_of(entry: ReportEntry, *, situation: Situation) -> dict[str, str]:
    """A filed report as it would have been typed."""
    texts = {
        html_name(path): as_text(value)
        for path, value in entry.figures().items()
        if value is not None
    }
    if entry.measured_at:
        day = situation.slot.hospital_due_at.astimezone(typed.AMSTERDAM).date()
        texts["measured_at"] = typed.as_typed(entry.measured_at, day=day)
    return texts | ({"remark": entry.remark} if entry.remark else {})


def stops_as_texts(stops: Iterable[IntakeStop], *, now: datetime, with_end: bool) -> dict[str, str]:
    """Stops that are on. For a new report their end is asked again; a correction keeps it."""
    today = now.astimezone(typed.AMSTERDAM).date()
    texts = {}
    for stop in stops:
        if stop.expected_end <= now and with_end:
            continue
        texts[f"stop-{stop.target}"] = "on"
        texts[f"stop-{stop.target}-why"] = stop.why
        if with_end:
            texts[f"stop-{stop.target}-until"] = typed.as_typed(stop.expected_end, day=today)
    return texts
