"""Every form with words in it survives the end of a session: it carries the note of its owner."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from capacity.picture import actions
from capacity.picture.selectors import region_picture
from tests import factories
from tests.transfers.requests.test_moving import at, make_world
from transfers.requests import status as states

WORD = "Halfzes"
ACCEPTED = {"answer": "accept", "doctor": WORD, "unit": "IC 2"}

TEMPLATES = Path(__file__).parent.parent / "templates"
# People who are signing in, or prove who they are, have no session to lose.
ENTRANCE = ("account", "allauth", "mfa")
FORM = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL)
WORDS = re.compile(
    r"<textarea|<input(?![^>]*type=\"(?:hidden|radio|checkbox)\")[^>]*>|forms/field|\|control\b|{{ field }}"
)
INCLUDED = re.compile(r"{% include \"([^\"]+)\"")


def asks_words(source: str) -> bool:
    """Whether something can be typed here, or in a part that is included."""
    return bool(WORDS.search(source)) or any(
        asks_words((TEMPLATES / name).read_text()) for name in INCLUDED.findall(source)
    )


FORMS = [
    pytest.param(form, id=f"{path.relative_to(TEMPLATES)}-{place}")
    for path in sorted(TEMPLATES.rglob("*.html"))
    if path.relative_to(TEMPLATES).parts[0] not in ENTRANCE
    for place, form in enumerate(FORM.findall(path.read_text()))
    if asks_words(form)
]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_with_words_carries_the_note_of_its_owner(form):
    assert "{% form_owner" in form


def test_the_forms_are_found():
    assert len(FORMS) > 10


# Who, on which status of a request, on which page, sends which form with which words.
SENT = {
    "step": (
        "lcps",
        states.NATIONAL_SEARCH,
        "request",
        "/steps/ask_sender_nationally",
        {"reason": WORD},
    ),
    "question": ("region", states.SUBMITTED, "request", "/steps/ask_sender", {"reason": WORD}),
    "contact": ("receiver", states.ACCEPTED, "request", "/contact", {"names": WORD}),
    "accept": ("receiver", states.OFFERED, "offers", "/answer", ACCEPTED),
    "refuse": ("receiver", states.OFFERED, "offers", "/answer", {"answer": "refuse", "text": WORD}),
    "transport": ("transport", states.ACCEPTED, "transport", "", {"kind_reason": WORD}),
    "plan": ("planner", states.TRANSPORT_REQUESTED, "ride", "/plan", {"vehicle": WORD}),
    "return": ("planner", states.TRANSPORT_REQUESTED, "ride", "/return", {"return-reason": WORD}),
}


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration_clock")
@pytest.mark.parametrize("who, status, name, action, typed", SENT.values(), ids=SENT)
def test_what_was_typed_comes_back_in_its_own_form(who, status, name, action, typed, now):
    world = make_world()
    request = at(status, world, now)
    request.offers.update(contact_names="", contact_at=None)
    ride = request.rides.first()
    of = {"ride": {"ride": ride and ride.pk}, "offers": {}}.get(name, {"number": request.number})

    page = sent_in_vain(
        world["people"][who], reverse(f"transfers:{name}", kwargs=of), action, typed
    )

    (form,) = [f for f in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if WORD in f]
    assert f'{action}"' in form


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration_clock", "reference")
@pytest.mark.parametrize(
    ("role", "box"), [("regional_coordinator", "sentence"), ("lcps_coordinator", "question")]
)
def test_what_was_typed_about_a_region_comes_back(role, box, now):
    region = factories.region("brabant")
    slot = factories.slot()
    factories.report(factories.site(region=region), slot)
    coordinator = factories.user("regional_coordinator", region=region)
    if box == "question":
        picture = region_picture(region, slot, now)
        signed = actions.Signed(pressure="green", sentence="Rustig.", limiting_factor="beds")
        actions.sign_off(
            region=region,
            slot=slot,
            signed=signed,
            submission=uuid4(),
            based_on=0,
            stamp=picture.stamp,
            by=coordinator,
            now=now,
        )
    person = coordinator if box == "sentence" else factories.user(role)

    address = reverse("capacity:region", kwargs={"region": region.code})
    page = sent_in_vain(
        person, address, "/sign-off" if box == "sentence" else "/sitrep-answer", {box: WORD}
    )

    assert re.search(rf'<textarea[^>]*name="{box}"[^>]*>\s*{WORD}', page)


def sent_in_vain(person, address, action, typed):
    """The page after a form on it was sent with the token of an earlier session, and opened again."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    forms = re.findall(r"<form\b.*?</form>", client.get(address).text, re.DOTALL)
    form = next(f for f in forms if "form_owner" in f and (not action or f'{action}"' in f))
    note = form.split('name="form_owner" value="')[1].split('"')[0]
    found = re.search(r'action="([^"]+)"', form)

    answer = client.post(found[1] if found else address, typed | {"form_owner": note})

    assert answer["Location"] == address
    return client.get(address).text
