"""Where a session is in its timeline, and the wish for each moment."""

from dataclasses import dataclass, replace

from massager.model.body import Zone
from massager.model.commands import Intent
from massager.model.programs import Leg, Timeline

# Chosen: the carriage is at its target when it reports a position this near.
ARRIVED_MM = 1
# Chosen: two control periods' time to begin the way out of a zone before its seconds are used.
EXIT_MARGIN_MS = 2500
# Chosen: a roller that turns and comes back to the spot before it has not left that one by its diameter, so a
# spot gets twice this and the ways, which at 8 mm/s stays within the 30 s of a spot with mild stenosis.
HOLD_MS = 9000
# Chosen: outward for 2 s and back for 2 s is far below the band of frequencies that is left out, from 3 Hz.
SWING_MS = 2000
# Chosen: a leg that stays in its place ends one lease before its seconds are used, so that no lease is cut.
REST_MARGIN_MS = 1000


@dataclass(slots=True)
class Course:
    """Where a session is in its timeline; moves forward only."""

    timeline: Timeline
    index: int = 0
    _downward: bool = True
    _leaving: bool = False
    _stop: int | None = None
    _stopped_ms: int | None = None

    @property
    def leg(self) -> Leg:
        """The step that runs."""
        return self.timeline.legs[self.index]

    @property
    def start_mm(self) -> int | None:
        """Where the present leg begins, entered with everything retracted; None where nothing moves."""
        if not self.leg.pace_mm_s:
            return None
        return self.leg.last_mm if self._downward else self.leg.first_mm

    def skip(self) -> bool:
        """Go on to the next leg; False when there is none."""
        if self.index + 1 >= len(self.timeline.legs):
            return False
        self._next_leg()
        return True

    def _next_leg(self) -> None:
        self.index += 1
        self._leaving, self._stop, self._stopped_ms = False, None, None

    @property
    def ahead(self) -> Leg | None:
        """The step that follows; None at the last one."""
        following = self.timeline.legs[self.index + 1 : self.index + 2]
        return following[0] if following else None

    def leaves_in_ms(self, centre_mm: int | None, used_ms: int) -> int | None:
        """Contact time until the way to the next leg begins, negative once it should have; None without one.

        Args:
            centre_mm: Reported position of the carriage; None without one.
            used_ms: Contact in the leg's zone so far.
        """
        if self.ahead is None:
            return None
        if centre_mm is None:
            return 1000 * self.leg.seconds - REST_MARGIN_MS - used_ms
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

    def is_over(self, used_ms: int) -> bool:
        """Whether a leg that does not move has had its time; one that moves leads over to the next."""
        return not self.leg.pace_mm_s and used_ms >= 1000 * self.leg.seconds - REST_MARGIN_MS

    def place(self) -> Intent:
        """Everything retracted, on the way to the leg's beginning."""
        start_mm = self.start_mm
        width_mm = None if start_mm is None else self.timeline.half_width_mm
        return Intent(0, start_mm, width_mm, self.leg.pace_mm_s)

    def sweep(self, centre_mm: int | None, used_ms: int) -> Intent:
        """The wish for this moment.

        Args:
            centre_mm: Reported position of the carriage.
            used_ms: Contact in the leg's zone so far.
        """
        leg = self.leg
        if centre_mm is None:
            return Intent(self._level(used_ms), None, None, 0, leg.works, leg.warm)
        ahead, leaves_in_ms = self.ahead, self.leaves_in_ms(centre_mm, used_ms)
        if ahead is not None and leaves_in_ms is not None:
            if self._leaving and ahead.first_mm <= centre_mm <= ahead.last_mm:
                self._downward = ahead.last_mm > leg.first_mm
                self._next_leg()
                return self.sweep(centre_mm, 0)
            if self._leaving or leaves_in_ms <= 0:
                self._leaving = True
                return self._intent(self._exit_mm(ahead), used_ms)
        if leg.stops_mm:
            return self._intent(self._stop_mm(centre_mm, used_ms), used_ms)
        target_mm = leg.last_mm if self._downward else leg.first_mm
        if abs(centre_mm - target_mm) <= ARRIVED_MM:
            self._downward = not self._downward
            target_mm = leg.last_mm if self._downward else leg.first_mm
        return self._intent(target_mm, used_ms)

    def _stop_mm(self, centre_mm: int, used_ms: int) -> int:
        """The spot to stay on: the nearest at first, then one after another, and back from the last."""
        stops = self.leg.stops_mm
        if self._stop is None:
            self._stop = min(range(len(stops)), key=lambda n: abs(stops[n] - centre_mm))
        if abs(centre_mm - stops[self._stop]) > ARRIVED_MM:
            return stops[self._stop]
        if self._stopped_ms is None:
            self._stopped_ms = used_ms
        elif used_ms - self._stopped_ms >= HOLD_MS:
            if not 0 <= self._stop + (1 if self._downward else -1) < len(stops):
                self._downward = not self._downward
            self._stop += 1 if self._downward else -1
            self._stopped_ms = None
        return stops[self._stop]

    def _level(self, used_ms: int) -> int:
        leg = self.leg
        if not leg.curve:
            return leg.level
        part = len(leg.curve) * used_ms // (1000 * leg.seconds) if leg.seconds else 0
        return leg.curve[min(part, len(leg.curve) - 1)]

    def _intent(self, target_mm: int, used_ms: int) -> Intent:
        leg, width_mm = self.leg, self.timeline.half_width_mm
        if any(each.swing_mm for each in self.timeline.legs) and width_mm is not None:
            outward = used_ms // SWING_MS % 2
            return Intent(self._level(used_ms), target_mm, width_mm + outward * leg.swing_mm, leg.pace_mm_s)
        return Intent(self._level(used_ms), target_mm, None, leg.pace_mm_s)
