"""What stands on the form: boxes, panels, questions, stops and points still to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capacity.reports.figures import Derived
from capacity.reports.labels import Text
from capacity.reports.models import CareLevel, IntakeStop


@dataclass(frozen=True)
class Choice:
    value: str
    label: Text
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """Why does this figure stand out? Answered by a choice, "other" with a few words, or by the version before."""

    name: str
    text: str
    choices: Sequence[Choice]
    words: str
    kept: str
    error: str
    is_answered: bool


@dataclass(frozen=True)
class Row:
    """One box with all that stands beside it."""

    name: str
    label: str
    definition: str
    help: str
    value: str
    before: str | None
    is_optional: bool
    is_stock: bool
    is_decimal: bool
    error: str
    question: Question | None

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def is_empty(self) -> bool:
        return self.value == "" and not self.is_optional

    @property
    def is_same(self) -> bool:
        return self.before is not None and self.value == self.before

    @property
    def can_take(self) -> bool:
        return self.is_stock and self.before is not None and not self.is_same

    @property
    def state(self) -> str:
        if self.error:
            return "is-wrong"
        if self.question:
            return "" if self.question.is_answered else "is-asking"
        return "is-empty" if self.is_empty else ""


@dataclass(frozen=True)
class Free:
    """What the typed figures come to; None while they are not complete."""

    now: Derived | None
    before: Derived | None
    boxes: Mapping[str, str]
    question: Question | None


@dataclass(frozen=True)
class Panel:
    """One care level."""

    level: CareLevel
    capacity: Sequence[Row]
    occupancy: Sequence[Row]
    spreading: Sequence[Row]
    apart: Sequence[Row]
    free: Free

    @property
    def code(self) -> str:
        return str(self.level.code)

    @property
    def rows(self) -> list[Row]:
        return [*self.capacity, *self.occupancy, *self.spreading, *self.apart]

    @property
    def asked(self) -> int:
        return sum(not row.is_optional for row in self.rows)

    @property
    def filled(self) -> int:
        return sum(not (row.is_optional or row.is_empty or row.error) for row in self.rows)

    @property
    def wrong(self) -> int:
        return sum(bool(row.error) and not row.is_empty for row in self.rows)

    @property
    def asking(self) -> int:
        questions = [row.question for row in self.rows] + [self.free.question]
        return sum(1 for each in questions if each and not each.is_answered)

    @property
    def apart_is_open(self) -> bool:
        return any(row.state for row in self.apart)

    @property
    def has_apart(self) -> bool:
        return any(row.value for row in self.apart)


@dataclass(frozen=True)
class StopRow:
    """A closure: on or off, why, until when."""

    name: str
    label: Text
    is_on: bool
    reasons: Sequence[Choice]
    until: str
    running: IntakeStop | None
    errors: Sequence[str]


@dataclass(frozen=True)
class Point:
    """Something left to do, with a link to its box."""

    state: str
    text: str
    anchor: str
