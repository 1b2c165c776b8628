"""One plain page that shows a folder of screenshots: per page its widths and themes side by side.

Where the mock-ups lie next to the checkout, the drawing of a page stands below what was built.
"""

from collections.abc import Iterable
from html import escape
from os.path import relpath
from pathlib import Path

from devtools.pages import Page
from devtools.places import ROOT

WIDTHS = (1440, 390)
THEMES = ("light", "dark")
VARIANTS = tuple((width, theme) for width in WIDTHS for theme in THEMES)
MOCKUPS = ROOT.parent / "shared/mockups/screens"
# A page, as the people for whom it was drawn see it, and the name of its drawing.
DRAWN: dict[tuple[str, str], str] = {
    ("sign-in", ""): "sign-in",
    ("gallery", "beheer"): "components",
    ("home", "lcps"): "home-coordinator",
    ("national-board", "lcps"): "national-board",
    ("capacity-form", "reporter"): "capacity-form",
    ("region", "regio"): "region-grid",
    ("board", "lcps"): "transfer-board",
    ("list", "lcps"): "transfer-list",
    ("request-form", "arts"): "request-form",
    ("request-searching", "lcps"): "request-page",
    ("offers", "bedden"): "offer-inbox",
    ("rides", "vervoer"): "rides",
    ("ride-sheet", "ambulance"): "ride-sheet",
}

SHEET = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }}
  body {{ display: grid; grid-template-columns: 15rem 1fr; margin: 0 }}
  nav {{ position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; box-sizing: border-box }}
  nav ol {{ list-style: none; padding: 0 }}
  main {{ padding: 1rem 2rem; min-width: 0 }}
  h1 {{ font-size: 1.25rem }}
  h2 {{ font-size: 1rem; margin: 2.5rem 0 .5rem }}
  h2 small {{ font-weight: normal; opacity: .7 }}
  .row {{ display: grid; grid-template-columns: 3fr 3fr 1fr 1fr; gap: .75rem; align-items: start }}
  figure {{ margin: 0 }}
  figure a {{ display: block; max-height: 26rem; overflow: hidden; border: 1px solid #8888 }}
  img {{ display: block; width: 100% }}
  figcaption {{ font-size: .8rem; opacity: .7 }}
  @media (max-width: 60rem) {{ body {{ display: block }} nav {{ position: static; height: auto }} }}
</style>
<nav><h1>{title}</h1><ol>{entries}</ol></nav>
<main>{rows}</main>
</html>
"""


def file_name(page: Page, role: str, width: int, theme: str) -> str:
    return f"{page.name}-{role or 'nobody'}-{width}-{theme}.png"


def write(
    folder: Path, title: str, visits: Iterable[tuple[Page, str, str]], mockups: Path = MOCKUPS
) -> Path:
    """Show the visits whose pictures are in the folder, also those of an earlier run."""
    shown = [visit for visit in visits if is_complete(folder, visit[0], visit[1])]
    sheet = folder / "index.html"
    sheet.write_text(
        SHEET.format(
            title=escape(title),
            entries="".join(entry(page, role) for page, role, _ in shown),
            rows="".join(row(folder, mockups, *visit) for visit in shown),
        )
    )
    return sheet


def is_complete(folder: Path, page: Page, role: str) -> bool:
    return all((folder / file_name(page, role, *variant)).exists() for variant in VARIANTS)


def anchor(page: Page, role: str) -> str:
    return escape(f"{page.name}-{role}")


def entry(page: Page, role: str) -> str:
    return f'<li><a href="#{anchor(page, role)}">{escape(page.name)}</a> {escape(role)}</li>\n'


def row(folder: Path, mockups: Path, page: Page, role: str, path: str) -> str:
    seen_by = f"{role or 'nobody signed in'} · {path}"
    pictures = "".join(
        picture(file_name(page, role, *variant), f"{variant[0]} {variant[1]}")
        for variant in VARIANTS
    )
    pictures += drawings(folder, mockups, DRAWN.get((page.name, role), ""))
    heading = f"{escape(page.name)} <small>{escape(seen_by)}</small>"
    return f'<h2 id="{anchor(page, role)}">{heading}</h2>\n<div class="row">{pictures}</div>\n'


def drawings(folder: Path, mockups: Path, name: str) -> str:
    """A drawing below each picture, and an empty place where none was made."""
    files = [mockups / f"{name}-{width}-{theme}.png" for width, theme in VARIANTS]
    if not any(file.exists() for file in files):
        return ""
    return "".join(
        picture(relpath(file, folder), "mock-up") if file.exists() else "<div></div>"
        for file in files
    )


def picture(file: str, caption: str) -> str:
    file = escape(file)
    image = f'<a href="{file}"><img loading="lazy" src="{file}" alt="{file}"></a>'
    return f"<figure>{image}<figcaption>{caption}</figcaption></figure>\n"
