"""Puts together what is known of a session at one moment."""

from massager.model.telemetry import Reading
from massager.safety.governor import Governor
from massager.safety.watch import STALE_MS
from massager.session.drive import Drive
from massager.session.on_the_back import patches
from massager.session.snapshot import Ending, Plan, Snapshot, Stage


def observe(
    plan: Plan,
    stage: Stage,
    ending: Ending | None,
    alarm: str | None,
    *,
    drive: Drive,
    governor: Governor,
    reading: Reading | None,
    now_ms: int,
) -> Snapshot:
    """A snapshot; a report that is too old to act on is shown as not known."""
    if reading is not None and now_ms - reading.at_ms > STALE_MS:
        reading = None
    centre_mm = reading.carriage_mm if reading else None
    if reading is not None and not drive.moves:
        centre_mm = drive.stands_mm
    calibration, actuators = governor.envelope.calibration, governor.envelope.device.actuators
    levels = [actuator.level for actuator in reading.actuators] if reading else []
    return Snapshot(
        stage=stage,
        person=plan.person,
        device=plan.device,
        radio=plan.radio,
        program=plan.program,
        zone=calibration.zone_at(centre_mm) if centre_mm is not None else None,
        wanted=drive.wanted,
        asked=drive.asked,
        sent=drive.sent,
        reported=max(levels) if reading else None,
        levels=governor.levels,
        place_ppm=calibration.ppm_at(centre_mm) if centre_mm is not None else None,
        lateral_mm=reading.half_width_mm if reading else None,
        patches=tuple(patches(actuators, calibration, reading, governor.state.placed, levels))
        if reading
        else (),
        load_n=max(actuator.load_n for actuator in reading.actuators) if reading else None,
        left_s=-(-governor.usage.left_ms(now_ms) // 1000),
        session_s=plan.session_ms // 1000,
        reason=ending.reason if ending else None,
        detail=ending.detail if ending else "",
        alarm=alarm,
        prompts=governor.prompts if ending is None else (),
        at_most=drive.restraint.at_most,
        warm=any(heater.level for heater in reading.heaters) if reading and reading.heaters else None,
        is_cool=drive.restraint.is_cool,
        remote=governor.envelope.person.remote,
    )
