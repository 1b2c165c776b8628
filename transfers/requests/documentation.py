"""The state machine as a document, written from the table. Pure: no Django."""

from collections.abc import Iterable

from transfers.requests import status as states

# The road most patients take; the picture shows it, the tables below show everything.
ROAD = (
    "submit",
    "search_in_region",
    "escalate",
    "ask_medical_review",
    "skip_medical_review",
    "find_fit",
    "find_unfit",
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
    "hand_over",
    "close",
    "ask_sender",
    "answer_question",
    "answer_centre",
)
HEAD = """# The states of a transfer request

Written by `manage.py document_states` from `transfers/requests/status.py`; a test compares the two. Change the
table, not this page.

The picture shows the road of a request. Left out, because they start almost anywhere: putting on hold and going on,
withdrawing, cancelling, death, and expiry; they stand in the table of steps.
"""


def document() -> str:
    """The whole page, ending with a newline."""
    return "\n".join([HEAD, *_picture(), "", *_statuses(), "", *_steps(), ""])


def _picture() -> Iterable[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> draft"
    for row in states.TABLE:
        if row.name in ROAD:
            for since in row.since:
                if since != row.to:
                    yield f"    {since} --> {row.to}: {row.name}"
    for status in (states.CLOSED, states.WITHDRAWN):
        yield f"    {status} --> [*]"
    yield "```"


def _statuses() -> Iterable[str]:
    yield "## Statuses"
    yield ""
    yield "| status | whose move | clock | ended |"
    yield "|---|---|---|---|"
    for status in states.STATUSES.values():
        clock = f"`clock.{status.clock}`" if status.clock else "-"
        ended = "yes" if status.code in states.ENDED else ""
        yield f"| {status.code} | {status.move} | {clock} | {ended} |"


def _steps() -> Iterable[str]:
    yield "## Steps"
    yield ""
    yield "| step | from | to | who | on the side of | condition | reason | letter | taken by |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in states.TABLE:
        cells = (
            row.name,
            ", ".join(row.since),
            row.to,
            ", ".join(sorted(row.roles)),
            row.party,
            ", ".join(row.conditions) or "-",
            "yes" if row.needs_reason else "",
            row.letter or "-",
            "offers or rides" if row.name in states.ELSEWHERE else "requests",
        )
        yield f"| {' | '.join(cells)} |"
