"""The pages of one's own account, as people come by them: outside the demonstration, two steps required.

Everybody starts with a password and nothing else, and looks well at each page on the way.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import resolve
from playwright.sync_api import Browser, Locator, expect

from devtools.pages import NO_PAGE, WALKED
from devtools.stage import Stage
from tests.browser.people import PATIENCE, WIDE, Person
from tests.browser.test_accessibility import THEMES, complaints
from tests.browser.test_keyboard import walk

SETTINGS = "tests.browser.strict_settings"
PASSWORD = "demo"
# Twelve characters, the fewest a password may have.
BETTER = "zwaan-kleef1"
# How long a code of the app shows, and how long it may take to type one, in seconds.
STEP, SLOWEST = 30, 8
# Words that no page has: of the library's English each text has at least one, and we say "u".
FOREIGN = re.compile(
    r"\b(the|your|you|please|this|with|and|sign|must|cannot|enter|keys?|too|many|again|"
    r"successfully|invalid|required|recovery|password|security|login|logout|activate|remove|"
    r"je|jij|jou|jouw)\b",
    re.IGNORECASE,
)
TEXTS = """() => [document.title, document.body.innerText,
  ...[...document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")].flatMap((each) =>
    ["aria-label", "title", "alt", "placeholder"].map((name) => each.getAttribute(name) || "")),
].join("\\n")"""
# Before a walk by keyboard: a box that has the focus already would be its beginning.
FROM_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
SEND = "from communications.post.tasks import deliver_due; deliver_due()"
RESET = re.compile(r"http\S+/password/reset/\S+")
LOOKED_AT: set[str] = set()
CODE = "Code uit uw app"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture(scope="module")
def office(
    chromium: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The same world, no demonstration: its accounts are people who have not signed in before."""
    folder = tmp_path_factory.mktemp("office")
    name = f"{template}_accounts_{os.getpid()}"
    queue = os.environ["REDIS_URL"]
    stage = Stage(os.environ["DATABASE_URL"], template, name, folder, queue, SETTINGS)
    # A security key belongs to a name; it refuses an address.
    stage.origin = stage.env["SITE_ORIGIN"] = f"http://localhost:{stage.port}"
    try:
        yield stage.open()
    finally:
        stage.close()


