"""What is reported: the figures of one site at one moment, as plain values. Pure: no Django.

A figure is named by its path, `icu.open_cohort` or `ventilators_used`; page, API, reasons and
messages all use these paths. None is "not filled in" and never 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal

# What lies in the beds at the measuring moment; "confirm unchanged" copies it (C6).
STOCK = (
    "open_cohort",
    "open_other",
    "reserve",
    "occ_confirmed",
    "occ_other",
    "occ_delabelled",
    "suspected",
)
# What happened since, and what is offered and asked: typed afresh every time.
FLOWS = ("new_24h", "offer", "need")
COUNTS = STOCK + FLOWS
# May stay empty: then they are counted in other.
OPTIONAL = frozenset({"occ_delabelled", "suspected"})
# A short call asks no admissions and no breakdown (C4).
SHORT = ("open_cohort", "open_other", "reserve", "occ_confirmed", "occ_other", "offer", "need")

# Asked from phase 2, by field group of the phase; unknown when empty.
EXTRA_GROUPS: Mapping[str, tuple[str, ...]] = {
    "equipment": ("ventilators_owned", "ventilators_used", "ecmo_free", "crrt_free"),
    "surge": ("surge_24h", "surge_72h", "surge_7d"),
    "absence": ("absence_percent",),
}
EXTRAS = tuple(name for group in EXTRA_GROUPS.values() for name in group)
# The whole report rather than one of its figures.
REPORT = "report"


@dataclass(frozen=True, slots=True)
class LineEntry:
    """The figures of one care level."""

    level: str
    open_cohort: int | None = None
    open_other: int | None = None
    reserve: int | None = None
    occ_confirmed: int | None = None
    occ_other: int | None = None
    occ_delabelled: int | None = None
    suspected: int | None = None
    new_24h: int | None = None
    offer: int | None = None
    need: int | None = None

    def count(self, name: str) -> int | None:
        value: int | None = getattr(self, name)
        return value


@dataclass(frozen=True, slots=True)
class Extras:
    """Equipment, beds that could be opened, and staff absent; from phase 2."""

    ventilators_owned: int | None = None
    ventilators_used: int | None = None
    ecmo_free: int | None = None
    crrt_free: int | None = None
    surge_24h: int | None = None
    surge_72h: int | None = None
    surge_7d: int | None = None
    absence_percent: Decimal | None = None

    def items(self) -> Iterator[tuple[str, int | Decimal | None]]:
        return ((each.name, getattr(self, each.name)) for each in fields(self))


@dataclass(frozen=True, slots=True)
class StopEntry:
    """A closure that is on at the measuring moment: of what, why, and until when."""

    target: str
    why: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One site's answer to one call, as it was typed, sent or read back."""

    measured_at: datetime | None
    lines: tuple[LineEntry, ...]
    extras: Extras = field(default_factory=Extras)
    stops: tuple[StopEntry, ...] = ()
    remark: str = ""

    def line(self, level: str) -> LineEntry | None:
        return next((line for line in self.lines if line.level == level), None)

    def figures(self) -> dict[str, int | Decimal | None]:
        """Every figure by its path."""
        found: dict[str, int | Decimal | None] = {
            f"{line.level}.{name}": line.count(name) for line in self.lines for name in COUNTS
        }
        return found | dict(self.extras.items())


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a figure that stands out is right."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """With whom at the site the region spoke, and when (C10)."""

    spoken_with: str
    spoken_at: datetime | None
