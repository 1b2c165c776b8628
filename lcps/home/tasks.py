"""What a person must do now, gathered from every room and sorted by its clock (L1)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capacity.deadlines import selectors as deadlines
from capacity.deadlines.duties import Task
from capacity.deadlines.letters import report_form
from capacity.picture import selectors as pictures
from lcps.templatetags.lcps import hm
from regions.people import scopes
from regions.people.models import User
from transfers.offers import selectors as offers
from transfers.requests import labels
from transfers.requests import selectors as requests
from transfers.requests import status as states
from transfers.requests.models import TransferRequest
from transfers.rides import selectors as rides
from transfers.rides.models import Ride

HOUR = timedelta(hours=1)
# A refusal that called the figures wrong asks for a correction within this time.
CORRECT_WITHIN = HOUR


@dataclass(frozen=True)
class TaskGroup:
    """Tasks of one urgency: late, within the hour, later."""

    key: str
    label: str
    tasks: tuple[Task, ...]

    @property
    def is_late(self) -> bool:
        return self.key == "late"


def tasks_for(user: User, now: datetime) -> list[Task]:
    """Everything that waits for this person, first due first."""
    found = [task for source in SOURCES for task in source(user, now)]
    return sorted(found, key=lambda task: (task.due_at, task.title))


def _ride_tasks(user: User, now: datetime) -> list[Task]:
    """A planner's rides that wait for a plan, a departure or an arrival."""
    if user.role_key not in scopes.PLANNERS:
        return []
    waiting = (
        Ride.objects.visible_to(user)
        .filter(returned_at=None, request__status__in=RIDE_STEPS)
        .select_related("request__sending_site", "request__level", "offer__site")
    )
    return [_ride_task(ride, due) for ride in waiting if (due := rides.clock_of(ride))]


RIDE_STEPS = (states.TRANSPORT_REQUESTED, states.TRANSPORT_PLANNED, states.DEPARTED)


def _ride_task(ride: Ride, due_at: datetime) -> Task:
    title, button = labels.TASKS[ride.request.status]
    way = f"{ride.request.sending_site.short_name} → {ride.offer.site.short_name}"
    when = _(", vertrek %(time)s") % {"time": hm(ride.pick_up_at)} if ride.pick_up_at else ""
    return Task(
        due_at=due_at,
        soon_at=None,
        title=str(title) % {"number": ride.request.short_number},
        about=f"{way} · {ride.get_kind_display()}{when}",
        url=reverse("transfers:ride", kwargs={"ride": ride.pk}),
        button=str(button),
        level_label=ride.request.level.label,
        needs_icu=ride.request.level.needs_icu,
    )


def _correction_tasks(user: User, now: datetime) -> list[Task]:
    """A refusal said that the figures are wrong: whoever reports mends them."""
    return [
        Task(
            due_at=offer.answered_at + CORRECT_WITHIN,
            soon_at=offer.answered_at,
            title=_("Corrigeer de cijfers van %(site)s") % {"site": offer.site.short_name},
            about=_("Een aanbod is geweigerd omdat de cijfers niet klopten"),
            url=report_form(offer.site),
            button=_("Corrigeer"),
        )
        for offer in offers.corrections_due(user=user, now=now)
        if offer.answered_at
    ]


SOURCES: tuple[Callable[[User, datetime], Iterable[Task]], ...] = (
    deadlines.tasks_for,
    pictures.tasks_for,
    requests.tasks_for,
    _ride_tasks,
    _correction_tasks,
)

GROUPS = {
    "late": gettext_lazy("Te laat"),
    "hour": gettext_lazy("Binnen het uur"),
    "later": gettext_lazy("Later"),
}


def grouped(tasks: Sequence[Task], now: datetime) -> list[TaskGroup]:
    """The groups that have tasks; what is due on this very moment is late."""
    found: dict[str, list[Task]] = {key: [] for key in GROUPS}
    for task in tasks:
        key = "late" if task.due_at <= now else "hour" if task.due_at <= now + HOUR else "later"
        found[key].append(task)
    return [TaskGroup(key, str(GROUPS[key]), tuple(tasks)) for key, tasks in found.items() if tasks]


@dataclass(frozen=True)
class Turn:
    """With whom requests wait that this person follows."""

    label: str
    count: int
    first_at: datetime | None


PARTIES = {
    states.SENDER: gettext_lazy("Inzendende ziekenhuizen"),
    states.SENDING_REGION: gettext_lazy("RCPS"),
    states.CENTRE: gettext_lazy("LCPS-coördinator"),
    states.MEDICAL: gettext_lazy("Medical officer"),
    states.RECEIVER: gettext_lazy("Ontvangende ziekenhuizen"),
    states.TRANSPORT: gettext_lazy("Vervoer regelen"),
    states.PLANNER: gettext_lazy("Ambulance en MICU"),
}


def turns_of_others(user: User) -> list[Turn]:
    """Running requests this person sees and does not have to act on, by whose move it is."""
    found: dict[str, list[datetime | None]] = {}
    running = TransferRequest.objects.visible_to(user).running().exclude(status=states.DRAFT)
    for request in requests.with_destination(running.with_places()):
        party = states.STATUSES[request.status].move
        if party in PARTIES and not requests.is_mine(user, request):
            found.setdefault(party, []).append(request.due_at)
    turns = [
        Turn(
            str(PARTIES[party]),
            len(moments),
            min((moment for moment in moments if moment), default=None),
        )
        for party, moments in found.items()
    ]
    return sorted(turns, key=lambda turn: (turn.first_at is None, turn.first_at or 0, turn.label))
