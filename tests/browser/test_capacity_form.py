"""The capacity form while its drafts are being kept, on a slow line."""

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
