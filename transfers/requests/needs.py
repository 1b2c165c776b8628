"""The signs on a card: what a bed must be able to do for this patient."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from transfers.requests.models import ClinicalPicture
from transfers.rides import advice

HEAVY_KG = 120


@dataclass(frozen=True)
class Need:
    """One sign: drawn (`icon`, see templates/frame/need_icons.html) or written (`text`)."""

    label: str
    icon: str = ""
    text: str = ""


def of(picture: ClinicalPicture | None, *, is_icu: bool) -> list[Need]:
    """The signs of one patient, most demanding first."""
    if picture is None:
        return []
    drawn = (
        (picture.ventilation == "invasive", "vent", _("beademd")),
        (picture.prone == "now", "prone", _("buikligging")),
        (_has_circulation(picture), "circulation", _("noradrenaline of andere inotropica")),
        (picture.dialysis, "dialysis", _("dialyse")),
        (picture.isolation in ("airborne", "strict"), "iso", picture.get_isolation_display()),
        (bool(picture.vulnerability), "frail", _("kwetsbaar")),
        ("tolk" in picture.special_needs.lower(), "interpreter", _("tolk nodig")),
        (_needs_micu(picture, is_icu=is_icu), "micu", _("alleen met MICU")),
    )
    return [
        *_oxygen(picture),
        *(Need(label, icon=icon) for is_so, icon, label in drawn if is_so),
    ] + (_weight(picture))


def _oxygen(picture: ClinicalPicture) -> list[Need]:
    flow = picture.oxygen_l_min
    if not flow or picture.ventilation == "invasive":
        return []
    return [Need(_("zuurstof %(flow)s liter per minuut") % {"flow": flow}, text=f"O₂ {flow}")]


def _weight(picture: ClinicalPicture) -> list[Need]:
    if picture.weight_kg <= HEAVY_KG:
        return []
    label = _("%(weight)s kilo") % {"weight": picture.weight_kg}
    return [Need(label, text=f"{picture.weight_kg} kg")]


def _has_circulation(picture: ClinicalPicture) -> bool:
    return bool(picture.noradrenaline_ug_kg_min) or picture.other_inotropes


def _needs_micu(picture: ClinicalPicture, *, is_icu: bool) -> bool:
    """Whether the patient travels by mobile intensive care only."""
    return advice.advise(advice.patient_of(picture, is_icu=is_icu)).kind == advice.MICU
