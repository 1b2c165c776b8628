"""A walk over every page with the keyboard alone."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from devtools.pages import PAGES
from tests.browser.people import WIDE

ONE_VISIT = [pytest.param(page, page.roles[0], id=page.name) for page in PAGES]
# More stops than any page has; a walk this long goes round in circles.
LONGEST = 600
# Before the walk: remember how everything looks that can be reached, so that focus can be told from it.
LOOK = """() => {
  const looks = (element) => [element, element.parentElement].filter(Boolean).map((each) => {
    const style = getComputedStyle(each);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
            style.borderColor, style.backgroundColor, style.textDecorationLine].join(" ");
  }).join(" | ");
  const known = "a[href], button, input, select, textarea, summary, [tabindex]";
  const before = new Map([...document.querySelectorAll(known)].map((each) => [each, looks(each)]));
  const named = (element) => {
    const text = (element.getAttribute("aria-label") || element.innerText || element.name || "").trim();
    return `${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""} "${text.slice(0, 40)}"`;
  };
  const shows = (element) => {
    const box = element.getBoundingClientRect();
    const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .15], [.5, .85]];
    return points.some(([x, y]) => {
      const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return hit && (hit === element || element.contains(hit) || hit.contains(element)
                     || [...(element.labels || [])].some((label) => label.contains(hit)));
    });
  };
  const visited = [];
  window.walk = {
    visited,
    here() {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return null;
      const last = visited[visited.length - 1];
      const follows = !last
        || Boolean(last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
      const stop = {
        name: named(element),
        again: visited.includes(element),
        inOrder: follows,
        marked: before.get(element) !== looks(element),
        shows: shows(element),
        isSkipLink: element.classList.contains("nl-skip-link"),
        isPrimary: element.classList.contains("nl-button--primary"),
        tabIndex: element.tabIndex,
      };
      visited.push(element);
      return stop;
    },
    // What can be pressed or typed in and was never reached. Of a group of radio buttons one is enough.
    missed() {
      const reached = new Set(visited);
      const groups = new Set(visited.filter((each) => each.type === "radio").map((each) => each.name));
      return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter((each) => !reached.has(each) && !each.disabled && each.type !== "hidden")
        .filter((each) => each.tabIndex >= 0 && each.checkVisibility({visibilityProperty: true}))
        .filter((each) => !(each.type === "radio" && groups.has(each.name)))
        .map(named);
    },
  };
}"""


@dataclass
class Walk:
    stops: list[dict[str, Any]]
    missed: list[str]

    @property
    def complaints(self) -> list[str]:
        return [
            *(f"no visible focus: {s['name']}" for s in self.stops if not s["marked"]),
            *(f"out of sight: {s['name']}" for s in self.stops if not s["shows"]),
            *(f"out of order: {s['name']}" for s in self.stops if not s["inOrder"]),
            *(f"order forced: {s['name']}" for s in self.stops if s["tabIndex"] > 0),
            *(f"never reached: {name}" for name in self.missed),
        ]


def walk(page: Page) -> Walk:
    """Press Tab until the page begins again.

    Raises
    ------
    AssertionError
        When it never does.
    """
    page.evaluate(LOOK)
    stops: list[dict[str, Any]] = []
    for _ in range(LONGEST):
        page.keyboard.press("Tab")
        stop = page.evaluate("walk.here()")
        if stop is None or stop["again"] and stop["isSkipLink"]:
            return Walk(stops, page.evaluate("walk.missed()"))
        assert not stop["again"], f"trapped at {stop['name']} after {len(stops)} stops"
        stops.append(stop)
    raise AssertionError(f"no end after {LONGEST} stops: {stops[-3:]}")


@pytest.mark.parametrize(("listed", "role"), ONE_VISIT)
def test_page_is_walked_by_keyboard(visit, listed, role):
    page = visit(listed, role)
    page.set_viewport_size(WIDE)

    walked = walk(page)

    assert walked.stops and walked.stops[0]["isSkipLink"], "the skip link is not first"
    assert not walked.complaints, "\n".join(walked.complaints)


@pytest.mark.parametrize(("listed", "role"), ONE_VISIT)
def test_skip_link_and_shortcuts_work(visit, listed, role):
    page = visit(listed, role)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Sneltoetsen")
    expect(shortcuts).to_be_visible()
    page.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()
