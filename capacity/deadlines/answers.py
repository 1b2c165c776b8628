"""Who has answered a call, and who has not."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from capacity.deadlines.models import Deadline, ReportingSlot
from capacity.picture.models import RegionalSitrep
from capacity.reports.models import CapacityReport, Source
from regions.places.models import Region, Site


def reports(**where: object) -> QuerySet[CapacityReport]:
    """Reports that answer a call. Figures carried over by the centre are no answer of the hospital."""
    return CapacityReport.objects.filter(**where).exclude(source=Source.CARRIED)


def pictures(**where: object) -> QuerySet[RegionalSitrep]:
    """Regional pictures that stand: the newest of their call, and not returned with a question."""
    return (
        RegionalSitrep.objects.current()
        .filter(**where)
        .exclude(status=RegionalSitrep.Status.RETURNED)
    )


def is_answered(deadline: Deadline, *, by: datetime) -> bool:
    """Whether what a deadline waits for had been received at a moment, that moment included."""
    if deadline.site_id:
        return reports(slot=deadline.slot_id, site=deadline.site_id, received_at__lte=by).exists()
    if deadline.what == Deadline.What.LATE_LIST:
        return not missing_sites(deadline.slot, region=deadline.region)
    if deadline.region_id:
        return RegionalSitrep.objects.filter(
            slot=deadline.slot_id, region=deadline.region_id, submitted_at__lte=by
        ).exists()
    return False


def missing_sites(slot: ReportingSlot, *, region: Region | None) -> list[Site]:
    """The sites of a region that were asked and have not answered."""
    answered = reports(slot=slot, site=OuterRef("pk"))
    return list(Site.objects.reporting().filter(~Exists(answered), region=region))


def missing_regions(slot: ReportingSlot) -> list[Region]:
    """The regions without a signed picture."""
    signed = pictures(slot=slot, region=OuterRef("pk"))
    return list(Region.objects.filter(~Exists(signed), valid_to=None))
