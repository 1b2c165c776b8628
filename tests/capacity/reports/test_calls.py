"""Which call a report answers, and what that call asks of a site."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from capacity.models import CapacityReport, CareLevel
from tests import factories
from tests.capacity.reports.typed import GOOD, YESTERDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]


def test_without_a_call_the_page_says_what_will_come(client_for, reporter, site):
    page = client_for(reporter).get(reverse("capacity:report", kwargs={"site": site.code}))

    assert "Er is nu geen uitvraag" in page.text


@pytest.mark.parametrize("number", ["abc", "-1", "99999999999999999999999", "0", "１", ""])
def test_a_strange_call_number_is_no_error(client_for, reporter, site, slot, number):
    address = reverse("capacity:report", kwargs={"site": site.code})

    assert client_for(reporter).get(address, {"slot": number}).status_code == 200


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

    assert "IC kinderen" in form().text
    assert "lager dan 0" in form(do="file", **GOOD, **own | {"paed-icu-need": "-1"}).text
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

    page = client_for(reporter).get(reverse("capacity:report", kwargs={"site": site.code})).text

    assert "new_24h" not in page
    assert "ventilators_owned" not in page
    assert "08:30 <b>218</b>" in page


def test_a_site_without_icu_is_asked_about_wards_only(client_for, slot, reference):
    site = factories.site(has_icu=False)
    person = factories.user("reporter", site=site)

    page = client_for(person).get(reverse("capacity:report", kwargs={"site": site.code})).text

    assert "icu-open_cohort" not in page
    assert "ventilators_owned" not in page
    assert "absence_percent" in page
    assert "IC-stop" not in page


def test_yesterday_can_still_be_corrected_by_its_number(
    client_for, reporter, site, slot, yesterday
):
    address = reverse("capacity:report", kwargs={"site": site.code})

    page = client_for(reporter).get(address, {"slot": yesterday.slot_id}).text

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

    page = answer.text
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
    assert "Er is nu geen uitvraag" in answer.text
