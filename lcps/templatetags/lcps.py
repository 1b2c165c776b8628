"""How figures, times and deviations are written on screen, and the geometry of the small meters.

Everything here is a pure function of its arguments and the active language.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from capacity.picture import fairness as rule
from capacity.picture.totals import lower_bound
from transfers.requests import vitals

register = template.Library()

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUS = "−"
SOON_MINUTES = 20


@register.filter
def number(value: float | None) -> str:
    """Write a figure with the separators of the active language; None is "onbekend"."""
    if value is None:
        return _("onbekend")
    return formats.number_format(value, use_l10n=True, force_grouping=True).replace("-", MINUS)


@register.filter
def figure(value: float | str | None) -> str:
    """Write what stands in a figure tile: a number as a number, a text as it is."""
    return value if isinstance(value, str) else number(value)


@register.filter
def delta(value: float | None) -> str:
    """Write a change with its sign: +8, −11, 0; None, nothing to compare with, is empty."""
    if value is None:
        return ""
    return f"+{number(value)}" if value > 0 else number(value)


@register.filter
def percent(fraction: float | None) -> str:
    """Write a deviation as whole percents with its sign: 0.33 is +33 %."""
    if fraction is None:
        return _("onbekend")
    return f"{delta(round(fraction * 100))} %"


@register.filter
def share(fraction: float | None) -> str:
    """Write a part of a whole as whole percents without a sign: 0.78 is 78 %."""
    if fraction is None:
        return _("onbekend")
    return f"{number(round(fraction * 100))} %"


@register.filter
def minutes(value: float | None) -> str:
    """Write a duration: 18 is "18 min", 66 is "1 u 06"."""
    if value is None:
        return _("onbekend")
    hours, rest = divmod(int(value), 60)
    if hours:
        return _("%(hours)s u %(minutes)s") % {"hours": hours, "minutes": f"{rest:02d}"}
    return _("%(minutes)s min") % {"minutes": rest}


@register.filter
def hm(moment: datetime | None) -> str:
    """Write the wall-clock time in the Netherlands: 08:21."""
    return f"{moment.astimezone(AMSTERDAM):%H:%M}" if moment else _("onbekend")


@register.filter
def iso(moment: datetime | None) -> str:
    """Write an instant for a datetime attribute, in Dutch wall-clock time with its offset."""
    return moment.astimezone(AMSTERDAM).isoformat(timespec="seconds") if moment else ""


@register.filter
def left(until: datetime | None, now: datetime) -> str:
    """Say how long until an instant, or how long it has passed: "nog 18 min", "12 min te laat"."""
    if until is None:
        return ""
    seconds = (until - now).total_seconds()
    if seconds > 0:
        return _("nog %(time)s") % {"time": minutes(-(-seconds // 60))}
    if seconds > -60:
        return _("nu")
    return _("%(time)s te laat") % {"time": minutes(-seconds // 60)}


@register.simple_tag
def clock_state(until: datetime, now: datetime, soon_at: datetime | None = None) -> str:
    """Name the state of a clock: is-ok, is-soon (from soon_at or the last 20 minutes), is-over."""
    seconds = (until - now).total_seconds()
    if seconds <= 0:
        return "is-over"
    soon = now >= soon_at if soon_at else seconds <= SOON_MINUTES * 60
    return "is-soon" if soon else "is-ok"


@register.filter
def age(moment: datetime | None, now: datetime) -> str:
    """Say of when a figure is: today 08:21, gisteren 08:35, else the date with the time."""
    if moment is None:
        return _("nooit gemeld")
    local, today = moment.astimezone(AMSTERDAM), now.astimezone(AMSTERDAM).date()
    days = (today - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    if days == 1:
        return _("gisteren %(time)s") % {"time": f"{local:%H:%M}"}
    return f"{vitals.day(moment, now)} {local:%H:%M}"


@register.filter
def when(until: datetime, now: datetime) -> str:
    """Say when a clock runs out: om 10:12, with the day when that is another one: 30 okt 09:54."""
    is_today = until.astimezone(AMSTERDAM).date() == now.astimezone(AMSTERDAM).date()
    return _("om %(time)s") % {"time": hm(until)} if is_today else age(until, now)


@register.filter
def at_least(value: float | None, is_complete: bool) -> str:
    """Write a total; when sites are missing it is a lower bound: ≥ 57."""
    return lower_bound(number(value), is_complete or value is None)


@register.filter
def fairness(deviation: float | None, band: float) -> str:
    """Name the side of the fair-share band: is-above, is-within, is-below, is-stale (unknown)."""
    if deviation is None:
        return "is-stale"
    return f"is-{rule.side(round(deviation * rule.PER_MILLE), round(band * rule.PER_MILLE))}"


@register.filter
def control(field: BoundField) -> SafeString:
    """Render the widget of a field with the classes of the NL Design System."""
    return field.as_widget(attrs={"class": _control_class(field.field.widget)})


@register.filter
def control_kind(field: BoundField) -> str:
    """Say how a field is laid out: hidden, check (label after it), choice (a fieldset) or box."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "choice" if field.use_fieldset else "box"


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "utrecht-textarea utrecht-textarea--html-textarea"
    if isinstance(widget, forms.Select) and not widget.use_fieldset:
        return "utrecht-select"
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return ""
    numeric = " utrecht-textbox--numeric" if widget.attrs.get("inputmode") == "numeric" else ""
    return f"utrecht-textbox utrecht-textbox--html-input{numeric}"


