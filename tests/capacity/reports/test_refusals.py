"""What is wrong in a report, or asks a reason: said beside its box, and nothing is lost."""

from uuid import uuid4

import pytest
from django.urls import reverse

from capacity.models import CapacityReport, ReportDraft
from tests import factories
from tests.capacity.reports.typed import GOOD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]


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

    page = answer.text
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
    assert said in answer.text


def test_all_errors_are_said_at_once(form, yesterday):
    page = form(do="file", **GOOD | {"icu-offer": "2", "ward-need": "x", "icu-need": ""}).text

    assert "U biedt 2 bedden aan en er is er 1 vrij; BOSS telt niet mee." in page
    assert "“x” is geen getal" in page
    assert page.count('aria-invalid="true"') == 3


def test_what_is_wrong_stands_in_one_list_folded_beyond_five(form, yesterday):
    wrong = {name: "x" for name in [*GOOD][:7]}

    page = form(do="file", **GOOD | wrong).text

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
    assert "Open COVID, Kliniek: 8 meer (31 %). Waarom?</a>" in asked.text
    assert 'name="why-ward-open_cohort" value="scale_up"' in asked.text

    empty = form(do="file", **changed, **{"why-ward-open_cohort": "other"})
    assert "Schrijf bij “Anders”" in empty.text

    filed = form(do="file", **changed, **{"why-ward-open_cohort": "scale_up"})
    assert filed.status_code == 302


@pytest.mark.parametrize("name", ["capacity:report", "capacity:report-draft"])
def test_a_form_larger_than_any_report_is_refused_in_words(client_for, reporter, site, slot, name):
    sent = GOOD | {"slot": str(slot.pk), "do": "draft", "x": "y" * 70_000}

    answer = client_for(reporter).post(reverse(name, kwargs={"site": site.code}), sent)

    assert answer.status_code == 413
    assert "Dit is te veel tekst" in answer.text
    assert 'value="218"' in answer.text
    assert not ReportDraft.objects.exists()


def test_a_remark_that_names_a_patient_is_said_and_not_even_kept(form, site, yesterday):
    answer = form(do="file", **GOOD | {"remark": "mevrouw De V., BSN 123456782"})

    assert answer.status_code == 422
    assert "Hier lijkt een BSN te staan" in answer.text
    assert "123456782" in answer.text, "what was typed stands there to be mended"
    assert not ReportDraft.objects.filter(values__has_key="remark").exists()
    assert ReportDraft.objects.get(site=site).values["icu-new_24h"] == GOOD["icu-new_24h"]


def test_a_patient_without_a_request_asks_for_it_with_one_click(form, yesterday):
    refused = form(do="file", **GOOD | {"icu-need": "1", "ward-need": "3"}).text

    assert "1 te plaatsen en nog geen verzoek (PMR)." in refused
    assert "3 te plaatsen en 2 verzoeken (PMR) lopen." in refused
    assert 'name="why-ward-need" value="request_follows"' in refused
    follows = {"why-icu-need": "request_follows", "why-ward-need": "request_follows"}
    filed = form(follow=True, do="file", **GOOD | {"icu-need": "1", "ward-need": "3"} | follows)

    assert "Te plaatsen, Kliniek: Verzoek volgt" in filed.text
    # Whoever reports may not make requests.
    assert "Maak verzoek" not in filed.text


def test_whoever_may_make_the_request_is_led_to_it(client_for, site, slot, yesterday):
    client = client_for(factories.user("bed_coordinator", site=site))
    address = reverse("capacity:report", kwargs={"site": site.code})
    base = {"slot": str(slot.pk), "submission": str(uuid4()), "do": "file"}
    follows = {"ward-need": "3", "why-ward-need": "request_follows"}

    page = client.post(address, base | GOOD | follows, follow=True).text

    link = reverse("transfers:new") + "?level=ward"
    assert f'href="{link}">Maak verzoek</a>' in page
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("name", ["submission", "based_on"])
def test_hidden_boxes_that_were_changed_are_refused(form, yesterday, name):
    answer = form(do="file", **GOOD | {name: "x"})

    assert answer.status_code == 422
    assert "Open het formulier opnieuw" in answer.text
