"""What the device reports, held against its profile, the permit and what it was told. Pure."""

from typing import Final

from massager.guardian.link import Identity
from massager.guardian.permits import place_of, rows_of, touched_rows
from massager.model.commands import Permit, Placement
from massager.model.decisions import Reason, Trip
from massager.model.devices import Actuator, Carriage, DeviceProfile
from massager.model.dose import HEAT_TRIP_C
from massager.model.errors import MalformedFrameError
from massager.model.telemetry import Cause, Reading
from massager.protocol.codec import Capabilities, Codec

# How long a fall may take: chosen, because 20 levels of 1 mm retract at 20 mm/s (docs/protocol.md 6).
SETTLE_MS: Final = 1000

# How much harder than on the default sitter a level may press: chosen, because backs differ in stiffness and
# a motor that runs at more than twice its level is out of control.
LOAD_TIMES: Final = 2

_STOPPED_ITSELF: Final = {
    Cause.STOP: (Reason.DEVICE_STOPPED, "somebody else stopped it"),
    Cause.WATCHDOG: (Reason.DEVICE_STOPPED, "its watchdog or lease ended"),
    Cause.TIMER: (Reason.DEVICE_STOPPED, "its own deadline ended"),
    Cause.LOCAL_BUTTON: (Reason.LOCAL_BUTTON, "its own button was pressed"),
    Cause.FAULT: (Reason.DEVICE_FAULT, "it reports a fault"),
}


# What a device without a carriage says of it (docs/protocol.md 5).
_NO_CARRIAGE: Final = Carriage(0, 0, 0, 0)


def check_identity(identity: Identity, profile: DeviceProfile, codec: Codec) -> str | None:
    """Is a connected device the one of the profile? None, or in a sentence why not."""
    if identity.model_number != profile.model_number or identity.firmware not in profile.firmware:
        return f"it is {identity.model_number} with firmware {identity.firmware}"
    try:
        return check_capabilities(codec.capabilities(identity.capabilities), profile)
    except MalformedFrameError as error:
        return str(error)


def check_capabilities(capabilities: Capabilities, profile: DeviceProfile) -> str | None:
    """Does the device say of itself what its profile says? None, or in a sentence what differs."""
    carriage = profile.carriage or _NO_CARRIAGE
    pairs: list[tuple[str, object, object]] = [
        ("watchdog", capabilities.watchdog_ms, profile.watchdog_ms),
        ("longest deadline", capabilities.deadline_max_s, profile.deadline_max_s),
        ("travel", capabilities.travel_mm, carriage.travel_mm),
        ("least half width", capabilities.half_width_min_mm, carriage.half_width_min_mm),
        ("greatest half width", capabilities.half_width_max_mm, carriage.half_width_max_mm),
        ("pace", capabilities.pace_max_mm_s, carriage.pace_max_mm_s),
        ("number of actuators", len(capabilities.actuators), len(profile.actuators) + len(profile.heaters)),
    ]
    for stated, known in zip(capabilities.actuators, profile.actuators, strict=False):
        pairs += [
            (f"{known.name} modality", stated.modality, known.modality),
            (f"{known.name} levels", stated.levels, known.levels),
            (f"{known.name} force", stated.force_dn_per_level, known.force_dn_per_level or 0),
            (f"{known.name} radius", stated.radius_mm, known.radius_mm),
        ]
    for stated, heater in zip(
        capabilities.actuators[len(profile.actuators) :], profile.heaters, strict=False
    ):
        pairs += [
            (f"{heater.name} heat", stated.heats, True),
            (f"{heater.name} levels", stated.levels, heater.levels),
            (f"{heater.name} radius", stated.radius_mm, heater.radius_mm),
        ]
    for what, said, expected in pairs:
        if said != expected:
            return f"{what} is {said}, the profile says {expected}"
    return None


def check_reading(
    reading: Reading,
    *,
    permit: Permit,
    profile: DeviceProfile,
    epoch: int,
    seq: int,
    highest: tuple[int, ...],
    warmest: tuple[int, ...] = (),
    placed: Placement | None = None,
) -> Trip | None:
    """Is what the device does in a session what it was told, where it may be done?

    `epoch` is the session's, `seq` that of the last SET that was sent; `highest` names per actuator, and
    `warmest` per heater, the highest level commanded within the last `SETTLE_MS`; `placed` is where the
    person says that they hold it.
    """
    if reading.fault:
        return Trip(Reason.DEVICE_FAULT, "it reports a fault")
    if reading.epoch > epoch or reading.seq > seq:
        return Trip(Reason.FOREIGN_COMMAND, f"epoch {reading.epoch}, sequence {reading.seq}")
    if reading.cause in _STOPPED_ITSELF:
        return Trip(*_STOPPED_ITSELF[reading.cause])
    if any(heater.surface_dc >= 10 * HEAT_TRIP_C for heater in reading.heaters):
        return Trip(Reason.TOO_HOT, f"{max(one.surface_dc for one in reading.heaters) // 10} °C")
    for heater, most in zip(reading.heaters, warmest, strict=True):
        if heater.level > most:
            return Trip(Reason.ABOVE_COMMANDED, f"warmth {heater.level}; commanded {most}")
    return _check_actuators(reading, permit, profile, highest, placed)


def _check_actuators(
    reading: Reading,
    permit: Permit,
    profile: DeviceProfile,
    highest: tuple[int, ...],
    placed: Placement | None,
) -> Trip | None:
    for actuator, state, most in zip(profile.actuators, reading.actuators, highest, strict=True):
        if state.level > most or state.depth_dmm > most * actuator.depth_dmm_per_level:
            return Trip(
                Reason.ABOVE_COMMANDED,
                f"{actuator.name} at level {state.level}, {state.depth_dmm} dmm; commanded {most}",
            )
        if not state.pressing:
            continue
        if _too_heavy(state.load_n, actuator, most):
            reason = Reason.ABOVE_FORCE if most else Reason.ABOVE_COMMANDED
            return Trip(reason, f"{actuator.name} presses with {state.load_n} N; commanded level {most}")
        position, width = place_of(actuator, reading, placed)
        if position is None or width is None:
            return Trip(Reason.POSITION_UNKNOWN, actuator.name)
        reach = actuator.radius_mm + permit.calibration.error_mm
        rows = touched_rows(rows_of(permit, actuator), (position - reach, position + reach))
        if rows is None or not all(row.half_width_min_mm <= width <= row.half_width_max_mm for row in rows):
            return Trip(Reason.OUT_OF_PLACE, f"{actuator.name} at {position} mm, half width {width} mm")
    return None


def _too_heavy(load_n: int, actuator: Actuator, level: int) -> bool:
    """Whether something that presses does so harder than its level can; 1 N is for rounding up."""
    if level == 0 or actuator.force_dn_per_level is None:
        return level == 0
    return load_n > LOAD_TIMES * level * actuator.force_dn_per_level // 10 + 1
