"""Opening calls and firing their deadlines. Safe to run late, twice, or in ten places at once (docs/adr/0004)."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from capacity.deadlines import answers, calendar, letters, selectors
from capacity.deadlines.free_days import public_holidays
from capacity.deadlines.models import Deadline, Heartbeat, ReportingSlot
from communications.post import actions as post
from regions.phases import selectors as phases
from regions.phases.models import Cadence, Phase
from regions.places.models import Region, Site

Outcome = Deadline.Outcome


def tick(*, now: datetime) -> int:
    """One beat of the clock: open what opens, fire what is due. Returns how many deadlines were fired."""
    open_slots(now)
    fired = fire_due(now)
    # The database's own real time: the business clock of a demonstration says nothing about life.
    Heartbeat.objects.update_or_create(sweep="deadlines", defaults={"at": Now()})
    return fired


def open_slots(now: datetime) -> int:
    """Open today's calls, and those of days missed since the newest one (at most a week back).

    Returns the number of calls that were not there yet.
    """
    newest = ReportingSlot.objects.order_by("-day").values_list("day", flat=True).first()
    days = calendar.days_to_open(newest, calendar.local_day(now))
    return sum(open_day(day, now=now) for day in days)


@transaction.atomic
def open_day(day: date, *, now: datetime) -> int:
    """Open the calls of one local day, with a deadline for every party. Running it again changes nothing.

    Which phase asks is decided by the phase in force when hospitals must have answered. A call that has
    opened stays; one that has not yet is withdrawn when its phase has ended meanwhile.
    """
    calls = _calls(day, now)
    asked = [call.hospital_due_at for call, _ in calls]
    ReportingSlot.objects.filter(day=day, opens_at__gt=now).exclude(
        hospital_due_at__in=asked
    ).delete()
    slots = ReportingSlot.objects.filter(day=day)
    there = {slot.hospital_due_at for slot in slots}
    missing = [(call, phase) for call, phase in calls if call.hospital_due_at not in there]
    ReportingSlot.objects.bulk_create(
        [ReportingSlot(phase=phase, **asdict(call)) for call, phase in missing],
        ignore_conflicts=True,
    )
    _add_deadlines(list(slots.all()), calls=[call for call, _ in calls], now=now)
    if missing:
        post.announce("capacity")
    return len(missing)


def _calls(day: date, now: datetime) -> list[tuple[calendar.Call, Phase]]:
    """The calls of a day, each with the phase that asks for it."""
    rhythms = selectors.rhythms()
    times = {rhythm.hospital_at for rows in rhythms.values() for rhythm in rows}
    found = []
    holidays: frozenset[date] | None = None
    for at in sorted(times):
        due_at = calendar.instant(day, at)
        phase = phases.phase_at(due_at)
        if phase is None:
            continue
        asked = rhythms[phase.pk]
        if holidays is None and any(rhythm.days != Cadence.Days.DAILY for rhythm in asked):
            holidays = public_holidays({day.year - 1, day.year}, now)
        calls = calendar.calls_on(day, asked, holidays or frozenset())
        found += [(call, phase) for call in calls if call.hospital_due_at == due_at]
    return found


def _add_deadlines(
    slots: list[ReportingSlot], *, calls: list[calendar.Call], now: datetime
) -> None:
    ladder = _ladder(now)
    parties: dict[str, list[tuple[int | None, int | None]]] = {
        "site": [(pk, None) for pk in Site.objects.reporting().values_list("pk", flat=True)],
        "region": [
            (None, pk) for pk in Region.objects.filter(valid_to=None).values_list("pk", flat=True)
        ],
        "nation": [(None, None)],
    }
    by_due = {slot.hospital_due_at: slot for slot in slots}
    there = set(
        Deadline.objects.filter(slot__in=slots).values_list("what", "slot", "site", "region")
    )
    Deadline.objects.bulk_create(
        [
            Deadline(what=step.what, slot=slot, site_id=site, region_id=region, due_at=step.due_at)
            for call in calls
            if (slot := by_due.get(call.hospital_due_at))
            for step in calendar.steps(call, ladder)
            for site, region in parties[step.party]
            if (step.what, slot.pk, site, region) not in there
        ],
        ignore_conflicts=True,
    )


def _ladder(now: datetime) -> calendar.Ladder:
    def minutes(name: str) -> timedelta:
        return timedelta(minutes=phases.setting_at(name, now))

    return calendar.Ladder(
        remind=minutes("reminder.minutes"),
        late_list=minutes("late_list.minutes"),
        prepare=minutes("overview.prepared_minutes"),
    )


def fire_due(now: datetime) -> int:
    """Fire what is due, in order, each in a transaction of its own. Returns how many.

    One that fails is left for the next tick and does not hold up the others.

    Raises ExceptionGroup at the end, with what went wrong.
    """
    current = selectors.slot_at(now)
    fired = 0
    failed: dict[int, Exception] = {}
    while True:
        try:
            deadline = _claim_and_fire(now, current, leave=list(failed))
        except _Failed as failure:
            failed[failure.pk] = failure.cause
            continue
        if deadline is None:
            break
        fired += 1
    if fired:
        # Once for the whole sweep: every open page asks again for each announcement.
        post.announce("capacity")
    if failed:
        raise ExceptionGroup(f"{len(failed)} deadlines could not be fired", list(failed.values()))
    return fired


class _Failed(Exception):
    """What firing one deadline ended in."""

    def __init__(self, pk: int, cause: Exception) -> None:
        super().__init__(pk)
        self.pk, self.cause = pk, cause


@transaction.atomic
def _claim_and_fire(
    now: datetime, current: ReportingSlot | None, *, leave: list[int]
) -> Deadline | None:
    deadline = (
        Deadline.objects.due(now)
        .exclude(pk__in=leave)
        .select_related("slot", "site__region", "region")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_at", "pk")
        .first()
    )
    if deadline is None:
        return None
    try:
        deadline.outcome = _judge(deadline, now, is_current=deadline.slot == current)
        deadline.fired_at = now
        deadline.save(update_fields=["outcome", "fired_at"])
    except Exception as error:
        raise _Failed(deadline.pk, error) from error
    return deadline


def _judge(deadline: Deadline, now: datetime, *, is_current: bool) -> Deadline.Outcome:
    """Decide on a deadline, and write its letter when that still helps somebody.

    In time is decided by when a report was received, not by when this runs. After a standstill the calls of
    past days are only written down: nobody is reminded of yesterday.
    """
    if deadline.is_excused:
        return Outcome.EXCUSED
    if deadline.what in Deadline.JUDGED:
        if answers.is_answered(deadline, by=deadline.due_at):
            return Outcome.MET
        if is_current and not answers.is_answered(deadline, by=now):
            letters.write(deadline, now=now)
        return Outcome.LATE
    if answers.is_answered(deadline, by=now):
        return Outcome.MET
    if not is_current or deadline.is_pointless(now):
        return Outcome.PASSED
    letters.write(deadline, now=now)
    return Outcome.REMINDED
