"""The inbox, the answers and the offer panel over HTTP, as people use them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from capacity.models import BedPool, CapacityReport, Hold
from communications.models import AuditEvent
from lcps import clock
from regions.models import Site
from regions.places.load import folded
from tests import factories
from transfers.models import Offer
from transfers.offers import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(world, demonstration_clock):
    """The world, with the clock of the pages standing at its morning."""
    return world


def post(client, name, data=None, **kwargs):
    return client.post(reverse(f"transfers:{name}", kwargs=kwargs), data or {})


ACCEPT = {"answer": "accept", "doctor": "dr. L. Hendriks", "unit": "C3, bed 7", "phone": "045"}


# --- the inbox --------------------------------------------------------------------------------


def test_the_inbox_shows_what_a_doctor_needs_and_what_is_held(morning, client_for):
    offer = morning.offer(
        morning.request(clinical={"age_years": 66, "treatment_limits": "geen IC"})
    )
    page = client_for(morning.coordinator()).get(reverse("transfers:offers"))

    shown = page.content.decode()
    for words in (offer.request.number, "man, 66 jaar", "geen IC", "Weiger met reden"):
        assert words in shown
    assert f"Vastgehouden voor {offer.request.short_number}" in shown
    assert shown.count("nl-button--primary") == 1


def test_limits_nobody_wrote_down_are_not_called_none(morning, client_for):
    offer = morning.offer(morning.request(clinical={"treatment_limits": "", "special_needs": ""}))
    client = client_for(morning.coordinator())

    card = client.get(reverse("transfers:offers")).content.decode()
    page = client.get(reverse("transfers:request", args=[offer.request.number])).content.decode()

    assert said_at(card, "Behandelbeperking") == "niet opgegeven"
    assert said_at(page, "Behandelbeperking") == "niet opgegeven"
    assert said_at(page, "Bijzonder") == "niet opgegeven"


def said_at(page, label):
    """The value a definition list gives for a label."""
    return re.search(rf"<dt[^>]*>{label}</dt>\s*<dd[^>]*>\s*(?:<b>)?([^<]*)", page)[1].strip()


def test_opening_the_inbox_leaves_one_line_per_patient_and_a_refresh_leaves_none(
    morning, client_for
):
    offer = morning.offer()
    client = client_for(morning.coordinator())

    client.get(reverse("transfers:offers"))
    client.get(reverse("transfers:offers"), headers={"HX-Request": "true"})

    looks = AuditEvent.objects.about("request", offer.request.number).filter(kind="look")
    assert looks.count() == 1


def test_another_hospital_sees_nothing_of_it(morning, client_for):
    offer = morning.offer()
    client = client_for(morning.coordinator(1))

    assert offer.request.number not in client.get(reverse("transfers:offers")).content.decode()
    assert post(client, "offer-answer", ACCEPT, offer=offer.pk).status_code == 404
    assert post(client, "offer-contact", {"names": "x"}, offer=offer.pk).status_code == 404
    assert client.post(f"/api/v1/offers/{offer.pk}/acceptance").status_code == 404
    offer.refresh_from_db()
    assert offer.status == "open"


def test_the_region_sees_its_sites_questions_and_answers_on_their_behalf(morning, client_for):
    offer = morning.offer()
    client = client_for(factories.user("regional_coordinator", region=morning.east))

    assert morning.places[0].short_name in client.get(reverse("transfers:offers")).content.decode()
    assert post(client, "offer-answer", ACCEPT, offer=offer.pk).status_code == 302
    offer.refresh_from_db()
    assert offer.status == "accepted"


def test_a_physician_of_the_site_reads_but_does_not_answer(morning, client_for):
    offer = morning.offer()
    client = client_for(factories.user("treating_physician", site=morning.places[0]))

    shown = client.get(reverse("transfers:offers")).content.decode()
    assert offer.request.number in shown
    assert 'name="answer"' not in shown
    assert post(client, "offer-answer", ACCEPT, offer=offer.pk).status_code == 403


def test_queries_of_the_inbox_do_not_grow_with_the_offers(
    morning, client_for, django_assert_max_num_queries
):
    client = client_for(factories.user("regional_coordinator", region=morning.east))
    for place in range(3):
        morning.offer(place=place)
    client.get(reverse("transfers:offers"))

    with django_assert_max_num_queries(30):
        # One line of the logbook per patient is the rest: 3 here.
        client.get(reverse("transfers:offers"))


# --- answers ----------------------------------------------------------------------------------


def test_accepting_says_what_comes_next(morning, client_for):
    offer = morning.offer()
    client = client_for(morning.coordinator())

    page = client.post(
        reverse("transfers:offer-answer", kwargs={"offer": offer.pk}), ACCEPT, follow=True
    )

    assert "Laat uw arts nu de uitplaatsende arts bellen" in page.content.decode()
    assert "Geaccepteerd, nog niet overgedragen" in page.content.decode()


def test_an_incomplete_acceptance_says_so_at_the_field_and_keeps_what_was_typed(
    morning, client_for
):
    offer = morning.offer()
    client = client_for(morning.coordinator())

    page = post(client, "offer-answer", ACCEPT | {"doctor": ""}, offer=offer.pk)

    assert page.status_code == 422
    assert "Noem de arts die de patiënt accepteert." in page.content.decode()
    assert "C3, bed 7" in page.content.decode()


def test_a_refusal_without_a_reason_opens_its_own_part_again(morning, client_for):
    offer = morning.offer()
    client = client_for(morning.coordinator())

    page = post(client, "offer-answer", {"answer": "refuse"}, offer=offer.pk)

    assert page.status_code == 422
    assert 'value="refuse" checked' in page.content.decode()
    assert "Kies waarom het niet kan." in page.content.decode()


def test_wrong_figures_lead_to_the_form_for_the_right_ones(morning, client_for):
    offer = morning.offer()
    answer = {"answer": "refuse", "refusal": "data_wrong"}
    page = post(client_for(morning.coordinator()), "offer-answer", answer, offer=offer.pk)

    assert page["Location"] == reverse("capacity:report", kwargs={"site": morning.places[0].code})


def test_an_answer_after_its_time_is_a_conflict_that_explains_itself(morning, client_for):
    offer = morning.offer()
    client = client_for(morning.coordinator())
    clock.set_to(offer.answer_due_at + timedelta(seconds=1))

    page = post(client, "offer-answer", ACCEPT, offer=offer.pk)

    assert page.status_code == 409
    assert "Dit aanbod is verlopen" in page.content.decode()


def test_an_offer_that_somebody_else_answered_is_explained_on_top(morning, client_for):
    offer = morning.offer()
    by = morning.coordinator()
    actions.accept_offer(offer=offer, by=by, now=morning.now, doctor="dr. Vos", unit="C3")

    page = post(client_for(by), "offer-answer", ACCEPT, offer=offer.pk)

    assert page.status_code == 409
    assert "al afgehandeld: geaccepteerd" in page.content.decode()


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_an_answer_of_no_known_kind_is_asked_again(morning, client_for, answer):
    offer = morning.offer()
    page = post(
        client_for(morning.coordinator()), "offer-answer", {"answer": answer}, offer=offer.pk
    )

    assert page.status_code == 302
    offer.refresh_from_db()
    assert offer.status == "open"


def test_a_lapsed_bed_is_held_again_by_one_button(morning, client_for):
    offer = morning.offer()
    by = morning.coordinator()
    offer = actions.accept_offer(offer=offer, by=by, now=morning.now, doctor="x y", unit="C3")
    actions.expire_offers(now=offer.hold.until)
    client = client_for(by)

    assert "bed niet meer vast" in client.get(reverse("transfers:offers")).content.decode()
    post(client, "offer-answer", {"answer": "extend"}, offer=offer.pk)

    assert Hold.objects.active().filter(reference=offer.request.number).count() == 1


def test_contact_is_recorded_from_the_request_page(morning, client_for):
    offer = morning.offer()
    by = morning.coordinator()
    actions.accept_offer(offer=offer, by=by, now=morning.now, doctor="dr. Vos", unit="C3")
    client = client_for(factories.user("treating_physician", site=morning.sender))
    address = reverse("transfers:request", kwargs={"number": offer.request.number})

    assert "Wie sprak met wie" in client.get(address).content.decode()
    post(client, "offer-contact", {"names": "dr. Bosman met dr. Vos"}, offer=offer.pk)

    assert "dr. Bosman met dr. Vos" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("dr. Bosman over BSN 123456782", 409, "Hier lijkt een BSN te staan"),
        ("dr. Bosman " + "x" * 200, 422, "200 tekens"),
        (" ", 422, "Noem de twee artsen die elkaar spraken"),
    ],
)
def test_a_refused_contact_stands_there_to_be_mended_with_one_message_at_its_field(
    morning, client_for, typed, status, said
):
    offer = morning.offer()
    by = morning.coordinator()
    actions.accept_offer(offer=offer, by=by, now=morning.now, doctor="dr. Vos", unit="C3")
    client = client_for(factories.user("treating_physician", site=morning.sender))

    answer = post(client, "offer-contact", {"names": typed}, offer=offer.pk)

    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count(said) == 1
    at_field = re.search(r'id="id_names_error">(.*?)</p>', page)
    assert at_field is not None
    assert said in at_field[1]
    assert f'value="{typed}"' in page
    offer.refresh_from_db()
    assert offer.contact_names == ""
    shown = client.get(reverse("transfers:request", kwargs={"number": offer.request.number}))
    assert said not in shown.content.decode()


def test_answers_are_not_given_by_reading(morning, client_for):
    offer = morning.offer()
    client = client_for(morning.coordinator())

    for name in ("offer-answer", "offer-contact"):
        answer = client.get(reverse(f"transfers:{name}", kwargs={"offer": offer.pk}), ACCEPT)
        assert (answer.status_code, answer["Location"]) == (302, reverse("transfers:offers"))
    offer.refresh_from_db()
    assert (offer.status, offer.contact_at) == ("open", None)


# --- the panel of the request page ------------------------------------------------------------


def request_page(client, request, query=""):
    address = reverse("transfers:request", kwargs={"number": request.number})
    return client.get(f"{address}{query}").content.decode()


def test_the_request_page_ranks_places_and_says_why_and_why_not(morning, client_for):
    request = morning.request()
    BedPool.objects.filter(site=morning.places[4], level="ward").update(reported_free=0)
    shown = request_page(client_for(morning.desk), request)

    assert "Bestemmingen" in shown
    assert "4 van 6 locaties passen" in shown
    assert "Geen vrij bed zonder BOSS" in shown
    assert "Dichtst bij van alle plaatsen die passen" in shown
    assert "Bied bed aan</button>" not in shown


def test_choosing_fills_the_panel_and_holds_nothing(morning, client_for):
    request = morning.request()
    shown = request_page(client_for(morning.desk), request, "?site=place-1")

    assert "Bied bed aan</button>" in shown
    assert "10:05" in shown and "20:05" in shown
    # What stands in closed dialogs is not on the page yet.
    open_page = re.sub(r'<div class="lcps-dialog".*?</form>', "", shown, flags=re.DOTALL)
    assert open_page.count("nl-button--primary") == 1
    assert not Hold.objects.exists()


def test_offering_from_the_page_holds_the_bed_and_shows_the_clock(morning, client_for):
    request = morning.request()
    client = client_for(morning.desk)
    page = client.post(
        reverse("transfers:offer", kwargs={"number": request.number}),
        {"site": "place-1", "version": 1, "message": "graag voor de middag"},
        follow=True,
    )

    assert "Bed gevraagd aan" in page.content.decode()
    assert "1 van 3 open" in page.content.decode()
    assert Offer.objects.get().message == "graag voor de middag"


def test_a_place_below_the_third_is_offered_only_with_a_reason_and_nothing_typed_is_lost(
    morning, client_for
):
    request = morning.request()
    client = client_for(morning.desk)
    page = client.post(
        reverse("transfers:offer", kwargs={"number": request.number}),
        {"site": "place-4", "version": 1, "message": "kom snel"},
        follow=True,
    )

    assert "Lager dan plaats 3 kiezen vraagt een reden" in page.content.decode()
    assert "kom snel" in page.content.decode()
    assert "Waarom plaats 5?" in page.content.decode()
    assert not Offer.objects.exists()


@pytest.mark.parametrize("site", ["", "nowhere", "\x00", "x" * 500])
def test_a_site_that_does_not_exist_is_no_error_of_ours(morning, client_for, site):
    request = morning.request()
    client = client_for(morning.desk)
    page = client.post(
        reverse("transfers:offer", kwargs={"number": request.number}),
        {"site": site, "version": 1},
        follow=True,
    )

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


def test_why_not_explains_any_hospital(morning, client_for):
    request = morning.request()
    client = client_for(morning.desk)
    sender = f"{morning.sender.short_name}, {morning.sender.city}"

    assert "De patiënt ligt hier nu." in request_page(client, request, f"?why={sender}")
    assert "past wel: plaats 2" in request_page(client, request, "?why=place-1")
    assert "staat niet in de lijst" in request_page(client, request, "?why=nergens")
    assert "staat niet in de lijst" in request_page(client, request, "?why=%20,")


def test_why_not_finds_a_hospital_by_part_of_its_name(morning, client_for):
    request = morning.request()
    client = client_for(morning.desk)
    for code, name in (
        ("emc", "Erasmus MC"),
        ("emcd", "Erasmus MC Daniel"),
        ("ts", "Tjongerschans"),
    ):
        Site.objects.filter(code=factories.site(code).code).update(
            short_name=name, search_name=folded(name)
        )

    assert "Tjongerschans valt af" in request_page(client, request, "?why=tjónger")
    several = request_page(client, request, "?why=erasmus")
    assert "2 ziekenhuizen passen bij “erasmus”. Kies er een." in several
    assert 'href="?why=emc#waarom-niet"' in several
    assert 'href="?why=emcd#waarom-niet"' in several
    assert "staat niet in de lijst" not in several


def test_without_any_match_the_page_says_which_rule_removed_how_many(morning, client_for):
    BedPool.objects.update(reported_free=0)
    shown = request_page(client_for(morning.desk), morning.request())

    assert "Geen enkele locatie past nu" in shown
    assert "6 locaties vallen af, per regel" in shown


def test_where_nothing_fits_a_region_sends_on_from_there_and_offers_nothing(morning, client_for):
    request = morning.request(status="regional_search", searching="region")
    region = factories.user("regional_coordinator", region=morning.west)
    button = ">Stuur door naar LCPS</button>"
    fits = request_page(client_for(morning.desk), morning.request())
    assert "Kies een ziekenhuis in de lijst" in fits

    BedPool.objects.update(reported_free=0)
    shown = request_page(client_for(region), request)

    empty = shown[shown.index("Geen enkele locatie past nu") : shown.index('id="waarom-niet"')]
    assert button in empty
    assert shown[: shown.index('id="stap-escalate"')].count(button) == 1
    assert 'id="aanbod"' not in shown


def test_a_hospital_sees_its_offers_and_no_ranking(morning, client_for):
    offer = morning.offer()
    for person in (morning.coordinator(), factories.user("bed_coordinator", site=morning.sender)):
        shown = request_page(client_for(person), offer.request)

        assert "Aanbiedingen" in shown
        assert "Bestemmingen op volgorde" not in shown


def test_a_region_sees_no_figures_of_other_regions(morning, client_for):
    request = morning.request(status="regional_search", searching="region")
    client = client_for(factories.user("regional_coordinator", region=morning.west))
    shown = request_page(client, request)

    assert "Buiten de eigen regio" in shown
    assert "Dichtst bij" not in shown


def test_the_queries_of_the_request_page_do_not_grow(
    morning, client_for, django_assert_max_num_queries
):
    request = morning.request()
    client = client_for(morning.desk)
    for place in range(3):
        morning.offer(place=place)
    for n in range(15):
        factories.report(factories.site(f"more-{n}", region=morning.east), factories.slot())
    with django_assert_max_num_queries(20):
        request_page(client, request, "?site=more-3&why=place-0")


def test_a_correction_of_figures_makes_the_place_a_destination_again(morning, client_for):
    offer = morning.offer()
    by = morning.coordinator()
    actions.refuse_offer(offer=offer, by=by, now=morning.now, refusal="data_wrong")
    request = morning.request()
    client = client_for(morning.desk)
    assert "correctie ontbreekt" in request_page(client, request)

    later = CapacityReport.objects.get(site=morning.places[0])
    factories.report(later.site, factories.slot(), received_at=morning.now + timedelta(minutes=1))

    assert "correctie ontbreekt" not in request_page(client, request)


def test_the_condition_of_the_medical_officer_stands_on_the_card(morning, client_for, now):
    judged = {"fit": "alleen met MICU", "fit_by": "E. van Dam", "fit_at": now}
    morning.offer(morning.request(clinical=judged))

    page = client_for(morning.coordinator()).get(reverse("transfers:offers")).text

    assert "Geschikt onder voorwaarde" in page
    assert "alleen met MICU" in page
