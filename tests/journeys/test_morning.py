"""Thursday 29 October 2020, lived once through by the people of the centre, each at a browser of their own.

Two hospitals report, a region signs, the board follows by itself; a request finds no bed in its region, is
judged, offered, accepted, driven and handed over; and those whom it does not concern never saw it. Worker,
beat and mail are the real ones.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from devtools.stage import Stage
from tests.browser.people import Person, until
from tests.journeys.cast import (
    LIVE,
    ROLES,
    Cast,
    becomes,
    button,
    figure,
    open_request,
    stage_of,
    take_up,
    whole,
)

# Seventy hospitals report before the page is back.
PLAY = 300_000
# Who has nothing to do with the request: another hospital, another region. They sign in by password.
STRANGERS = ("bedden-umcg-groningen", "rcps-noord")

QUIET_DAY = {
    "icu-new_24h": "0", "icu-offer": "2", "icu-need": "0",
    "ward-new_24h": "1", "ward-offer": "1", "ward-need": "0", "measured_at": "07:50",
}  # fmt: skip
FULL_DAY = {
    "icu-occ_confirmed": "12", "icu-new_24h": "3", "icu-offer": "0", "icu-need": "2",
    "ward-new_24h": "9", "ward-offer": "0", "ward-need": "2", "measured_at": "07:45",
}  # fmt: skip
PATIENT = {
    "age_years": "61", "weight_kg": "84", "height_cm": "178", "home_area": "30",
    "own_reference": "MZ-IC-77", "diagnosis_group": "COVID-19, pneumonie",
    "infection_date": "24-10-2020", "illness_day": "9", "icu_day": "3",
    "fio2_percent": "0,5", "peep_cmh2o": "12", "pmax_cmh2o": "27", "spo2_percent": "94",
    "pf_ratio_mmhg": "145", "map_mmhg": "72", "noradrenaline_ug_kg_min": "0,08",
    "sedation_rass": "-4", "values_at": "09:30", "stable_by": "A. Bosman", "stable_at": "09:40",
    "informed_who": "echtgenote", "informed_at": "09:35",
}  # fmt: skip
CHOICES = {
    "sex": "man", "urgency": "6 uur", "in_cohort": "ja", "other_inotropes": "nee",
    "cpr_24h": "nee", "worsening_expected": "nee", "dialysis": "nee", "informed": "akkoord",
}  # fmt: skip
SELECTED = {
    "infection": "bewezen", "isolation": "druppel", "airway": "tube", "ventilation": "invasief",
    "prone": "eerder", "ecmo": "geen",
}  # fmt: skip


@pytest.fixture
def cast(person: Callable[[], Person]) -> Cast:
    return Cast(person)


def test_morning_from_the_first_report_to_a_handed_over_patient(
    cast: Cast, person: Callable[[], Person], stage: Stage
):
    two_hospitals_report(cast)
    cast.dienstleider.evaluate("window.neverReloaded = true")
    the_deadline_passes(cast)
    the_region_signs(cast, stage)
    number = a_doctor_asks(cast)
    strangers_see_nothing(cast, person, stage, number)
    the_region_finds_no_bed(cast, number)
    the_centre_asks_a_judgement(cast, number)
    a_bed_is_offered(cast, number)
    the_bed_is_accepted(cast, number)
    the_doctors_speak(cast, number)
    a_ride_is_planned(cast, number)
    the_patient_travels(cast)
    the_patient_is_handed_over(cast, number)
    the_file_is_closed_and_read_back(cast, number)

    assert cast.dienstleider.evaluate("window.neverReloaded"), "the board followed by itself"
    assert cast.seats.keys() == ROLES.keys()


def two_hospitals_report(cast: Cast) -> None:
    """One without a word; the other, overfull, must say why. Region and nation see it come in."""
    board, region = cast.dienstleider, cast.regio
    board.goto("/board")
    reported = figure(board, "zuidwest", "Gemeld")
    reported_before = reported.inner_text()
    region.goto("/capacity/regions/zuidwest")
    row = region.locator("#locatie-maasstad-rotterdam")
    expect(row).to_contain_text("nog niet")

    quiet = cast.bedden
    report_unchanged(quiet, "rijnstate-arnhem", QUIET_DAY)
    button(quiet, "Dien aanlevering in").click()
    expect(quiet.locator("#ingediend")).to_contain_text("Aanlevering ontvangen om")

    full = cast.reporter
    report_unchanged(full, "maasstad-rotterdam", FULL_DAY)
    with cast.seat("reporter").watch.expecting(422):
        button(full, "Dien aanlevering in").click()
        expect(full.locator("#fouten")).to_contain_text("22 bezet op 21 open. Waarom?")
    expect(full.locator("[name=icu-occ_confirmed]")).to_have_value("12")
    full.get_by_label("Echte piek").check()
    for asked in full.get_by_role("group", name=re.compile("te plaatsen")).all():
        asked.get_by_label("Verzoek volgt").check()
    button(full, "Dien aanlevering in").click()
    expect(full.locator("#ingediend")).to_contain_text("op tijd")
    expect(full.locator("#ingediend")).to_contain_text("Bezetting, IC: Echte piek")
    expect(full.locator("#ingediend")).to_contain_text("Verzoek volgt")

    expect(row).to_contain_text("op tijd", timeout=LIVE)
    expect(row).to_contain_text("−2")
    expect(reported).not_to_have_text(reported_before, timeout=LIVE)


def report_unchanged(page: Page, site: str, typed: dict[str, str]) -> None:
    """From the task on the home page to a form that is filled in but not sent."""
    take_up(page, "Vul in")
    expect(page).to_have_url(re.compile(f"/sites/{site}/report#aanlevering$"))
    button(page, "Bevestig ongewijzigd").click()
    expect(page.locator("#todo-kop")).to_have_text("Nog 7 te gaan")
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)


def the_deadline_passes(cast: Cast) -> None:
    """The clock is moved to 08:31: the others report, and who did not gets a letter."""
    centre = cast.lcps
    centre.goto("/board")
    clock = centre.locator(".lcps-demo__clock").get_by_role("button", name="08:31")
    clock.click(timeout=PLAY)
    expect(centre.locator(".lcps-head")).to_contain_text("Stand van de uitvraag van 08:30")
    expect(figure(cast.dienstleider, "zuidwest", "Gemeld")).to_contain_text("10/11", timeout=LIVE)

    def letter_came() -> bool:
        centre.goto("/demo/mail")
        letters = centre.get_by_role("main").inner_text()
        return "Te laat: cijfers van Van Weel-Bethesda" in letters

    until(centre, letter_came, "the letter to the hospital that is late")


def the_region_signs(cast: Cast, stage: Stage) -> None:
    stage.manage("morning", "--at", "09:45")
    page = cast.regio
    take_up(page, "regiobeeld")
    page.get_by_label("Rood", exact=True).check()
    page.get_by_label("In één zin").fill("Vol: uitplaatsen houdt de SEH's open.")
    page.get_by_label("Personeel", exact=True).check()
    page.get_by_label("Van Weel-Bethesda ontbreekt, omdat").select_option(label="niet bereikt")
    button(page, "Dien regiobeeld in").click()
    expect(page.locator("#regiobeeld")).to_contain_text("Rood")
    expect(page.locator("#regiobeeld")).to_contain_text("versie 1, M. Peters om 09:")

    cast.lcps.goto("/capacity/regions/zuidwest")
    expect(cast.lcps.locator("#regiobeeld")).to_contain_text("uitplaatsen houdt de SEH's open")


def a_doctor_asks(cast: Cast) -> str:
    """The form helps with a fraction that should be a percentage, advises, and gives a number."""
    page = cast.arts
    page.goto("/transfers/requests/new")
    form = page.locator("form.lcps-pmr")
    for name, text in PATIENT.items():
        form.locator(f"[name={name}]").fill(text)
    for name, label in CHOICES.items():
        form.locator(f"#id_{name}").get_by_label(label, exact=True).check()
    for name, label in SELECTED.items():
        form.locator(f"[name={name}]").select_option(label=label)
    with cast.seat("arts").watch.expecting(422):
        button(page, "Dien in bij RCPS Zuidwest").click()
        expect(page.locator("[data-errors]")).to_contain_text("Bedoelt u 50 %?")
    expect(form.locator("[name=own_reference]")).to_have_value("MZ-IC-77")
    button(page, "Maak er 50 % van").click()
    expect(form.locator("[name=fio2_percent]")).to_have_value("50")
    form.locator("[name=gp_informed]").check()
    expect(page.locator("#advies")).to_contain_text("MICU, want 4 van 8 eisen")
    button(page, "Dien in bij RCPS Zuidwest").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text(re.compile(r"^PMR-2020-\d{6}, Maasstad"))
    expect(stage_of(page)).to_contain_text("Aan zet: RCPS Zuidwest")
    return title.inner_text().partition(",")[0]


def strangers_see_nothing(
    cast: Cast, person: Callable[[], Person], stage: Stage, number: str
) -> None:
    """Not the page, not the API, not the board, and not even that it exists."""
    may_sign_in_by_password(stage, STRANGERS)
    short, api = number[-3:], f"/api/v1/requests/{number}"
    for name in STRANGERS:
        stranger = person().signs_in(name)
        with stranger.watch.expecting(404):
            stranger.page.goto(f"/transfers/requests/{number}")
        expect(stranger.page.get_by_role("main")).not_to_contain_text(number)
        asked = stranger.context.request.get(api)
        never = stranger.context.request.get("/api/v1/requests/PMR-2020-999999")
        assert asked.status == never.status == 404
        assert asked.json() == never.json()
        assert number not in stranger.context.request.get("/api/v1/requests").text()
        stranger.page.goto("/transfers/requests")
        expect(stranger.page.get_by_role("heading", level=1)).to_be_visible()
        expect(stranger.page.get_by_role("main")).not_to_contain_text(short)

    # The same questions, asked by the one whose request it is.
    assert cast.seat("arts").status_of(api) == 200
    assert number in cast.seat("arts").context.request.get("/api/v1/requests").text()
    cast.arts.goto("/transfers/requests")
    expect(cast.arts.get_by_role("main")).to_contain_text(short)


def may_sign_in_by_password(stage: Stage, names: tuple[str, ...]) -> None:
    """The country behind the public accounts cannot sign in; these get the password of one that can."""
    stage.sql(
        "UPDATE regions_user SET password = (SELECT password FROM regions_user WHERE username = %s)"
        " WHERE username = ANY(%s)",
        "bedden",
        list(names),
    )


def the_region_finds_no_bed(cast: Cast, number: str) -> None:
    """One bed fits, and its hospital wants to keep it; the region sends the request on, with the reason."""
    region = cast.regio
    take_up(region, f"Zoek in de regio voor {number[-3:]}")
    button(region, "Zoek in de regio").click()
    expect(region.locator("#bestemmingen")).to_contain_text("1 van 87 locaties past")
    button(region, "Stuur door naar LCPS").click()
    ask = region.get_by_role("dialog", name=re.compile("Stuur door naar LCPS"))
    ask.get_by_label("Waarom lukt het niet in de regio?").fill("Franciscus houdt zijn laatste bed")
    button(ask, "Stuur door naar LCPS").click()
    expect(stage_of(region)).to_contain_text("Aan zet: LCPS")


def the_centre_asks_a_judgement(cast: Cast, number: str) -> None:
    """A patient with a tube is judged by a doctor first; the coordinator's page follows by itself."""
    centre, doctor = cast.lcps, cast.medisch
    take_up(centre, f"Vraag medisch oordeel over {number[-3:]}")
    expect(centre.locator("#verzoek")).to_contain_text("Franciscus houdt zijn laatste bed")
    button(centre, "Vraag medisch oordeel").click()
    expect(stage_of(centre)).to_contain_text("Medical officer")

    take_up(doctor, f"Geef een medisch oordeel over {number[-3:]}")
    button(doctor, "Geschikt voor vervoer").click()
    judge = doctor.get_by_role("dialog", name=re.compile("Geschikt voor vervoer"))
    judge.locator("textarea").fill("alleen met MICU")
    button(judge, "Geschikt voor vervoer").click()
    expect(stage_of(doctor)).to_contain_text("Kies een bestemming")
    expect(stage_of(centre)).to_contain_text("Kies een bestemming", timeout=LIVE)


