"""Compiles a program for one person and device, and says where the carriage should be next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from massager.model.body import ZONE_SPANS_PPM, Calibration, Zone
from massager.model.commands import Intent, PermitRow
from massager.model.decisions import Reason, Refusal
from massager.model.devices import DeviceProfile
from massager.model.programs import Leg, Program, Timeline

# Chosen: the carriage is at its target when it reports a position this near.
ARRIVED_MM = 1
# Chosen, because the Governor adds the travel of a late report to every path: three control periods of it,
# so that a sweep is not refused where it turns.
TURN_MARGIN_MS = 300
# Chosen: two control periods' time to begin the way out of a zone before its seconds are used.
EXIT_MARGIN_MS = 2500


def compile_program(
    program: Program,
    *,
    device: DeviceProfile,
    calibration: Calibration,
    half_width_mm: int,
    rows: Sequence[PermitRow],
    time_permille: int = 1000,
) -> Timeline | Refusal:
    """Lay a program's steps on a person's back.

    Args:
        program: What to run.
        device: Whose travel and patches it runs on.
        calibration: Where this person's landmarks lie on the travel.
        half_width_mm: Distance of the patches' centres from the midline.
        rows: Where an actuator may press, and how strongly.
        time_permille: Share of each step's seconds that is left today; rounded down.

    Returns:
        The timeline, or the first step that cannot be done and why; nothing is dropped silently.
    """
    radius_mm = max(actuator.radius_mm for actuator in device.actuators)
    pace_mm_s = max(step.pace_mm_s for step in program.steps)
    turn_mm = 1 - (-pace_mm_s * TURN_MARGIN_MS // 1000)
    allowed = _common_stretches(rows, device, radius_mm + calibration.error_mm + turn_mm)
    # From any point of a sweep this long one end is a patch's diameter away, so no spot outlasts a sweep.
    shortest_mm = 4 * radius_mm + 2 * ARRIVED_MM
    legs = []
    for step in program.steps:
        first_mm, last_mm = calibration.span_inside_mm(ZONE_SPANS_PPM[step.zone])
        inside = [
            (max(first_mm + ARRIVED_MM, low), min(last_mm - ARRIVED_MM, high))
            for low, high in allowed
            if min(last_mm - ARRIVED_MM, high) - max(first_mm + ARRIVED_MM, low) >= shortest_mm
        ]
        if not inside:
            return Refusal(Reason.NO_ROOM, step.zone)
        if step.pace_mm_s > device.carriage.pace_max_mm_s:
            return Refusal(Reason.PACE, step.zone)
        levels = min(actuator.levels for actuator in device.actuators)
        legs.append(
            Leg(
                zone=step.zone,
                seconds=step.seconds * time_permille // 1000,
                first_mm=inside[0][0],
                last_mm=inside[0][1],
                pace_mm_s=step.pace_mm_s,
                level=levels * step.strength_permille // 1000,
            )
        )
    for leg, following in pairwise(legs):
        low, high = min(leg.first_mm, following.first_mm), max(leg.last_mm, following.last_mm)
        if not any(first <= low and high <= last for first, last in allowed):
            return Refusal(Reason.NO_ROOM, f"{leg.zone} to {following.zone}")
    return Timeline(program=program.name, half_width_mm=half_width_mm, legs=tuple(legs))


def _common_stretches(
    rows: Sequence[PermitRow], device: DeviceProfile, reach_mm: int
) -> list[tuple[int, int]]:
    """Centre positions whose patches lie, with their reach, in rows of every actuator."""
    common = [(0, device.carriage.travel_mm)]
    for actuator in device.actuators:
        spans = sorted((row.first_mm, row.last_mm) for row in rows if row.actuator == actuator.name)
        joined: list[tuple[int, int]] = []
        for first, last in spans:
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        shrunk = [(first + reach_mm, last - reach_mm) for first, last in joined]
        common = [
            (max(a, first), min(b, last))
            for a, b in common
            for first, last in shrunk
            if max(a, first) <= min(b, last)
        ]
    return common


@dataclass(slots=True)
class Course:
    """Where a session is in its timeline; moves forward only."""

    timeline: Timeline
    index: int = 0
    _downward: bool = True
    _leaving: bool = False

    @property
    def leg(self) -> Leg:
        """The step that runs."""
        return self.timeline.legs[self.index]

    @property
    def start_mm(self) -> int:
        """Where the present leg begins when it is entered with everything retracted."""
        return self.leg.last_mm if self._downward else self.leg.first_mm

    def skip(self) -> bool:
        """Go on to the next leg; False when there is none."""
        if self.index + 1 >= len(self.timeline.legs):
            return False
        self.index += 1
        self._leaving = False
        return True

    @property
    def ahead(self) -> Leg | None:
        """The step that follows; None at the last one."""
        following = self.timeline.legs[self.index + 1 : self.index + 2]
        return following[0] if following else None

    def leaves_in_ms(self, centre_mm: int, used_ms: int) -> int | None:
        """Contact time until the way to the next leg begins, negative once it should have; None without one.

        Args:
            centre_mm: Reported position of the carriage.
            used_ms: Contact in the leg's zone so far.
        """
        if self.ahead is None:
            return None
        way_ms = 1000 * abs(centre_mm - self._exit_mm(self.ahead)) // self.leg.pace_mm_s
        return 1000 * self.leg.seconds - used_ms - way_ms - EXIT_MARGIN_MS

    def drop_ahead(self) -> None:
        """Leave the next leg out."""
        legs = self.timeline.legs
        self.timeline = replace(self.timeline, legs=legs[: self.index + 1] + legs[self.index + 2 :])
        self._leaving = False

    def _exit_mm(self, ahead: Leg) -> int:
        return ahead.last_mm if ahead.last_mm <= self.leg.first_mm else ahead.first_mm

    def zones_ahead(self) -> tuple[Zone, ...]:
        """The zones of this leg and the next."""
        return tuple(leg.zone for leg in self.timeline.legs[self.index : self.index + 2])

    def place(self) -> Intent:
        """Everything retracted, on the way to the leg's beginning."""
        return Intent(0, self.start_mm, self.timeline.half_width_mm, self.leg.pace_mm_s)

    def sweep(self, centre_mm: int, used_ms: int) -> Intent:
        """The wish for this moment.

        Args:
            centre_mm: Reported position of the carriage.
            used_ms: Contact in the leg's zone so far.
        """
        leg = self.leg
        ahead, leaves_in_ms = self.ahead, self.leaves_in_ms(centre_mm, used_ms)
        if ahead is not None and leaves_in_ms is not None:
            if self._leaving and ahead.first_mm <= centre_mm <= ahead.last_mm:
                self._downward, self._leaving = ahead.last_mm > leg.first_mm, False
                self.index += 1
                return self.sweep(centre_mm, 0)
            if self._leaving or leaves_in_ms <= 0:
                self._leaving = True
                return self._intent(self._exit_mm(ahead))
        target_mm = leg.last_mm if self._downward else leg.first_mm
        if abs(centre_mm - target_mm) <= ARRIVED_MM:
            self._downward = not self._downward
            target_mm = leg.last_mm if self._downward else leg.first_mm
        return self._intent(target_mm)

    def _intent(self, target_mm: int) -> Intent:
        return Intent(self.leg.level, target_mm, None, self.leg.pace_mm_s)