class Newcomer(Person):
    def __init__(self, browser: Browser, origin: str) -> None:
        super().__init__(browser, origin)
        self.found: list[str] = []
        self.secret = ""

    def looks(self, heading: str) -> None:
        """At the page with this heading: it is accessible, fits, needs no mouse, and speaks as we do."""
        self.is_at(heading)
        self.judges(heading)

    def judges(self, what: str) -> None:
        LOOKED_AT.add(resolve(urlsplit(self.page.url).path).view_name)
        text = self.page.evaluate(TEXTS)
        words = sorted({word.lower() for word in FOREIGN.findall(text)})
        found = [each for theme in THEMES for each in complaints(self.page, theme)]
        found += [f"in other words than ours: {words}"] if words else []
        self.page.set_viewport_size(WIDE)
        self.page.evaluate(FROM_THE_TOP)
        found += walk(self.page).complaints
        self.found += [f"{what}: {each}" for each in found]

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def goes(self, path: str) -> None:
        self.page.goto(path)

    def clicks(self, name: str, kind: str = "button") -> None:
        self.main.get_by_role(kind, name=name, exact=True).click()

    def follows(self, name: str) -> None:
        self.clicks(name, "link")

    def types(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def enters(self, label: str, text: str, button: str) -> None:
        self.types(label, text)
        self.clicks(button)

    def is_told(self, words: str | re.Pattern[str]) -> None:
        expect(self.main.get_by_role("alert")).to_have_text(words)

    def hears(self, *words: str) -> None:
        expect(self.main.get_by_role("status")).to_have_text([*words])

    def gives_password(self, username: str, password: str = PASSWORD) -> None:
        self.page.goto("/accounts/login/")
        self.types("Gebruikersnaam of e-mailadres", username)
        self.enters("Wachtwoord", password, "Log in")

    def signs_out(self) -> None:
        self.goes("/accounts/logout/")
        self.clicks("Uitloggen")
        self.hears("U bent uitgelogd.")

    def is_in(self) -> None:
        self.is_at("Nu te doen")

    def is_at(self, heading: str) -> None:
        expect(self.main.get_by_role("heading", level=1)).to_have_text(heading)

    def code(self) -> str:
        """What the app shows; whoever sees it change soon waits for the next."""
        left = STEP - time.time() % STEP
        if left < SLOWEST:
            time.sleep(left)
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // STEP))

    def codes(self) -> list[str]:
        """The recovery codes on the page: as many as the pages promise."""
        codes = self.main.get_by_role("listitem").all_inner_texts()
        assert len(codes) == 10
        return codes

    def chooses(self, password: str, again: str) -> None:
        self.types("Nieuw wachtwoord", password)
        self.types("Nogmaals het nieuwe wachtwoord", again)

    def links_an_app(self) -> None:
        self.secret = self.page.locator("#authenticator_secret").inner_text()
        self.enters(CODE, self.code(), "Koppel de app")

    def plugs_a_key_in(self) -> None:
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


@pytest.fixture
def newcomer(browser: Browser, office: Stage) -> Iterator[Newcomer]:
    someone = Newcomer(browser, office.origin)
    yield someone
    someone.context.close()
    found = someone.found + someone.watch.complaints
    assert not found, "\n".join([*found, office.errors()])


@pytest.fixture
def letter(office: Stage) -> Callable[[], str]:
    """`letter()` sends what is in the outbox, and gives the link to a new password that was in it."""
    office.open_letter_box()

    def arrives() -> str:
        end = time.monotonic() + PATIENCE / 1000
        while not (link := look()):
            assert time.monotonic() < end, office.log("mail")
            office.manage("shell", "-c", SEND)
        return link

    def look() -> str | None:
        mails = [
            message_from_bytes(path.read_bytes(), policy=default)
            for path in office.letters.glob("new/*")
        ]
        texts = [mail.get_body(("plain",)).get_content() for mail in mails]
        return next((found[0] for text in texts if (found := RESET.search(text))), None)

    return arrives


def test_new_person_links_an_app(newcomer):
    newcomer.goes("/accounts/login/")
    newcomer.gives_password("reporter", "fout")
    newcomer.is_told("De naam of het wachtwoord klopt niet.")
    newcomer.judges("sign-in with a wrong password")
    newcomer.gives_password("reporter")
    newcomer.goes("/capacity/sites/maasstad-rotterdam")
    newcomer.is_at("Inloggen in twee stappen")

    newcomer.follows("Koppel een app")
    newcomer.enters("Uw wachtwoord", "fout", "Ga verder")
    newcomer.is_told("Het wachtwoord klopt niet.")
    newcomer.looks("Bent u het nog?")
    newcomer.enters("Uw wachtwoord", PASSWORD, "Ga verder")
    newcomer.enters(CODE, "000000", "Koppel de app")
    newcomer.is_told("De code klopt niet, of is al gebruikt.")
    newcomer.looks("Koppel een app")
    newcomer.links_an_app()
    newcomer.hears("Uw app is gekoppeld.", "U hebt nieuwe herstelcodes.")
    newcomer.looks("Bent u het nog?")
    newcomer.enters(CODE, newcomer.code(), "Ga verder")

    newcomer.looks("Herstelcodes")
    codes = newcomer.codes()
    with newcomer.page.expect_download() as saved:
        newcomer.follows("Bewaar als bestand")
    assert saved.value.path().read_text().split() == codes
    newcomer.follows("Terug")
    newcomer.looks("Inloggen in twee stappen")
    newcomer.follows("Ontkoppel de app")
    newcomer.clicks("Ontkoppel de app")
    newcomer.is_told("Dit is uw enige tweede stap. Voeg eerst een andere toe.")
    newcomer.looks("Ontkoppel de app")

    newcomer.signs_out()
    newcomer.gives_password("reporter")
    newcomer.enters(CODE, codes[0], "Log in")
    newcomer.is_in()
    newcomer.signs_out()
    newcomer.gives_password("reporter")
    newcomer.enters(CODE, codes[0], "Log in")
    newcomer.is_told("De code klopt niet, of is al gebruikt.")
    newcomer.looks("Inloggen")
    newcomer.enters(CODE, codes[1], "Log in")
    newcomer.is_in()

    newcomer.goes("/accounts/2fa/")
    newcomer.follows("Maak nieuwe codes")
    newcomer.enters("Uw wachtwoord", PASSWORD, "Ga verder")
    newcomer.looks("Nieuwe herstelcodes")
    newcomer.clicks("Maak nieuwe codes")
    newcomer.hears("U hebt nieuwe herstelcodes.")
    assert not set(codes) & set(newcomer.codes())


def test_new_person_signs_in_with_a_key(newcomer):
    newcomer.gives_password("bedden")
    newcomer.follows("Voeg een sleutel toe")
    newcomer.enters("Uw wachtwoord", PASSWORD, "Ga verder")
    newcomer.plugs_a_key_in()
    newcomer.clicks("Voeg de sleutel toe")
    newcomer.hears("Uw beveiligingssleutel is toegevoegd.", "U hebt nieuwe herstelcodes.")
    newcomer.looks("Bent u het nog?")
    newcomer.clicks("Gebruik uw beveiligingssleutel")
    newcomer.is_at("Herstelcodes")
    newcomer.follows("Terug")
    newcomer.follows("Voeg een sleutel toe")
    newcomer.clicks("Voeg de sleutel toe")
    newcomer.is_told(re.compile("^Het is niet gelukt met deze sleutel"))
    newcomer.looks("Voeg een sleutel toe")

    newcomer.goes("/accounts/2fa/")
    newcomer.follows("Bekijk uw sleutels")
    newcomer.follows("Hernoem Hoofdsleutel")
    newcomer.looks("Hernoem de sleutel")
    newcomer.enters("Naam van de sleutel", "Sleutelbos", "Bewaar")
    newcomer.looks("Beveiligingssleutels")
    newcomer.follows("Verwijder Sleutelbos")
    newcomer.clicks("Verwijder de sleutel")
    newcomer.is_told("Dit is uw enige tweede stap. Voeg eerst een andere toe.")
    newcomer.looks("Verwijder de sleutel Sleutelbos")

    newcomer.signs_out()
    newcomer.gives_password("bedden")
    newcomer.looks("Inloggen")
    newcomer.clicks("Gebruik een beveiligingssleutel")
    newcomer.is_in()
    newcomer.goes("/accounts/2fa/")
    newcomer.follows("Koppel een app")
    newcomer.follows("Liever met een beveiligingssleutel")
    newcomer.clicks("Gebruik uw beveiligingssleutel")
    newcomer.links_an_app()
    newcomer.signs_out()
    newcomer.gives_password("bedden")
    newcomer.enters(CODE, newcomer.code(), "Log in")
    newcomer.is_in()
    newcomer.goes("/accounts/2fa/webauthn/")
    newcomer.follows("Verwijder Sleutelbos")
    newcomer.enters("Uw wachtwoord", PASSWORD, "Ga verder")
    newcomer.clicks("Verwijder de sleutel")
    newcomer.hears("De beveiligingssleutel is verwijderd.")


def test_forgotten_password_comes_by_letter(newcomer, letter):
    newcomer.goes("/accounts/login/")
    newcomer.follows("Wachtwoord vergeten")
    newcomer.looks("Wachtwoord vergeten")
    newcomer.enters("E-mailadres", "regio@voorbeeld.example", "Stuur de link")
    newcomer.looks("Kijk in uw e-mail")

    link = letter()
    newcomer.goes(link)
    newcomer.chooses(BETTER[1:], BETTER)
    newcomer.clicks("Bewaar wachtwoord")
    newcomer.is_told("Dit wachtwoord is te kort: neem minstens 12 tekens.")
    newcomer.looks("Nieuw wachtwoord")
    newcomer.chooses(BETTER, BETTER[1:])
    newcomer.clicks("Bewaar wachtwoord")
    newcomer.is_told("Dit is een ander wachtwoord.")
    newcomer.chooses(BETTER, BETTER)
    newcomer.clicks("Bewaar wachtwoord")
    newcomer.looks("Wachtwoord gewijzigd")
    newcomer.goes(link)
    newcomer.looks("De link werkt niet meer")

    newcomer.gives_password("regio", BETTER)
    newcomer.follows("Koppel een app")
    newcomer.enters("Uw wachtwoord", BETTER, "Ga verder")
    newcomer.links_an_app()
    newcomer.enters(CODE, newcomer.code(), "Ga verder")
    newcomer.goes("/accounts/2fa/")
    newcomer.follows("Wijzig wachtwoord")
    newcomer.types("Huidig wachtwoord", "fout")
    newcomer.chooses(BETTER[1:], BETTER[1:])
    newcomer.clicks("Wijzig wachtwoord")
    newcomer.looks("Wachtwoord wijzigen")
    newcomer.types("Huidig wachtwoord", BETTER)
    newcomer.chooses(BETTER[::-1], BETTER[::-1])
    newcomer.clicks("Wijzig wachtwoord")
    newcomer.hears("Uw wachtwoord is gewijzigd.")


def test_guesses_are_slowed_down(newcomer):
    with newcomer.watch.expecting(429):
        for _ in range(10):
            newcomer.gives_password("medisch", "fout")
        newcomer.looks("Te vaak een verkeerd wachtwoord")
        for _ in range(6):
            newcomer.goes("/accounts/password/reset/")
            newcomer.enters("E-mailadres", "medisch@voorbeeld.example", "Stuur de link")
        newcomer.looks("Te vaak achter elkaar")


def test_without_a_role_there_is_nothing_to_do(newcomer, office):
    """And a code is guessed five times at most."""
    office.sql(
        "UPDATE regions_assignment SET valid_to = valid_from WHERE user_id ="
        " (SELECT id FROM regions_user WHERE username = 'analist')"
    )
    newcomer.gives_password("analist")
    newcomer.follows("Koppel een app")
    newcomer.enters("Uw wachtwoord", PASSWORD, "Ga verder")
    newcomer.links_an_app()
    newcomer.enters(CODE, newcomer.code(), "Ga verder")
    with newcomer.watch.expecting(403):
        newcomer.goes("/")
    newcomer.looks("U bent ingelogd, maar u hebt nu geen rol")

    newcomer.clicks("Uitloggen")
    newcomer.gives_password("analist")
    for guess in range(6):
        newcomer.enters(CODE, f"00000{guess}", "Log in")
    newcomer.is_told("Te vaak geprobeerd. Wacht vijf minuten.")


def test_every_page_of_the_account_was_looked_at():
    """By the people above: the list of pages says so."""
    assert {route for route, why in NO_PAGE.items() if why == WALKED} - LOOKED_AT == set()
