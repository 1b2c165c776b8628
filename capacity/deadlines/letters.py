"""What a deadline tells whom: one row per kind. The texts are templates/emails/<kind>.txt."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from capacity.deadlines import answers
from capacity.deadlines.calendar import AMSTERDAM
from capacity.deadlines.models import Deadline, ReportingSlot
from communications.post import actions as post
from regions.people import scopes
from regions.people import selectors as people
from regions.places.models import Site

What = Deadline.What


@dataclass(frozen=True)
class Letter:
    """To which roles of the deadline's party, with what in it, where its link leads, and what it asks for.

    Whether the national picture went out is recorded nowhere: its letters ask nothing that can be closed.
    """

    roles: Collection[str]
    variables: Callable[[Deadline], dict[str, Any]]
    link: Callable[[Deadline], str]
    asks: str = ""


def write(deadline: Deadline, *, now: datetime) -> None:
    """Put the letter of a deadline in the outbox, once, in the caller's transaction."""
    letter = LETTERS[What(deadline.what)]
    party = deadline.site or deadline.region
    whom = party.code if party else "nation"
    # A letter is in Dutch, whoever causes it.
    with override("nl"):
        post.queue(
            deadline.what,
            event=f"{deadline.what}:{whom}:{deadline.slot.hospital_due_at:%Y-%m-%dT%H:%MZ}",
            to=people.holders(*letter.roles, site=deadline.site, region=deadline.region),
            variables={"day": date_format(deadline.slot.day, "l j F")} | letter.variables(deadline),
            link=letter.link(deadline),
            asks=asked(letter.asks, whom, deadline.slot) if letter.asks else "",
            at=now,
        )


def asked(what: str, whom: str, slot: ReportingSlot | None = None) -> str:
    """The name of what a message asks of a party, by which it is closed; `slot` when it is for one call."""
    return f"{what}:{whom}:{slot.pk}" if slot else f"{what}:{whom}"


def close_for_report(slot: ReportingSlot, site: Site, *, is_newest: bool, now: datetime) -> None:
    """Close what asked a site for its figures, and its region's list when this was the last of it."""
    done = [asked("report", site.code, slot)]
    if is_newest:
        done.append(asked("correction", site.code))
    # Before its time nobody has been sent the list of who is late.
    if now > slot.hospital_due_at and not answers.missing_sites(slot, region=site.region):
        done.append(asked("missing", site.region.code, slot))
    post.mark_done(*done, at=now)


def _to_hospital(deadline: Deadline) -> dict[str, Any]:
    return {"site": deadline.site, "due": wall_time(deadline.slot.hospital_due_at)}


def _to_region(deadline: Deadline) -> dict[str, Any]:
    missing = answers.missing_sites(deadline.slot, region=deadline.region)
    slot = deadline.slot
    due_at = slot.hospital_due_at if deadline.what == What.LATE_LIST else slot.region_due_at
    return {
        "region": deadline.region,
        "due": wall_time(due_at),
        "count": len(missing),
        "names": ", ".join(site.name for site in missing),
    }


def _to_nation(deadline: Deadline) -> dict[str, Any]:
    missing = answers.missing_regions(deadline.slot)
    return {
        "due": wall_time(deadline.slot.nation_due_at or deadline.due_at),
        "count": len(missing),
        "names": ", ".join(region.name for region in missing),
    }


def wall_time(moment: datetime) -> str:
    return f"{moment.astimezone(AMSTERDAM):%H:%M}"


def report_form(site: Site) -> str:
    """The form a site reports with, past the bar and the head of its page."""
    return reverse("capacity:report", kwargs={"site": site.code}) + "#aanlevering"


def _report(deadline: Deadline) -> str:
    assert deadline.site is not None
    return report_form(deadline.site)


def _region(deadline: Deadline) -> str:
    assert deadline.region is not None
    return reverse("capacity:region", kwargs={"region": deadline.region.code})


def _board(deadline: Deadline) -> str:
    return reverse("national-board")


REGION = ("regional_coordinator",)
NATION = ("shift_lead",)

LETTERS = {
    What.REMIND_HOSPITAL: Letter(scopes.REPORTERS, _to_hospital, _report, "report"),
    What.HOSPITAL_LATE: Letter(scopes.REPORTERS, _to_hospital, _report, "report"),
    # One list for a region instead of a letter per hospital.
    What.LATE_LIST: Letter(REGION, _to_region, _region, "missing"),
    What.REMIND_REGION: Letter(REGION, _to_region, _region, "picture"),
    What.REGION_LATE: Letter(REGION, _to_region, _region, "picture"),
    What.OVERVIEW_PREPARED: Letter(NATION, _to_nation, _board),
    What.OVERVIEW_DUE: Letter(NATION, _to_nation, _board),
}
