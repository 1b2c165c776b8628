"""The rules the style sheets and templates keep, so that a page stays easy to change."""

import fnmatch
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders

from lcps.assets import NPM_FILES

ROOT = Path(__file__).resolve().parents[2]
STYLES = sorted((ROOT / "lcps/static/lcps/css").rglob("*.css"))
SCRIPTS = sorted((ROOT / "lcps/static/lcps/js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(", re.IGNORECASE)
# Paper and codes to be scanned are black on white in every theme; the bar is dark in both.
FIXED = {"#fff", "#ffffff", "#000", "#333", "#888"}
# A status, a care level, the age of a figure: a template gets booleans with names instead.
COMPARED = re.compile(r"(?:status|level|level_id|level\.code|age|next_step|row\.state) [!=]= \"")

# What names a class: markup, scripts, and modules that hand one to a template.
NAMING = [*TEMPLATES, *SCRIPTS] + [
    path
    for package in ("capacity", "communications", "lcps", "regions", "transfers")
    for path in (ROOT / package).rglob("*.py")
]
# Classes that are put together from a beginning and a value, by who does it.
BUILT = {
    "templates/capacity/reports/_now.html": {"is-expired"},
    "templates/capacity/picture/_sign_off.html": {"lcps-level--none"},
    "templates/transfers/offers/_routes.html": {"lcps-map__tag--start", "lcps-map__tag--end"},
    "lcps/home/map.py": {"is-amount-1"},
    "templates/transfers/offers/_destination.html": {"is-for", "is-against"},
}


def relative(path):
    return str(path.relative_to(ROOT))


def rules(sheet):
    """The sheet without comments."""
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("sheet", [s for s in STYLES if s.name != "tokens.css"], ids=relative)
def test_colours_come_from_the_tokens(sheet):
    own = {found.group() for found in COLOUR.finditer(rules(sheet))}

    assert own <= FIXED


def test_every_page_part_is_styled_in_one_place():
    """A page's sheet begins no block that another page's sheet or the shared ones begin."""
    homes = {}
    for sheet in STYLES:
        for block in set(
            re.findall(r"^\.(lcps-[a-z]+)(?:__[a-z]+)? \{", rules(sheet), re.MULTILINE)
        ):
            homes.setdefault(block, []).append(relative(sheet))

    assert {block: sheets for block, sheets in homes.items() if len(sheets) > 1} == {}


def classes(sheet):
    """Every class a selector of the sheet names."""
    selectors = re.findall(r"([^{};]+)\{", re.sub(r"url\([^)]*\)", "", rules(sheet)))
    return {name for each in selectors for name in re.findall(r"\.([a-zA-Z][\w-]*)", each)}


@pytest.fixture(scope="module")
def named():
    return {word for path in NAMING for word in re.findall(r"[a-zA-Z][\w-]*", path.read_text())}


@pytest.mark.parametrize("sheet", STYLES, ids=relative)
def test_every_class_of_a_sheet_is_used(sheet, named):
    assert classes(sheet) - named - set().union(*BUILT.values()) == set()


@pytest.mark.parametrize(("path", "built"), BUILT.items())
def test_a_class_said_to_be_built_is_built_there_and_styled(path, built, named):
    text = (ROOT / path).read_text()

    assert not built & named
    assert built <= set().union(*map(classes, STYLES))
    for name in built:
        assert re.search(re.escape(name.rpartition("-")[0]) + r"-\{", text), name


@pytest.mark.parametrize("template", TEMPLATES, ids=relative)
def test_templates_hold_no_inline_style_or_script(template):
    text = template.read_text()

    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize("template", TEMPLATES, ids=relative)
def test_templates_compare_no_statuses_or_levels(template):
    assert COMPARED.findall(template.read_text()) == []


def test_components_are_few_and_say_their_parameters():
    assert len(COMPONENTS) <= 12
    for component in COMPONENTS:
        first = component.read_text().splitlines()[0]
        assert first.startswith("{% comment %}"), component.name
        assert "Parameters:" in first, component.name


@pytest.mark.parametrize("script", SCRIPTS, ids=relative)
def test_scripts_need_no_eval(script):
    assert not re.search(r"\beval\(|new Function\(|innerHTML", script.read_text())


def test_every_static_file_a_template_names_is_served():
    named = set()
    for template in TEMPLATES:
        named |= set(re.findall(r"{% static \"([^\"]+)\" %}", template.read_text()))

    assert named
    assert named - served() == set()


def test_every_npm_pattern_finds_its_file():
    """A new version of a package that moves a file is noticed here, not by a page without styles."""
    files = served()

    assert [pattern for pattern in NPM_FILES if not fnmatch.filter(files, pattern)] == []


def served():
    files = set()
    for finder in get_finders():
        for path, storage in finder.list([]):
            files.add(f"{storage.prefix}/{path}" if getattr(storage, "prefix", None) else path)
    return files
