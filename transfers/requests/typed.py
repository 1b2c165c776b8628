"""From what was typed to one action, and back to the form when it was refused. Nothing typed is lost."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from capacity.models import CareLevel
from communications import drafts
from regions.places.models import Site
from transfers.requests import actions, checks, filling, forms, permissions
from transfers.requests import status as states
from transfers.requests.models import ClinicalPicture, TransferRequest

if TYPE_CHECKING:
    from regions.people.models import User


def version(data: Mapping[str, Any]) -> int:
    """The version of the page somebody acted on; 0, which never was, when it is not a number."""
    text = str(data.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class Filled:
    """A request form as it was opened or sent: which level, what was typed, and what is to be done."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        query: Mapping[str, Any],
        request: TransferRequest | None,
        user: "User",
        now: datetime,
    ) -> None:
        self.request, self.user, self.now = request, user, now
        self.data = self._taken(data) if data is not None else None
        self.do = (data or {}).get("do", "check")
        self.switches_level = bool((data or {}).get("show_level"))
        self.newer: TransferRequest | None = None
        self.status = 200
        self.levels = list(CareLevel.objects.all())
        self.level = self._level(query)

    @property
    def site(self) -> Site:
        if self.request is not None:
            return self.request.sending_site
        assert self.user.acting is not None and self.user.acting.site is not None
        return self.user.acting.site

    @property
    def is_draft(self) -> bool:
        return self.request is None or self.request.status == states.DRAFT

    @property
    def stays_here(self) -> bool:
        return self.do == "draft"

    @property
    def said(self) -> str:
        """What to say after it was done."""
        if self.do == "submit":
            return _("Ingediend bij RCPS %(region)s.") % {"region": self.site.region.short_name}
        if self.do == "draft":
            return _("Concept bewaard om %(time)s.") % {
                "time": f"{self.now.astimezone(filling.AMSTERDAM):%H:%M}"
            }
        return _("Wijzigingen bewaard.")

    @cached_property
    def form(self) -> forms.RequestForm:
        if self.data is not None and self.switches_level:
            # Who chooses another level has answered nothing wrongly yet.
            return forms.RequestForm(level=self.level, now=self.now, initial=self.data)
        if self.data is not None:
            return forms.RequestForm(self.data, level=self.level, now=self.now)
        stands = filling.initial(self.request) if self.request else filling.started()
        # A form that was opened carries its own number, so that sent twice it counts once.
        opened = {
            "version": self.request.version if self.request else 0,
            "submission": self.request.submission if self.request else uuid4(),
        }
        return forms.RequestForm(level=self.level, now=self.now, initial=stands | opened)

    def act(self) -> TransferRequest | None:
        """Do what the pressed button says; None when the form must be shown again."""
        if self.do not in ("submit", "draft", "save"):
            return None
        self.status = 422
        try:
            return self._do()
        except actions.LostUpdate as lost:
            self._take_newer(lost)
        except ValidationError as refused:
            self.form.take_errors(refused)
        return None

    def _do(self) -> TransferRequest | None:
        form = self.form
        if drafts.is_too_much(form.data):
            self.status = 413
            raise ValidationError(drafts.TOO_MUCH, code="too_much")
        is_valid = form.is_valid()
        if form.refuse_too_long():
            return None
        if self.do == "draft" and not (is_valid and self._may_say_all()):
            return self._save(form.typed())
        # Everything at once: what is wrong by itself, and what is wrong together.
        is_held_back = self.do == "submit" and self._is_held_back()
        if not is_valid or is_held_back:
            return None
        if self.do != "submit":
            return self._save(None)
        return actions.file_request(
            request=self.request,
            site=self.site,
            by=self.user,
            now=self.now,
            version=self._version,
            submission=self._submission,
            values=self._values(),
        )

    def _may_say_all(self) -> bool:
        """What only the physician decides stays as it was typed, until the physician opens the draft."""
        overrides = self.form.cleaned_data.get("objection_override")
        return not overrides or permissions.may_override_objection(self.user)

    def _is_held_back(self) -> bool:
        found = checks.blocking(filling.judge(self.form, self.site, self.now))
        self.form.take_findings(found)
        return bool(found)

    def _save(self, typed: Mapping[str, str] | None) -> TransferRequest:
        if self.request is None:
            return actions.create_request(
                site=self.site,
                by=self.user,
                now=self.now,
                submission=self._submission,
                values=self._values(),
                typed=typed,
                version=self._version,
            )
        return actions.update_request(
            request=self.request,
            by=self.user,
            now=self.now,
            version=self._version,
            values=self._values(),
            typed=typed,
        )

    def _values(self) -> dict[str, Any]:
        """The right values; a field that the level does not ask goes back to where it starts."""
        picture = ClinicalPicture._meta
        not_asked = {name: picture.get_field(name).get_default() for name in forms.INTENSIVE}
        return {"level": self.level} | not_asked | self.form.values()

    def _take_newer(self, lost: actions.LostUpdate) -> None:
        """Show both: what was typed stays, and the next try counts against what stands now."""
        self.newer = lost.newer
        self.status = 409
        self.form.add_error(None, lost)
        self.form.data = {**dict(self.form.data.items()), "version": str(lost.newer.version)}

    @property
    def _version(self) -> int:
        return version(self.form.data)

    @property
    def _submission(self) -> UUID:
        given = self.form.cleaned_data.get("submission")
        return given if isinstance(given, UUID) else uuid4()

    def _level(self, query: Mapping[str, Any]) -> CareLevel:
        by_code = {level.code: level for level in self.levels}
        stands = self.request.level_id if self.request else self.levels[0].code
        asked = self.data.get("level") if self.data is not None else query.get("level")
        return by_code.get(str(asked), by_code[stands])

    @staticmethod
    def _taken(data: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed, with the buttons that change it: another level, or 60 % for a typed 0.6."""
        typed = dict(data.items())
        if typed.get("show_level"):
            typed["level"] = typed.pop("show_level")
        if typed.get("fraction"):
            typed["fio2_percent"] = typed.pop("fraction")
        return typed


def values_form(
    data: Mapping[str, Any] | None, request: TransferRequest, now: datetime
) -> forms.PictureForm:
    """The values a doctor measures again, filled with the last ones; their moment is asked anew."""
    stands = {name: getattr(request.clinical, name) for name in actions.VALUE_FIELDS}
    return forms.PictureForm(
        data,
        level=request.level,
        now=now,
        names=actions.VALUE_FIELDS,
        initial=stands | {"values_at": None, "version": request.version},
    )


def renew(
    form: forms.PictureForm, request: TransferRequest, *, by: "User", now: datetime
) -> TransferRequest | None:
    """Write the fresh values; None when the form must be shown again."""
    if not form.is_valid():
        return None
    together = checks.of(vars(checks.of(request.clinical)) | form.values())
    held_back = checks.ventilation(together)
    if held_back:
        form.take_findings(held_back)
        return None
    try:
        return actions.renew_values(
            request=request, by=by, now=now, version=version(form.data), values=form.values()
        )
    except actions.LostUpdate as lost:
        form.add_error(None, lost)
        form.data = {**dict(form.data.items()), "version": str(lost.newer.version)}
    except ValidationError as refused:
        form.take_errors(refused)
    return None
