"""Signing a region's picture, and judging it: every write on a sitrep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from capacity.deadlines import letters
from capacity.deadlines import selectors as deadlines
from capacity.deadlines.calendar import AMSTERDAM
from capacity.deadlines.models import ReportingSlot
from capacity.picture import permissions
from capacity.picture.models import RegionalSitrep
from capacity.picture.selectors import RegionPicture, region_picture, return_limit
from communications import privacy
from communications.logbook import actions as logbook
from communications.post import actions as post
from communications.post.models import Message
from regions.people import permissions as people
from regions.people import selectors as who
from regions.people.models import User
from regions.phases import selectors as phases
from regions.places.models import Region


@dataclass(frozen=True)
class Signed:
    """What a coordinator adds to the totals of the region's sites."""

    pressure: str
    sentence: str
    limiting_factor: str
    transport_available: str = ""
    tomorrow: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def sign_off(
    *,
    region: Region,
    slot: ReportingSlot,
    signed: Signed,
    submission: UUID,
    based_on: int,
    stamp: str,
    by: User,
    now: datetime,
) -> RegionalSitrep:
    """Sign the region's picture of a call, with the totals as they are now.

    `based_on` is the version the coordinator saw (0 for none), `stamp` names the reports that stood
    on the page. The same submission twice gives the first result, unless it says something else.

    Raises PermissionDenied when the region is not theirs, and ValidationError with the codes
    slot_closed, submission_reused, lost_update, picture_changed, missing_reason.
    """
    # The first sign-off has no row of its own to lock; the region's is never changed here.
    Region.objects.select_for_update(of=("self",), no_key=True).get(pk=region.pk)
    if not people.may_coordinate(by, region):
        raise PermissionDenied
    earlier = RegionalSitrep.objects.filter(submission=submission).first()
    if earlier is not None:
        _check_same(earlier, region, signed)
        return earlier
    if deadlines.slot_at(now) != slot:
        raise ValidationError(
            _("Er loopt al een nieuwe uitvraag. Open de regiopagina opnieuw."), code="slot_closed"
        )
    privacy.refuse_identity(
        sentence=signed.sentence, transport_available=signed.transport_available
    )
    picture = region_picture(region, slot, now)
    _check_seen(picture, based_on=based_on, stamp=stamp)
    _check_reasons(picture, signed.missing)
    sitrep = _new_version(picture, signed, submission=submission, by=by, now=now)
    _record("submit", sitrep, by=by, now=now, detail={"totals": sitrep.totals})
    _done("picture", sitrep, now)
    if sitrep.version > 1:
        to = who.holders("lcps_coordinator")
        _write("sitrep_changed", sitrep, to=to, now=now, asks="judgement")
    post.announce("capacity")
    return sitrep


def _check_same(earlier: RegionalSitrep, region: Region, signed: Signed) -> None:
    """The form that was sent twice says twice the same."""
    if earlier.region_id != region.pk:
        raise ValidationError(
            _("Dit formulier is al eens gebruikt. Uw tekst staat er nog: dien opnieuw in."),
            code="submission_reused",
        )
    said = ("pressure", "sentence", "limiting_factor", "transport_available", "tomorrow")
    is_same = all(getattr(earlier, name) == getattr(signed, name) for name in said)
    if not is_same or not earlier.missing.items() <= signed.missing.items():
        raise ValidationError(
            _(
                "Dit formulier is al ingediend als versie %(version)s. Wat u daarna wijzigde staat hier "
                "nog: dien opnieuw in als het versie %(version)s moet vervangen."
            ),
            params={"version": earlier.version},
            code="submission_reused",
        )


def _check_seen(picture: RegionPicture, *, based_on: int, stamp: str) -> None:
    if picture.sitrep is None:
        if based_on:
            raise ValidationError(
                _(
                    "Deze pagina is van een eerdere uitvraag. Uw tekst staat er nog: "
                    "bekijk de cijfers van nu en dien opnieuw in."
                ),
                code="picture_changed",
            )
    elif picture.sitrep.version != based_on:
        raise ValidationError(
            _(
                "%(name)s diende intussen versie %(version)s in. Die staat hierboven; "
                "dien opnieuw in als uw tekst haar moet vervangen."
            ),
            params={"name": picture.sitrep.submitted_name, "version": picture.sitrep.version},
            code="lost_update",
        )
    if picture.stamp != stamp:
        raise ValidationError(
            _(
                "Er kwam intussen een aanlevering binnen, dus de totalen zijn veranderd. "
                "Bekijk ze en dien opnieuw in."
            ),
            code="picture_changed",
        )


def _check_reasons(picture: RegionPicture, missing: Mapping[str, str]) -> None:
    unexplained = [
        row.place
        for row in picture.silent
        if missing.get(row.place.code) not in RegionalSitrep.Missing.values
    ]
    if unexplained:
        raise ValidationError(
            {
                f"missing_{place.code}": ValidationError(
                    _("Kies waarom %(site)s ontbreekt."),
                    params={"site": place.short_name},
                    code="missing_reason",
                )
                for place in unexplained
            }
        )


def _new_version(
    picture: RegionPicture, signed: Signed, *, submission: UUID, by: User, now: datetime
) -> RegionalSitrep:
    if picture.sitrep is not None:
        picture.sitrep.is_current = False
        picture.sitrep.save(update_fields=["is_current"])
    silent = {row.place.code for row in picture.silent}
    return RegionalSitrep.objects.create(
        region=picture.region,
        slot=picture.slot,
        version=picture.sitrep.version + 1 if picture.sitrep else 1,
        submission=submission,
        status=RegionalSitrep.Status.SUBMITTED,
        pressure=signed.pressure,
        sentence=signed.sentence,
        limiting_factor=signed.limiting_factor,
        transport_available=signed.transport_available,
        totals=picture.totals,
        tomorrow={level: dict(figures) for level, figures in signed.tomorrow.items()},
        missing={site: why for site, why in signed.missing.items() if site in silent},
        submitted_at=now,
        submitted_by=by,
        submitted_name=str(by),
    )


