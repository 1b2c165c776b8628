"""English is complete: every screen text has its translation, and a page shows one language."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from shutil import copyfile

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings as in_force
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from communications.logbook import actions as logbook
from communications.post import actions as post
from communications.post.models import Message as Letter
from devtools.catalogues import collected, compile_all, load
from devtools.places import ROOT
from regions.models import User
from tests import factories

ENGLISH = ROOT / "locale/en/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"title", "alt", "aria-label", "placeholder", "data-label"}
# In every Dutch sentence, in no English one.
DUTCH = {"de", "het", "een", "niet", "nog", "voor", "van", "naar", "wordt", "zijn", "je", "te"}
# Written alike on both kinds of page: units, marks on keys, and what browsers read.
NEUTRAL = {"kg", "enter", "ctrl"}


def forms(text: str | list[str] | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def name(message: Message) -> tuple[str | None, str]:
    return message.context, forms(message.id)[0]


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return collected()


@pytest.fixture(scope="module")
def english() -> Catalog:
    return load(ENGLISH)


# --- the catalogue ----------------------------------------------------------------------------


def test_every_screen_text_has_an_english_translation(texts, english):
    translated = {name(m) for m in english if m.id and all(forms(m.string)) and not m.fuzzy}

    missing = [(m.locations[0][0], m.id) for m in texts if m.id and name(m) not in translated]

    assert not missing, "run python -m devtools.catalogues extract, and translate"


def test_texts_that_left_the_screens_left_the_catalogue(texts, english):
    used = {name(m) for m in texts if m.id}

    assert [m.id for m in english if m.id and name(m) not in used] == []
    assert not english.obsolete


def test_a_plural_is_translated_as_a_plural(texts, english):
    plural = {name(m) for m in texts if not isinstance(m.id, str)}

    assert {name(m) for m in english if not isinstance(m.id, str)} == plural
    assert all(len(forms(m.string)) == 2 for m in english if not isinstance(m.id, str))


def test_placeholders_are_the_same_in_both_languages(english):
    different = [
        (dutch, translation)
        for message in english
        if message.id
        for dutch, translation in zip(forms(message.id), forms(message.string), strict=True)
        if sorted(PLACEHOLDER.findall(dutch)) != sorted(PLACEHOLDER.findall(translation))
    ]

    assert different == []


def test_no_translation_is_still_in_dutch(english):
    translations = [text for m in english if m.id for text in forms(m.string)]

    assert [text for text in translations if words(text) & DUTCH] == []


# --- pages ------------------------------------------------------------------------------------


class Spoken(HTMLParser):
    """What a reader sees or hears of a page, without what is marked as another language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hidden: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.hidden:
            self.hidden += [tag] if tag == self.hidden[0] else []
        elif tag in ("script", "style", "kbd") or (tag != "html" and "lang" in given):
            self.hidden = [tag]
        else:
            self.texts += [value or "" for key, value in attrs if key in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag == self.hidden[0]:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.texts.append(data.strip())


def words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(PLACEHOLDER.sub("", text))}


@dataclass(frozen=True)
class Vocabulary:
    """The words that only one of the two languages uses in the catalogue."""

    nl: frozenset[str]
    en: frozenset[str]

    def foreign_texts(self, page: str, language: str) -> list[str]:
        foreign = (self.nl if language == "en" else self.en) - NEUTRAL
        return [text for text in Spoken(page).texts if words(text) & foreign]


@pytest.fixture(scope="module")
def vocabulary(english: Catalog) -> Vocabulary:
    pairs = [m for m in english if m.id]
    dutch = {word for m in pairs for text in forms(m.id) for word in words(text)}
    other = {word for m in pairs for text in forms(m.string) for word in words(text)}
    return Vocabulary(frozenset(dutch - other), frozenset(other - dutch))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue as it is now; the compiled one in the tree may be older."""
    root = tmp_path_factory.mktemp("texts")
    target = root / ENGLISH.relative_to(ROOT)
    target.parent.mkdir(parents=True)
    copyfile(ENGLISH, target)
    compile_all(root)
    return root / "locale"


@pytest.fixture
def pages(
    compiled: Path,
    settings: object,
    reference: None,
    demonstration_clock: None,
    client_for: Callable[[User], Client],
) -> dict[str, tuple[Client, str]]:
    """Who opens what: name of the page, browser, address. The names of places are in no language."""
    settings.LOCALE_PATHS = [compiled]
    region = factories.region("xx", name="Xx", short_name="Xx", network_name="Xx")
    site = factories.site("xx-1", name="Xx", short_name="Xx", city="Xx", region=region)
    factories.slot()
    factories.request_(site, status="national_search")
    reporter = client_for(factories.user("reporter", site=site))
    centre = client_for(factories.user("lcps_coordinator"))
    doctor = client_for(factories.user("treating_physician", site=site))
    return {
        "sign-in": (Client(), reverse("account_login")),
        "home": (reporter, reverse("home")),
        "national board": (centre, reverse("national-board")),
        "report form": (reporter, reverse("capacity:report", args=[site.code])),
        "region": (centre, reverse("capacity:region", args=[site.region.code])),
        "requests": (centre, reverse("transfers:board")),
        "request form": (doctor, reverse("transfers:new")),
    }


PAGES = ("sign-in", "home", "national board", "report form", "region", "requests", "request form")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_speaks_one_language(pages, vocabulary, page, language):
    client, address = pages[page]
    client.cookies[in_force.LANGUAGE_COOKIE_NAME] = language

    response = client.get(address)

    assert response.status_code == 200
    assert vocabulary.foreign_texts(response.content.decode(), language) == []


# --- what is kept -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_line_of_the_logbook_is_dutch_whoever_acts(reference, now):
    somebody = factories.user("lcps_coordinator")

    with override("en"):
        line = logbook.record("x", sentence="Bekeken", about=("x", "1"), by=somebody, at=now)

    assert line.place == "Landelijk"


@pytest.mark.django_db
def test_a_letter_is_dutch_whoever_causes_it(reference, now):
    reader = factories.user("bed_coordinator", site=factories.site())
    variables = {"number": "1", "site": "Xx", "reason": gettext_lazy("vergissing")}

    with override("en"):
        post.queue("offer_voided", event="x", to=[reader], variables=variables, link="/", at=now)

    assert "vergissing" in Letter.objects.latest("pk").body