def a_bed_is_offered(cast: Cast, number: str) -> None:
    """Far down the list asks a reason. The hospital sees it come, and the board that a bed is held."""
    board, hospital, centre = cast.dienstleider, cast.bedden, cast.lcps
    free, held = figure(board, "oost", "IC vrij"), figure(board, "oost", "IC vastg.")
    free_before, held_before = whole(free), whole(held)
    assert cast.seat("bedden").status_of(f"/transfers/requests/{number}") == 404
    hospital.goto("/transfers/offers")
    waiting = hospital.locator("#aanbiedingen")
    expect(waiting).to_contain_text("Niemand wacht op uw antwoord")

    places, offer = centre.locator("#bestemmingen tbody tr[id]"), centre.locator("#aanbod")
    expect(places.first).to_contain_text("Bed aangeboden")
    places.last.get_by_role("link", name=re.compile("^Kies")).click()
    expect(offer.get_by_label(re.compile("^Waarom plaats"))).to_be_visible()
    chosen = centre.locator("#plaats-rijnstate-arnhem")
    chosen.get_by_role("link", name=re.compile("^Kies")).click()
    expect(offer).to_contain_text("Bied aan: Rijnstate")
    expect(offer).to_contain_text("was 2")
    button(offer, "Bied bed aan").click()
    expect(centre.locator("#aanbiedingen")).to_contain_text("1 van 3 open")

    expect(waiting).to_contain_text(number, timeout=LIVE)
    expect(waiting).to_contain_text("1 wacht op uw antwoord")
    becomes(free, free_before - 1)
    becomes(held, held_before + 1)


