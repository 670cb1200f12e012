"""The roller chair REF-CHAIR: two rollers on one carriage.

Numbers are from docs/protocol.md 6 unless they say more.
"""

from typing import Final

from firmware_sim.defects import SOUND, Defects
from firmware_sim.drives import Glide, Ramp
from firmware_sim.plant import Place, Reading
from firmware_sim.sitter import column_fraction, vertebra_at
from firmware_sim.wire import ActuatorCapability, Capabilities, Modality, Set

DEPTH_RATE_MM_S: Final = 20.0
WIDTH_RATE_MM_S: Final = 20.0
SPEEDING_MM_S2: Final = 50.0
BRAKING_MM_S2: Final = 200.0
FORCE_N_PER_MM: Final = 4.0
CREEP_MM_S: Final = (
    5.0  # of a slipping motor or belt; chosen, because it crosses a lumbar vertebra in about 7 s
)
_LEVELS: Final = 20  # level n is n mm of depth
_ROLLER: Final = ActuatorCapability(Modality.ROLLER, levels=_LEVELS, force_dn=40, radius_mm=15)


class Chair:
    """Mechanics of the roller chair on the default sitter; parked at the lower end of the travel, narrow.

    Attributes:
        defects: what is broken.
        touched: whether the sitter leans back.
    """

    battery_percent: Final = 100

    model_number: Final = "REF-CHAIR"
    capabilities: Final = Capabilities(
        version=1,
        model=1,
        watchdog_ms=1000,
        max_deadline_s=1200,
        travel_mm=580,
        half_width_min_mm=30,
        half_width_max_mm=80,
        max_pace_mm_s=40,
        actuators=(_ROLLER, _ROLLER),
    )
    names: Final = ("roller_left", "roller_right")

    def __init__(self) -> None:
        self.defects = SOUND
        self.touched = True
        self._slipped_mm = 0.0
        self.levels = (0, 0)
        self._depths_mm = (Ramp(0.0, rate_per_s=DEPTH_RATE_MM_S), Ramp(0.0, rate_per_s=DEPTH_RATE_MM_S))
        self._width_mm = Ramp(float(self.capabilities.half_width_min_mm), rate_per_s=WIDTH_RATE_MM_S)
        self._carriage = _carriage_at(float(self.capabilities.travel_mm))

    @property
    def carriage_mm(self) -> float:
        """From the upper end of the travel, downward along the back, as the motor counts it."""
        return self._carriage.position_mm

    @property
    def half_width_mm(self) -> float:
        """From the midline to each roller's centre."""
        return self._width_mm.value

    @property
    def moving(self) -> bool:
        """Whether carriage or width is driven or under way."""
        return not (self._carriage.arrived and self._width_mm.arrived)

    @property
    def at_rest(self) -> bool:
        """Whether both rollers are retracted and meant to be, and carriage and width stand."""
        return not (self.moving or any(self.levels) or self._pressing)

    @property
    def _pressing(self) -> bool:
        return any(depth_mm.value > 0 for depth_mm in self._depths_mm)

    def suffer(self, defects: Defects) -> None:
        """Be broken like this from now on, and in no other way; what has slipped stays where it is."""
        self.defects = defects
        self._drive_rollers()

    def apply(self, setpoint: Set) -> None:
        """Head for a setpoint that the firmware has accepted."""
        self.set_levels(setpoint.levels)
        if setpoint.carriage_mm is None:
            self._carriage.halt()
        else:
            self._carriage.head_for(float(setpoint.carriage_mm), pace_mm_s=float(setpoint.pace_mm_s))
        if setpoint.half_width_mm is None:
            self._width_mm.halt()
        else:
            self._width_mm.target = float(setpoint.half_width_mm)

    def set_levels(self, levels: tuple[int, ...]) -> None:
        """Take other levels, left and right, and go on as before."""
        self.levels = (levels[0], levels[1])
        self._drive_rollers()

    def stop(self) -> None:
        """Halt carriage and width where they are and retract both rollers."""
        self.set_levels((0, 0))
        self._carriage.halt()
        self._width_mm.halt()

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        if self._pressing:
            self._slip(CREEP_MM_S * dt_s)
        self._carriage.step(dt_s)
        # At the upper end stop the belt slips back.
        self._slipped_mm = min(self._slipped_mm, self._carriage.position_mm)
        self._width_mm.step(dt_s)
        for depth_mm in self._moving_depths:
            depth_mm.step(dt_s)

    def settles_in_s(self) -> float:
        """Seconds until carriage, width and both rollers have arrived; 0 when all have."""
        drives: tuple[Glide | Ramp, ...] = (self._carriage, self._width_mm, *self._moving_depths)
        return max(drive.settles_in_s() for drive in drives)

    def readings(self) -> tuple[Reading, ...]:
        """What the left and the right roller do now; left is negative."""
        really_mm = self.carriage_mm - self._slipped_mm
        level, level_frac = vertebra_at(column_fraction(really_mm))
        return tuple(
            Reading(
                level=set_level,
                intensity=depth_mm.value / _LEVELS,
                force_n=depth_mm.value * FORCE_N_PER_MM if self.touched else 0.0,
                depth_mm=depth_mm.value,
                place=Place(level, level_frac, side * self.half_width_mm),
            )
            for set_level, depth_mm, side in zip(self.levels, self._depths_mm, (-1, 1), strict=True)
        )

    @property
    def _moving_depths(self) -> tuple[Ramp, ...]:
        return () if self.defects.stuck else self._depths_mm

    def _drive_rollers(self) -> None:
        for depth_mm, level in zip(self._depths_mm, self.levels, strict=True):
            depth_mm.target = float(self.defects.driven(level, levels=_LEVELS))

    def _slip(self, at_most_mm: float) -> None:
        if self.defects.creeping:
            self._carriage = _carriage_at(max(0.0, self._carriage.position_mm - at_most_mm))
        left_mm = self.defects.slip_mm - self._slipped_mm
        self._slipped_mm += min(max(0.0, left_mm), at_most_mm)


def _carriage_at(position_mm: float) -> Glide:
    return Glide(position_mm, speeding_mm_s2=SPEEDING_MM_S2, braking_mm_s2=BRAKING_MM_S2)
