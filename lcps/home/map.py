"""The map of the regions by one measure, as components/map.html takes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from capacity.picture.fairness import ABOVE, BELOW, WITHIN
from capacity.picture.selectors import NationalPicture, RegionRow
from capacity.picture.totals import INCOMPLETE
from lcps.templatetags.lcps import at_least, percent
from regions.places.outlines import outlines

# From here a deviation is drawn in the darker shade.
FAR = 0.25


@dataclass(frozen=True)
class Map:
    """The drawing, what it shows in words, and its legend."""

    title: str
    label: str
    regions: list[dict[str, Any]]
    legend: list[tuple[str, str]]
    is_amount: bool


@dataclass(frozen=True)
class Shade:
    """How one region looks: its class, the text on it, and the same spoken."""

    state: str
    text: str
    said: str
    is_incomplete: bool = False


def draw(picture: NationalPicture, measure: str, urls: Mapping[str, str]) -> Map:
    """The regions by deviation, free beds of a level, or how many sites reported."""
    level = measure.removeprefix("free-")
    drawn = _deviation(picture)
    if measure == "reported":
        shade = partial(_by_reported, enough=picture.enough)
        drawn = (_("Gemeld"), shade, _reported_legend(picture.enough))
    elif level in {one.code for one in picture.levels} and level != measure:
        drawn = _free(picture, level)
    title, shade, legend = drawn
    return Map(
        title=title,
        label=_("Kaart van de regio’s: %(title)s. Dezelfde cijfers staan in de tabel.")
        % {"title": title},
        regions=[
            _region(row, shade(row), urls.get(row.code, ""))
            for row in picture.rows
            if row.code in outlines()
        ],
        legend=legend,
        is_amount=any(state.startswith("is-amount") for state, _text in legend),
    )


def _region(row: RegionRow, shade: Shade, url: str) -> dict[str, Any]:
    outline = outlines()[row.code]
    return {
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "path": outline.path,
        "label_x": outline.label_x,
        "label_y": outline.label_y,
        "at_sea": outline.at_sea,
        "state": shade.state,
        "text": shade.text,
        "said": shade.said,
        "incomplete": shade.is_incomplete,
        "url": url or f"#regio-{row.code}",
    }


Drawn = tuple[str, Callable[[RegionRow], Shade], list[tuple[str, str]]]


def _deviation(picture: NationalPicture) -> Drawn:
    far, near = round(FAR * 100), round(picture.band * 100)
    legend = [
        ("is-below-2", _("onder −%(percent)s %%") % {"percent": far}),
        ("is-below", _("−%(far)s tot −%(near)s") % {"far": far, "near": near}),
        ("is-within", _("binnen band")),
        ("is-above", _("+%(near)s tot +%(far)s") % {"far": far, "near": near}),
        ("is-above-2", _("boven +%(percent)s %%") % {"percent": far}),
    ]
    return _("Afwijking van eerlijk deel"), _by_deviation, legend if picture.key else []


def _by_deviation(row: RegionRow) -> Shade:
    share = row.share
    if share.side == INCOMPLETE:
        said = _("onvolledig, %(reported)s van %(expected)s locaties gemeld") % {
            "reported": row.reported,
            "expected": row.expected,
        }
        return Shade("is-within", _("onvolledig"), said, is_incomplete=True)
    if share.fraction is None:
        return Shade("is-within", _("onbekend"), _("onbekend"))
    words = {
        ABOVE: _("boven eerlijk deel"),
        WITHIN: _("binnen de bandbreedte"),
        BELOW: _("onder eerlijk deel"),
    }
    side = f"is-{share.side}"
    far = "-2" if abs(share.fraction) > FAR and share.side != WITHIN else ""
    text = percent(share.fraction)
    return Shade(side + far, text, f"{text}, {words[share.side]}")


def _free(picture: NationalPicture, code: str) -> Drawn:
    level = next(one for one in picture.levels if one.code == code)

    def found(row: RegionRow) -> Any:
        totals = row.group.totals(code)
        return totals.free if level.needs_icu else totals.cohort_free

    most = max((found(row).value or 0 for row in picture.rows), default=0)
    third = max(1, -(-most // 3))

    def shade(row: RegionRow) -> Shade:
        free = found(row)
        if free.value is None:
            return Shade("is-amount-0", _("onbekend"), _("onbekend"), is_incomplete=True)
        step = min(3, -(-free.value // third)) if free.value > 0 else 0
        text = at_least(free.value, free.is_complete)
        return Shade(f"is-amount-{step}", text, _("%(count)s vrij") % {"count": text})

    legend = [("is-amount-0", _("geen"))]
    legend += [
        (f"is-amount-{step}", f"{(step - 1) * third + 1}–{step * third}") for step in (1, 2, 3)
    ]
    title = _("%(level)s vrij") % {
        "level": level.label if level.needs_icu else f"{level.label} {picture.cohort}"
    }
    return title, shade, legend


def _by_reported(row: RegionRow, enough: float) -> Shade:
    part = row.reported / row.expected if row.expected else 1.0
    state = "is-amount-3" if part == 1 else "is-amount-2" if part >= enough else "is-amount-0"
    text = f"{row.reported}/{row.expected}"
    return Shade(
        state,
        text,
        _("%(reported)s van %(expected)s locaties gemeld")
        % {"reported": row.reported, "expected": row.expected},
        is_incomplete=part < enough,
    )


def _reported_legend(enough: float) -> list[tuple[str, str]]:
    limit = {"limit": round(enough * 100)}
    return [
        ("is-amount-0", _("onder %(limit)s %%") % limit),
        ("is-amount-2", _("%(limit)s tot 99 %%") % limit),
        ("is-amount-3", _("alles gemeld")),
    ]
