"""A report that is not finished, comes twice, or is corrected: nothing is lost."""

from uuid import uuid4

import pytest
from django.urls import reverse

from capacity.models import CapacityReport, ReportDraft
from tests import factories
from tests.capacity.reports.typed import GOOD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]


def test_a_form_sent_twice_counts_once(form, yesterday):
    number = str(uuid4())

    first = form(do="file", submission=number, **GOOD)
    again = form(do="file", submission=number, **GOOD)

    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    assert CapacityReport.objects.filter(slot__day="2020-10-29").count() == 1


def test_a_draft_comes_back_with_its_live_parts(form, yesterday):
    part = {name: value for name, value in GOOD.items() if name.startswith("icu")}
    page = form(follow=True, do="draft", **part | {"icu-offer": "5"}).text

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
    assert "“abc” is geen getal" in answer.text
    assert ReportDraft.objects.get().values == {"icu-need": "abc"}


def test_a_correction_starts_from_what_was_filed_and_asks_why(form, yesterday):
    form(do="file", **GOOD)
    first = CapacityReport.objects.get(slot__day="2020-10-29")

    page = form().text
    assert "Al aangeleverd" in page
    assert "Dien correctie in" in page
    assert 'value="208"' in page

    again = GOOD | {"icu-occ_other": "5", "based_on": str(first.pk)}
    assert "Waarom corrigeert u?" in form(do="file", **again).text
    filed = form(follow=True, do="file", **again, **{"why-report": "correction"})
    assert "Correctie ontvangen om 08:05, versie 2" in filed.text


def test_a_correction_keeps_the_reason_for_what_did_not_change(form, yesterday):
    asked = GOOD | {"ward-need": "3", "do": "file"}
    form(**asked, **{"why-ward-need": "request_follows"})
    first = CapacityReport.objects.get(slot__day="2020-10-29")
    assert "Blijft uit versie 1: Verzoek volgt" in form().text

    again = asked | {"based_on": str(first.pk), "why-report": "correction"}
    changed = form(**again | {"ward-need": "4"})
    assert "4 te plaatsen en 2 verzoeken (PMR) lopen. Waarom?" in changed.text
    assert (changed.status_code, "Blijft uit versie" in changed.text) == (422, False)

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

    page = old.text
    assert old.status_code == 409
    assert "M. Verhoeven" in page
    assert 'name="icu-occ_other" value="5"' in page
    assert 'name="icu-occ_other" value="6" checked' in page
    chosen = form(follow=True, do="draft", **GOOD | {"based_on": str(theirs.pk)})
    assert 'value="6"' in chosen.text
    assert f'name="based_on" value="{theirs.pk}"' in chosen.text


def test_a_form_sent_again_with_other_figures_shows_both_and_lets_choose(form, yesterday):
    sent = GOOD | {"do": "file", "submission": str(uuid4())}
    form(**sent)

    again = form(**sent | {"icu-occ_other": "5"})

    assert again.status_code == 409
    assert 'name="icu-occ_other" value="6"' in again.text
    assert 'name="icu-occ_other" value="5" checked' in again.text
    assert "Wat u typte is bewaard en nog niet ingediend." in again.text


def test_a_draft_that_was_overtaken_is_not_lost(form, client_for, site, slot, yesterday):
    form(do="draft", **{"icu-need": "3"})
    colleague = factories.user("bed_coordinator", site=site)
    address = reverse("capacity:report", kwargs={"site": site.code})
    base = {"slot": str(slot.pk), "submission": str(uuid4()), "do": "file"}
    client_for(colleague).post(address, base | GOOD)

    page = form().text

    assert "Kies per cijfer wat klopt" in page
    assert 'name="icu-need" value="3" checked' in page
    form(do="discard", **{"icu-need": "3"})
    assert "Al aangeleverd" in form().text


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
    assert said in answer.text
    assert f"{typed}<" in answer.text or f'value="{typed}"' in answer.text
    assert not ReportDraft.objects.filter(values__has_key=name).exists()
    assert form(do="draft", **GOOD | asked | {name: typed[:60]}).status_code == 302
    assert ReportDraft.objects.get().values[name] == typed[:60]


def test_the_script_keeps_all_but_a_text_too_long(client_for, reporter, site, slot, yesterday):
    address = reverse("capacity:report-draft", kwargs={"site": site.code})
    typed = {"slot": str(slot.pk), "icu-need": "1", "remark": "x" * 700}

    answer = client_for(reporter).post(address, typed, headers={"HX-Request": "true"})

    assert "700 tekens is te lang" in answer.text
    assert ReportDraft.objects.get().values == {"icu-need": "1"}
