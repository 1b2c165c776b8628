"""The report as JSON: its shape in and out, and how paths of figures are named there.

`icu.open_cohort` is `lines.icu.openCohort` in bodies, errors and reasons alike. Types and nothing else
are checked here; the rules are those of the page.
"""

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from capacity.reports.entry import (
    COUNTS,
    EXTRAS,
    Extras,
    LineEntry,
    OnBehalf,
    Reason,
    ReportEntry,
    StopEntry,
)
from capacity.reports.figures import derive
from capacity.reports.models import Source
from capacity.reports.selectors import Filed, Situation
from communications.bodies import StrictSerializer

MOST = 999_999


def camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def source(name: str) -> dict[str, str]:
    """Where a field of a body reads from, when that has another name."""
    return {} if camel(name) == name else {"source": name}


def wire_name(path: str) -> str:
    """How a path of `entry` is called in a body."""
    if path.startswith("stop."):
        return "stops." + camel(path.removeprefix("stop."))
    if "." in path:
        level, _dot, name = path.rpartition(".")
        return f"lines.{level}.{camel(name)}"
    if path in EXTRAS:
        return f"extras.{camel(path)}"
    if path in ("spoken_with", "spoken_at"):
        return f"onBehalf.{camel(path)}"
    return camel(path)


def as_sent(refusal: ValidationError) -> ValidationError:
    """A refusal with its fields named as the body names them."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    return ValidationError({wire_name(path): e for path, e in refusal.error_dict.items()})


class Count(serializers.IntegerField):
    """A JSON whole number of 0 or more: no text, no 12.0, no true."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, min_value=0, max_value=MOST, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        value: int = super().to_internal_value(data)
        return value


class Percent(serializers.DecimalField):
    """A JSON number with at most one decimal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=4, decimal_places=1, required=False, allow_null=True, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if type(data) not in (int, float):
            self.fail("invalid")
        value: Decimal = super().to_internal_value(data)
        return value


class LineSerializer(StrictSerializer):
    """The figures of one care level; null or left out is not filled in."""

    def get_fields(self) -> dict[str, Any]:
        return {camel(name): Count(**source(name)) for name in COUNTS}


class ExtrasSerializer(StrictSerializer):
    """Equipment, surge beds and absence."""

    def get_fields(self) -> dict[str, Any]:
        return {
            camel(name): (Percent if name == "absence_percent" else Count)(**source(name))
            for name in EXTRAS
        }


class StopSerializer(StrictSerializer):
    why = serializers.CharField(max_length=20)
    until = serializers.DateTimeField()


class ReasonSerializer(StrictSerializer):
    code = serializers.CharField(max_length=20)
    text = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class OnBehalfSerializer(StrictSerializer):
    spokenWith = serializers.CharField(max_length=100, source="spoken_with")
    spokenAt = serializers.DateTimeField(source="spoken_at")


class ReportSerializer(StrictSerializer):
    """A site's answer to a call. `lines` by care level, `stops` by target, `reasons` by field."""

    submission = serializers.UUIDField(help_text="the same one twice counts once")
    call = serializers.IntegerField(
        required=False, min_value=1, max_value=2**62, help_text="the newest when left out"
    )
    basedOn = serializers.IntegerField(
        source="based_on", required=False, allow_null=True, default=None, max_value=2**62
    )
    measuredAt = serializers.DateTimeField(source="measured_at")
    lines = serializers.DictField(child=LineSerializer())
    extras = ExtrasSerializer(required=False)
    stops = serializers.DictField(child=StopSerializer(), required=False)
    remark = serializers.CharField(required=False, allow_blank=True, default="")
    reasons = serializers.DictField(child=ReasonSerializer(), required=False)
    onBehalf = OnBehalfSerializer(source="on_behalf", required=False, allow_null=True)

    def entry(self, situation: Situation) -> ReportEntry:
        given = self.validated_data
        without_reserve = {level.code for level in situation.levels if not level.has_reserve}
        return ReportEntry(
            measured_at=given["measured_at"],
            lines=tuple(
                LineEntry(code, **({"reserve": 0} if code in without_reserve else {}) | counts)
                for code, counts in given["lines"].items()
            ),
            extras=Extras(**given.get("extras", {})),
            stops=tuple(
                StopEntry(target, stop["why"], stop["until"])
                for target, stop in given.get("stops", {}).items()
            ),
            remark=given["remark"],
        )

    def reasons_given(self, situation: Situation) -> dict[str, Reason]:
        """Reasons by the path of their figure; one for a figure that is not there is left out."""
        paths = ["report"] + [
            f"{level.code}.{name}" for level in situation.levels for name in (*COUNTS, "occupied")
        ]
        by_name = {wire_name(path): path for path in paths}
        return {
            by_name[name]: Reason(**reason)
            for name, reason in self.validated_data.get("reasons", {}).items()
            if name in by_name
        }

    def on_behalf(self) -> OnBehalf | None:
        spoken = self.validated_data.get("on_behalf")
        return OnBehalf(**spoken) if spoken else None


def report_out(filed: Filed) -> dict[str, Any]:
    """A report as the API shows it."""
    report, entry = filed.report, filed.entry
    return {
        "id": report.pk,
        "call": report.slot_id,
        "day": report.slot.day,
        "version": report.version,
        "isCurrent": report.is_current,
        "measuredAt": report.measured_at,
        "receivedAt": report.received_at,
        "isLate": report.is_late,
        "source": Source(report.source).value,
        "isOnBehalf": report.is_on_behalf,
        "remark": report.remark,
        "lines": {
            line.level: {camel(name): line.count(name) for name in COUNTS}
            | {"free": own.free if (own := derive(line)) else None}
            for line in entry.lines
        },
        "extras": {camel(name): value for name, value in entry.extras.items()},
    }
