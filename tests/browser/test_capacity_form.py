"""The capacity form in a browser: its keys, its drafts on a slow line, and a correction."""

import re

from playwright.sync_api import Route, expect

from tests.browser.people import until

DRAFT = re.compile("/report/draft$")


def test_a_choice_made_while_the_one_before_is_being_kept_stays(person):
    reporter = person().takes_role("reporter")
    page = reporter.page
    page.goto("/capacity/sites/maasstad-rotterdam/report")
    page.get_by_role("button", name="Bevestig ongewijzigd").click()
    for box in ("icu-need", "ward-need"):
        page.locator(f"[name={box}]").fill("9")
        page.locator(f"[name={box}]").press("Tab")
    first, second = (
        page.locator(f"[name=why-{box}][value=request_follows]")
        for box in ("icu-need", "ward-need")
    )
    with reporter.watch.expecting(422):
        page.get_by_role("button", name="Dien aanlevering in").click()
        expect(page.get_by_text("Kies een reden.")).to_have_count(2)
    held: list[Route] = []
    page.route(DRAFT, lambda route: held.append(route))

    first.check()
    until(page, lambda: len(held) == 1, "the first choice is being kept")
    second.check()
    page.locator("[name=measured_at]").focus()
    # The answer to the first choice comes only now; then the second is sent.
    held[0].continue_()
    until(page, lambda: len(held) == 2, "the second choice is being kept")

    expect(first).to_be_checked()
    expect(second).to_be_checked()
    held[1].continue_()


FILED = {
    "icu-new_24h": "0", "icu-offer": "1", "icu-need": "0",
    "ward-new_24h": "1", "ward-offer": "1", "ward-need": "0", "measured_at": "07:50",
}  # fmt: skip


def test_a_filed_report_is_corrected_with_its_reason(person):
    page = person().takes_role("bedden").page
    page.goto("/capacity/sites/rijnstate-arnhem/report")
    page.get_by_role("button", name="Bevestig ongewijzigd").click()
    for name, text in FILED.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="Dien aanlevering in").click()
    expect(page.locator("#ingediend")).to_contain_text("Aanlevering ontvangen om")

    page.goto("/capacity/sites/rijnstate-arnhem/report")
    page.get_by_label("Correctie", exact=True).check()
    page.locator("[name=ward-offer]").fill("0")
    page.get_by_role("button", name="Dien correctie in").click()

    expect(page.locator("#ingediend")).to_contain_text("Correctie ontvangen om")
    expect(page.locator("#ingediend")).to_contain_text("versie 2")


def test_enter_leads_through_every_box_that_shows(person):
    page = person().takes_role("bedden").page
    page.goto("/capacity/sites/rijnstate-arnhem/report")
    page.locator("[name=icu-open_cohort]").focus()
    seen = []
    while (name := page.evaluate("document.activeElement.name")) not in seen:
        seen.append(name)
        page.keyboard.press("Enter")

    assert {"icu-need", "ward-open_cohort", "ward-need"} <= set(seen)
    assert not {name for name in seen if name.endswith(("suspected", "delabelled"))}


def test_who_comes_for_the_task_starts_at_the_form(person):
    page = person().takes_role("reporter").page
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Vul in").first.press("Enter")
    page.wait_for_url("**/report#aanlevering")

    page.keyboard.press("Tab")

    expect(page.get_by_role("button", name="Bevestig ongewijzigd")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_the_second_thing_on_the_page_skips_to_the_form(person):
    page = person().takes_role("reporter").page
    page.goto("/capacity/sites/maasstad-rotterdam/report")

    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)

    expect(page.get_by_role("button", name="Bevestig ongewijzigd")).to_be_focused()
