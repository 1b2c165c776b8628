"""The region's page in words: what it compares with, what was signed, how the centre reads it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capacity.deadlines.calendar import AMSTERDAM
from capacity.picture import grid, permissions
from capacity.picture.forms import SignOffForm, sign_off_form
from capacity.picture.models import SITREP_IN, RegionalSitrep
from capacity.picture.selectors import Difference, RegionPicture, differences
from capacity.picture.totals import lower_bound
from capacity.reports.models import CareLevel
from regions.people.models import User


def context(
    picture: RegionPicture, *, user: User, show: str, changes: str, form: SignOffForm | None = None
) -> dict[str, Any]:
    """What the page of a region shows to one person."""
    sees_sites = permissions.may_see_sites(user, picture.region)
    may_sign = permissions.may_sign(user, picture.region)
    sitrep = picture.sitrep if sees_sites else None
    show = show if show in grid.SHOW else "all"
    changes = changes if changes in grid.CHANGES else "notable"
    own_site = user.acting.site_id if user.acting else None
    return {
        "picture": picture,
        "region": picture.region,
        "sees_sites": sees_sites,
        "may_sign": may_sign,
        "may_fill_in": may_sign,
        "may_judge": permissions.may_judge(user),
        "may_return": picture.now <= picture.return_until,
        "before_label": before_label(picture),
        "grid": grid.grid(
            picture, own_site=own_site, sees_sites=sees_sites, show=show, changes=changes
        ),
        "show": show,
        "changes": changes,
        "choices": {"show": grid.SHOW, "changes": grid.CHANGES},
        "sitrep": sitrep,
        "sitrep_lines": signed_lines(picture) if sitrep else [],
        "signed_reading": reading(picture, sitrep.totals) if sitrep else [],
        "changed": changed_since(picture, differences(picture)) if sitrep else [],
        "reading": reading(picture, picture.totals),
        "form": (form or sign_off_form(picture)) if may_sign else None,
        # What is signed and not sent back asks nothing more: the form for another version is folded.
        "is_signed": sitrep is not None and sitrep.status in SITREP_IN and form is None,
    }


def before_label(picture: RegionPicture) -> str:
    """What the row under the totals compares with."""
    if picture.compared is None:
        return _("Vorige keer")
    if (picture.slot.day - picture.compared).days == 1:
        return _("Gisteren")
    return formats.date_format(picture.compared, "j F").capitalize()


FIGURE_LABELS = {
    "open": gettext_lazy("open"),
    "occupied": gettext_lazy("bezet"),
    "occ_cohort": gettext_lazy("bezet in het cohort"),
    "reserve": "BOSS",
    "free": gettext_lazy("vrij"),
    "cohort_free": gettext_lazy("vrij in het cohort"),
    "new": gettext_lazy("nieuw in 24 uur"),
    "offer": gettext_lazy("aanbod"),
    "need": gettext_lazy("te plaatsen"),
    "sites": gettext_lazy("locaties gemeld"),
    "of": gettext_lazy("locaties gevraagd"),
}


def signed_lines(picture: RegionPicture) -> list[dict[str, str]]:
    """What the signed picture says of tomorrow and of who is missing."""
    sitrep = picture.sitrep
    if sitrep is None:
        return []
    names = {row.place.code: row.place.short_name for row in picture.rows}
    reasons = dict(RegionalSitrep.Missing.choices)
    lines = [
        {"label": _("%(flow)s morgen") % {"flow": label}, "text": _tomorrow(picture, flow)}
        for flow, label in (("need", _("Te plaatsen")), ("offer", _("Aanbod")))
    ]
    return lines + [
        {
            "label": _("%(site)s ontbreekt") % {"site": names.get(site, site)},
            "text": reasons.get(why, why),
        }
        for site, why in sitrep.missing.items()
    ]


def _tomorrow(picture: RegionPicture, flow: str) -> str:
    said = picture.sitrep.tomorrow if picture.sitrep else {}
    known = [(level.label, said.get(level.code, {}).get(flow)) for level in picture.levels]
    return ", ".join(f"{value} {label}" for label, value in known if value is not None) or _(
        "onbekend"
    )


def _written(value: int | None) -> str:
    return _("onbekend") if value is None else str(value).replace("-", "−")


def changed_since(picture: RegionPicture, found: Iterable[Difference]) -> list[str]:
    """Each figure that is no longer what was signed: "IC bezet 161, nu 163"."""
    labels = {level.code: level.label for level in picture.levels}
    return [
        _("%(level)s %(figure)s %(signed)s, nu %(now)s")
        % {
            "level": labels.get(one.level, one.level),
            "figure": FIGURE_LABELS.get(one.figure, one.figure),
            "signed": _written(one.signed),
            "now": _written(one.now),
        }
        for one in found
    ]


def reading(picture: RegionPicture, totals: dict[str, dict[str, int | None]]) -> list[str]:
    """How the centre reads the figures, as sentences."""
    known = [(level, totals.get(level.code, {})) for level in picture.levels]
    stock = " ".join(_stock_sentence(level, said, picture.cohort) for level, said in known)
    flows = [
        _flow_sentence(_("Te plaatsen"), known, "need"),
        _flow_sentence(_("Aanbod"), known, "offer"),
    ]
    return [stock, " ".join(flows), *_stop_sentences(picture)]


def _stock_sentence(level: CareLevel, said: dict[str, int | None], cohort: str) -> str:
    occupied, free = ("occupied", "free") if level.needs_icu else ("occ_cohort", "cohort_free")
    return _("%(level)s %(occupied)s bezet, %(free)s vrij.") % {
        "level": level.label if level.needs_icu else f"{level.label} {cohort}",
        "occupied": _summed(said, occupied),
        "free": _summed(said, free),
    }


def _summed(said: dict[str, int | None], figure: str) -> str:
    """A total as it was kept, with over how many of its sites it ran."""
    value, is_complete = said.get(figure), said.get("sites") == said.get("of")
    return lower_bound(_written(value), is_complete or value is None)


def _flow_sentence(
    label: str, known: Sequence[tuple[CareLevel, dict[str, int | None]]], flow: str
) -> str:
    parts = [f"{_summed(said, flow)} {level.label}" for level, said in known]
    return f"{label} {', '.join(parts)}."


def _stop_sentences(picture: RegionPicture) -> list[str]:
    return [
        _("%(stop)s %(site)s tot %(time)s.")
        % {
            "stop": stop.get_target_display(),
            "site": row.place.short_name,
            "time": f"{stop.expected_end.astimezone(AMSTERDAM):%H:%M}",
        }
        for row in picture.rows
        for stop in row.stops
    ]
