"""Finds what would identify a patient in free text: a citizen number (BSN) or a birth date. Pure: no Django.

It errs to the safe side: every full date counts as a birth date, because no field here needs a date in words
(a day and a month are enough), and every nine digits that pass the BSN's check do too.
"""

import re
import unicodedata

BSN = "bsn"
BIRTH_DATE = "birth_date"

_SEPARATOR = r"[ .\-/]?"
# Nine digits, in groups or not, that are no part of a longer row of digits (a phone number has ten).
_NINE_DIGITS = re.compile(rf"(?<!\d)(?<!\d[ .\-/])\d(?:{_SEPARATOR}\d){{8}}(?!{_SEPARATOR}\d)")
_YEAR = r"(?:1[89]\d\d|20\d\d|\d\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_MONTH_NAME = r"(?:jan|feb|maart|mrt|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec|march)[a-z]*\.?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_DAY}([-/.]) ?{_MONTH}\1 ?{_YEAR}(?!\d)",  # 12-03-1956, 12/3/56, 12. 3. 1956
        rf"(?<!\d)(?:19|20)\d\d([-/.]){_MONTH}\1{_DAY}(?!\d)",  # 1956-03-12
        rf"(?<!\d){_DAY} {_MONTH} (?:19|20)\d\d(?!\d)",  # 12 03 1956
        rf"(?<!\d){_DAY}(?:e|de|ste)?[ .\-]*{_MONTH_NAME}[ .,\-']*{_YEAR}(?!\d)",  # 12 maart 1956
        rf"{_MONTH_NAME} {_DAY},? (?:19|20)\d\d(?!\d)",  # March 12, 1956
        r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)",  # 19560312
        r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d(?!\d)",  # 12031956
        r"\bgeb(?:oren|oortedatum)?\b[ .:]*(?:in |op )?\d",  # geb. 1956
    )
)


def find(text: str) -> str | None:
    """What identifies somebody in `text`: `BSN`, `BIRTH_DATE`, or None."""
    plain = _plain(text)
    if any(is_bsn(re.sub(r"\D", "", found)) for found in _NINE_DIGITS.findall(plain)):
        return BSN
    if any(pattern.search(plain) for pattern in _DATES):
        return BIRTH_DATE
    return None


def is_bsn(digits: str) -> bool:
    """The eleven-test: weights 9 to 2, and -1 for the last digit, give a multiple of 11."""
    if len(digits) != 9 or not int(digits):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0


def _plain(text: str) -> str:
    """Without invisible characters, and with one kind of digit, space and dash."""
    folded = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in visible)
    return re.sub(r"\s+", " ", re.sub(r"[\u2010-\u2015\u2212]", "-", digits))
