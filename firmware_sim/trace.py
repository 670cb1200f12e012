"""The trace of docs/protocol.md 9: what the plants really did, one JSON object a line.

Every number is rounded to fixed digits, so that the same seed on virtual time writes the same bytes.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, TextIO

from firmware_sim.plant import Plant, Reading
from firmware_sim.wire import Cause

Row = Mapping[str, object]
Event = Literal["connect", "disconnect", "stop", "session_start", "session_end"]

_CAUSES: Final = {
    Cause.REST: "rest",
    Cause.LEASE: "lease",
    Cause.STOP: "stop",
    Cause.WATCHDOG: "watchdog",
    Cause.TIMER: "timer",
    Cause.LOCAL_BUTTON: "local_button",
    Cause.FAULT: "fault",
    Cause.RETRACT: "retract",
}


@dataclass(frozen=True, slots=True)
class Clocks:
    """Wall and boot clock, both in seconds, at the start of the simulator."""

    unix_s: float
    boot_s: float

    @classmethod
    def read(cls) -> Self:
        """Read the machine's own clocks; the boot clock counts suspend where the machine has such a one."""
        boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        return cls(time.time(), time.clock_gettime(boot))


VIRTUAL_CLOCKS: Final = Clocks(unix_s=1767225600.0, boot_s=0.0)  # chosen: the first second of 2026, UTC


_ROW: Final = json.JSONEncoder(separators=(",", ":"))


class Trace:
    """Where rows go: a text stream, flushed line by line, or a callback, or both."""

    def __init__(self, stream: TextIO | None = None, on_row: Callable[[Row], None] | None = None) -> None:
        self._stream = stream
        self._on_row = on_row

    @property
    def wanted(self) -> bool:
        """Whether anybody takes rows."""
        return self._stream is not None or self._on_row is not None

    def write(self, row: Row) -> None:
        """Hand on one row."""
        if self._on_row is not None:
            self._on_row(row)
        if self._stream is not None:
            self._stream.write(_ROW.encode(row) + "\n")
            self._stream.flush()


class DeviceTrace:
    """The rows of one device; all times are seconds since the simulator started."""

    def __init__(self, trace: Trace, *, device: str, plant: Plant) -> None:
        self._trace = trace
        self._device = device
        self._plant = plant
        self._parts = [
            (name, can.modality.name.lower(), can)
            for name, can in zip(plant.names, plant.capabilities.actuators, strict=True)
        ]

    def introduce(self, at_s: float, *, model: str, seed: int, clocks: Clocks) -> None:
        """Write the line that comes first."""
        actuators = [
            {"name": name, "modality": modality, "levels": can.levels, "radius_mm": can.radius_mm}
            for name, modality, can in self._parts
        ]
        self._trace.write(
            {
                "event": "device",
                "t": round(at_s, 3),
                "device": self._device,
                "model": model,
                "seed": seed,
                "unix": round(clocks.unix_s + at_s, 3),
                "boot": round(clocks.boot_s + at_s, 3),
                "actuators": actuators,
            }
        )

    def event(self, at_s: float, event: Event) -> None:
        """Write what happened between the device and a controller."""
        self._trace.write({"t": round(at_s, 3), "device": self._device, "event": event})

    def sample(self, at_s: float, cause: Cause) -> None:
        """Write a row per actuator; once everything rests the cause is `rest`."""
        if not self._trace.wanted:
            return
        shown = _CAUSES[Cause.REST if self._plant.at_rest else cause]
        for (name, modality, can), reading in zip(self._parts, self._plant.readings(), strict=True):
            self._trace.write(
                {
                    "t": round(at_s, 3),
                    "device": self._device,
                    "actuator": name,
                    "modality": modality,
                    **_measured(reading, radius_mm=can.radius_mm),
                    "cause": shown,
                }
            )


def _measured(reading: Reading, *, radius_mm: int) -> dict[str, object]:
    row: dict[str, object] = {
        "level": reading.level,
        "intensity": round(reading.intensity, 4),
        "force_n": round(reading.force_n, 3),
        "depth_mm": round(reading.depth_mm, 3),
    }
    if reading.place is not None:
        row["pos"] = {
            "level": reading.place.level,
            "level_frac": round(reading.place.level_frac, 4),
            "lateral_mm": round(reading.place.lateral_mm, 2),
            "radius_mm": radius_mm,
        }
    if reading.freq_hz is not None:
        row["freq_hz"] = round(reading.freq_hz, 3)
    if reading.temp_c is not None:
        row["temp_c"] = round(reading.temp_c, 3)
    return row
