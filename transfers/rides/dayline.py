"""The day of each vehicle as bars on one time axis, in percent of the axis. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Axis:
    """The stretch of time that is drawn."""

    start: datetime
    end: datetime

    def at(self, moment: datetime) -> float:
        """Where a moment lies, 0 to 100; clipped to the axis."""
        part = (moment - self.start) / (self.end - self.start)
        return round(100 * min(1.0, max(0.0, part)), 2)


@dataclass(frozen=True)
class Drive:
    """What is known of one ride, for its bar."""

    vehicle: str
    crew: str
    label: str
    said: str
    pick_up_at: datetime
    arrival_at: datetime
    load_minutes: int
    clean_minutes: int
    state: str


@dataclass(frozen=True)
class Bar:
    """One ride on its lane: positions and widths in percent of the axis."""

    label: str
    said: str
    state: str
    load_x: float
    load_width: float
    drive_x: float
    drive_width: float
    clean_x: float
    clean_width: float


@dataclass(frozen=True)
class Lane:
    """One vehicle with its rides of the day."""

    vehicle: str
    crew: str
    bars: tuple[Bar, ...]

    @property
    def said(self) -> str:
        return "; ".join(bar.said for bar in self.bars)


def lanes(drives: Iterable[Drive], axis: Axis) -> tuple[Lane, ...]:
    """The lanes in order of vehicle; rides wholly outside the axis are left out."""
    by_vehicle: dict[str, list[Drive]] = {}
    for drive in drives:
        if drive.arrival_at > axis.start and drive.pick_up_at < axis.end:
            by_vehicle.setdefault(drive.vehicle, []).append(drive)
    return tuple(
        Lane(vehicle, of_it[0].crew, tuple(bar(d, axis) for d in sorted(of_it, key=_start)))
        for vehicle, of_it in sorted(by_vehicle.items())
    )


def bar(drive: Drive, axis: Axis) -> Bar:
    load, done = (
        drive.pick_up_at - timedelta(minutes=drive.load_minutes),
        drive.arrival_at + timedelta(minutes=drive.clean_minutes),
    )
    x = [axis.at(m) for m in (load, drive.pick_up_at, drive.arrival_at, done)]
    return Bar(
        label=drive.label,
        said=drive.said,
        state=drive.state,
        load_x=x[0],
        load_width=round(x[1] - x[0], 2),
        drive_x=x[1],
        drive_width=round(x[2] - x[1], 2),
        clean_x=x[2],
        clean_width=round(x[3] - x[2], 2),
    )


def _start(drive: Drive) -> datetime:
    return drive.pick_up_at
