"""No field that takes any words may take who the patient is: every such field is found, and tried."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.core.exceptions import ValidationError

from capacity.models import ReportingSlot
from capacity.picture import actions as pictures
from capacity.reports import selectors, statements
from capacity.reports.entry import OnBehalf, ReportEntry
from capacity.reports.forms import ReportForm, TypedField
from lcps.urls import urlpatterns
from tests import factories
from tests.lcps.world import _sitrep
from tests.transfers.requests.test_moving import at, make_world
from transfers.offers import actions as offers
from transfers.requests import actions as requests
from transfers.requests import status as states
from transfers.requests.fields import FreeText
from transfers.requests.forms import RequestForm
from transfers.rides import actions as rides

pytestmark = pytest.mark.django_db

PACKAGES = ("lcps.", "transfers.", "capacity.", "regions.", "communications.")
# How one signs in oneself: passwords, codes and keys, and nobody else to speak of.
OWN_ACCOUNT = "regions.people."
NOBODY = "bsn 123456782"
# Fields whose words are looked for and not kept, or that are no words.
NOT_KEPT = {
    ("FilterForm", "who"),
    ("FilterForm", "about"),
    ("SignOffForm", "stamp"),  # names the reports on the page
    ("ReportForm", "stop-ed-why"),  # one of a list: statements.stop_errors
    ("ReportForm", "stop-icu-why"),
    ("ReportForm", "stop-ward-why"),
}


def project_forms() -> Iterator[type[forms.Form]]:
    """Every form class of the project; its pages were loaded with the addresses."""
    assert urlpatterns

    def below(parent: type) -> Iterator[type]:
        for child in parent.__subclasses__():
            yield child
            yield from below(child)

    return (
        form
        for form in below(forms.Form)
        if form.__module__.startswith(PACKAGES) and not form.__module__.startswith(OWN_ACCOUNT)
    )


def takes_words(field: forms.Field) -> bool:
    exact = (TypedField, forms.RegexField, forms.IntegerField, forms.UUIDField)
    return isinstance(field, forms.CharField) and not isinstance(field, exact)


def free_text(world: dict[str, Any], now: Any) -> set[tuple[str, str]]:
    """Each form and field that takes any words; of those that are made per page, an example."""
    slot = ReportingSlot.objects.get()
    situation = selectors.situation(world["sending"], slot, now=now)
    report = ReportForm({}, situation=situation, now=now, is_own=False)
    level = factories.request_(world["sending"]).level
    made = [report, RequestForm(level=level, now=now)]
    fields = [(type(form).__name__, form.fields) for form in made]
    fields += [(form.__name__, form.base_fields) for form in project_forms()]
    return {
        (form, name)
        for form, named in fields
        for name, field in named.items()
        # FreeText looks for itself; a draft that is not checked yet is tried below.
        if takes_words(field) and not isinstance(field, FreeText)
    }


def refused(act: Callable[..., Any], **given: Any) -> set[str]:
    """The fields at which `act` says that there is a BSN."""
    with pytest.raises(ValidationError) as caught:
        act(**given)
    return {n for n, found in caught.value.error_dict.items() if [e.code for e in found] == ["bsn"]}


def fields_at_the_finding(findings: Any) -> set[str]:
    return {found.field for found in findings if found.code == "bsn"}


def tried(world: dict[str, Any], now: Any) -> set[tuple[str, str]]:
    """What is refused when each field says who the patient is."""
    people, service = world["people"], world["service"]
    by_planner = {"by": people["planner"], "now": now}
    asked = at(states.OFFERED, world, now).offers.get()
    accepted, waiting = at(states.ACCEPTED, world, now), at(states.TRANSPORT_REQUESTED, world, now)
    left = at(states.DEPARTED, world, now).rides.get()
    slot, region = ReportingSlot.objects.get(), world["receiving"].region
    words = dict.fromkeys(("message", "rank_reason"), NOBODY)
    who = dict.fromkeys(("doctor", "unit", "phone"), NOBODY)
    plan = dict.fromkeys(("vehicle", "crew", "escort"), NOBODY)
    answer = {"offer": asked, "by": people["receiver"], "now": now}
    signed = pictures.Signed("orange", NOBODY, "staff", transport_available=NOBODY)
    spoken = statements.spoken_errors(OnBehalf(NOBODY, now), now=now)
    situation = selectors.situation(world["sending"], slot, now=now)
    found = {
        "OfferForm": refused(
            offers.make_offer,
            request=at(states.NATIONAL_SEARCH, world, now),
            site=world["receiving"],
            by=people["lcps"],
            now=now,
            version=1,
            **words,
        ),
        "AcceptForm": refused(offers.accept_offer, **answer, **who),
        "RefuseForm": refused(offers.refuse_offer, **answer, refusal="other", text=NOBODY),
        "ContactForm": refused(
            offers.record_contact,
            offer=accepted.offers.get(),
            by=people["receiver"],
            now=now,
            names=NOBODY,
        ),
        "TransportForm": refused(
            rides.request_ride,
            request=accepted,
            service=service,
            kind="b2",
            kind_reason=NOBODY,
            by=people["transport"],
            now=now,
            version=1,
        ),
        "PlanForm": refused(
            rides.plan_ride, ride=waiting.rides.get(), pick_up_at=now, **by_planner, **plan
        ),
        "ReturnForm": refused(
            rides.return_ride, ride=waiting.rides.get(), reason=NOBODY, **by_planner
        ),
        "AbortForm": refused(rides.abort, ride=left, reason=NOBODY, **by_planner),
        "DeathForm": refused(rides.report_death, ride=left, reason=NOBODY, **by_planner),
        "SignOffForm": refused(
            pictures.sign_off,
            region=region,
            slot=slot,
            signed=signed,
            submission=uuid4(),
            based_on=0,
            stamp="",
            by=people["receiving_region"],
            now=now,
        ),
        "AnswerForm": refused(
            pictures.return_sitrep,
            sitrep=_sitrep(region, slot),
            question=NOBODY,
            by=people["lcps"],
            now=now,
        ),
        "ReportForm": fields_at_the_finding(
            [*spoken, *situation.check(ReportEntry(now, (), remark=NOBODY), now=now)]
        ),
    }
    return {(form, name) for form, names in found.items() for name in names}


@pytest.fixture
def world(db):
    made = make_world()
    beds = {"ward": {"open_other": 40}}
    factories.report(made["receiving"], ReportingSlot.objects.get(), lines=beds)
    return made


def test_every_free_text_refuses_who_the_patient_is(world, now):
    assert free_text(world, now) - NOT_KEPT == tried(world, now)


def test_a_draft_of_a_request_keeps_no_citizen_number_in_any_box(world, now):
    level = factories.request_(world["sending"]).level
    boxes = RequestForm(level=level, now=now).fields.keys() - {"version", "submission"}

    said = refused(
        requests.create_request,
        site=world["sending"],
        by=world["people"]["physician"],
        now=now,
        submission=uuid4(),
        values={"level": level},
        typed=dict.fromkeys(boxes, NOBODY),
    )

    assert said == boxes


def test_a_draft_of_a_report_keeps_no_citizen_number_in_any_box(world, now):
    situation = selectors.situation(world["sending"], ReportingSlot.objects.get(), now=now)
    empty = ReportForm({}, situation=situation, now=now, is_own=False)
    boxes = empty.fields.keys() - {"submission", "based_on"}

    form = ReportForm(dict.fromkeys(boxes, NOBODY), situation=situation, now=now, is_own=False)

    assert form.storable == {}
