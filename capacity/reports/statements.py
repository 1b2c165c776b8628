"""What people state beside the figures: reasons, with whom the region spoke, and stops."""

from datetime import datetime, timedelta
from typing import Any

from capacity.reports.entry import OnBehalf, Reason, ReportEntry
from capacity.reports.models import IntakeStop, ReportReason
from capacity.reports.plausibility import Finding, Severity
from communications import identity

MOST_SPOKEN = 100
MOST_REASON = 200
# How long before the report the region may have spoken with the site.
SPOKEN_WITHIN = timedelta(hours=24)


def _error(path: str, code: str, **params: Any) -> Finding:
    return Finding(path, code, Severity.ERROR, params)


def reason_error(warning: Finding, reason: Reason | None) -> Finding | None:
    """What is wrong with the reason given for a warning; the warning itself when there is none."""
    if reason is None or not reason.code:
        return warning
    if reason.code not in ReportReason.Code.values:
        return _error(warning.field, "unknown_reason")
    if reason.code == ReportReason.Code.OTHER and not reason.text.strip():
        return _error(warning.field, "reason_needs_text")
    if len(reason.text) > MOST_REASON:
        return _error(warning.field, "reason_too_long", limit=MOST_REASON)
    names_somebody = identity.find(reason.text)
    return _error(warning.field, names_somebody) if names_somebody else None


def spoken_errors(on_behalf: OnBehalf | None, *, now: datetime) -> list[Finding]:
    """What is missing of the call in which the site gave its figures to its region (C10)."""
    spoken_with = on_behalf.spoken_with.strip() if on_behalf else ""
    spoken_at = on_behalf.spoken_at if on_behalf else None
    found = []
    if not spoken_with:
        found.append(_error("spoken_with", "required"))
    elif len(spoken_with) > MOST_SPOKEN:
        found.append(_error("spoken_with", "too_long", limit=MOST_SPOKEN, length=len(spoken_with)))
    elif names_somebody := identity.find(spoken_with):
        found.append(_error("spoken_with", names_somebody))
    if spoken_at is None:
        found.append(_error("spoken_at", "required"))
    elif not now - SPOKEN_WITHIN <= spoken_at <= now:
        found.append(_error("spoken_at", "not_just_spoken", value=spoken_at))
    return found


def stop_errors(entry: ReportEntry) -> list[Finding]:
    """Stops of something, or for a reason, that does not exist; and stops told twice."""
    found = []
    targets = [stop.target for stop in entry.stops]
    for stop in entry.stops:
        known = stop.target in IntakeStop.Target.values
        if not known or (stop.why and stop.why not in IntakeStop.Why.values):
            found.append(_error(f"stop.{stop.target}.why", "unknown_stop"))
        elif targets.count(stop.target) > 1:
            found.append(_error(f"stop.{stop.target}.why", "stop_told_twice"))
    return found
