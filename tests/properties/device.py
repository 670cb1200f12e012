"""The device of random sessions: honest, or lying in one of the ways it knows."""

from dataclasses import replace

from massager.model.decisions import Reason
from massager.model.telemetry import ActuatorReading, Cause, Reading

STALE_MS = 1_000
# Honest, one of them late by less than counts; then what it may say without being caught.
GOOD, LIES = ("good", "good", "good", "behind"), ("frozen", "resting", "old")
# What it is caught at, at once, while anything is permitted (INV-24).
TRIPS = {
    "late": Reason.STALE_READING,
    "future": Reason.STALE_READING,
    "fault": Reason.DEVICE_FAULT,
    "button": Reason.LOCAL_BUTTON,
    "watchdog": Reason.DEVICE_STOPPED,
    "foreign": Reason.FOREIGN_COMMAND,
    "above": Reason.ABOVE_COMMANDED,
    "heavy": Reason.ABOVE_FORCE,
    "nowhere": Reason.POSITION_UNKNOWN,
    "strip": Reason.OUT_OF_PLACE,
}


def reading_of(kind, *, actuator, level, most, now_ms, counter, epoch, carriage_mm, half_mm) -> Reading:
    """A report of two such actuators at a level; `most` is the highest that was commanded lately."""
    newton, depth_dmm = -(-level * actuator.force_dn_per_level // 10), level * actuator.depth_dmm_per_level
    pressed = ActuatorReading(level, depth_dmm, newton)
    honest = {
        "at_ms": now_ms,
        "counter": counter + 1,
        "session_open": True,
        "at_rest": level == 0,
        "moving": False,
        "fault": False,
        "cause": Cause.LEASE if level else Cause.REST,
        "epoch": epoch,
        "seq": 0,
        "carriage_mm": carriage_mm,
        "half_width_mm": half_mm,
        "deadline_s": 0,
        "actuators": (pressed, pressed),
    }
    odd = ActuatorReading(max(1, level), depth_dmm, max(1, newton))
    lies = {
        "resting": {"at_rest": True, "actuators": (ActuatorReading(0, 0, 0),) * 2},
        "old": {"epoch": max(0, epoch - 1)},
        "behind": {"at_ms": now_ms - 900},
        "late": {"at_ms": now_ms - STALE_MS - 1, "at_rest": False},
        "future": {"at_ms": now_ms + 1, "at_rest": False},
        "fault": {"fault": True},
        "button": {"cause": Cause.LOCAL_BUTTON},
        "watchdog": {"cause": Cause.WATCHDOG},
        "foreign": {"epoch": epoch + 1},
        "above": {"at_rest": False, "actuators": (replace(odd, level=most + 1), odd)},
        "heavy": {"at_rest": False, "actuators": (replace(pressed, load_n=1_000), pressed)},
        "nowhere": {"at_rest": False, "carriage_mm": None, "actuators": (odd, odd)},
        "strip": {"at_rest": False, "half_width_mm": 30, "actuators": (pressed, odd)},
    }
    return Reading(**(honest | lies.get(kind, {})))
