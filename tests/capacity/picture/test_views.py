"""The region's page: who sees what, signing, answering, and what is said when it fails."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from capacity.models import RegionalSitrep
from capacity.picture.selectors import region_picture
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "demonstration_clock")]


@pytest.fixture
def brabant():
    return factories.region("brabant")


@pytest.fixture
def site(brabant):
    return factories.site("jbz", region=brabant)


@pytest.fixture
def slot(site):
    slot = factories.slot()
    factories.report(site, slot)
    return slot


@pytest.fixture
def coordinator(brabant):
    return factories.user("regional_coordinator", region=brabant)


def page(region) -> str:
    return reverse("capacity:region", kwargs={"region": region.code})


def filled_in(picture, **given) -> dict[str, object]:
    return {
        "pressure": "orange",
        "sentence": "Kliniek vol in Breda.",
        "limiting_factor": "staff",
        "transport_available": "6 ambulances",
        "tomorrow_icu_need": "3",
        "tomorrow_icu_offer": "",
        "tomorrow_ward_need": "",
        "tomorrow_ward_offer": "",
        "submission": uuid4(),
        "based_on": picture.sitrep.version if picture.sitrep else 0,
        "stamp": picture.stamp,
    } | given


@pytest.fixture
def sign(client_for, brabant, slot, coordinator, now):
    def do(**given):
        picture = region_picture(brabant, slot, now)
        url = reverse("capacity:sign-off", kwargs={"region": brabant.code})
        return client_for(coordinator).post(url, filled_in(picture, **given))

    return do


@pytest.mark.parametrize(
    "role", ["lcps_coordinator", "analyst", "regional_coordinator", "regional_analyst"]
)
def test_the_centre_and_the_region_see_its_sites(client_for, brabant, slot, role):
    place = {"region": brabant} if role.startswith("regional") else {}
    answer = client_for(factories.user(role, **place)).get(page(brabant))

    assert "Jbz" in answer.text
    assert "Totalen" not in answer.text


@pytest.mark.parametrize("role", ["oversight_reader", "regional_coordinator", "bed_coordinator"])
def test_others_see_the_totals_and_no_site(client_for, brabant, slot, role):
    other = factories.region("limburg")
    place = {
        "oversight_reader": {},
        "regional_coordinator": {"region": other},
        "bed_coordinator": {"site": factories.site("elders", region=other)},
    }[role]
    person = factories.user(role, **place)

    answer = client_for(person).get(page(brabant))

    assert answer.status_code == 200
    assert "Jbz" not in answer.text
    assert 'id="indienen"' not in answer.text
    assert "1 van 1" in answer.text


def test_a_hospital_sees_its_own_row_among_the_totals(client_for, brabant, site, slot):
    factories.report(factories.site("ander", region=brabant), slot)

    answer = client_for(factories.user("reporter", site=site)).get(page(brabant))

    assert "Jbz" in answer.text
    assert "Ander" not in answer.text


def test_a_region_that_does_not_exist_is_404(client_for, coordinator, slot):
    assert client_for(coordinator).get("/capacity/regions/atlantis").status_code == 404


def test_a_silent_site_shows_whom_to_phone_and_how_to_fill_in(
    client_for, brabant, coordinator, slot
):
    silent = factories.site("elkerliek", region=brabant)
    silent.contacts.create(function="beds", phone="0492 000 010")

    answer = client_for(coordinator).get(page(brabant))

    assert "Nog niets gemeld." in answer.text
    assert 'href="tel:0492000010"' in answer.text
    assert reverse("capacity:report", kwargs={"site": "elkerliek"}) in answer.text


def test_every_sum_with_a_silent_site_is_a_lower_bound(client_for, brabant, coordinator, slot):
    complete = client_for(coordinator).get(page(brabant))
    factories.site("elkerliek", region=brabant)

    answer = client_for(coordinator).get(page(brabant))

    assert "≥" not in complete.text
    totals = answer.text.partition("<tfoot")[2].partition("</tr>")[0]
    figures = re.findall(r'<td role="cell" class="lcps-num[^>]*>([^<]*)</td>', totals)
    assert figures
    assert [text for text in figures if not text.startswith("≥ ")] == []
    today = answer.text.partition('class="lcps-mini"')[2].partition("</table>")[0]
    sums = re.findall("<b>([^<]+)</b>", today)
    assert sums
    assert [text for text in sums if not text.startswith("≥ ")] == []
    for words in answer.context["reading"][:2]:
        assert len(re.findall(r"≥ −?[0-9]+", words)) == len(re.findall("[0-9]+", words)) > 0


def test_the_live_stream_gets_the_table_alone(client_for, brabant, coordinator, slot):
    headers = {"HX-Request": "true", "HX-Target": "locaties"}

    answer = client_for(coordinator).get(page(brabant), headers=headers)

    assert answer.text.lstrip().startswith('<section class="lcps-panel lcps-grid" id="locaties"')
    assert "<html" not in answer.text


def test_a_page_without_a_call_teaches(client_for, brabant, coordinator):
    answer = client_for(coordinator).get(page(brabant))

    assert "Nog geen uitvraag" in answer.text


def test_signing_goes_back_to_the_page(sign, brabant):
    answer = sign()

    assert (answer.status_code, answer.url) == (302, page(brabant))
    sitrep = RegionalSitrep.objects.get()
    assert sitrep.tomorrow["icu"] == {"need": 3, "offer": None}


def test_a_signed_picture_reads_as_done_and_a_small_figure_as_a_difference(
    sign, client_for, brabant, coordinator
):
    sign()

    shown = client_for(coordinator).get(page(brabant)).text

    assert '<span class="lcps-chip is-done">ingediend</span>' in shown
    assert '<span class="lcps-delta">+1</span>verschil met ' in shown


def test_signing_twice_counts_once(sign):
    submission = uuid4()

    assert sign(submission=submission, based_on=0).status_code == 302
    assert sign(submission=submission, based_on=0).status_code == 302

    assert RegionalSitrep.objects.count() == 1


def test_signing_again_with_another_text_shows_both_and_can_be_sent(sign):
    submission = uuid4()
    sign(submission=submission, based_on=0)

    answer = sign(submission=submission, based_on=0, sentence="Ruimte genoeg.")

    assert answer.status_code == 409
    assert "Dit formulier is al ingediend als versie 1." in answer.text
    assert "Kliniek vol in Breda." in answer.text and "Ruimte genoeg." in answer.text
    fresh = answer.text.split('name="submission" value="')[1].split('"')[0]
    assert sign(submission=fresh, sentence="Ruimte genoeg.").status_code == 302
    assert RegionalSitrep.objects.current().get().sentence == "Ruimte genoeg."


def test_another_regions_picture_cannot_be_signed(client_for, brabant, slot, now):
    stranger = factories.user("regional_coordinator", region=factories.region("limburg"))
    picture = region_picture(brabant, slot, now)

    answer = client_for(stranger).post(
        reverse("capacity:sign-off", kwargs={"region": "brabant"}), filled_in(picture)
    )

    assert answer.status_code == 404
    assert not RegionalSitrep.objects.exists()


@pytest.mark.parametrize("typed", ["12,5", "-1", "drie", "1 2", "٣", "1_0", "10.0", "99999999999"])
def test_what_is_no_count_is_said_at_its_field_and_kept(sign, typed):
    answer = sign(tomorrow_icu_need=typed)

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "Kliniek vol in Breda." in answer.text
    assert "heel getal" in answer.text or "kan niet kloppen" in answer.text


def test_an_empty_form_says_what_is_missing(sign):
    answer = sign(pressure="", sentence="", limiting_factor="")

    assert answer.status_code == 422
    for words in ("Kies de druk", "Vat de regio in één zin samen", "Kies wat het meest remt"):
        assert words in answer.text


def test_a_missing_site_asks_its_reason_at_its_field(sign, brabant):
    factories.site("elkerliek", region=brabant)

    answer = sign()

    assert answer.status_code == 409
    assert "Kies waarom Elkerliek ontbreekt." in answer.text
    assert sign(missing_elkerliek="unreachable").status_code == 302


def test_an_old_tab_shows_both_texts(sign):
    sign(sentence="Van mijn collega.")

    answer = sign(sentence="Van mij.", based_on=0)

    assert answer.status_code == 409
    assert "Van mijn collega." in answer.text
    assert "Van mij." in answer.text
    assert 'name="based_on" value="1"' in answer.text


def test_a_report_that_came_in_meanwhile_asks_to_look_again(sign, site, slot, now, brabant):
    seen = region_picture(brabant, slot, now).stamp
    factories.report(site, slot)

    answer = sign(stamp=seen)

    assert answer.status_code == 409
    assert "aanlevering binnen" in answer.text


def test_a_later_report_shows_as_changed_since(sign, site, slot, client_for, brabant):
    sign()
    factories.report(site, slot, lines={"icu": {"occ_confirmed": 9}})

    answer = client_for(factories.user("lcps_coordinator")).get(page(brabant))

    assert "gewijzigd na indienen" in answer.text
    assert "IC bezet 16, nu 17" in answer.text


def answer_to(client, sitrep, **given):
    url = reverse("capacity:sitrep-answer", kwargs={"region": sitrep.region.code})
    return client.post(url, {"sitrep": sitrep.pk} | given)


def test_the_centre_returns_with_a_question_and_the_region_reads_it(
    sign, client_for, brabant, coordinator
):
    sign()
    lcps = client_for(factories.user("shift_lead"))

    answer = answer_to(lcps, RegionalSitrep.objects.get(), answer="return", question="Waarom nul?")

    assert answer.status_code == 302
    assert "Waarom nul?" in client_for(coordinator).get(page(brabant)).text


def test_a_question_that_cannot_be_sent_is_kept(sign, client_for, now, settings):
    from lcps import clock

    sign()
    clock.set_to(now + timedelta(hours=3, minutes=30))

    answer = answer_to(
        client_for(factories.user("lcps_coordinator")),
        RegionalSitrep.objects.get(),
        answer="return",
        question="Waarom nul?",
    )

    assert answer.status_code == 409
    assert "Terugsturen kan tot 11:30" in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "Stel een vraag"), ("x" * 301, "hooguit 300 tekens"), ("a\x00b", "Null")],
)
def test_a_question_that_cannot_be_is_said(sign, client_for, question, said):
    sign()

    answer = answer_to(
        client_for(factories.user("lcps_coordinator")),
        RegionalSitrep.objects.get(),
        answer="return",
        question=question,
    )

    assert answer.status_code == 409
    assert said in answer.text


def test_the_centre_agrees(sign, client_for):
    sign()

    answer_to(
        client_for(factories.user("lcps_coordinator")),
        RegionalSitrep.objects.get(),
        answer="accept",
    )

    assert RegionalSitrep.objects.get().status == "accepted"


@pytest.mark.parametrize("typed", ["", "x", "0", "9" * 40])
def test_a_picture_that_does_not_exist_is_404(client_for, slot, typed):
    url = reverse("capacity:sitrep-answer", kwargs={"region": "brabant"})

    answer = client_for(factories.user("lcps_coordinator")).post(url, {"sitrep": typed})

    assert answer.status_code == 404


@pytest.mark.parametrize(("show", "seen"), [("all", 2), ("missing", 1), ("x", 2)])
def test_rows_can_be_chosen(client_for, brabant, coordinator, slot, show, seen):
    factories.site("elkerliek", region=brabant)

    answer = client_for(coordinator).get(page(brabant), {"show": show})

    assert answer.text.count('id="locatie-') == seen


def test_a_figure_that_stands_out_carries_its_reason(client_for, brabant, coordinator, site, slot):
    report = site.reports_made.get()
    report.reasons.create(
        field="icu.reserve", warning="no_reserve", code="other", text="Geen personeel"
    )

    text = client_for(coordinator).get(page(brabant)).text

    assert "1 opvallend cijfer met reden" in text
    assert "Jbz, IC BOSS" in text
    assert text.count("is-asked") == 1


def test_the_page_takes_as_many_queries_for_two_sites_as_for_twenty(
    client_for, brabant, coordinator, slot, django_assert_max_num_queries
):
    client = client_for(coordinator)
    client.get(page(brabant))
    for _ in range(19):
        factories.report(factories.site(region=brabant), slot)

    with django_assert_max_num_queries(20):
        client.get(page(brabant))
