"""Filing a report: who, when, what; versions, on behalf, twice the same, an old tab."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from capacity.beds import actions as beds
from capacity.deadlines import actions as deadlines
from capacity.models import BedPool, CapacityReport, IntakeStop, ReportDraft
from capacity.reports import actions, history, labels, selectors, wire
from capacity.reports.entry import Extras, LineEntry, OnBehalf, Reason, ReportEntry, StopEntry
from communications.models import AuditEvent, Message
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LINES = (
    LineEntry("icu", 14, 8, 1, 14, 6, None, None, 2, 0, 0),
    LineEntry("ward", 26, 218, 0, 26, 208, 4, 3, 6, 0, 2),
)


@pytest.fixture
def file(site, slot, reporter, now):
    """File a good report; say only what is different."""

    def make(lines=LINES, *, entry=None, **fields):
        given = {"site": site, "slot": slot, "by": reporter, "now": now, "submission": uuid4()}
        entry = entry or ReportEntry(measured_at=fields.get("now", now), lines=tuple(lines))
        return actions.file_report(entry=entry, **given | fields)

    return make


CORRECTION = {"report": Reason("correction")}


def refused(file, *args, **fields):
    with pytest.raises(ValidationError) as error:
        file(*args, **fields)
    if hasattr(error.value, "error_dict"):
        return {path: [e.code for e in errors] for path, errors in error.value.error_dict.items()}
    return error.value.code


def test_a_report_is_filed_with_figures_pools_and_a_line_in_the_logbook(file, site, slot, now):
    extras = Extras(ventilators_owned=26, ventilators_used=19, absence_percent=Decimal("7.8"))

    report = file(entry=ReportEntry(now, LINES, extras=extras, remark="Cohort op B4"))

    assert (report.version, report.is_current, report.received_at) == (1, True, now)
    assert (report.by_name, report.source, report.region) == ("S. Aydin", "manual", site.region)
    report.refresh_from_db()
    assert (report.ventilators_used, report.absence_percent) == (19, Decimal("7.8"))
    assert [(x.level_id, x.open_beds, x.occupied, x.free_beds) for x in report.lines.all()] == [
        ("icu", 22, 20, 1),
        ("ward", 244, 238, 6),
    ]
    pool = BedPool.objects.get(site=site, level="icu")
    assert (pool.free_beds, pool.measured_at) == (1, now)
    assert pool.valid_until == slot.hospital_due_at + timedelta(hours=48)
    event = AuditEvent.objects.about("site", site.code).get()
    assert event.action == "capacity_report.file"
    assert event.detail["free"] == {"icu": 1, "ward": 6}


def test_a_report_closes_what_asked_for_it(file, site, slot, now):
    coordinator = factories.user("regional_coordinator", region=site.region)
    for minutes in (-20, 20):
        deadlines.tick(now=slot.hospital_due_at + timedelta(minutes=minutes))
    yesterday = factories.slot(slot.day - timedelta(days=1))
    file(slot=yesterday, now=slot.hospital_due_at + HOUR)
    assert not Message.objects.exclude(done_at=None).exists()

    file(now=slot.hospital_due_at + HOUR)

    done = Message.objects.filter(channel="in_app", done_at=slot.hospital_due_at + HOUR)
    assert {m.template for m in done} == {"remind_hospital", "hospital_late", "late_list"}
    assert not Message.objects.in_app_for(coordinator.pk).unread().exists()


def test_a_reason_that_names_a_patient_is_refused(file):
    zero = [replace(line, reserve=0) for line in LINES]

    said = refused(file, zero, reasons={"icu.reserve": Reason("other", "voor BSN 123456782")})

    assert said == {"icu.reserve": ["bsn"]}


def test_whoever_is_not_of_the_site_or_its_region_may_not_file(file, site):
    strangers = [
        factories.user("reporter", site=factories.site()),
        factories.user("treating_physician", site=site),
        factories.user("regional_coordinator", region=factories.region()),
        factories.user("lcps_coordinator"),
    ]

    for person in strangers:
        with pytest.raises(PermissionDenied):
            file(by=person)
    assert not CapacityReport.objects.exists()


def test_everything_that_is_wrong_is_said_at_once(file, now):
    wrong = [replace(LINES[0], need=None, offer=2), replace(LINES[1], open_other=2_001)]

    errors = refused(file, wrong, entry=None, slot=factories.slot())

    assert errors == {
        "icu.need": ["required"],
        "icu.offer": ["offer_over_free"],
        "ward.open_other": ["too_high"],
    }
    assert not CapacityReport.objects.exists()


def test_a_warning_needs_a_reason_and_keeps_it(file, site, slot):
    factories.report(
        site,
        factories.slot(slot.day - timedelta(days=1)),
        lines={
            "icu": {"open_cohort": 30, "occ_confirmed": 14},
            "ward": {"open_cohort": 26, "open_other": 218, "occ_confirmed": 26, "occ_other": 208},
        },
    )

    assert refused(file) == {"icu.open_cohort": ["large_change"]}
    assert refused(file, reasons={"icu.open_cohort": Reason("other", " ")}) == {
        "icu.open_cohort": ["reason_needs_text"]
    }
    assert refused(file, reasons={"icu.open_cohort": Reason("because")}) == {
        "icu.open_cohort": ["unknown_reason"]
    }

    report = file(reasons={"icu.open_cohort": Reason("scale_down"), "icu.need": Reason("other")})

    (kept,) = report.reasons.all()
    assert (kept.field, kept.warning, kept.code) == (
        "icu.open_cohort",
        "large_change",
        "scale_down",
    )


def test_the_first_report_compares_with_nothing(file):
    assert file().version == 1


def test_a_correction_is_a_new_version_with_a_reason(file, now):
    first = file()
    changed = [replace(LINES[0], occ_other=5), LINES[1]]

    assert refused(file, changed, based_on=first.pk) == {"report": ["correction"]}
    second = file(changed, based_on=first.pk, reasons=CORRECTION)

    first.refresh_from_db()
    assert (first.is_current, second.is_current, second.version) == (False, True, 2)
    assert [x.occ_other for x in first.lines.all()] == [6, 208]
    assert BedPool.objects.get(level="icu").free_beds == 2


def test_the_same_form_sent_twice_counts_once(file):
    number = uuid4()

    first = file(submission=number)
    again = file(submission=number)

    assert first == again
    assert CapacityReport.objects.count() == 1
    assert AuditEvent.objects.filter(action="capacity_report.file").count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": (replace(LINES[0], occ_other=5), LINES[1])},
        {"remark": "Cohort op B4"},
        {"extras": Extras(ventilators_owned=26)},
        {"stops": (StopEntry("ed", "staff", datetime(2020, 10, 29, 12, tzinfo=UTC)),)},
    ],
)
def test_the_same_form_with_other_figures_is_no_success(file, changed, now):
    number, entry = uuid4(), ReportEntry(now, LINES)
    first = file(entry=entry, submission=number)

    with pytest.raises(actions.LostUpdate) as lost:
        file(entry=replace(entry, **changed), submission=number)

    assert lost.value.newer.report == first
    assert "Dit formulier is al ingediend" in lost.value.message


def test_a_whole_report_sent_twice_counts_once(file, site, now):
    whole = {
        "submission": uuid4(),
        "entry": ReportEntry(
            now,
            (replace(LINES[0], reserve=1), LINES[1]),
            extras=Extras(ventilators_owned=26, ventilators_used=19),
            stops=(StopEntry("ed", "staff", now + HOUR),),
            remark="Cohort op B4",
        ),
        "by": factories.user("regional_coordinator", region=site.region),
        "on_behalf": OnBehalf("J. Smit ", now - HOUR),
    }

    assert file(**whole) == file(**whole)
    with pytest.raises(actions.LostUpdate):
        file(**whole | {"on_behalf": OnBehalf("K. Jansen", now - HOUR)})


def test_the_same_form_with_another_reason_is_no_success(file):
    first = file()
    again = {"submission": uuid4(), "based_on": first.pk}
    second = file(**again, reasons=CORRECTION)

    # The page knew the first report only.
    assert file(**again, reasons=CORRECTION) == second
    with pytest.raises(actions.LostUpdate):
        file(**again, reasons={"report": Reason("real_peak")})


def test_a_submission_number_used_elsewhere_is_refused(file, slot):
    number = uuid4()
    file(submission=number)
    yesterday = factories.slot(slot.day - timedelta(days=1))

    entry = ReportEntry(yesterday.opens_at + HOUR, LINES)
    assert refused(file, submission=number, slot=yesterday, entry=entry) == "submission_reused"


def test_an_old_tab_shows_what_was_filed_meanwhile(file, site):
    first = file()
    colleague = factories.user("bed_coordinator", site=site)
    second = file(
        [replace(LINES[0], occ_other=5), LINES[1]],
        by=colleague,
        based_on=first.pk,
        reasons=CORRECTION,
    )

    with pytest.raises(actions.LostUpdate) as lost:
        file(based_on=first.pk, reasons=CORRECTION)

    assert lost.value.newer.report == second
    assert lost.value.newer.entry.line("icu").occ_other == 5
    assert CapacityReport.objects.count() == 2


@pytest.mark.parametrize("late", [timedelta(), HOUR])
def test_a_report_is_accepted_at_and_after_its_deadline(file, slot, late):
    at = slot.hospital_due_at + late

    assert file(now=at).received_at == at


@pytest.mark.parametrize(("first", "is_late"), [(-HOUR, False), (HOUR, True)])
def test_the_first_version_decides_whether_an_answer_is_late(file, site, slot, first, is_late):
    filed = file(now=slot.hospital_due_at + first)
    corrected = file(now=slot.hospital_due_at + 2 * HOUR, based_on=filed.pk, reasons=CORRECTION)

    newest = history.fortnight(site, now=slot.hospital_due_at + 2 * HOUR)
    names = labels.Names("COVID")

    assert corrected.version == 2
    assert [v.is_late for v in history.versions(newest, names=names)] == [is_late, is_late]
    assert [day.is_late for day in history.days(newest, [])] == [is_late]
    assert wire.report_out(newest[0])["isLate"] is is_late


def test_a_call_that_has_not_opened_or_is_long_closed_is_refused(file, slot):
    early = slot.opens_at - timedelta(seconds=1)
    late = slot.hospital_due_at + timedelta(days=7)

    assert refused(file, now=early) == "call_closed"
    assert refused(file, now=late) == "call_closed"
    assert file(now=late - timedelta(seconds=1)).version == 1


def test_the_region_files_after_a_call_and_the_site_is_told(file, site, now):
    region = factories.user("regional_coordinator", region=site.region)
    spoken = OnBehalf("M. Verhoeven, beddencoördinator", now - timedelta(minutes=10))

    assert refused(file, by=region) == {"spoken_with": ["required"], "spoken_at": ["required"]}
    late = OnBehalf("M. Verhoeven", now + HOUR)
    assert refused(file, by=region, on_behalf=late) == {"spoken_at": ["not_just_spoken"]}
    report = file(by=region, on_behalf=spoken)

    assert report.is_on_behalf
    assert report.spoken_with == spoken.spoken_with
    told = Message.objects.filter(template="report_on_behalf")
    reporter_count = 1
    assert {(m.channel, m.recipient.role_key or "reporter") for m in told} == {
        ("in_app", "reporter"),
        ("email", "reporter"),
    }
    assert told.count() == 2 * reporter_count
    assert "M. Verhoeven" in told[0].body


def test_the_site_does_not_state_whom_it_spoke(file, now):
    assert not file(on_behalf=OnBehalf("iemand", now)).is_on_behalf


def test_stops_become_what_the_report_says(file, site, now):
    def stops():
        return {
            (s.target, s.why, s.expected_end)
            for s in IntakeStop.objects.filter(site=site, ended_at=None)
        }

    ed, icu = StopEntry("ed", "staff", now + HOUR), StopEntry("icu", "full", now + 2 * HOUR)
    first = file(entry=ReportEntry(now, LINES, stops=(ed, icu)))
    assert stops() == {("ed", "staff", now + HOUR), ("icu", "full", now + 2 * HOUR)}

    longer = replace(ed, until=now + 3 * HOUR)
    second = file(
        entry=ReportEntry(now, LINES, stops=(longer,)), based_on=first.pk, reasons=CORRECTION
    )
    assert stops() == {("ed", "staff", now + 3 * HOUR)}
    assert IntakeStop.objects.get(target="icu").ended_at == now

    later = now + 4 * HOUR
    again = replace(ed, until=later + HOUR)
    file(
        entry=ReportEntry(now, LINES, stops=(again,)),
        based_on=second.pk,
        reasons=CORRECTION,
        now=later,
    )
    assert stops() == {("ed", "staff", later + HOUR)}
    assert IntakeStop.objects.filter(target="ed").count() == 2


def test_a_stop_that_does_not_exist_is_refused(file, now):
    entry = ReportEntry(now, LINES, stops=(StopEntry("roof", "staff", now + HOUR),))

    assert refused(file, entry=entry) == {"stop.roof.why": ["unknown_stop"]}


def test_a_site_without_icu_reports_wards_only(file, slot, now):
    site = factories.site(has_icu=False)
    reporter = factories.user("reporter", site=site)
    follows = {"ward.need": Reason("request_follows")}

    report = file([LINES[1]], reasons=follows, site=site, by=reporter)

    assert [line.level_id for line in report.lines.all()] == ["ward"]
    assert refused(
        file,
        site=site,
        by=reporter,
        slot=factories.slot(slot.day - timedelta(days=1)),
        reasons=follows,
        entry=ReportEntry(slot.opens_at - HOUR, LINES),
    ) == {"icu": ["unknown_level"]}


def test_correcting_yesterday_leaves_today_as_it_is(file, site, slot, now):
    yesterday = factories.slot(slot.day - timedelta(days=1))
    file(entry=ReportEntry(now, LINES, stops=(StopEntry("ed", "staff", now + HOUR),)))
    until = BedPool.objects.get(site=site, level="icu").valid_until

    entry = ReportEntry(yesterday.opens_at + HOUR, (replace(LINES[0], occ_other=3), LINES[1]))
    file(slot=yesterday, entry=entry)

    pool = BedPool.objects.get(site=site, level="icu")
    assert (pool.free_beds, pool.valid_until) == (1, until)
    assert IntakeStop.objects.get().ended_at is None


def test_a_report_is_never_refused_because_of_holds(file, site, now):
    file()
    beds.hold(site=site, level="icu", reference="PMR-1", until=now + HOUR, now=now)
    first = CapacityReport.objects.get()

    file([replace(LINES[0], occ_other=7), LINES[1]], based_on=first.pk, reasons=CORRECTION)

    pool = BedPool.objects.get(site=site, level="icu")
    assert (pool.reported_free, pool.held, pool.free_beds) == (0, 1, -1)


def test_a_draft_is_kept_as_typed_and_counts_for_nothing(site, slot, reporter, now):
    actions.save_draft(site=site, slot=slot, values={"icu-need": "12,5"}, by=reporter, now=now)
    actions.save_draft(site=site, slot=slot, values={"icu-need": "abc"}, by=reporter, now=now)

    assert ReportDraft.objects.get().values == {"icu-need": "abc"}
    with pytest.raises(PermissionDenied):
        stranger = factories.user("treating_physician", site=site)
        actions.save_draft(site=site, slot=slot, values={}, by=stranger, now=now)


def test_patients_to_place_without_a_request_ask_a_reason_until_there_are_requests(file, site):
    lines = (replace(LINES[0], need=1), replace(LINES[1], need=3))

    assert refused(file, lines) == {
        "icu.need": ["need_without_request"],
        "ward.need": ["need_without_request"],
    }
    factories.request_(site, level="icu", status="on_hold")
    factories.request_(site, level="ward", status="draft")
    assert refused(file, lines) == {"ward.need": ["need_without_request"]}

    report = file(lines, reasons={"ward.need": Reason("request_follows")})

    (kept,) = report.reasons.all()
    assert (kept.field, kept.warning, kept.code) == (
        "ward.need",
        "need_without_request",
        "request_follows",
    )


def test_a_correction_of_an_older_call_is_not_compared_with_the_requests_of_now(file, slot, now):
    older = factories.slot(slot.day - timedelta(days=2))
    many = (LINES[0], replace(LINES[1], need=9))

    entry = ReportEntry(older.hospital_due_at - HOUR, many)

    assert file(slot=older, entry=entry).reasons.count() == 0


def test_filing_takes_few_queries(file, site, slot, django_assert_max_num_queries):
    for days in range(1, 15):
        factories.report(site, factories.slot(slot.day - timedelta(days=days)))
    for _ in range(5):
        factories.report(factories.site(), slot)
    reasons = {
        f"{level}.{name}": Reason("correction")
        for level in ("icu", "ward")
        for name in ("open_cohort", "open_other", "occ_confirmed", "occ_other")
    }

    with django_assert_max_num_queries(16):
        file(reasons=reasons, slot=selectors.call_for(factories.NOW))


@pytest.mark.parametrize(("value", "said"), [("99.0", "99 kan niet"), ("99.5", "99,5 kan niet")])
def test_a_percentage_is_told_with_a_dutch_comma(file, now, value, said):
    with pytest.raises(actions.ReportRefused) as refusal:
        file(entry=ReportEntry(now, LINES, extras=Extras(absence_percent=Decimal(value))))

    assert any(said in text for text in refusal.value.messages)
