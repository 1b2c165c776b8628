"""The form and the site's page, as a person meets them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from capacity.models import CapacityReport, ReportDraft
from tests import factories
from tests.capacity.reports.typed import GOOD, YESTERDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]


def test_the_form_shows_levels_definitions_and_yesterday(form, yesterday):
    page = form().text

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
    page = answer.text
    assert "Aanlevering ontvangen om 08:05" in page
    assert "Bezet COVID, bewezen, IC" in page
    assert "Corrigeer" in page


def test_confirm_unchanged_fills_the_stock_and_leaves_what_was_typed(form, yesterday):
    page = form(follow=True, do="confirm", **{"icu-occ_other": "9"}).text

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

    page = form().text
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


def test_the_region_fills_in_on_behalf(client_for, site, slot, yesterday):
    person = factories.user("regional_coordinator", region=site.region)
    client = client_for(person)
    address = reverse("capacity:report", kwargs={"site": site.code})
    base = {"slot": str(slot.pk), "submission": str(uuid4()), "do": "file"} | GOOD

    assert "Met wie sprak u?" in client.get(address).text
    refused = client.post(address, base)
    assert "Vul in met wie u sprak." in refused.text
    spoken = {"spoken_with": "M. Verhoeven", "spoken_at": "08:01"}
    page = client.post(address, base | spoken, follow=True).text

    assert "namens de locatie" in page
    assert "na gesprek met M. Verhoeven om 08:01" in page


def test_a_stop_is_asked_again_with_reason_and_end(form, yesterday):
    stop = {"stop-ed": "on", "stop-ed-why": "staff", "stop-ed-until": "12:00"}

    refused = form(do="file", **GOOD, **stop | {"stop-ed-why": "", "stop-ed-until": "morgen"})
    assert "Kies een reden." in refused.text
    assert "“morgen” is geen tijd" in refused.text
    page = form(follow=True, do="file", **GOOD, **stop).text

    assert "SEH-stop" in page
    assert "tot 12:00" in page


def test_after_the_deadline_the_form_says_so(form, yesterday, settings, slot):
    from lcps import clock

    clock.set_to(slot.hospital_due_at + timedelta(minutes=25))

    page = form().text

    assert "25 min te laat" in page
    assert "Aanleveren kan nog steeds" in page


def test_another_site_does_not_exist(client_for, reporter, slot):
    other = factories.site()
    client = client_for(reporter)

    for name in ("capacity:site", "capacity:report"):
        assert client.get(reverse(name, kwargs={"site": other.code})).status_code == 404
    address = reverse("capacity:report-draft", kwargs={"site": other.code})
    assert client.post(address, {"slot": str(slot.pk)}).status_code == 404
    assert client.get(address, follow=True).status_code == 404


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
