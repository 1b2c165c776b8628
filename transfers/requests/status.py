"""The state machine of a transfer request: one table (T4).

Screens, API, permissions, clocks, tests and documentation read this table; nothing else says which
status follows which. Pure: no Django.
"""

from collections.abc import Iterable
from dataclasses import dataclass

DRAFT = "draft"
SUBMITTED = "submitted"
INFO_NEEDED = "info_needed"
REGIONAL_SEARCH = "regional_search"
ESCALATED = "escalated"
MEDICAL_REVIEW = "medical_review"
NATIONAL_SEARCH = "national_search"
OFFERED = "offered"
ACCEPTED = "accepted"
TRANSPORT_REQUESTED = "transport_requested"
TRANSPORT_PLANNED = "transport_planned"
DEPARTED = "departed"
ARRIVED = "arrived"
HANDED_OVER = "handed_over"
CLOSED = "closed"
ON_HOLD = "on_hold"
WITHDRAWN = "withdrawn"
EXPIRED = "expired"
DECEASED = "deceased"

# Where a request can be looked for, before a destination has said yes.
SEARCHING = (REGIONAL_SEARCH, NATIONAL_SEARCH)
BEFORE_ACCEPTANCE = (
    SUBMITTED,
    INFO_NEEDED,
    REGIONAL_SEARCH,
    ESCALATED,
    MEDICAL_REVIEW,
    NATIONAL_SEARCH,
    OFFERED,
)
# A destination has said yes, and the patient still has to leave.
TO_DEPART = (ACCEPTED, TRANSPORT_REQUESTED, TRANSPORT_PLANNED)
BEFORE_DEPARTURE = (*BEFORE_ACCEPTANCE, *TO_DEPART)
# Submitted, and the patient still waits to leave: what capacity counts (`OpenRequests`).
OPEN = (*BEFORE_DEPARTURE, ON_HOLD)
# Ended without a patient in the bed that was asked for.
CALLED_OFF = (WITHDRAWN, EXPIRED, DECEASED)
ENDED = (CLOSED, *CALLED_OFF)
ALL = (DRAFT, *BEFORE_DEPARTURE, DEPARTED, ARRIVED, HANDED_OVER, ON_HOLD, *ENDED)

# Who a status waits for: "whose move it is", shown on every card.
SENDER = "sender"
SENDING_REGION = "sending_region"
CENTRE = "centre"
MEDICAL = "medical_officer"
RECEIVER = "receiver"
TRANSPORT = "transport"
PLANNER = "planner"
NOBODY = "nobody"

SYSTEM = "system"
SENDER_ROLES = frozenset({"treating_physician", "bed_coordinator"})
REGION_ROLES = frozenset({"regional_coordinator"})
CENTRE_ROLES = frozenset({"lcps_coordinator"})
PLANNER_ROLES = frozenset({"ambulance_planner", "micu_coordinator"})


@dataclass(frozen=True)
class Status:
    """What a status means for the people who look at it.

    `clock` names the setting `clock.<name>` with minutes per urgency; empty when no clock runs.
    `search` says how far is looked from here on (`region`, `nation`, empty for not yet); None leaves it as it was.
    """

    code: str
    move: str
    clock: str = ""
    search: str | None = None


STATUSES: dict[str, Status] = {
    s.code: s
    for s in (
        Status(DRAFT, SENDER),
        Status(SUBMITTED, SENDING_REGION, "submitted", search=""),
        Status(INFO_NEEDED, SENDER, "info_needed"),
        Status(REGIONAL_SEARCH, SENDING_REGION, "regional_search", search="region"),
        Status(ESCALATED, CENTRE, "escalated", search="nation"),
        Status(MEDICAL_REVIEW, MEDICAL, "medical_review"),
        Status(NATIONAL_SEARCH, CENTRE, "national_search", search="nation"),
        Status(OFFERED, RECEIVER, "offered"),
        Status(ACCEPTED, TRANSPORT, "accepted"),
        Status(TRANSPORT_REQUESTED, PLANNER, "transport_requested"),
        Status(TRANSPORT_PLANNED, PLANNER, "transport_planned"),
        Status(DEPARTED, PLANNER, "departed"),
        Status(ARRIVED, RECEIVER, "arrived"),
        Status(HANDED_OVER, CENTRE, "handed_over"),
        Status(ON_HOLD, SENDER, "on_hold"),
        Status(CLOSED, NOBODY),
        Status(WITHDRAWN, NOBODY),
        Status(EXPIRED, NOBODY),
        Status(DECEASED, NOBODY),
    )
}


