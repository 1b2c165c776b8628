"""The names and definitions of what is reported, as they stand on screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capacity.reports.models import CareLevel, IntakeStop, ReportReason

Text = str | Promise
Code = ReportReason.Code


@dataclass(frozen=True)
class Figure:
    """A figure's name and its definition in one line; `help` names the longer one."""

    label: Text
    definition: Text
    help: str = ""


@dataclass(frozen=True)
class HelpText:
    """A question, and the terms that answer it."""

    question: str
    terms: Sequence[tuple[str, str]]


COUNTS: Mapping[str, Figure] = {
    "open_cohort": Figure(
        gettext_lazy("Open %(cohort)s"),
        gettext_lazy("met personeel en apparatuur, bezet of niet"),
        "open",
    ),
    "open_other": Figure(
        gettext_lazy("Open overig"), gettext_lazy("idem, buiten het %(cohort)s-cohort")
    ),
    "reserve": Figure(
        gettext_lazy("BOSS"),
        gettext_lazy("bewust leeg voor calamiteiten; niet opvraagbaar"),
        "boss",
    ),
    "occ_confirmed": Figure(
        gettext_lazy("Bezet %(cohort)s, bewezen"),
        gettext_lazy("alleen nog besmettelijke patiënten"),
        "confirmed",
    ),
    "occ_other": Figure(
        gettext_lazy("Bezet overig"),
        gettext_lazy("alle anderen, ook ontlabeld als u dat niet apart telt"),
    ),
    "new_24h": Figure(
        gettext_lazy("Nieuwe opnames 24 uur"),
        gettext_lazy("nieuw op dit niveau; verplaatst van elders telt niet"),
    ),
    "offer": Figure(
        gettext_lazy("Aanbod"),
        gettext_lazy("bedden voor patiënten van anderen, hoogstens wat vrij is"),
    ),
    "need": Figure(
        gettext_lazy("Te plaatsen"), gettext_lazy("patiënten die weg moeten; elk krijgt een PMR")
    ),
    "occ_delabelled": Figure(
        gettext_lazy("Ontlabeld"),
        gettext_lazy("opgenomen met %(cohort)s, niet meer besmettelijk"),
        "confirmed",
    ),
    "suspected": Figure(
        gettext_lazy("Verdacht"), gettext_lazy("uitslag nog niet bekend; niet in bewezen")
    ),
}

EXTRAS: Mapping[str, Figure] = {
    "ventilators_owned": Figure(
        gettext_lazy("Beademingsapparaten"), gettext_lazy("in huis en bruikbaar")
    ),
    "ventilators_used": Figure(
        gettext_lazy("Beademing in gebruik"), gettext_lazy("hoogstens wat in huis is")
    ),
    "ecmo_free": Figure(gettext_lazy("ECMO vrij"), gettext_lazy("direct inzetbaar")),
    "crrt_free": Figure(
        gettext_lazy("CRRT vrij"), gettext_lazy("nierfunctievervangend, direct inzetbaar")
    ),
    "surge_24h": Figure(
        gettext_lazy("Extra IC-bedden binnen 24 uur"), gettext_lazy("bovenop wat open is")
    ),
    "surge_72h": Figure(
        gettext_lazy("Extra IC-bedden binnen 72 uur"),
        gettext_lazy("opgeteld, dus minstens de 24 uur"),
    ),
    "surge_7d": Figure(
        gettext_lazy("Extra IC-bedden binnen 7 dagen"),
        gettext_lazy("opgeteld, dus minstens de 72 uur"),
    ),
    "absence_percent": Figure(
        gettext_lazy("Verzuim in procent"), gettext_lazy("verpleging, vandaag")
    ),
}

OTHERS: Mapping[str, Text] = {
    "measured_at": gettext_lazy("Peilmoment"),
    "remark": gettext_lazy("Opmerking"),
    "report": gettext_lazy("Deze aanlevering"),
    "spoken_with": gettext_lazy("Gesproken met"),
    "spoken_at": gettext_lazy("Gesproken om"),
}


@dataclass(frozen=True)
class Names:
    """The words that are data: what the cohort is called, and the care levels."""

    cohort: str
    levels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cohort: str, levels: tuple[CareLevel, ...]) -> "Names":
        return cls(cohort, {level.code: level.label for level in levels})

    def own(self, text: Text) -> str:
        """A text with the cohort's name in it."""
        return str(text) % {"cohort": self.cohort}

    def short(self, path: str) -> str:
        """The name of a figure as it stands beside its box: Open COVID."""
        level, _dot, name = path.rpartition(".")
        if path in OTHERS:
            return str(OTHERS[path])
        if path.startswith("stop."):
            target = path.split(".")[1]
            return str(dict(IntakeStop.Target.choices).get(target, target))
        if name == "occupied":
            return _("Bezetting")
        figure = COUNTS.get(name) if level else EXTRAS.get(name)
        return self.own(figure.label) if figure else path

    def full(self, path: str) -> str:
        """The name of a figure away from its box: Open COVID, IC."""
        level = self.levels.get(path.partition(".")[0])
        return f"{self.short(path)}, {level}" if level else self.short(path)


def help_texts(names: Names) -> dict[str, HelpText]:
    """The official definitions, by the name that figures refer to."""
    cohort = {"cohort": names.cohort}
    return {
        "open": HelpText(
            _("Wat telt mee als totale capaciteit?"),
            [
                (
                    _("Totale capaciteit"),
                    _(
                        "Alle geopende bedden met personeel en apparatuur, bezet of niet. BOSS telt mee."
                    ),
                )
            ],
        ),
        "boss": HelpText(
            _("Wat is een BOSS-bed?"),
            [
                (
                    _("BOSS"),
                    _(
                        "Bed dat leeg blijft voor calamiteiten. Het hoort bij de capaciteit en telt "
                        "niet als vrij: niemand plaatst er een patiënt."
                    ),
                )
            ],
        ),
        "confirmed": HelpText(
            _("Wat is bewezen, wat is ontlabeld?"),
            [
                (_("Bewezen"), _("Positief en nog besmettelijk op het peilmoment.")),
                (
                    _("Ontlabeld"),
                    _(
                        "Opgenomen met %(cohort)s en niet meer besmettelijk; heeft geen cohortbed nodig."
                    )
                    % cohort,
                ),
            ],
        ),
    }


def as_text(value: int | Decimal | None) -> str:
    """A figure as a Dutch person types it: 7,8; empty when it was not filled in."""
    return "" if value is None else str(value).replace(".", ",").removesuffix(",0")


def in_words(value: int | Decimal | None) -> str:
    """A figure in a list of differences."""
    return _("niet geteld") if value is None else as_text(value)