def the_bed_is_accepted(cast: Cast, number: str) -> None:
    """Who accepts says which doctor, where to call, and in which bed; until then nothing is accepted."""
    hospital, short = cast.bedden, number[-3:]
    assert cast.seat("bedden").status_of(f"/api/v1/requests/{number}") == 200
    answer = hospital.get_by_role("form", name=f"Antwoord op {short}")
    with cast.seat("bedden").watch.expecting(422):
        button(answer, f"Accepteer {short}").click()
        expect(answer).to_contain_text("Noem de arts die de patiënt accepteert.")
    answer.get_by_label("Accepterend arts").fill("H. Yilmaz")
    answer.get_by_label("Direct nummer").fill("026 000 00 01")
    answer.get_by_label("Afdeling en bed").fill("IC A4")
    button(answer, f"Accepteer {short}").click()
    expect(hospital.locator("#aanbod-verwacht")).to_contain_text("H. Yilmaz, IC A4")
    expect(stage_of(cast.lcps)).to_contain_text("Vraag vervoer", timeout=LIVE)


def the_doctors_speak(cast: Cast, number: str) -> None:
    sender = cast.arts
    open_request(sender, number)
    contact = sender.locator("#arts-en-arts")
    expect(contact).to_contain_text("nog geen contact")
    sender.get_by_label("Wie sprak met wie").fill("A. Bosman en H. Yilmaz")
    button(sender, "Leg contact vast").click()
    expect(contact).to_contain_text("gesproken")


