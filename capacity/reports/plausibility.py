"""Which figures cannot be right, and which ask a reason (C3). Pure: no Django.

An error keeps a report from being saved; a warning is saved with a reason. A finding names the
figure by its path, with a code and the numbers a message needs; the words are in `wording`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as with_default
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from capacity.reports.entry import (
    COUNTS,
    EXTRA_GROUPS,
    OPTIONAL,
    REPORT,
    SHORT,
    LineEntry,
    ReportEntry,
    StopEntry,
)
from capacity.reports.figures import derive
from communications import identity

MOST_EXTRA = 9_999
MOST_ABSENCE = Decimal(60)
MOST_REMARK = 500
LONGEST_STOP = timedelta(hours=24)
# Same figures on this many calls in a row, this one included, ask whether anybody counted.
IDENTICAL_IN_A_ROW = 3
_COMPARED = ("open_cohort", "open_other", "reserve", "occ_confirmed", "occ_other", "occ_delabelled")


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one figure, stop, moment or the whole report."""

    field: str
    code: str
    severity: Severity
    params: Mapping[str, Any] = with_default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Level:
    """What is asked of one care level."""

    code: str
    most_beds: int
    has_reserve: bool = True
    is_intensive: bool = False


@dataclass(frozen=True, slots=True)
class AskedCall:
    """The call that is answered: what it asks, and what is normal in its phase.

    `groups` are the open field groups of the phase, `phase_order` its place in the playbook.
    """

    opens_at: datetime
    is_short: bool
    phase_order: int
    groups: frozenset[str] = frozenset()
    expects_reserve: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier report of the site, and the place of its phase in the playbook."""

    entry: ReportEntry
    phase_order: int


@dataclass(frozen=True, slots=True)
class Limits:
    """When a change asks a reason: above `change_percent` % and above `change_beds` beds."""

    change_percent: int = 30
    change_beds: int = 5


def check(
    entry: ReportEntry,
    *,
    levels: Sequence[Level],
    call: AskedCall,
    earlier: Sequence[Earlier],
    now: datetime,
    requests: Mapping[str, int] | None,
    limits: Limits = Limits(),
    unreadable: frozenset[str] = frozenset(),
    is_correction: bool = False,
) -> list[Finding]:
    """Everything that is wrong or stands out, in the order of the form; empty when all is well.

    Parameters
    ----------
    entry : ReportEntry
        The figures; None where nothing was filled in.
    levels : Sequence[Level]
        The care levels this site is asked about.
    call : AskedCall
        The call that is answered.
    earlier : Sequence[Earlier]
        The site's reports of earlier calls, newest first; two are enough.
    now : datetime
        The business moment.
    requests : Mapping[str, int] | None
        By care level, for how many of the site's patients a transfer request runs; None when that is
        not known of the moment the report is about.
    limits : Limits
        From when a change stands out.
    unreadable : frozenset[str]
        Paths of figures whose text could not be read; the form has said so, so they are not called
        missing.
    is_correction : bool
        A new version of a report that was filed before asks why (C9).
    """
    asked = {level.code: level for level in levels}
    found: list[Finding] = []
    for level in levels:
        line = entry.line(level.code) or LineEntry(level.code)
        found += _missing(line, level, call)
        impossible = list(_out_of_bounds(line, level))
        found += impossible
        # What cannot be is mended first: it is compared with nothing, and nobody need explain it.
        unsaid: dict[str, Any] = {f.field.rpartition(".")[2]: None for f in impossible}
        line = replace(line, **unsaid)
        found += _line_errors(line)
        before = earlier[0].entry.line(level.code) if earlier else None
        found += _line_warnings(line, level, call, before, earlier, limits)
        found += _need_warning(line, requests)
    found += [
        _error(line.level, "unknown_level") for line in entry.lines if line.level not in asked
    ]
    found += [finding for stop in entry.stops for finding in _stop_errors(stop, now)]
    found += _moment_errors(entry, call, now)
    found += _extra_errors(entry)
    found += _report_warnings(entry, earlier, is_correction)
    if len(entry.remark) > MOST_REMARK:
        found.append(_error("remark", "too_long", limit=MOST_REMARK, length=len(entry.remark)))
    if names_somebody := identity.find(entry.remark):
        found.append(_error("remark", names_somebody))
    return [
        finding
        for finding in found
        if not (finding.code == "required" and finding.field in unreadable)
    ]


def counts_asked(level: Level, call: AskedCall) -> tuple[str, ...]:
    """The counts a call asks of a care level, in the order of the form."""
    names = SHORT if call.is_short else COUNTS
    return tuple(name for name in names if name != "reserve" or level.has_reserve)


def extras_asked(call: AskedCall, *, has_intensive: bool) -> tuple[str, ...]:
    """The other figures a call asks; intensive care equipment only where there is an ICU."""
    if call.is_short:
        return ()
    return tuple(
        name
        for group, names in EXTRA_GROUPS.items()
        if group in call.groups and (has_intensive or group == "absence")
        for name in names
    )


def _error(path: str, code: str, **params: Any) -> Finding:
    return Finding(path, code, Severity.ERROR, params)


def _warning(path: str, code: str, **params: Any) -> Finding:
    return Finding(path, code, Severity.WARNING, params)


def _missing(line: LineEntry, level: Level, call: AskedCall) -> Iterator[Finding]:
    for name in counts_asked(level, call):
        if name not in OPTIONAL and line.count(name) is None:
            yield _error(f"{line.level}.{name}", "required")


def _out_of_bounds(line: LineEntry, level: Level) -> Iterator[Finding]:
    for name in COUNTS:
        count = line.count(name)
        if count is not None and count < 0:
            yield _error(f"{line.level}.{name}", "negative", value=count)
        elif count is not None and count > level.most_beds:
            yield _error(f"{line.level}.{name}", "too_high", value=count, limit=level.most_beds)


def _line_errors(line: LineEntry) -> Iterator[Finding]:
    opened = (line.open_cohort or 0) + (line.open_other or 0)
    is_known = line.open_cohort is not None and line.open_other is not None
    if is_known and line.reserve is not None and line.reserve > opened:
        yield _error(f"{line.level}.reserve", "reserve_over_open", value=line.reserve, open=opened)
    derived = derive(line)
    if derived and line.offer is not None and line.offer > max(derived.free, 0):
        yield _error(
            f"{line.level}.offer",
            "offer_over_free",
            value=line.offer,
            free=derived.free,
            reserve=derived.reserve,
        )


def _moment_errors(entry: ReportEntry, call: AskedCall, now: datetime) -> Iterator[Finding]:
    if entry.measured_at is None:
        yield _error("measured_at", "required")
    elif entry.measured_at > now:
        yield _error("measured_at", "in_future", value=entry.measured_at, now=now)
    elif entry.measured_at < call.opens_at:
        yield _error("measured_at", "before_call", value=entry.measured_at, opens=call.opens_at)


def _stop_errors(stop: StopEntry, now: datetime) -> Iterator[Finding]:
    path = f"stop.{stop.target}"
    if not stop.why:
        yield _error(f"{path}.why", "required")
    if stop.until is None:
        yield _error(f"{path}.until", "required")
    elif stop.until <= now:
        yield _error(f"{path}.until", "stop_has_ended", value=stop.until)
    elif stop.until > now + LONGEST_STOP:
        yield _error(f"{path}.until", "stop_too_long", value=stop.until, latest=now + LONGEST_STOP)


def _extra_errors(entry: ReportEntry) -> Iterator[Finding]:
    extras = entry.extras
    for name, value in extras.items():
        limit = MOST_ABSENCE if name == "absence_percent" else MOST_EXTRA
        if value is not None and not 0 <= value <= limit:
            yield _error(name, "out_of_range", value=value, limit=limit)
    owned, used = extras.ventilators_owned, extras.ventilators_used
    if owned is not None and used is not None and used > owned:
        yield _error("ventilators_used", "used_over_owned", value=used, owned=owned)
    steps = [
        ("surge_24h", extras.surge_24h),
        ("surge_72h", extras.surge_72h),
        ("surge_7d", extras.surge_7d),
    ]
    known = [(name, value) for name, value in steps if value is not None]
    for (sooner, fewer), (later, more) in zip(known, known[1:], strict=False):
        if more < fewer:
            yield _error(later, "surge_falls", value=more, sooner=sooner, least=fewer)


def _line_warnings(
    line: LineEntry,
    level: Level,
    call: AskedCall,
    before: LineEntry | None,
    earlier: Sequence[Earlier],
    limits: Limits,
) -> Iterator[Finding]:
    derived = derive(line)
    if derived and derived.occupied > derived.open:
        yield _warning(
            f"{line.level}.occupied",
            "occupied_over_open",
            value=derived.occupied,
            open=derived.open,
        )
    if derived and line.new_24h is not None and line.new_24h > derived.occupied:
        yield _warning(
            f"{line.level}.new_24h",
            "new_over_occupied",
            value=line.new_24h,
            occupied=derived.occupied,
        )
    if call.expects_reserve and level.has_reserve and line.reserve == 0:
        yield _warning(f"{line.level}.reserve", "no_reserve")
    if before is None:
        return
    if _is_empty(line) and not _is_empty(before):
        # One question about a closed ward is enough: its changes are not asked one by one.
        yield _warning(f"{line.level}.open_cohort", "all_zero")
        return
    yield from _changes(line, before, limits)
    if level.is_intensive and call.phase_order > earlier[0].phase_order:
        yield from _drop_as_phase_rises(line, before)


def _need_warning(line: LineEntry, requests: Mapping[str, int] | None) -> Iterator[Finding]:
    if requests is None or line.need is None:
        return
    running = requests.get(line.level, 0)
    if line.need > running:
        yield _warning(
            f"{line.level}.need", "need_without_request", value=line.need, requests=running
        )


def _is_empty(line: LineEntry) -> bool:
    counts = (line.open_cohort, line.open_other, line.occ_confirmed, line.occ_other)
    return all(count == 0 for count in counts)


def _changes(line: LineEntry, before: LineEntry, limits: Limits) -> Iterator[Finding]:
    for name in _COMPARED:
        old, new = before.count(name), line.count(name)
        if old is None or new is None:
            continue
        change = new - old
        if abs(change) > limits.change_beds and abs(change) * 100 > limits.change_percent * old:
            percent = round(abs(change) * 100 / old) if old else None
            yield _warning(
                f"{line.level}.{name}",
                "large_change",
                value=new,
                before=old,
                change=change,
                percent=percent,
            )


def _drop_as_phase_rises(line: LineEntry, before: LineEntry) -> Iterator[Finding]:
    old, new = derive(before), derive(line)
    if old and new and new.open < old.open:
        fallen = (line.open_other or 0) < (before.open_other or 0)
        name = "open_other" if fallen else "open_cohort"
        yield _warning(
            f"{line.level}.{name}", "drops_as_phase_rises", value=new.open, before=old.open
        )


def _report_warnings(
    entry: ReportEntry, earlier: Sequence[Earlier], is_correction: bool
) -> Iterator[Finding]:
    if is_correction:
        yield _warning(REPORT, "correction")
    before = earlier[: IDENTICAL_IN_A_ROW - 1]
    # What is still empty is not "the same"; a form that has just been opened repeats nothing.
    is_complete = all(derive(line) is not None for line in entry.lines) and bool(entry.lines)
    if (
        is_complete
        and len(before) == IDENTICAL_IN_A_ROW - 1
        and all(set(each.entry.lines) == set(entry.lines) for each in before)
    ):
        yield _warning(REPORT, "three_identical", times=IDENTICAL_IN_A_ROW)
