"""What moves in a simulated massager, in exact time.

Each drive is advanced in closed form from one change of its motion to the next, so one step of a second
leaves what a hundred steps of 10 ms leave, and the same calls always leave the same numbers.
"""

from math import sqrt
from typing import Final

TIME_SLACK_S: Final = 1e-6  # chosen, because sums of floating seconds miss by far less
_LANDED_MM: Final = 1e-3  # chosen, because a carriage told in whole millimetres cannot show it


class Ramp:
    """What goes to its target at one constant rate and arrives there exactly.

    The depth of a roller, the width of a pair, the drive of a motor, a temperature: the unit is its owner's.
    """

    def __init__(self, value: float, *, rate_per_s: float) -> None:
        self.value = value
        self.target = value
        self._rate_per_s = rate_per_s

    @property
    def arrived(self) -> bool:
        """Whether it stands on its target."""
        return self.value == self.target

    def halt(self) -> None:
        """Stay where it is."""
        self.target = self.value

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        way = self._rate_per_s * dt_s
        left = self.target - self.value
        if abs(left) <= way + self._rate_per_s * TIME_SLACK_S:
            self.value = self.target
        else:
            self.value += way if left > 0 else -way

    def sum_over(self, dt_s: float) -> float:
        """What its value comes to over the next `dt_s` seconds, in units times seconds."""
        under_way_s = min(self.settles_in_s(), dt_s)
        rate_per_s = self._rate_per_s if self.target > self.value else -self._rate_per_s
        mean = self.value + rate_per_s * under_way_s / 2
        return mean * under_way_s + self.target * (dt_s - under_way_s)

    def settles_in_s(self) -> float:
        """Seconds until it stands on its target."""
        return abs(self.target - self.value) / self._rate_per_s


class Glide:
    """A drive with inertia: it speeds up to a pace and brakes so that it comes to rest exactly on its target.

    A target that is nearer than the braking distance is passed once and then approached from the other side;
    a halt comes to rest after the braking distance.
    """

    def __init__(self, position_mm: float, *, speeding_mm_s2: float, braking_mm_s2: float) -> None:
        self.position_mm = position_mm
        self.velocity_mm_s = 0.0
        self._target_mm: float | None = None
        self._pace_mm_s = 0.0
        self._speeding = speeding_mm_s2
        self._braking = braking_mm_s2

    @property
    def arrived(self) -> bool:
        """Whether it stands still and wants nothing else."""
        return self._target_mm is None and self.velocity_mm_s == 0

    def head_for(self, target_mm: float, *, pace_mm_s: float) -> None:
        """Take a new target at once, from whatever motion there is."""
        self._target_mm = target_mm
        self._pace_mm_s = pace_mm_s
        self._land()

    def halt(self) -> None:
        """Brake from whatever motion there is."""
        self._target_mm = None

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        left_s = dt_s
        while not self.arrived:
            lasts_s, acceleration, _ = self._phase()
            if lasts_s > left_s + TIME_SLACK_S:
                self.position_mm += (self.velocity_mm_s + acceleration * left_s / 2) * left_s
                self.velocity_mm_s += acceleration * left_s
                return
            left_s -= self.finish_phase()

    def finish_phase(self) -> float:
        """Run to the end of the present phase of the motion and tell how many seconds that took."""
        lasts_s, _, ends_at_mm_s = self._phase()
        self.position_mm += (self.velocity_mm_s + ends_at_mm_s) / 2 * lasts_s
        self.velocity_mm_s = ends_at_mm_s
        self._land()
        return lasts_s

    def settles_in_s(self) -> float:
        """Seconds until it stands on its target, or still after a halt."""
        if self.arrived:
            return 0.0
        ghost = Glide(self.position_mm, speeding_mm_s2=self._speeding, braking_mm_s2=self._braking)
        ghost.velocity_mm_s = self.velocity_mm_s
        ghost._target_mm, ghost._pace_mm_s = self._target_mm, self._pace_mm_s
        total_s = 0.0
        while not ghost.arrived:
            total_s += ghost.finish_phase()
        return total_s

    def _phase(self) -> tuple[float, float, float]:
        """The present phase of the motion: how many s it lasts, its mm/s², and the mm/s at its end."""
        speed = abs(self.velocity_mm_s)
        onward = 1.0 if self.velocity_mm_s > 0 else -1.0
        stopping = (speed / self._braking, -onward * self._braking, 0.0)
        if self._target_mm is None:
            return stopping
        way_mm = self._target_mm - self.position_mm
        toward = 1.0 if way_mm > 0 else -1.0
        distance_mm = abs(way_mm)
        brakes_within_mm = speed * speed / (2 * self._braking)
        if speed > 0 and (onward != toward or brakes_within_mm >= distance_mm - speed * TIME_SLACK_S):
            return stopping
        pace = self._pace_mm_s
        if speed > pace:
            return (speed - pace) / self._braking, -toward * self._braking, toward * pace
        if speed < pace:
            # The speed from which braking at once ends on the target: v²/2b = distance - (v² - speed²)/2a.
            share = 1 / (2 * self._speeding) + 1 / (2 * self._braking)
            turning = sqrt((distance_mm + speed * speed / (2 * self._speeding)) / share)
            end = max(speed, min(turning, pace))
            return (end - speed) / self._speeding, toward * self._speeding, toward * end
        return (distance_mm - brakes_within_mm) / speed, 0.0, self.velocity_mm_s

    def _land(self) -> None:
        """Take the target, and the last micrometre, off a drive that stands on it."""
        if self.velocity_mm_s or self._target_mm is None:
            return
        if abs(self._target_mm - self.position_mm) < _LANDED_MM:
            self.position_mm = self._target_mm
            self._target_mm = None