@register.simple_tag
def share_geometry(deviation: float | None, band: float) -> dict[str, str]:
    """Place a deviation on an axis of 96 units that runs from −50 % to +50 %."""
    centre, scale = 48.0, 96.0
    end = centre + scale * max(-0.5, min(0.5, deviation or 0.0))
    return _numbers(
        band_x=centre - scale * band,
        band_width=2 * scale * band,
        band_end=centre + scale * band,
        bar_x=min(centre, end),
        bar_width=abs(end - centre),
        mark=end,
    )


@register.simple_tag
def beds_geometry(
    opened: int, occupied: int, held: int = 0, reserve: int = 0, width: int = 160
) -> dict[str, str]:
    """Lay out open beds as occupied, held, reserve and free; what exceeds them is "over"."""
    used = occupied + held + reserve
    unit = (width - 1) / max(opened, used, 1)
    inside = min(occupied, opened)
    shown_held = max(0, min(held, opened - inside))
    shown_reserve = max(0, min(reserve, opened - inside - shown_held))
    return _numbers(
        width=width,
        open=unit * opened,
        occupied=unit * inside,
        held_x=0.5 + unit * inside,
        held=unit * shown_held,
        reserve_x=0.5 + unit * (inside + shown_held),
        reserve=unit * shown_reserve,
        over_x=1.5 + unit * opened,
        over=max(0.0, unit * (used - opened) - 1),
        limit=0.5 + unit * opened,
    ) | {"is_over": "yes" if used > opened else ""}


@register.simple_tag
def spark_geometry(
    values: Sequence[float | None],
    expected: float | None = None,
    width: int = 120,
    height: int = 32,
) -> dict[str, str]:
    """Draw a series as a line, leaving out unknown days; `expected` is where it goes next."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if not known:
        return {}
    right, span = width - (14 if expected is not None else 4), max(len(values) - 1, 1)
    every = [value for _index, value in known] + ([expected] if expected is not None else [])
    low, high = min(every), max(every)

    def place(value: float) -> float:
        return (
            height / 2 if high == low else height - 4 - (height - 8) * (value - low) / (high - low)
        )

    points = [(2 + (right - 2) * index / span, place(value)) for index, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    (first_x, _first_y), (now_x, now_y) = points[0], points[-1]
    geometry = _numbers(width=width, height=height, now_x=now_x, now_y=now_y)
    geometry |= {"line": line, "area": f"{first_x:.1f},{height} {line} {now_x:.1f},{height}"}
    if expected is not None:
        geometry |= _numbers(next_x=width - 1, next_y=place(expected))
    return geometry


def _numbers(**lengths: float) -> dict[str, str]:
    """Write lengths for SVG attributes: a point as decimal sign, whatever the language."""
    return {name: f"{length:.1f}".removesuffix(".0") for name, length in lengths.items()}