def a_ride_is_planned(cast: Cast, number: str) -> None:
    """The planner reads where to, when and what to bring, and nothing of the illness; another service, nothing."""
    desk, planner, other = cast.vervoer, cast.micu, cast.ambulance
    take_up(desk, f"Vraag vervoer voor {number[-3:]}")
    desk.get_by_role("link", name="Vraag vervoer", exact=True).click()
    expect(desk.get_by_role("heading", name="Advies: MICU")).to_be_visible()
    button(desk, "Vraag rit aan").click()
    expect(desk.locator("#vervoer")).to_contain_text("MICU Rotterdam")

    take_up(planner, f"Plan de rit van {number[-3:]}")
    expect(planner.get_by_role("heading", level=1)).to_have_text("Maasstad → Rijnstate")
    prepare = planner.locator("dl > div").filter(has_text="Isolatie")
    expect(prepare).to_contain_text("druppel")
    for secret in ("COVID", "pneumonie", "noradrenaline", "MZ-IC-77"):
        expect(planner.locator("body")).not_to_contain_text(secret, ignore_case=True)
    assert cast.seat("micu").status_of(f"/transfers/requests/{number}") == 403
    planner.get_by_label("Voertuig").fill("MICU 2")
    planner.get_by_label("Ploeg").fill("ploeg 7")
    planner.get_by_label("Begeleidende arts").fill("S. de Groot")
    planner.get_by_label("Vertrek met de patiënt om").fill("11:05")
    button(planner, "Plan rit").click()
    expect(planner.get_by_role("main")).to_contain_text("verwacht 14:00")

    with cast.seat("ambulance").watch.expecting(404):
        other.goto(planner.url)
    expect(other.get_by_role("main")).not_to_contain_text("Maasstad")