@transaction.atomic
def return_sitrep(
    *, sitrep: RegionalSitrep, question: str, by: User, now: datetime
) -> RegionalSitrep:
    """Give the picture back to its region with a question.

    Raises PermissionDenied, and ValidationError with the codes too_late, no_question, not_open, bsn, birth_date.
    """
    sitrep = _lock(sitrep)
    if not permissions.may_judge(by):
        raise PermissionDenied
    limit = return_limit(sitrep.slot, phases.setting_at("sitrep.return_until", now))
    if now > limit:
        raise ValidationError(
            _("Terugsturen kan tot %(time)s. Bel de regio."),
            params={"time": f"{limit.astimezone(AMSTERDAM):%H:%M}"},
            code="too_late",
        )
    if not question.strip():
        raise ValidationError(
            {"question": _("Stel een vraag als u terugstuurt.")}, code="no_question"
        )
    privacy.refuse_identity(question=question)
    _check_open(sitrep)
    sitrep.status, sitrep.question = RegionalSitrep.Status.RETURNED, question.strip()
    sitrep.returned_at, sitrep.returned_name = now, str(by)
    sitrep.save(update_fields=["status", "question", "returned_at", "returned_name"])
    _record("return", sitrep, by=by, now=now, detail={"question": sitrep.question})
    coordinators = who.holders("regional_coordinator", region=sitrep.region)
    _done("judgement", sitrep, now)
    _write("sitrep_returned", sitrep, to=coordinators, now=now, asks="picture", email=True)
    post.announce("capacity")
    return sitrep


@transaction.atomic
def accept_sitrep(*, sitrep: RegionalSitrep, by: User, now: datetime) -> RegionalSitrep:
    """Agree with the picture as it was signed.

    Raises PermissionDenied, and ValidationError with the code not_open.
    """
    sitrep = _lock(sitrep)
    if not permissions.may_judge(by):
        raise PermissionDenied
    _check_open(sitrep)
    sitrep.status = RegionalSitrep.Status.ACCEPTED
    sitrep.accepted_at, sitrep.accepted_name = now, str(by)
    sitrep.save(update_fields=["status", "accepted_at", "accepted_name"])
    _record("accept", sitrep, by=by, now=now)
    coordinators = who.holders("regional_coordinator", region=sitrep.region)
    _done("judgement", sitrep, now)
    _write("sitrep_accepted", sitrep, to=coordinators, now=now)
    post.announce("capacity")
    return sitrep


def _lock(sitrep: RegionalSitrep) -> RegionalSitrep:
    return (
        RegionalSitrep.objects.select_for_update(of=("self",))
        .select_related("region", "slot")
        .get(pk=sitrep.pk)
    )


def _check_open(sitrep: RegionalSitrep) -> None:
    """Only the newest version that nobody judged yet can be judged."""
    if not sitrep.is_current:
        raise ValidationError(
            _("De regio diende intussen een nieuwe versie in. Bekijk die eerst."), code="not_open"
        )
    if sitrep.status != RegionalSitrep.Status.SUBMITTED:
        raise ValidationError(
            _("Dit regiobeeld is al beoordeeld: %(status)s."),
            params={"status": sitrep.get_status_display()},
            code="not_open",
        )


SENTENCES = {
    "submit": "Regiobeeld %(region)s van %(day)s ingediend, versie %(version)s",
    "return": "Regiobeeld %(region)s van %(day)s teruggestuurd met een vraag, versie %(version)s",
    "accept": "Regiobeeld %(region)s van %(day)s akkoord, versie %(version)s",
}


def _record(
    what: str,
    sitrep: RegionalSitrep,
    *,
    by: User,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    names = {
        "region": sitrep.region.name,
        "day": f"{sitrep.slot.day:%d-%m-%Y}",
        "version": sitrep.version,
    }
    logbook.record(
        f"sitrep.{what}",
        sentence=SENTENCES[what] % names,
        about=("sitrep", f"{sitrep.region.code} {sitrep.slot.day} v{sitrep.version}"),
        by=by,
        at=now,
        regions=[sitrep.region.code],
        detail=detail,
    )


def _done(what: str, sitrep: RegionalSitrep, now: datetime) -> None:
    """Close the messages that asked for this."""
    post.mark_done(letters.asked(what, sitrep.region.code, sitrep.slot), at=now)


def _write(
    template: str,
    sitrep: RegionalSitrep,
    *,
    to: list[User],
    now: datetime,
    asks: str = "",
    email: bool = False,
) -> None:
    in_app, by_email = Message.Channel.IN_APP, Message.Channel.EMAIL
    post.queue(
        template,
        event=f"{template}:{sitrep.region.code}:{sitrep.slot_id}:{sitrep.version}",
        to=to,
        variables={
            "region": sitrep.region.name,
            "day": f"{sitrep.slot.day:%d-%m-%Y}",
            "count": sitrep.version,
            "question": sitrep.question,
        },
        link=reverse("capacity:region", kwargs={"region": sitrep.region.code}),
        at=now,
        asks=letters.asked(asks, sitrep.region.code, sitrep.slot) if asks else "",
        channels=(in_app, by_email) if email else (in_app,),
    )
