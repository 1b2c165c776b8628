"""The gallery: every part of the screens once, with invented figures, in both themes."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

REASONS = [
    ("scale_up", _("Opgeschaald")),
    ("cohort_change", _("Cohort gewijzigd")),
    ("correction", _("Correctie")),
]


class SampleForm(forms.Form):
    """Five figures of a report: equal, different, doubtful, wrong and empty."""

    equal = forms.IntegerField(label=_("Open overig"))
    different = forms.IntegerField(label=_("Bezet COVID, bewezen"))
    doubtful = forms.IntegerField(label=_("Open COVID"))
    doubtful_reason = forms.ChoiceField(choices=REASONS, required=False)
    wrong = forms.IntegerField(
        label=_("BOSS"),
        max_value=32,
        error_messages={
            "max_value": _(
                "40 is meer dan de 32 open bedden. Verlaag BOSS of verhoog de capaciteit."
            )
        },
    )
    empty = forms.IntegerField(label=_("Te plaatsen"), required=False)


def context(now: datetime) -> dict[str, Any]:
    """What the gallery's template needs."""
    themes = [
        {"name": "light", "label": _("Licht"), "form": _filled("light")},
        {"name": "dark", "label": _("Donker, voor de nachtdienst"), "form": _filled("dark")},
    ]
    return samples(now) | {"themes": themes}


def samples(now: datetime) -> dict[str, Any]:
    """What the parts are filled with."""
    return {
        "now": now,
        "late": now - timedelta(minutes=12),
        "soon": now + timedelta(minutes=18),
        "ok": now + timedelta(minutes=96),
        "later": now + timedelta(minutes=190),
        "days": [210, 209, 222, 236, 246, 250, 256, 264, 264, None, 284, 300, 301, 303],
        "needs": [
            {"icon": "vent", "label": _("beademd")},
            {"icon": "micu", "label": _("alleen met MICU")},
        ],
        "oxygen": [{"text": "O₂ 4", "label": _("zuurstof 4 liter per minuut")}],
        "doubt": _("8 meer (31 %). Waarom?"),
        "steps": [
            {"label": _("Ingediend"), "note": "08:52", "state": "done"},
            {"label": _("Regio zoekt"), "note": "09:04", "state": "done"},
            {"label": _("Medisch oordeel"), "note": "09:42", "state": "done"},
            {"label": _("Landelijk zoeken"), "note": _("tot 10:12"), "state": "current"},
            {"label": _("Aangeboden"), "note": "", "state": "next"},
            {"label": _("Vervoer"), "note": "", "state": "next"},
            {"label": _("Overdracht"), "note": "", "state": "next"},
        ],
        "history": [
            {
                "at": now - timedelta(minutes=92),
                "text": _("Ingediend"),
                "by": _("beddencoördinator"),
                "state": "done",
            },
            {
                "at": now - timedelta(minutes=53),
                "text": _("Door naar LCPS: geen IC-bed in de regio"),
                "by": "RCPS Zuidwest-Nederland",
                "state": "done",
            },
            {
                "at": now - timedelta(minutes=42),
                "text": _("Medisch oordeel: geschikt, met MICU"),
                "by": "medical officer",
                "state": "current",
            },
            {
                "at": now - timedelta(minutes=12),
                "text": _("Bestemming kiezen, te laat"),
                "by": "",
                "state": "over",
            },
            {
                "at": now + timedelta(minutes=96),
                "text": _("Landelijk beeld"),
                "by": "",
                "state": "next",
            },
        ],
        "regions": _regions(),
    }


def _filled(theme: str) -> SampleForm:
    values = {"equal": "8", "different": "14", "doubtful": "34", "wrong": "40", "empty": ""}
    return SampleForm({f"{theme}-{name}": value for name, value in values.items()}, prefix=theme)


def _regions() -> list[dict[str, Any]]:
    """Six invented regions: one for each state of the map, and one that is incomplete."""
    states = [
        ("is-below-2", "−29 %", _("min 29 procent, onder eerlijk deel")),
        ("is-below", "−14 %", _("min 14 procent, onder eerlijk deel")),
        ("is-within", "+5 %", _("plus 5 procent, binnen de bandbreedte")),
        ("is-above", "+14 %", _("plus 14 procent, boven eerlijk deel")),
        ("is-above-2", "+33 %", _("plus 33 procent, boven eerlijk deel")),
        ("is-within", _("onvolledig"), _("onvolledig, 3 van 4 locaties gemeld")),
    ]
    regions = []
    for index, (state, text, said) in enumerate(states):
        x, y = 280 * (index % 3), 260 * (index // 3)
        regions.append(
            {
                "code": f"voorbeeld-{index}",
                "name": _("Regio %(letter)s") % {"letter": "ABCDEF"[index]},
                "path": f"M{x + 70} {y}h140l70 130-70 130h-140l-70-130z",
                "label_x": x + 140,
                "label_y": y + 120,
                "state": state,
                "text": text,
                "said": said,
                "url": "#kaart",
                "incomplete": index == 5,
            }
        )
    return regions
