"""What the centre has to do about the regions' pictures, for the home page."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from capacity.deadlines import answers, duties
from capacity.deadlines import selectors as deadlines
from capacity.deadlines.models import ReportingSlot
from capacity.picture import permissions
from capacity.picture.models import RegionalSitrep
from capacity.picture.regional import return_limit
from regions.people.models import User
from regions.phases import selectors as phases
from regions.places.models import Contact, Region


def tasks_for(user: User, now: datetime) -> list[duties.Task]:
    """Pictures to judge before they can no longer be returned, and pictures that are missing."""
    slot = deadlines.slot_at(now)
    if slot is None or not permissions.may_judge(user):
        return []
    limit = return_limit(slot, phases.setting_at("sitrep.return_until", now))
    waiting = (
        RegionalSitrep.objects.current()
        .filter(slot=slot, status=RegionalSitrep.Status.SUBMITTED)
        .select_related("region")
        .order_by("submitted_at")
    )
    return [*_missing_tasks(slot, now), *(_judge_task(sitrep, limit) for sitrep in waiting)]


def _judge_task(sitrep: RegionalSitrep, limit: datetime) -> duties.Task:
    about = f"{sitrep.get_pressure_display()}. {sitrep.sentence}"
    return duties.task(
        limit,
        title=_("Keur het regiobeeld van %(region)s") % {"region": sitrep.region.name},
        about=about if sitrep.version == 1 else _("Nieuwe versie. ") + about,
        url=f"{_url(sitrep.region)}#regiobeeld",
        button=_("Bekijk regiobeeld"),
    )


def _missing_tasks(slot: ReportingSlot, now: datetime) -> list[duties.Task]:
    """After the regions' deadline: who has not signed, with whom to phone."""
    if now < slot.region_due_at:
        return []
    missing = answers.missing_regions(slot)
    asked = {
        region_id: question
        for region_id, question in RegionalSitrep.objects.current()
        .filter(slot=slot, status=RegionalSitrep.Status.RETURNED)
        .values_list("region", "question")
    }
    phones = dict(
        Contact.objects.filter(region__in=missing, function=Contact.Function.DESK)
        .exclude(phone="")
        .values_list("region", "phone")
    )
    return [
        duties.task(
            slot.region_due_at,
            title=_("Regiobeeld %(region)s ontbreekt") % {"region": region.name},
            about=_missing_words(asked.get(region.pk, ""), phones.get(region.pk, "")),
            url=_url(region),
            button=_("Bekijk %(region)s") % {"region": region.short_name},
        )
        for region in missing
    ]


def _missing_words(question: str, phone: str) -> str:
    words = [_("Teruggestuurd: %(question)s") % {"question": question}] if question else []
    words.append(
        _("Coördinatiecentrum %(phone)s") % {"phone": phone}
        if phone
        else _("Telefoonnummer van het coördinatiecentrum onbekend")
    )
    return " · ".join(words)


def _url(region: Region) -> str:
    return reverse("capacity:region", kwargs={"region": region.code})
