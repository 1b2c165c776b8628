"""Fields that read what Dutch doctors type: 0,08 and 0.08, 10:05, 27-10-2020. Messages say what to do."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from communications import identity, privacy
from transfers.requests import checks

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY_FORMATS = ("%d-%m-%Y", "%d-%m-%y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d")
OLDEST = timedelta(days=31)
# NUL cannot be stored, and other control characters have no place in one line of text.
CONTROL = {chr(code) for code in range(32)} - {"\t"}


def _range_message(low: float, high: float) -> Any:
    return _("Vul een waarde in van %(low)s tot %(high)s.") % {
        "low": str(low).replace("-", "−"),
        "high": high,
    }


class WholeNumber(forms.IntegerField):
    """A count or measure without decimals, within bounds."""

    default_error_messages = {"invalid": _("Vul een heel getal in, zonder komma of spaties.")}

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high
        said = _range_message(low, high)
        self.validators = [MinValueValidator(low, said), MaxValueValidator(high, said)]
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "12"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.strip().replace("−", "-")
            # Python reads 1_000 and Arabic digits; a doctor who sees 1_000 does not.
            if value and not (value.removeprefix("-").isascii() and value.lstrip("+-").isdigit()):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class OxygenFraction(WholeNumber):
    """FiO2 in percent; who types 0.6 is asked whether 60 % was meant."""

    def to_python(self, value: Any) -> int | None:
        percent = percent_meant(value)
        if percent is not None:
            raise ValidationError(
                _("FiO₂ staat in procenten: 21 tot 100. Bedoelt u %(percent)s %%?"),
                code="fraction",
                params={"percent": percent},
            )
        return super().to_python(value)


def percent_meant(value: Any) -> int | None:
    """The percentage meant by a fraction of oxygen, typed with comma or point."""
    text = str(value).strip().replace(",", ".")
    return checks.percent_of_fraction(Decimal(text)) if PLAIN_DECIMAL.fullmatch(text) else None


PLAIN_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
EARLIEST_YEAR = 1900


class DecimalNumber(forms.DecimalField):
    """A measure with two decimals, comma or point."""

    default_error_messages = {
        "invalid": _("Vul een getal in, bijvoorbeeld 0,08."),
        "max_decimal_places": _("Gebruik hoogstens twee cijfers achter de komma."),
    }

    def __init__(self, low: float, high: float, **kwargs: Any) -> None:
        super().__init__(max_digits=4, decimal_places=2, **kwargs)
        said = _range_message(low, high)
        self.validators += [MinValueValidator(low, said), MaxValueValidator(high, said)]
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": "12"})

    def to_python(self, value: Any) -> Decimal | None:
        text = value.strip().replace(",", ".") if isinstance(value, str) else value
        # Python would read 0_1 as 1, and a digit of another script as one of ours: a dose is not guessed.
        if isinstance(text, str) and text and not PLAIN_DECIMAL.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


class Day(forms.DateField):
    """A day that has been, not longer than a year ago."""

    default_error_messages = {"invalid": _("Vul een datum in, bijvoorbeeld 27-10-2020.")}

    def __init__(self, now: datetime, **kwargs: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, **kwargs)
        self.today = now.astimezone(AMSTERDAM).date()
        self.widget = forms.TextInput(attrs={"maxlength": "12"})

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and not self.today - timedelta(days=366) <= day <= self.today:
            raise ValidationError(
                _("De datum ligt in de toekomst of meer dan een jaar terug."), code="out_of_range"
            )
        return day

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d-%m-%Y}" if isinstance(value, date) else value


class Moment(forms.Field):
    """A moment that has been: a time is the last one before now, or a day with a time. Kept as UTC."""

    default_error_messages = {
        "invalid": _("Vul een tijd in, bijvoorbeeld 10:05, of 28-10 22:30."),
        "future": _("Dit moment ligt in de toekomst."),
        "ancient": _("Dit moment ligt te lang terug."),
    }

    def __init__(self, now: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.now = now.astimezone(UTC)
        self.today = now.astimezone(AMSTERDAM).date()
        self.widget = forms.TextInput(attrs={"maxlength": "16"})

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        moment = self._read(str(value).strip())
        if moment is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if moment > self.now:
            raise ValidationError(self.error_messages["future"], code="future")
        if moment < self.now - OLDEST:
            raise ValidationError(self.error_messages["ancient"], code="ancient")
        return moment

    def _read(self, text: str) -> datetime | None:
        day_text, _space, time_text = text.replace("T", " ").rpartition(" ")
        at = _time(time_text)
        if at is None:
            return None
        if day_text:
            day = _day(day_text.strip(), self.today.year)
            return self._last(day, at) if day else None
        today = self._last(self.today, at)
        return today if today <= self.now else self._last(self.today - timedelta(days=1), at)

    def _last(self, day: date, at: time) -> datetime:
        """A wall time as UTC; of the two that a clock change gives, the last one that has been."""
        twice = [
            datetime.combine(day, at.replace(fold=fold), AMSTERDAM).astimezone(UTC)
            for fold in (0, 1)
        ]
        return max((moment for moment in twice if moment <= self.now), default=min(twice))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        local = value.astimezone(AMSTERDAM)
        # A time alone reads as the last one before now, so it may stand alone for just under a day.
        is_recent = timedelta() <= self.now - value < timedelta(hours=23)
        return f"{local:%H:%M}" if is_recent else f"{local:%d-%m-%Y %H:%M}"


def _time(text: str) -> time | None:
    for form in ("%H:%M", "%H.%M", "%Hu%M"):
        try:
            return datetime.strptime(text, form).time()
        except ValueError:
            continue
    return None


def _day(text: str, year: int) -> date | None:
    """The day a text names; nothing before our time, which no clock can count in."""
    candidates = [(text, form) for form in DAY_FORMATS]
    candidates += [(f"{text}-{year}", "%d-%m-%Y"), (f"{text}/{year}", "%d/%m/%Y")]
    for written, form in candidates:
        try:
            day = datetime.strptime(written, form).date()
        except ValueError:
            continue
        return day if day.year >= EARLIEST_YEAR else None
    return None


class FreeText(forms.CharField):
    """Text without anything that would say who the patient is."""

    def __init__(self, longest: int, **kwargs: Any) -> None:
        super().__init__(max_length=longest, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if CONTROL & set(text):
            raise ValidationError(_("Schrijf alles op één regel."), code="control")
        code = identity.find(text)
        if code:
            raise ValidationError(privacy.WORDS[code], code=code)
        return text


class YesNo(forms.TypedChoiceField):
    """Yes or no; nothing until somebody says which."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("no", _("nee")), ("yes", _("ja"))],
            coerce=lambda value: value == "yes",
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