def the_patient_travels(cast: Cast) -> None:
    """Not before the escort agrees; then a bed comes free where the patient left, and none is taken yet."""
    board, planner = cast.dienstleider, cast.micu
    left, free = figure(board, "zuidwest", "IC vrij"), figure(board, "oost", "IC vrij")
    left_before, free_before = whole(left), whole(free)

    with cast.seat("micu").watch.expecting(409):
        button(planner, "Meld vertrek").click()
        expect(planner.get_by_role("main")).to_contain_text("akkoord is met vertrek")
    planner.get_by_label("De begeleidende arts is akkoord met vertrek").check()
    button(planner, "Meld vertrek").click()
    expect(planner.get_by_role("main")).to_contain_text("Onderweg")
    becomes(left, left_before + 1)
    becomes(free, free_before)

    planner.get_by_label("De patiënt is er al, eerder dan verwacht").check()
    button(planner, "Meld aankomst").click()
    expect(planner.get_by_role("main")).to_contain_text("Rijnstate neemt de patiënt over")


def the_patient_is_handed_over(cast: Cast, number: str) -> None:
    """Every item of the list is answered; what was answered stays. The held bed is now taken."""
    board, receiver = cast.dienstleider, cast.bedden
    free, held = figure(board, "oost", "IC vrij"), figure(board, "oost", "IC vastg.")
    free_before, held_before = whole(free), whole(held)
    take_up(receiver, f"Neem {number[-3:]} over")
    handover = receiver.locator("#overdracht")
    *items, last = handover.get_by_role("group").all()
    assert len(items) == 9
    for item in items:
        item.get_by_label("gegeven", exact=True).check()
    button(handover, "Neem de patiënt over").click()
    expect(receiver.get_by_role("main")).to_contain_text("beantwoorden: naasten weten waarheen")
    last.get_by_label("niet van toepassing").check()
    button(handover, "Neem de patiënt over").click()
    expect(stage_of(receiver)).to_contain_text(f"Sluit {number[-3:]} af")
    expect(handover).to_contain_text("isolatie")

    becomes(held, held_before - 1)
    becomes(free, free_before)


def the_file_is_closed_and_read_back(cast: Cast, number: str) -> None:
    """Who looked and who did what stands in the logbook; nothing there is of the patient."""
    take_up(cast.lcps, f"Sluit {number[-3:]} af")
    button(cast.lcps, "Sluit af").click()
    expect(cast.lcps.get_by_role("main")).to_contain_text(f"{number}: Afgesloten")
    expect(cast.lcps.locator("#aanbiedingen")).to_contain_text("geaccepteerd")

    cast.privacy.goto(f"/logbook?about={number}")
    lines = cast.privacy.get_by_role("main").get_by_role("row")
    for who, what in (
        ("A. Bosman", "Ingediend"),
        ("M. Peters", f"Verzoek {number} bekeken"),
        ("E. van Dam", "Medisch oordeel: geschikt"),
        ("R. Jansen", "Overgedragen"),
        ("H. Dekker", "Rit bekeken"),
    ):
        expect(lines.filter(has_text=who).filter(has_text=what).first).to_be_visible()
    expect(cast.privacy.get_by_role("main")).not_to_contain_text("Franciscus")
    expect(cast.privacy.get_by_role("main")).not_to_contain_text("MZ-IC-77")
