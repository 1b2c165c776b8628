"""The form and the site's page, as a person meets them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from capacity.models import CapacityReport, CareLevel, ReportDraft
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]

GOOD = {
    "icu-open_cohort": "14",
    "icu-open_other": "8",
    "icu-reserve": "1",
    "icu-occ_confirmed": "14",
    "icu-occ_other": "6",
    "icu-new_24h": "2",
    "icu-offer": "0",
    "icu-need": "0",
    "ward-open_cohort": "26",
    "ward-open_other": "218",
    "ward-occ_confirmed": "26",
    "ward-occ_other": "208",
    "ward-new_24h": "6",
    "ward-offer": "0",
    "ward-need": "2",
    "measured_at": "08:00",
}
YESTERDAY = {
    "icu": {"open_cohort": 14, "open_other": 8, "occ_confirmed": 13, "occ_other": 7},
    "ward": {
        "open_cohort": 26,
        "open_other": 218,
        "reserve": 0,
        "occ_confirmed": 26,
        "occ_other": 208,
        "occ_delabelled": 4,
    },
}


@pytest.fixture
def site(reference):
    made = factories.site("jbz", name="Jeroen Bosch Ziekenhuis")
    # Two patients of the ward are to be placed: those two requests run.
    for _ in range(2):
        factories.request_(made, status="submitted")
    return made


@pytest.fixture
def slot(reference):
    return factories.slot()


@pytest.fixture
def yesterday(site, slot):
    return factories.report(
        site,
        factories.slot(slot.day - timedelta(days=1)),
        lines=YESTERDAY,
        ventilators_owned=26,
        absence_percent="7.8",
    )


@pytest.fixture
def reporter(site):
    return factories.user("reporter", site=site, first_name="S.", last_name="Aydin")


@pytest.fixture
def form(client_for, reporter, site, slot):
    """Ask for the form, or send it: form(), form(do="file", **texts)."""
    client = client_for(reporter)

    def ask(follow=False, **texts):
        address = reverse("capacity:report", kwargs={"site": site.code})
        if not texts:
            return client.get(address)
        base = {"slot": str(slot.pk), "submission": str(uuid4()), "based_on": ""}
        return client.post(address, base | texts, follow=follow)

    return ask


def text(response):
    return response.content.decode()


def test_the_form_shows_levels_definitions_and_yesterday(form, yesterday):
    page = text(form())

    assert "Aanlevering Jeroen Bosch Ziekenhuis, donderdag 29 oktober 2020" in page
    assert 'name="icu-reserve"' in page
    assert 'name="ward-reserve"' not in page
    assert "met personeel en apparatuur, bezet of niet" in page
    assert 'data-before="218"' in page
    assert "Bevestig ongewijzigd" in page
    assert "Nog 16 te gaan" in page


def test_a_good_form_is_filed_and_confirmed(form, site, yesterday):
    answer = form(follow=True, do="file", **GOOD)

    report = CapacityReport.objects.current().get(slot__day="2020-10-29")
    assert answer.redirect_chain[0][0] == f"/capacity/sites/{site.code}?filed={report.pk}"
    page = text(answer)
    assert "Aanlevering ontvangen om 08:05" in page
    assert "Bezet COVID, bewezen, IC" in page
    assert "Corrigeer" in page


def test_a_form_sent_twice_counts_once(form, yesterday):
    number = str(uuid4())

    first = form(do="file", submission=number, **GOOD)
    again = form(do="file", submission=number, **GOOD)

    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    assert CapacityReport.objects.filter(slot__day="2020-10-29").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Nog leeg. Vul een aantal in, 0 als er geen zijn."),
        ("12,5", "“12,5” is geen heel getal. Vul een heel aantal in, bijvoorbeeld 12."),
        ("-3", "“-3” is lager dan 0. Vul 0 of meer in."),
        ("1 200", "In “1 200” staat een spatie. Schrijf 1200."),
        ("abc", "“abc” is geen getal. Vul een aantal in, 0 als er geen zijn."),
        ("99999999999", "“99999999999” is te groot om te kloppen. Vul hoogstens 300 in."),
        ("301", "301 is meer dan kan. Vul hoogstens 300 in."),
        ("１２", "“１２” staat in andere cijfers. Typ 12 met gewone cijfers."),
        ("12\x00", "is geen getal"),
        ("<b>", "“&lt;b&gt;” is geen getal"),
    ],
)
def test_bad_input_is_named_with_its_remedy_and_nothing_is_lost(form, yesterday, typed, said):
    answer = form(do="file", **GOOD | {"icu-occ_other": typed})

    page = text(answer)
    assert answer.status_code == 422
    listed = f"Bezet overig, IC: {said}" if typed else "Vul bezet overig in, IC"
    assert said in page
    assert listed in page or said.startswith("is ")
    assert "15 van 16 verplichte velden" in page
    assert 'value="218"' in page
    assert not CapacityReport.objects.filter(slot__day="2020-10-29").exists()
    assert ReportDraft.objects.get().values["ward-open_other"] == "218"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("08:30", "08:30 ligt in de toekomst: het is nu 08:05"),
        ("28-10-2020 22:00", "28 oktober 22:00 is te vroeg"),
        ("01-01-1900 00:00", "te vroeg"),
        ("gisteren", "“gisteren” is geen tijd"),
        ("", "Vul in hoe laat er geteld is."),
    ],
)
def test_the_measuring_moment_must_be_real(form, yesterday, typed, said):
    answer = form(do="file", **GOOD | {"measured_at": typed})

    assert answer.status_code == 422
    assert said in text(answer)


def test_all_errors_are_said_at_once(form, yesterday):
    page = text(form(do="file", **GOOD | {"icu-offer": "2", "ward-need": "x", "icu-need": ""}))

    assert "U biedt 2 bedden aan en er is er 1 vrij; BOSS telt niet mee." in page
    assert "“x” is geen getal" in page
    assert page.count('aria-invalid="true"') == 3


def test_what_is_wrong_stands_in_one_list_folded_beyond_five(form, yesterday):
    wrong = {name: "x" for name in [*GOOD][:7]}

    page = text(form(do="file", **GOOD | wrong))

    said = "Open COVID, IC: “x” is geen getal."
    assert page.count(said) == 1
    assert page.count('id="part-todo"') == 1
    assert page.index("data-errors") < page.index(said) < page.index('id="aanlevering"')
    assert "Toon nog 2 punten</summary>" in page
    assert page.index("Bezet overig, IC: “x”") < page.index("<details>")
    assert page.index("<details>") < page.index("Nieuwe opnames 24 uur, IC: “x”")


def test_a_warning_asks_a_reason_beside_its_box(form, yesterday):
    changed = GOOD | {"ward-open_cohort": "34"}

    asked = form(do="file", **changed)
    assert asked.status_code == 422
    assert "8 meer (31 %). Waarom?" in text(asked)
    assert 'name="why-ward-open_cohort" value="scale_up"' in text(asked)

    empty = form(do="file", **changed, **{"why-ward-open_cohort": "other"})
    assert "Schrijf bij “Anders”" in text(empty)

    filed = form(do="file", **changed, **{"why-ward-open_cohort": "scale_up"})
    assert filed.status_code == 302


def test_confirm_unchanged_fills_the_stock_and_leaves_what_was_typed(form, yesterday):
    page = text(form(follow=True, do="confirm", **{"icu-occ_other": "9"}))

    values = ReportDraft.objects.get().values
    assert values["icu-open_cohort"] == "14"
    assert values["icu-occ_other"] == "9"
    assert values["ventilators_owned"] == "26"
    assert values["absence_percent"] == "7,8"
    assert not {"icu-new_24h", "icu-offer", "icu-need", "measured_at"} & values.keys()
    assert "Nog 7 te gaan" in page


@pytest.mark.parametrize("why", ["missed", "phase"])
def test_confirm_unchanged_is_blocked_when_nobody_can_know(form, site, slot, why):
    days_ago = 3 if why == "missed" else 1
    phase = {"phase_id": "2c"} if why == "phase" else {}
    factories.report(
        site, factories.slot(slot.day - timedelta(days=days_ago), **phase), lines=YESTERDAY
    )
    for day in range(1, days_ago):
        factories.slot(slot.day - timedelta(days=day))

    page = text(form())
    assert "Bevestig ongewijzigd</button>" not in page
    assert "niet ongewijzigd bevestigen" in page
    form(do="confirm", **{"icu-need": "0"})
    assert ReportDraft.objects.get().values == {"icu-need": "0"}


def test_without_script_one_figure_is_taken_over(form, yesterday):
    answer = form(take="icu-occ_other", **{"icu-need": "1"})

    assert answer.url.endswith("#id_icu-occ_other")
    assert ReportDraft.objects.get().values == {"icu-need": "1", "icu-occ_other": "7"}


def test_without_script_now_fills_the_moment(form, yesterday):
    form(do="now", **{"icu-need": "1"})

    assert ReportDraft.objects.get().values["measured_at"] == "08:05"


def test_a_draft_comes_back_with_its_live_parts(form, yesterday):
    part = {name: value for name, value in GOOD.items() if name.startswith("icu")}
    page = text(form(follow=True, do="draft", **part | {"icu-offer": "5"}))

    assert "<span data-free-value>1</span>" in page
    assert "concept bewaard 08:05" in page
    assert "U biedt 5 bedden aan" in page
    assert "Vul 7 velden in, Kliniek" in page
    assert "Nog leeg. Vul een aantal in" not in page


def test_the_script_saves_a_draft_and_gets_the_page_back(
    client_for, reporter, site, slot, yesterday
):
    address = reverse("capacity:report-draft", kwargs={"site": site.code})
    typed = {"slot": str(slot.pk), "icu-need": "abc"}

    answer = client_for(reporter).post(address, typed, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "“abc” is geen getal" in text(answer)
    assert ReportDraft.objects.get().values == {"icu-need": "abc"}


def test_a_correction_starts_from_what_was_filed_and_asks_why(form, yesterday):
    form(do="file", **GOOD)
    first = CapacityReport.objects.get(slot__day="2020-10-29")

    page = text(form())
    assert "Al aangeleverd" in page
    assert "Dien correctie in" in page
    assert 'value="208"' in page

    again = GOOD | {"icu-occ_other": "5", "based_on": str(first.pk)}
    assert "Waarom corrigeert u?" in text(form(do="file", **again))
    filed = form(follow=True, do="file", **again, **{"why-report": "correction"})
    assert "Correctie ontvangen om 08:05, versie 2" in text(filed)


def test_a_correction_keeps_the_reason_for_what_did_not_change(form, yesterday):
    asked = GOOD | {"ward-need": "3", "do": "file"}
    form(**asked, **{"why-ward-need": "request_follows"})
    first = CapacityReport.objects.get(slot__day="2020-10-29")
    assert "Blijft uit versie 1: Verzoek volgt" in text(form())

    again = asked | {"based_on": str(first.pk), "why-report": "correction"}
    changed = form(**again | {"ward-need": "4"})
    assert "4 te plaatsen en 2 verzoeken (PMR) lopen. Waarom?" in text(changed)
    assert (changed.status_code, "Blijft uit versie" in text(changed)) == (422, False)

    sent = again | {"icu-occ_other": "5", "submission": str(uuid4())}
    assert form(**sent).status_code == form(**sent).status_code == 302
    second = CapacityReport.objects.current().get(slot__day="2020-10-29")
    assert second.version == 2
    assert set(second.reasons.values_list("field", "code")) == {
        ("ward.need", "request_follows"),
        ("report", "correction"),
    }


def test_an_old_tab_shows_both_values_and_lets_choose(form, client_for, site, slot, yesterday):
    colleague = factories.user("bed_coordinator", site=site, first_name="M.", last_name="Verhoeven")
    address = reverse("capacity:report", kwargs={"site": site.code})
    base = {"slot": str(slot.pk), "submission": str(uuid4()), "do": "file"}
    client_for(colleague).post(address, base | GOOD | {"icu-occ_other": "5"})
    theirs = CapacityReport.objects.current().get(slot=slot)

    old = form(do="file", **GOOD)

    page = text(old)
    assert old.status_code == 409
    assert "M. Verhoeven" in page
    assert 'name="icu-occ_other" value="5"' in page
    assert 'name="icu-occ_other" value="6" checked' in page
    chosen = form(follow=True, do="draft", **GOOD | {"based_on": str(theirs.pk)})
    assert 'value="6"' in text(chosen)
    assert f'name="based_on" value="{theirs.pk}"' in text(chosen)


def test_a_form_sent_again_with_other_figures_shows_both_and_lets_choose(form, yesterday):
    sent = GOOD | {"do": "file", "submission": str(uuid4())}
    form(**sent)

    again = form(**sent | {"icu-occ_other": "5"})

    assert again.status_code == 409
    assert 'name="icu-occ_other" value="6"' in text(again)
    assert 'name="icu-occ_other" value="5" checked' in text(again)
    assert "Wat u typte is bewaard en nog niet ingediend." in text(again)


def test_a_draft_that_was_overtaken_is_not_lost(form, client_for, site, slot, yesterday):
    form(do="draft", **{"icu-need": "3"})
    colleague = factories.user("bed_coordinator", site=site)
    address = reverse("capacity:report", kwargs={"site": site.code})
    base = {"slot": str(slot.pk), "submission": str(uuid4()), "do": "file"}
    client_for(colleague).post(address, base | GOOD)

    page = text(form())

    assert "Kies per cijfer wat klopt" in page
    assert 'name="icu-need" value="3" checked' in page
    form(do="discard", **{"icu-need": "3"})
    assert "Al aangeleverd" in text(form())


@pytest.mark.parametrize(
    ("name", "length", "said"),
    [
        ("remark", 501, "Opmerking: 501 tekens is te lang. Kort in tot 500."),
        ("remark", 700, "Opmerking: 700 tekens is te lang. Kort in tot 500."),
        ("icu-need", 61, "Te plaatsen, IC: 61 tekens is te lang. Kort in tot 60."),
        ("why-icu-need-text", 201, "Te plaatsen, IC: 201 tekens is te lang. Kort in tot 200."),
    ],
)
def test_a_text_too_long_for_its_box_is_not_cut_in_a_draft_but_said(
    form, yesterday, name, length, said
):
    typed, asked = "7" * length, {"icu-need": "1", "why-icu-need": "other"}

    answer = form(do="draft", **GOOD | asked | {name: typed})

    assert answer.status_code == 422
    assert said in text(answer)
    assert f"{typed}<" in text(answer) or f'value="{typed}"' in text(answer)
    assert not ReportDraft.objects.filter(values__has_key=name).exists()
    assert form(do="draft", **GOOD | asked | {name: typed[:60]}).status_code == 302
    assert ReportDraft.objects.get().values[name] == typed[:60]


def test_the_script_keeps_all_but_a_text_too_long(client_for, reporter, site, slot, yesterday):
    address = reverse("capacity:report-draft", kwargs={"site": site.code})
    typed = {"slot": str(slot.pk), "icu-need": "1", "remark": "x" * 700}

    answer = client_for(reporter).post(address, typed, headers={"HX-Request": "true"})

    assert "700 tekens is te lang" in text(answer)
    assert ReportDraft.objects.get().values == {"icu-need": "1"}


@pytest.mark.parametrize("name", ["capacity:report", "capacity:report-draft"])
def test_a_form_larger_than_any_report_is_refused_in_words(client_for, reporter, site, slot, name):
    sent = GOOD | {"slot": str(slot.pk), "do": "draft", "x": "y" * 70_000}

    answer = client_for(reporter).post(reverse(name, kwargs={"site": site.code}), sent)

    assert answer.status_code == 413
    assert "Dit is te veel tekst" in text(answer)
    assert 'value="218"' in text(answer)
    assert not ReportDraft.objects.exists()


def test_a_remark_that_names_a_patient_is_said_and_not_even_kept(form, site, yesterday):
    answer = form(do="file", **GOOD | {"remark": "mevrouw De V., BSN 123456782"})

    assert answer.status_code == 422
    assert "Hier lijkt een BSN te staan" in text(answer)
    assert "123456782" in text(answer), "what was typed stands there to be mended"
    assert not ReportDraft.objects.filter(values__has_key="remark").exists()
    assert ReportDraft.objects.get(site=site).values["icu-new_24h"] == GOOD["icu-new_24h"]


def test_the_region_fills_in_on_behalf(client_for, site, slot, yesterday):
    person = factories.user("regional_coordinator", region=site.region)
    client = client_for(person)
    address = reverse("capacity:report", kwargs={"site": site.code})
    base = {"slot": str(slot.pk), "submission": str(uuid4()), "do": "file"} | GOOD

    assert "Met wie sprak u?" in text(client.get(address))
    refused = client.post(address, base)
    assert "Vul in met wie u sprak." in text(refused)
    spoken = {"spoken_with": "M. Verhoeven", "spoken_at": "08:01"}
    page = text(client.post(address, base | spoken, follow=True))

    assert "namens de locatie" in page
    assert "na gesprek met M. Verhoeven om 08:01" in page


def test_a_stop_is_asked_again_with_reason_and_end(form, yesterday):
    stop = {"stop-ed": "on", "stop-ed-why": "staff", "stop-ed-until": "12:00"}

    refused = form(do="file", **GOOD, **stop | {"stop-ed-why": "", "stop-ed-until": "morgen"})
    assert "Kies een reden." in text(refused)
    assert "“morgen” is geen tijd" in text(refused)
    page = text(form(follow=True, do="file", **GOOD, **stop))

    assert "SEH-stop" in page
    assert "tot 12:00" in page


def test_after_the_deadline_the_form_says_so(form, yesterday, settings, slot):
    from lcps import clock

    clock.set_to(slot.hospital_due_at + timedelta(minutes=25))

    page = text(form())

    assert "25 min te laat" in page
    assert "Aanleveren kan nog steeds" in page


def test_without_a_call_the_page_says_what_will_come(client_for, reporter, site):
    page = client_for(reporter).get(reverse("capacity:report", kwargs={"site": site.code}))

    assert "Er is nu geen uitvraag" in text(page)


def test_a_patient_without_a_request_asks_for_it_with_one_click(form, yesterday):
    refused = text(form(do="file", **GOOD | {"icu-need": "1", "ward-need": "3"}))

    assert "1 te plaatsen en nog geen verzoek (PMR)." in refused
    assert "3 te plaatsen en 2 verzoeken (PMR) lopen." in refused
    assert 'name="why-ward-need" value="request_follows"' in refused
    follows = {"why-icu-need": "request_follows", "why-ward-need": "request_follows"}
    filed = form(follow=True, do="file", **GOOD | {"icu-need": "1", "ward-need": "3"} | follows)

    assert "Te plaatsen, Kliniek: Verzoek volgt" in text(filed)
    # Whoever reports may not make requests.
    assert "Maak verzoek" not in text(filed)


def test_whoever_may_make_the_request_is_led_to_it(client_for, site, slot, yesterday):
    client = client_for(factories.user("bed_coordinator", site=site))
    address = reverse("capacity:report", kwargs={"site": site.code})
    base = {"slot": str(slot.pk), "submission": str(uuid4()), "do": "file"}
    follows = {"ward-need": "3", "why-ward-need": "request_follows"}

    page = text(client.post(address, base | GOOD | follows, follow=True))

    link = reverse("transfers:new") + "?level=ward"
    assert f'href="{link}">Maak verzoek</a>' in page
    assert client.get(link).status_code == 200


def test_another_site_does_not_exist(client_for, reporter, slot):
    other = factories.site()
    client = client_for(reporter)

    for name in ("capacity:site", "capacity:report"):
        assert client.get(reverse(name, kwargs={"site": other.code})).status_code == 404
    address = reverse("capacity:report-draft", kwargs={"site": other.code})
    assert client.post(address, {"slot": str(slot.pk)}).status_code == 404
    assert client.get(address, follow=True).status_code == 404


@pytest.mark.parametrize("number", ["abc", "-1", "99999999999999999999999", "0", "１", ""])
def test_a_strange_call_number_is_no_error(client_for, reporter, site, slot, number):
    address = reverse("capacity:report", kwargs={"site": site.code})

    assert client_for(reporter).get(address, {"slot": number}).status_code == 200


@pytest.mark.parametrize("name", ["submission", "based_on"])
def test_hidden_boxes_that_were_changed_are_refused(form, yesterday, name):
    answer = form(do="file", **GOOD | {name: "x"})

    assert answer.status_code == 422
    assert "Open het formulier opnieuw" in text(answer)


def test_the_whole_submit_takes_few_queries(form, site, slot, django_assert_max_num_queries):
    for days in range(1, 15):
        factories.report(site, factories.slot(slot.day - timedelta(days=days)), lines=YESTERDAY)
    for _ in range(5):
        factories.report(factories.site(), slot)

    changed = GOOD | {"ward-open_cohort": "34", "why-ward-open_cohort": "scale_up"}
    with django_assert_max_num_queries(21):
        assert form(do="file", **changed).status_code == 302


def test_the_form_takes_few_queries(form, yesterday, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        form()


def test_the_page_of_a_site_takes_few_queries(
    client_for, reporter, site, slot, yesterday, django_assert_max_num_queries
):
    for days in range(2, 15):
        factories.report(site, factories.slot(slot.day - timedelta(days=days)), lines=YESTERDAY)
    client = client_for(reporter)

    with django_assert_max_num_queries(20):
        client.get(reverse("capacity:site", kwargs={"site": site.code}))


def test_a_level_that_was_added_appears_in_form_and_report(form, site, yesterday):
    CareLevel.objects.create(
        code="paed-icu",
        label_nl="IC kinderen",
        label_en="Paediatric ICU",
        order=3,
        most_beds=50,
        needs_icu=True,
    )
    own = {f"paed-icu-{name}": "2" for name in ("open_cohort", "open_other", "new_24h")}
    own |= {f"paed-icu-{name}": "1" for name in ("occ_confirmed", "occ_other")}
    own |= {"paed-icu-offer": "0", "paed-icu-need": "0"}

    assert "IC kinderen" in text(form())
    assert "lager dan 0" in text(form(do="file", **GOOD, **own | {"paed-icu-need": "-1"}))
    assert form(do="file", **GOOD, **own).status_code == 302
    line = CapacityReport.objects.current().get(slot__day="2020-10-29").lines.get(level="paed-icu")
    assert (line.free_beds, line.reserve) == (2, 0)


def test_a_short_call_asks_less_and_compares_with_this_morning(client_for, reporter, site, slot):
    factories.report(site, slot, lines=YESTERDAY)
    at = slot.hospital_due_at + timedelta(hours=6.5)
    factories.slot(
        hospital_due_at=at,
        opens_at=slot.opens_at + timedelta(minutes=1),
        region_due_at=at + timedelta(minutes=30),
        nation_due_at=None,
        fields="short",
    )

    page = text(client_for(reporter).get(reverse("capacity:report", kwargs={"site": site.code})))

    assert "new_24h" not in page
    assert "ventilators_owned" not in page
    assert "08:30 <b>218</b>" in page


def test_a_site_without_icu_is_asked_about_wards_only(client_for, slot, reference):
    site = factories.site(has_icu=False)
    person = factories.user("reporter", site=site)

    page = text(client_for(person).get(reverse("capacity:report", kwargs={"site": site.code})))

    assert "icu-open_cohort" not in page
    assert "ventilators_owned" not in page
    assert "absence_percent" in page
    assert "IC-stop" not in page


def test_yesterday_can_still_be_corrected_by_its_number(
    client_for, reporter, site, slot, yesterday
):
    address = reverse("capacity:report", kwargs={"site": site.code})

    page = text(client_for(reporter).get(address, {"slot": yesterday.slot_id}))

    assert "woensdag 28 oktober 2020" in page
    assert "Al aangeleverd" in page
    assert "op woensdag 28 oktober" in page


@pytest.mark.parametrize("name", ["capacity:report", "capacity:report-draft"])
@pytest.mark.parametrize("call", ["unknown", "not_open", "too_old", "none", "strange"])
def test_figures_for_a_call_that_cannot_be_answered_stay_and_are_put_at_that_of_now(
    client_for, reporter, site, slot, call, name
):
    not_open = factories.slot(slot.day + timedelta(days=1))
    too_old = factories.slot(slot.day - timedelta(days=8))
    number = {"unknown": 987654, "not_open": not_open.pk, "too_old": too_old.pk, "none": ""}
    sent = {"slot": str(number.get(call, "abc")), "submission": str(uuid4()), "do": "file", **GOOD}

    answer = client_for(reporter).post(reverse(name, kwargs={"site": site.code}), sent)

    page = text(answer)
    assert answer.status_code == 409
    assert "U typte dit voor een uitvraag die niet te beantwoorden is" in page
    assert "nu bij de uitvraag van 29 oktober 08:30" in page
    assert "Wat u typte staat hieronder" in page
    assert f'name="slot" value="{slot.pk}"' in page
    assert 'value="218"' in page
    assert not CapacityReport.objects.exists()


def test_figures_without_any_call_are_not_said_to_have_arrived(client_for, reporter, site):
    answer = client_for(reporter).post(
        reverse("capacity:report", kwargs={"site": site.code}), GOOD | {"slot": "3", "do": "file"}
    )

    assert answer.status_code == 409
    assert "Er is nu geen uitvraag" in text(answer)
