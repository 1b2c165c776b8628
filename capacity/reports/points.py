"""What is still to do on a form: a list in plain words, each point with a link to its box."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capacity.reports.boxes import Panel, Point, Question
from capacity.reports.labels import Names

# From so many empty boxes in one panel on, they are one point of the list.
MANY = 3


@dataclass(frozen=True)
class Said:
    """What is wrong (by box), asked (by path) and empty (boxes) on a form; `paths` by box."""

    names: Names
    paths: Mapping[str, str]
    errors: Mapping[str, str]
    questions: Mapping[str, Question]
    missing: Sequence[str]

    @property
    def wrong(self) -> list[str]:
        """Boxes with something in it that is wrong."""
        return [name for name in self.errors if name not in self.missing]

    @property
    def open(self) -> list[tuple[str, Question]]:
        """Questions without a good answer, with their path."""
        return [(path, each) for path, each in self.questions.items() if not each.is_answered]

    def points(self, panels: Sequence[Panel]) -> list[Point]:
        """What is left: first what is wrong, then what asks a reason, then what is empty."""
        points = [
            Point("is-over", f"{self._name(box)}: {self.errors[box]}", f"id_{box}")
            for box in self.wrong
        ]
        points += [
            Point("is-late", f"{self.names.full(path)}: {each.text}", f"why-{each.name}")
            for path, each in self.open
        ]
        for panel in panels:
            points += empty_points(panel)
        in_panels = {row.name for panel in panels for row in panel.rows}
        outside = (box for box in self.missing if box not in in_panels)
        return points + [Point("", self._invite(box), f"id_{box}") for box in outside]

    def _invite(self, box: str) -> str:
        """Asks to fill in a box outside the panels."""
        texts = {
            "measured_at": _("Vul het peilmoment in"),
            "spoken_with": _("Vul in met wie u sprak"),
            "spoken_at": _("Vul in hoe laat u dat gesprek had"),
        }
        if box in texts:
            return texts[box]
        name = {"name": self._name(box)}
        if box.endswith("-why"):
            return _("Kies een reden bij %(name)s") % name
        return _("Vul een einde in bij %(name)s") % name

    def _name(self, box: str) -> str:
        """The name of a box away from it."""
        if box.startswith("stop-"):
            return self.names.full("stop." + box.split("-")[1])
        return self.names.full(self.paths.get(box, box))


def empty_points(panel: Panel) -> Iterable[Point]:
    """The empty boxes of a panel, one by one or as one point."""
    empty = [row for row in panel.rows if row.is_empty]
    level = panel.level.label
    if len(empty) > MANY:
        text = ngettext(
            "Vul %(count)s veld in, %(level)s", "Vul %(count)s velden in, %(level)s", len(empty)
        )
        return [Point("", text % {"count": len(empty), "level": level}, empty[0].id)]
    text = _("Vul %(name)s in, %(level)s")
    return [
        Point("", text % {"name": in_sentence(row.label), "level": level}, row.id) for row in empty
    ]


def in_sentence(name: str) -> str:
    """A name inside a sentence: "te plaatsen", but BOSS stays BOSS."""
    return f"{name[0].lower()}{name[1:]}" if name[1:2].islower() else name
