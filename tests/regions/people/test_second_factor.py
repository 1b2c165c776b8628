"""A second factor, end to end through the pages: app, recovery codes, security key."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import reverse

from tests.regions.people.conftest import PASSWORD, sign_in
from tests.regions.people.security_key import SecurityKey

pytestmark = pytest.mark.usefixtures("strict")
SECRET = "JBSWY3DPEHPK3PXP"


def code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def app(person):
    """The person has an authenticator app with SECRET."""
    return TOTP.activate(person, SECRET)


def confirm_password(client, then):
    return client.post(f"{reverse('account_reauthenticate')}?next={then}", {"password": PASSWORD})


def test_without_a_factor_everything_leads_to_setting_one_up(client, person):
    sign_in(client)

    assert client.get(reverse("home")).headers["Location"] == reverse("mfa_index")
    assert client.get(reverse("messages")).headers["Location"] == reverse("mfa_index")
    assert client.get("/api/v1/free-beds").status_code == 403
    assert client.get(reverse("mfa_index")).status_code == 200
    # A browser would follow a stream's redirect to a page, and complain that it is no stream.
    assert client.get(reverse("live")).status_code == 204


def test_app_is_set_up_and_then_asked_for_in_this_session_too(client, person):
    sign_in(client)
    activate = reverse("mfa_activate_totp")

    assert client.get(activate).headers["Location"].startswith(reverse("account_reauthenticate"))
    confirm_password(client, activate)
    page = client.get(activate)
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    wrong = client.post(activate, {"code": "000000"})
    assert wrong.context["form"].errors["code"]
    client.post(activate, {"code": code(secret)})

    step = client.get(reverse("mfa_view_recovery_codes")).headers["Location"]
    assert step.startswith(reverse("mfa_reauthenticate"))
    assert client.post(step, {"code": code(secret)}).status_code == 302
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert len(codes.context["unused_codes"]) == 10
    assert client.get(reverse("messages")).status_code == 200


def test_who_asked_for_a_new_password_can_set_up_a_factor(client, person):
    """allauth then knows an address nobody confirmed; here the administrator did."""
    client.post(reverse("account_reset_password"), {"email": person.email})
    sign_in(client)
    confirm_password(client, reverse("mfa_activate_totp"))

    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_password_alone_opens_nothing_once_there_is_an_app(client, person, app):
    asked = sign_in(client)

    assert asked.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("home")).headers["Location"].startswith(reverse("account_login"))


def test_code_signs_in_once(client, person, app, clock):
    sign_in(client)
    used = code()
    assert client.post(reverse("mfa_authenticate"), {"code": used}).headers["Location"] == "/"
    client.post(reverse("account_logout"))

    sign_in(client)
    replayed = client.post(reverse("mfa_authenticate"), {"code": used})

    assert replayed.context["form"].errors["code"]
    assert client.get(reverse("messages")).status_code == 302
    clock.forward(30)
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).headers["Location"] == "/"


def test_codes_cannot_be_guessed(client, person, app, clock):
    sign_in(client)
    for guess in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{guess}"})

    right = client.post(reverse("mfa_authenticate"), {"code": code()})

    assert right.context["form"].errors["code"] == ["Te vaak geprobeerd. Wacht vijf minuten."]
    assert client.get(reverse("messages")).status_code == 302
    clock.forward(5 * 60)
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).headers["Location"] == "/"


def test_recovery_code_signs_in_once(client, person, app):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    spare = RecoveryCodes.activate(person).get_unused_codes()[0]

    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": spare}).headers["Location"] == "/"
    client.post(reverse("account_logout"))
    sign_in(client)
    again = client.post(reverse("mfa_authenticate"), {"code": spare})

    assert again.context["form"].errors["code"]


def test_factor_set_up_elsewhere_is_asked_for_here(client, person):
    sign_in(client)
    TOTP.activate(person, SECRET)

    assert client.get(reverse("home")).headers["Location"].startswith(reverse("mfa_reauthenticate"))
    # Nor can a factor be added with the password alone.
    assert client.get(reverse("mfa_add_webauthn")).status_code == 302


def test_secret_is_not_readable_in_the_database(person, app):
    stored = Authenticator.objects.get(user=person).data["secret"]

    assert SECRET not in stored
    assert app.validate_code(code())


def test_secret_survives_a_new_site_key(person, app, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key " * 6

    assert app.validate_code(code())


def test_last_factor_cannot_be_removed(client, person, app):
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    confirm_password(client, reverse("mfa_deactivate_totp"))

    page = client.post(reverse("mfa_deactivate_totp"))

    assert page.context["form"].errors
    assert Authenticator.objects.filter(user=person, type="totp").exists()


# ----- security key ---------------------------------------------------------------------------------


def challenge(page, part):
    data = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page, re.S)
    return json.loads(data[1])[part]["publicKey"]["challenge"]


def add_key(client, key):
    add = reverse("mfa_add_webauthn")
    confirm_password(client, add)
    page = client.get(add, secure=True).content.decode()
    answer = key.register(challenge(page, "creation_options"))
    return client.post(add, {"name": "sleutel", "credential": json.dumps(answer)}, secure=True)


def show_key(client, key):
    show = reverse("mfa_reauthenticate_webauthn")
    page = client.get(show, secure=True).content.decode()
    answer = key.sign(challenge(page, "request_options"))
    return client.post(show, {"credential": json.dumps(answer)}, secure=True)


def test_security_key_is_registered_and_signs_in(client, person):
    key = SecurityKey()
    sign_in(client)
    assert add_key(client, key).status_code == 302
    client.post(reverse("account_logout"))

    sign_in(client)
    page = client.get(reverse("mfa_authenticate"), secure=True).content.decode()
    answer = json.dumps(key.sign(challenge(page, "request_options")))
    signed_in = client.post(reverse("mfa_authenticate"), {"credential": answer}, secure=True)

    assert signed_in.headers["Location"] == "/"
    assert client.get(reverse("messages")).status_code == 200


def test_last_key_cannot_be_removed(client, person):
    sign_in(client)
    key = SecurityKey()
    add_key(client, key)
    show_key(client, key)
    remove = reverse("mfa_remove_webauthn", args=[Authenticator.objects.get(type="webauthn").pk])

    page = client.post(remove)
    assert page.context["form"].non_field_errors()
    assert Authenticator.objects.filter(user=person, type="webauthn").exists()

    TOTP.activate(person, SECRET)
    assert client.post(remove).status_code == 302
    assert not Authenticator.objects.filter(user=person, type="webauthn").exists()


def test_another_key_does_not_sign_in(client, person):
    sign_in(client)
    add_key(client, SecurityKey())
    client.post(reverse("account_logout"))

    sign_in(client)
    page = client.get(reverse("mfa_authenticate"), secure=True).content.decode()
    answer = json.dumps(SecurityKey().sign(challenge(page, "request_options")))
    client.post(reverse("mfa_authenticate"), {"credential": answer}, secure=True)

    assert client.get(reverse("messages")).status_code == 302


@pytest.mark.parametrize(
    "junk", ["", "{}", "[]", '{"id": 1}', '"x"', "null", '{"rawId": "!"}', "{"]
)
def test_junk_instead_of_a_key_is_refused(client, person, junk):
    sign_in(client)
    confirm_password(client, reverse("mfa_add_webauthn"))
    client.get(reverse("mfa_add_webauthn"), secure=True)

    page = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": junk}, secure=True)

    assert page.status_code == 200
    assert page.context["form"].errors


@pytest.mark.parametrize("junk", ["{}", "[]", '{"id": 1}', "null", '{"rawId": "!"}'])
def test_junk_instead_of_a_signature_is_refused(client, person, app, junk):
    sign_in(client)
    client.get(reverse("mfa_authenticate"), secure=True)

    page = client.post(reverse("mfa_authenticate"), {"credential": junk}, secure=True)

    assert page.status_code == 200
    assert page.context["webauthn_form"].errors