@dataclass(frozen=True)
class Step:
    """One row: from which statuses, to which, by whom, on what condition, with which line and letter.

    `party` says on whose side the actor must stand: the sending site, its region, the receiving site
    (or its region on its behalf), the centre, the planner of the ride, or the system itself.
    `condition` names what must hold besides, in words separated by spaces (transfers/requests/conditions.py).
    `letter` names the message template; empty when nobody has to be told.
    """

    name: str
    since: tuple[str, ...]
    to: str
    roles: frozenset[str]
    party: str
    condition: str = ""
    letter: str = ""
    needs_reason: bool = False

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(self.condition.split())


TABLE: tuple[Step, ...] = (
    Step("submit", (DRAFT,), SUBMITTED, SENDER_ROLES, SENDER, "is_complete", "request_submitted"),
    Step(
        "ask_sender",
        (SUBMITTED, REGIONAL_SEARCH),
        INFO_NEEDED,
        REGION_ROLES,
        SENDING_REGION,
        "",
        "info_needed",
        needs_reason=True,
    ),
    Step(
        "ask_sender_nationally",
        (ESCALATED, MEDICAL_REVIEW, NATIONAL_SEARCH),
        INFO_NEEDED,
        CENTRE_ROLES | {"medical_officer"},
        CENTRE,
        "",
        "info_needed",
        needs_reason=True,
    ),
    # An answer goes back to whoever asked: the region, or the centre once the request is there.
    Step(
        "answer_question",
        (INFO_NEEDED,),
        SUBMITTED,
        SENDER_ROLES,
        SENDER,
        "was_regional is_complete",
        "request_submitted",
        needs_reason=True,
    ),
    Step(
        "answer_centre",
        (INFO_NEEDED,),
        ESCALATED,
        SENDER_ROLES,
        SENDER,
        "was_national is_complete",
        "request_escalated",
        needs_reason=True,
    ),
    Step("search_in_region", (SUBMITTED,), REGIONAL_SEARCH, REGION_ROLES, SENDING_REGION),
    Step(
        "escalate",
        (REGIONAL_SEARCH,),
        ESCALATED,
        REGION_ROLES,
        SENDING_REGION,
        "",
        "request_escalated",
        needs_reason=True,
    ),
    Step(
        "ask_medical_review",
        (ESCALATED, NATIONAL_SEARCH),
        MEDICAL_REVIEW,
        CENTRE_ROLES,
        CENTRE,
        "",
        "review_asked",
    ),
    Step(
        "skip_medical_review",
        (ESCALATED,),
        NATIONAL_SEARCH,
        CENTRE_ROLES,
        CENTRE,
        "is_ward_without_flags",
    ),
    Step(
        "find_fit",
        (MEDICAL_REVIEW,),
        NATIONAL_SEARCH,
        frozenset({"medical_officer"}),
        CENTRE,
        "",
        "found_fit",
    ),
    Step(
        "find_unfit",
        (MEDICAL_REVIEW,),
        WITHDRAWN,
        frozenset({"medical_officer"}),
        CENTRE,
        "",
        "found_unfit",
        needs_reason=True,
    ),
    Step(
        "offer_in_region",
        (REGIONAL_SEARCH, OFFERED),
        OFFERED,
        REGION_ROLES,
        SENDING_REGION,
        "was_regional values_fresh is_reviewed",
        "offer_made",
    ),
    Step(
        "offer_nationally",
        (NATIONAL_SEARCH, OFFERED),
        OFFERED,
        CENTRE_ROLES,
        CENTRE,
        "was_national values_fresh is_reviewed",
        "offer_made",
    ),
    Step(
        "accept",
        (OFFERED,),
        ACCEPTED,
        frozenset({"bed_coordinator"}) | REGION_ROLES,
        RECEIVER,
        "",
        "offer_accepted",
    ),
    # After the last open offer is refused, expired or withdrawn: search again, at the level it was at.
    Step(
        "search_region_again",
        (OFFERED,),
        REGIONAL_SEARCH,
        frozenset({SYSTEM}),
        SYSTEM,
        "was_regional",
    ),
    Step(
        "search_nation_again",
        (OFFERED,),
        NATIONAL_SEARCH,
        frozenset({SYSTEM}),
        SYSTEM,
        "was_national",
    ),
    Step(
        "request_transport",
        (ACCEPTED,),
        TRANSPORT_REQUESTED,
        REGION_ROLES | {"transport_coordinator"},
        TRANSPORT,
        "",
        "ride_requested",
    ),
    Step(
        "plan_transport",
        (TRANSPORT_REQUESTED,),
        TRANSPORT_PLANNED,
        PLANNER_ROLES,
        PLANNER,
        "",
        "ride_planned",
    ),
    Step(
        "return_transport",
        (TRANSPORT_REQUESTED, TRANSPORT_PLANNED),
        ACCEPTED,
        PLANNER_ROLES,
        PLANNER,
        "",
        "ride_returned",
        needs_reason=True,
    ),
    Step(
        "depart",
        (TRANSPORT_PLANNED,),
        DEPARTED,
        PLANNER_ROLES,
        PLANNER,
        "ready_to_depart",
        "departed",
    ),
    Step("arrive", (DEPARTED,), ARRIVED, PLANNER_ROLES, PLANNER, "", "arrived"),
    # Back to the sender, who looks at the patient anew and goes on or withdraws.
    Step(
        "abort",
        (DEPARTED,),
        ON_HOLD,
        PLANNER_ROLES,
        PLANNER,
        "",
        "ride_aborted",
        needs_reason=True,
    ),
    Step(
        "hand_over",
        (ARRIVED,),
        HANDED_OVER,
        frozenset({"bed_coordinator", "treating_physician"}),
        RECEIVER,
        "",
        "handed_over",
    ),
    Step("close", (HANDED_OVER,), CLOSED, CENTRE_ROLES | {SYSTEM}, CENTRE, "handover_complete"),
    Step(
        "put_on_hold",
        BEFORE_DEPARTURE,
        ON_HOLD,
        SENDER_ROLES | {"medical_officer", "transport_coordinator"},
        SENDER,
        "",
        "put_on_hold",
        needs_reason=True,
    ),
    Step(
        "resume",
        (ON_HOLD,),
        SUBMITTED,
        SENDER_ROLES | {"medical_officer"},
        SENDER,
        "was_regional",
        "request_submitted",
    ),
    Step(
        "resume_at_centre",
        (ON_HOLD,),
        ESCALATED,
        SENDER_ROLES | {"medical_officer"},
        SENDER,
        "was_national",
        "request_escalated",
    ),
    Step(
        "withdraw",
        (DRAFT, *OPEN),
        WITHDRAWN,
        SENDER_ROLES,
        SENDER,
        "",
        "withdrawn",
        needs_reason=True,
    ),
    Step(
        "cancel",
        OPEN,
        WITHDRAWN,
        REGION_ROLES | CENTRE_ROLES,
        CENTRE,
        "",
        "withdrawn",
        needs_reason=True,
    ),
    Step(
        "report_death",
        OPEN,
        DECEASED,
        SENDER_ROLES,
        SENDER,
        "",
        "withdrawn",
    ),
    # On the way the planner of the ride tells it, after arrival the receiving site.
    Step(
        "report_death_on_the_way",
        (DEPARTED,),
        DECEASED,
        PLANNER_ROLES,
        PLANNER,
        "",
        "ended_on_the_way",
        needs_reason=True,
    ),
    Step(
        "report_death_on_arrival",
        (ARRIVED,),
        DECEASED,
        frozenset({"bed_coordinator", "treating_physician"}),
        RECEIVER,
        "",
        "withdrawn",
    ),
    Step(
        "expire",
        (*SEARCHING, SUBMITTED, INFO_NEEDED, ESCALATED, MEDICAL_REVIEW),
        EXPIRED,
        frozenset({SYSTEM}),
        SYSTEM,
        "",
        "expired",
    ),
)


# Steps that are part of another room's action (offers, rides); every other one goes by `actions.take_step`.
ELSEWHERE = frozenset(
    {
        "offer_in_region",
        "offer_nationally",
        "accept",
        "search_region_again",
        "search_nation_again",
        "request_transport",
        "plan_transport",
        "return_transport",
        "depart",
        "arrive",
        "abort",
        "report_death_on_the_way",
        "hand_over",
        "expire",
    }
)


class NoSuchStep(Exception):
    """The step does not exist, or not from this status."""


def step(name: str, *, since: str) -> Step:
    """The row for `name` from status `since`.

    Raises
    ------
    NoSuchStep
        When the table has no such row.
    """
    for row in TABLE:
        if row.name == name and since in row.since:
            return row
    raise NoSuchStep(f"{name} from {since}")


def steps_from(since: str) -> Iterable[Step]:
    """Every row that may follow `since`."""
    return (row for row in TABLE if since in row.since)
