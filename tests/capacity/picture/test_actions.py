"""Signing a region's picture, returning it, agreeing with it."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from capacity.deadlines import actions as deadlines
from capacity.models import RegionalSitrep
from capacity.picture import actions
from capacity.picture.selectors import differences, region_picture
from communications.models import AuditEvent, Message
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

SIGNED = actions.Signed(
    pressure="orange",
    sentence="Kliniek vol in Breda.",
    limiting_factor="staff",
    tomorrow={"icu": {"need": 3, "offer": None}},
)


@pytest.fixture
def region():
    return factories.region("brabant")


@pytest.fixture
def site(region):
    return factories.site("jbz", region=region)


@pytest.fixture
def slot(site):
    slot = factories.slot()
    factories.report(site, slot)
    return slot


@pytest.fixture
def coordinator(region):
    return factories.user("regional_coordinator", region=region, username="peters")


@pytest.fixture
def lcps(reference):
    return factories.user("lcps_coordinator", username="dewit")


@pytest.fixture
def sign(region, slot, coordinator, now):
    """Sign as the coordinator who just looked at the page, unless told otherwise."""

    def do(**given):
        picture = region_picture(region, slot, given.get("now", now))
        usual = {
            "region": region,
            "slot": slot,
            "signed": SIGNED,
            "submission": uuid4(),
            "based_on": picture.sitrep.version if picture.sitrep else 0,
            "stamp": picture.stamp,
            "by": coordinator,
            "now": now,
        }
        return actions.sign_off(**usual | given)

    return do


def code_of(caught) -> str:
    return caught.value.error_list[0].code


def test_what_asks_for_a_picture_or_a_judgement_closes_when_it_is_there(sign, slot, lcps, now):
    deadlines.open_slots(now)
    deadlines.fire_due(slot.region_due_at - timedelta(minutes=1))
    asking = Message.objects.filter(channel="in_app", done_at=None).exclude(asks="")
    assert [m.template for m in asking.all()] == ["remind_region"]

    sitrep = sign()
    assert not asking.all()
    actions.return_sitrep(sitrep=sitrep, question="Klopt de IC?", by=lcps, now=now)
    assert [m.template for m in asking.all()] == ["sitrep_returned"]

    sitrep = sign()
    assert [m.template for m in asking.all()] == ["sitrep_changed"]
    actions.accept_sitrep(sitrep=sitrep, by=lcps, now=now)
    assert not asking.all()


def test_sign_off_keeps_the_totals_as_they_were(sign, now, coordinator):
    sitrep = sign()

    assert (sitrep.version, sitrep.status, sitrep.is_current) == (1, "submitted", True)
    assert sitrep.totals["icu"]["occupied"] == 16
    assert (sitrep.totals["ward"]["sites"], sitrep.totals["ward"]["of"]) == (1, 1)
    assert sitrep.tomorrow == {"icu": {"need": 3, "offer": None}}
    assert (sitrep.submitted_at, sitrep.submitted_name) == (now, str(coordinator))
    assert AuditEvent.objects.get(action="sitrep.submit").region_codes == ["brabant"]


def test_the_same_form_sent_twice_counts_once(sign):
    submission = uuid4()

    first = sign(submission=submission)
    second = sign(submission=submission, based_on=0)

    assert first == second
    assert RegionalSitrep.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"sentence": "Ruimte genoeg."}, {"pressure": "green"}, {"tomorrow": {"icu": {"need": 4}}}],
)
def test_the_same_form_with_another_text_is_no_success(sign, changed):
    submission = uuid4()
    sign(submission=submission)

    with pytest.raises(ValidationError) as caught:
        sign(submission=submission, based_on=0, signed=replace(SIGNED, **changed))

    assert code_of(caught) == "submission_reused"
    assert RegionalSitrep.objects.get().sentence == SIGNED.sentence


def test_a_submission_number_of_another_region_is_refused(sign, slot):
    submission, elsewhere = uuid4(), factories.region("limburg")
    factories.report(factories.site(region=elsewhere), slot)
    sign(submission=submission)

    theirs = {"region": elsewhere, "by": factories.user("regional_coordinator", region=elsewhere)}
    with pytest.raises(ValidationError) as caught:
        sign(submission=submission, **theirs)

    assert code_of(caught) == "submission_reused"
    assert "versie" not in caught.value.messages[0]


def test_another_regions_coordinator_is_refused(sign):
    stranger = factories.user("regional_coordinator", region=factories.region("limburg"))

    with pytest.raises(PermissionDenied):
        sign(by=stranger)


def test_an_analyst_of_the_region_reads_but_does_not_sign(sign, region):
    with pytest.raises(PermissionDenied):
        sign(by=factories.user("regional_analyst", region=region))


def test_an_old_tab_does_not_overwrite_a_colleague(sign):
    sign()

    with pytest.raises(ValidationError) as caught:
        sign(based_on=0)

    assert code_of(caught) == "lost_update"
    assert RegionalSitrep.objects.count() == 1


def test_who_signs_signs_for_what_stood_on_the_page(sign, site, slot, region, now):
    seen = region_picture(region, slot, now).stamp
    factories.report(site, slot, lines={"icu": {"occ_confirmed": 9}})

    with pytest.raises(ValidationError) as caught:
        sign(stamp=seen)

    assert code_of(caught) == "picture_changed"


def test_a_missing_site_needs_a_reason(sign, region):
    factories.site("elkerliek", region=region)

    with pytest.raises(ValidationError) as caught:
        sign()
    assert list(caught.value.error_dict) == ["missing_elkerliek"]

    missing = {"elkerliek": "unreachable", "jbz": "outage"}
    sitrep = sign(signed=actions.Signed("red", "Vol.", "beds", missing=missing))
    assert sitrep.missing == {"elkerliek": "unreachable"}


def test_a_call_that_is_over_cannot_be_signed(sign, slot, now):
    factories.slot(slot.day + timedelta(days=1))

    with pytest.raises(ValidationError) as caught:
        sign(now=now + timedelta(days=1))

    assert code_of(caught) == "slot_closed"


def test_a_later_report_shows_and_a_new_version_replaces_the_old(
    sign, site, slot, region, now, lcps
):
    first = sign()
    assert differences(region_picture(region, slot, now)) == []

    factories.report(site, slot, lines={"icu": {"occ_confirmed": 9}})
    found = {(one.level, one.figure) for one in differences(region_picture(region, slot, now))}
    assert found >= {("icu", "occupied"), ("icu", "free")}
    assert not any(level == "ward" for level, _figure in found)

    second = sign()
    first.refresh_from_db()
    assert (second.version, second.totals["icu"]["occupied"]) == (2, 17)
    assert (first.is_current, first.totals["icu"]["occupied"]) == (False, 16)
    assert Message.objects.get(template="sitrep_changed").recipient == lcps


def test_a_hold_is_no_change_of_what_was_signed(sign, site, slot, region, now):
    sign()
    site.pools.filter(level="icu").update(held=2)

    assert differences(region_picture(region, slot, now)) == []


def test_the_centre_returns_a_picture_with_a_question(sign, lcps, coordinator, now):
    sitrep = actions.return_sitrep(sitrep=sign(), question=" Waarom? ", by=lcps, now=now)

    assert (sitrep.status, sitrep.question, sitrep.returned_name) == (
        "returned",
        "Waarom?",
        str(lcps),
    )
    sent = Message.objects.filter(template="sitrep_returned")
    assert {(m.recipient, m.channel) for m in sent} == {
        (coordinator, "in_app"),
        (coordinator, "email"),
    }
    assert "Waarom?" in sent.first().body


@pytest.mark.parametrize(("seconds", "works"), [(-1, True), (0, True), (1, False)])
def test_returning_stops_at_half_past_eleven(sign, slot, lcps, seconds, works):
    sitrep = sign()
    at = slot.region_due_at + timedelta(minutes=90, seconds=seconds)

    if works:
        assert actions.return_sitrep(sitrep=sitrep, question="?", by=lcps, now=at).returned_at == at
    else:
        with pytest.raises(ValidationError) as caught:
            actions.return_sitrep(sitrep=sitrep, question="?", by=lcps, now=at)
        assert code_of(caught) == "too_late"


def test_a_question_is_needed_to_return(sign, lcps, now):
    with pytest.raises(ValidationError) as caught:
        actions.return_sitrep(sitrep=sign(), question="  ", by=lcps, now=now)

    assert "question" in caught.value.error_dict


def test_the_region_answers_with_a_new_version(sign, lcps, now):
    actions.return_sitrep(sitrep=sign(), question="Waarom?", by=lcps, now=now)

    sitrep = sign()

    assert (sitrep.version, sitrep.status, sitrep.question) == (2, "submitted", "")


def test_the_centre_agrees(sign, lcps, coordinator, now):
    sitrep = actions.accept_sitrep(sitrep=sign(), by=lcps, now=now)

    assert (sitrep.status, sitrep.accepted_at, sitrep.accepted_name) == ("accepted", now, str(lcps))
    assert Message.objects.get(template="sitrep_accepted").recipient == coordinator
    assert AuditEvent.objects.filter(action="sitrep.accept").exists()


def test_a_picture_is_judged_once(sign, lcps, now):
    sitrep = sign()
    actions.accept_sitrep(sitrep=sitrep, by=lcps, now=now)

    for judge in (actions.accept_sitrep, actions.return_sitrep):
        extra = {"question": "?"} if judge is actions.return_sitrep else {}
        with pytest.raises(ValidationError) as caught:
            judge(sitrep=sitrep, by=lcps, now=now, **extra)
        assert code_of(caught) == "not_open"


def test_a_replaced_version_cannot_be_judged(sign, lcps, now):
    first = sign()
    sign()

    with pytest.raises(ValidationError) as caught:
        actions.accept_sitrep(sitrep=first, by=lcps, now=now)

    assert code_of(caught) == "not_open"


@pytest.mark.parametrize("role", ["medical_officer", "analyst", "regional_coordinator"])
def test_only_coordinator_and_shift_lead_judge(sign, region, now, role):
    place = {"region": region} if role == "regional_coordinator" else {}
    person = factories.user(role, **place)
    sitrep = sign()

    with pytest.raises(PermissionDenied):
        actions.accept_sitrep(sitrep=sitrep, by=person, now=now)
    with pytest.raises(PermissionDenied):
        actions.return_sitrep(sitrep=sitrep, question="?", by=person, now=now)


def test_open_pages_are_told(sign, monkeypatch):
    told = []
    monkeypatch.setattr(actions.post, "announce", told.append)

    sign()

    assert told == ["capacity"]


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_make_two_versions_never_one_lost(
    sign, region, slot, now, monkeypatch
):
    """Both signed version 1 from the same page: one wins, the other is shown the winner's."""
    picture = region_picture(region, slot, now)
    start = Barrier(2)

    def slow_picture(*args):
        found = region_picture(*args)
        time.sleep(0.3)  # long enough for the other to have looked too, were there no lock
        return found

    monkeypatch.setattr(actions, "region_picture", slow_picture)

    def one(_number):
        try:
            start.wait()
            return sign(based_on=0, stamp=picture.stamp).version
        except ValidationError as refusal:
            return refusal.error_list[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(map(str, pool.map(one, range(2))))

    assert results == ["1", "lost_update"]


def test_a_page_of_an_earlier_call_is_refused_in_words(sign):
    with pytest.raises(ValidationError) as caught:
        sign(based_on=2)

    assert code_of(caught) == "picture_changed"


def test_a_sentence_that_names_a_patient_is_refused(sign, slot, lcps, now):
    with pytest.raises(ValidationError) as caught:
        sign(signed=replace(SIGNED, sentence="IC vol sinds BSN 123456782"))
    assert caught.value.error_dict.keys() == {"sentence"}
    assert caught.value.error_dict["sentence"][0].code == "bsn"

    with pytest.raises(ValidationError) as caught:
        actions.return_sitrep(sitrep=sign(), question="geb. 1956?", by=lcps, now=now)
    assert caught.value.error_dict["question"][0].code == "birth_date"
