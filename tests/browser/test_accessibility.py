"""axe over every page, in both themes, wide and on a phone; and nothing sticks out sideways."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from devtools.pages import PAGES
from tests.browser.people import PHONE, WIDE

VISITS = [
    pytest.param(page, role, id=f"{page.name}-{role}") for page in PAGES for role in page.roles
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A theme changes colours and nothing else; a width changes what shows and where.
COLOURS = ["color-contrast", "link-in-text-block"]
LAYOUT = ["target-size", "scrollable-region-focusable"]
SERIOUS = ("serious", "critical")
NARROWEST = 320
# What sticks out beyond the window, unless something around it scrolls or clips.
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > wide + 1)
    .map((each) => `${each.tagName}.${each.className} to ${each.getBoundingClientRect().right | 0}`)
    .slice(0, 12);
}"""


def violations(page: Page, kind: str, values: list[str]) -> list[str]:
    """Serious and critical ones, one line per place."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    only = {"type": kind, "values": values}
    found = page.evaluate("(only) => axe.run({runOnly: only, resultTypes: ['violations']})", only)
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


def sticking_out(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    return [f"at {width}: {each}" for each in page.evaluate(STICKING_OUT)]


def complaints(page: Page) -> list[str]:
    """What is amiss on an open page, in both themes, wide and on a phone; it ends on a narrow phone."""
    page.set_viewport_size(WIDE)
    found = violations(page, "tag", STANDARDS)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in violations(page, "rule", COLOURS)]
    page.set_viewport_size(PHONE)
    # As high as the page: what the bar at the bottom happens to cover now, a thumb scrolls free.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": PHONE["width"], "height": height})
    found += [f"phone, dark: {each}" for each in violations(page, "rule", COLOURS)]
    page.emulate_media(color_scheme="light")
    found += [f"phone: {each}" for each in violations(page, "rule", [*COLOURS, *LAYOUT])]
    return found + sticking_out(page, PHONE["width"]) + sticking_out(page, NARROWEST)


@pytest.mark.parametrize(("listed", "role"), VISITS)
def test_page_is_accessible_and_fits(visit, listed, role):
    found = complaints(visit(listed, role))

    assert not found, "\n".join(found)
