"""axe over every page, in both themes, wide and on a phone; and nothing sticks out sideways.

What a page is made of recurs on the next, in the other theme; the slow half sees every page both ways.
"""

import pytest
from _pytest.mark import ParameterSet
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from devtools.pages import PAGES
from tests.browser.people import PHONE, WIDE

THEMES = ("light", "dark")
VISITS = [(page, role) for page in PAGES for role in page.roles]


def visits(begin: int) -> list[ParameterSet]:
    """Every page as each of its roles: wide in one theme and on a phone in the other, in turn."""
    return [
        pytest.param(page, role, theme := THEMES[(begin + n) % 2], id=f"{page.name}-{role}-{theme}")
        for n, (page, role) in enumerate(VISITS)
    ]


EACH_ONCE, THE_OTHER_WAY = visits(0), visits(1)
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


def complaints(page: Page, wide: str) -> list[str]:
    """What is amiss on an open page: wide in the theme `wide`, on a phone in the other; it ends light and narrow."""
    narrow = "dark" if wide == "light" else "light"
    page.emulate_media(color_scheme=wide)
    page.set_viewport_size(WIDE)
    found = [f"wide, {wide}: {each}" for each in violations(page, "tag", STANDARDS)]
    page.emulate_media(color_scheme=narrow)
    page.set_viewport_size(PHONE)
    # As high as the page: what the bar at the bottom happens to cover now, a thumb scrolls free.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": PHONE["width"], "height": height})
    on_phone = violations(page, "rule", [*COLOURS, *LAYOUT])
    page.emulate_media(color_scheme="light")
    found += [f"phone, {narrow}: {each}" for each in on_phone]
    return found + sticking_out(page, PHONE["width"]) + sticking_out(page, NARROWEST)


@pytest.mark.parametrize(("listed", "role", "wide"), EACH_ONCE)
def test_page_is_accessible_and_fits(visit, listed, role, wide):
    found = complaints(visit(listed, role), wide)

    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(("listed", "role", "wide"), THE_OTHER_WAY)
def test_page_is_accessible_the_other_way_round_too(visit, listed, role, wide):
    found = complaints(visit(listed, role), wide)

    assert not found, "\n".join(found)
