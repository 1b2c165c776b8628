"""How people sign in: allauth's rules, bent to ours. Sign-in is real time, never the business clock."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communications.logbook import actions as logbook
from communications.logbook.actions import client_address
from communications.logbook.models import AuditEvent
from communications.post import actions as post
from communications.post.models import Message
from regions.people.models import User
from regions.people.selectors import assignments_of

# In the session: when it began. A session ends 12 hours later, however busy it was.
SINCE_KEY: Final = "signed_in_at"
DEVICE_SALT: Final = "lcps.device"
DEVICE_SECONDS: Final = 365 * 24 * 60 * 60
MISMATCH: Final = _("De naam of het wachtwoord klopt niet.")
WRONG_CODE: Final = _("De code klopt niet, of is al gebruikt.")
WAIT: Final = _("Te vaak geprobeerd. Wacht vijf minuten.")
REFUSED: Final = "user.sign_in_refused"
# A shared computer knows the last twenty people.
MOST_PEOPLE: Final = 20


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the administrator; nobody signs up, and a refusal tells nothing."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": MISMATCH,
        "email_password_mismatch": MISMATCH,
        "incorrect_password": _("Het wachtwoord klopt niet."),
        "enter_current_password": _("Uw huidige wachtwoord klopt niet."),
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts the failed tries (`counted_as`), per account and device."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A closed account gets the same answer as a wrong password."""
        person = super().authenticate(request, **credentials)
        if person is not None and person.is_active:
            return person
        record_refusal(request, credentials)
        return None

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[SINCE_KEY] = timezone.now().isoformat()
        record_sign_in(request, user)

    def logout(self, request: HttpRequest) -> None:
        record_sign_out(request)
        super().logout(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        remember_device(request, response, user)
        return response

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """By the outbox like every other letter, so that a slow mail server keeps nobody waiting."""
        link = urlsplit(context["password_reset_url"]).path
        post.queue(
            "password_reset",
            event=f"password-reset:{user.pk}:{sha256(link.encode()).hexdigest()[:16]}",
            to=[user],
            variables={},
            link=link,
            at=timezone.now(),
            channels=[Message.Channel.EMAIL],
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address.get() or ""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are stored encrypted; the last factor stays where one is required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": _("Dit is uw enige tweede stap. Voeg eerst een andere toe."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = (
            Authenticator.objects.filter(user=authenticator.user_id)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
        )
        return not settings.SECOND_FACTOR_REQUIRED or others.exists()


def _box() -> MultiFernet:
    """A key of its own, made of the site's secret; older secrets still open what they closed."""
    secrets_ = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(urlsafe_b64encode(sha256(f"lcps.second-factor:{one}".encode()).digest()))
        for one in secrets_
    )


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name under which axes counts failed tries: the account, and the device if it knows the person.

    A device somebody signed in with before has a count of its own. So who guesses passwords elsewhere,
    even at the same address, slows that account there and never keeps its owner out here.
    """
    given = credentials or {"username": request.POST.get("login")}
    typed = str(given.get("username") or given.get("email") or "").strip().lower()[:150]
    known = request.__dict__.setdefault("_counted_as", {})
    if typed not in known:
        known[typed] = _account_and_device(request, typed)
    return known[typed]


def _account_and_device(request: HttpRequest, typed: str) -> str:
    if "\0" in typed:
        return ""
    person = _person(typed)
    if person is None:
        return typed
    device = _device(request)
    is_known = person.pk in device["people"]
    return f"{person.username} @ {device['id']}" if is_known else person.username


def _person(typed: str) -> User | None:
    return User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).first()


def record_sign_in(request: HttpRequest, user: User) -> None:
    """One line in the logbook for everybody who came in, by whichever door."""
    user.acting = next(iter(assignments_of(user, day=timezone.localdate(timezone.now()))), None)
    _record(request, "user.sign_in", "Meldde zich aan", user.username, by=user)


def record_sign_out(request: HttpRequest, sentence: str = "Meldde zich af") -> None:
    """One line for whoever leaves; none when nobody was signed in."""
    user = request.user
    if user.is_authenticated:
        _record(request, "user.sign_out", sentence, user.username, by=user)


def record_refusal(request: HttpRequest, credentials: Mapping[str, Any]) -> None:
    """One line for a name and password that were refused, counted per account.

    A name that nobody has is not kept: it may well be a password. Somebody who is signed in and has to give
    the password once more is named as the one who did.
    """
    typed = str(credentials.get("username") or credentials.get("email") or "").strip()
    person = _person(typed)
    if person is None:
        said = "Aanmelden mislukte: dit account bestaat niet"
        _record(request, REFUSED, said, "onbekend", by=None)
        return
    earlier = AuditEvent.objects.about("user", person.username[:60]).filter(
        action=REFUSED, at__gt=request.now - timedelta(days=1)
    )
    by = request.user if request.user.is_authenticated else None
    said = "Wachtwoord van {} opnieuw gevraagd, en fout" if by else "Aanmelden als {} mislukte"
    said = f"{said.format(person.username)}, voor de {earlier.count() + 1}e keer in 24 uur"
    _record(request, REFUSED, said, person.username, by=by)


def _record(
    request: HttpRequest, action: str, sentence: str, username: str, *, by: User | None
) -> None:
    logbook.record(
        action,
        sentence=sentence,
        about=("user", username[:60]),
        by=by,
        at=request.now,
        kind=AuditEvent.Kind.SIGN_IN,
    )


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Note in a signed cookie that this person signed in here."""
    device = _device(request)
    others = [pk for pk in device["people"] if pk != user.pk]
    note = {"id": device["id"], "people": [user.pk, *others][:MOST_PEOPLE]}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(note, salt=DEVICE_SALT),
        max_age=DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request: HttpRequest) -> dict[str, Any]:
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        return signing.loads(cookie, salt=DEVICE_SALT, max_age=DEVICE_SECONDS)
    except signing.BadSignature:
        return {"id": secrets.token_hex(8), "people": []}
