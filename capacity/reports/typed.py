"""Reading what people type: whole numbers, percentages and moments. Nothing is guessed.

A text that is not plainly a number is refused with a code that says why, and with what was probably
meant, so that the message can name the remedy. Pure: no Django.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# More digits than any count of beds has; longer texts are typing errors, not numbers.
MOST_DIGITS = 6

_WHOLE = re.compile(r"[0-9]+")
_SPACED = re.compile(r"[0-9]+(?:[\s']+[0-9]+)+")
_BROKEN = re.compile(r"[0-9]+[.,][0-9]+")
_SIGNED = re.compile(r"[-\u2212\u2013][\s]*[0-9]+(?:[.,][0-9]+)?")
_TENTHS = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]))?")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]?([0-9]{2})(?:\s*uur)?")
_DAY_AND_CLOCK = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})\s+([0-9]{1,2})[:.]([0-9]{2})")


@dataclass(frozen=True)
class Unreadable(ValueError):
    """A text that is not the number or moment asked for, with why and what was probably meant."""

    code: str
    text: str
    meant: str = ""


def whole(text: str) -> int | None:
    """Read a count of beds or patients; an empty text is None, never 0.

    Raises Unreadable with code decimal, negative, spaces, huge, other_digits or not_a_number.
    """
    text = text.strip()
    if not text:
        return None
    if _WHOLE.fullmatch(text):
        if len(text.lstrip("0")) > MOST_DIGITS:
            raise Unreadable("huge", text)
        return int(text)
    raise _refusal(text)


def _refusal(text: str) -> Unreadable:
    """Why a text is not a whole number of 0 or more."""
    shown = text if len(text) <= 20 else f"{text[:20]}…"
    ascii_digits = _in_ascii_digits(text)
    if ascii_digits != text and _WHOLE.fullmatch(ascii_digits):
        return Unreadable("other_digits", shown, ascii_digits[:MOST_DIGITS])
    if _SIGNED.fullmatch(text):
        return Unreadable("negative", shown)
    if _SPACED.fullmatch(text):
        return Unreadable("spaces", shown, "".join(_WHOLE.findall(text))[:MOST_DIGITS])
    if _BROKEN.fullmatch(text):
        return Unreadable("decimal", shown, re.split("[.,]", text)[0][:MOST_DIGITS])
    return Unreadable("not_a_number", shown)


def _in_ascii_digits(text: str) -> str:
    """The text with every decimal digit of another script (full-width, Arabic) as 0 to 9."""
    return "".join(
        str(unicodedata.decimal(letter))
        if unicodedata.decimal(letter, None) is not None
        else letter
        for letter in text
    )


def tenths(text: str) -> Decimal | None:
    """Read a percentage with at most one decimal, "7,8" or "7.8"; an empty text is None.

    Raises Unreadable with code percentage or negative.
    """
    text = text.strip().removesuffix("%").rstrip()
    if not text:
        return None
    found = _TENTHS.fullmatch(text)
    if found:
        return Decimal(f"{found[1]}.{found[2] or 0}")
    raise Unreadable("negative" if _SIGNED.fullmatch(text) else "percentage", text[:20])


def moment(text: str, *, day: date) -> datetime | None:
    """Read a Dutch wall-clock time, "8:05" on `day` or "29-10-2020 08:05", as an instant in UTC.

    An hour that occurs twice (end of summer time) is read as its first occurrence.

    Raises Unreadable with code no_time, or no_such_time for an hour that the clock change skips.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if found := _DAY_AND_CLOCK.fullmatch(text):
            day = date(int(found[3]), int(found[2]), int(found[1]))
            wall = time(int(found[4]), int(found[5]))
        elif found := _CLOCK.fullmatch(text):
            wall = time(int(found[1]), int(found[2]))
        else:
            raise Unreadable("no_time", text[:20])
        instant = datetime.combine(day, wall, AMSTERDAM).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("no_time", text[:20]) from error
    if instant.astimezone(AMSTERDAM).time() != wall:
        raise Unreadable("no_such_time", text[:20])
    return instant


def as_typed(instant: datetime, *, day: date) -> str:
    """Write an instant as `moment` reads it back: the time, with its day when that is another."""
    local = instant.astimezone(AMSTERDAM)
    return f"{local:%H:%M}" if local.date() == day else f"{local:%d-%m-%Y %H:%M}"
