"""Gathers the tables of this package's rooms."""

from capacity.beds.models import BedPool, Hold, Movement, OpenRequests
from capacity.deadlines.models import Deadline, Heartbeat, ReportingSlot
from capacity.picture.models import RegionalSitrep
from capacity.reports.models import (
    CapacityReport,
    CareLevel,
    IntakeStop,
    ReportDraft,
    ReportLine,
    ReportReason,
)

__all__ = [
    "BedPool",
    "CapacityReport",
    "CareLevel",
    "Deadline",
    "Heartbeat",
    "Hold",
    "IntakeStop",
    "Movement",
    "OpenRequests",
    "RegionalSitrep",
    "ReportDraft",
    "ReportLine",
    "ReportReason",
    "ReportingSlot",
]
