"""What can be broken in a simulated massager's mechanics, whatever the model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defects:
    """What is broken; as it is made, nothing is.

    Attributes:
        creeping: a slipping carriage motor: while a roller presses, the carriage creeps toward the top and
            follows no target. The position sensor stays right and the motor believes that it stands.
        slip_mm: how far the carriage slips on its belt toward the top while a roller presses, behind the
            back of its position sensor.
        stuck: rollers and motors stay as they are driven, whatever they are set to; not even power off
            moves them.
        runaway: rollers and motors that are set to any level go to their highest one; level 0 is obeyed.
        extra_levels: how far everything that is set to any level is driven above it; level 0 is obeyed.
        overheating: a pad that is on heats on without its thermostat; a pad that is off is off.
        weak_cell: a battery whose charge falls fast, and the strength of what it drives with it.
    """

    creeping: bool = False
    slip_mm: float = 0.0
    stuck: bool = False
    runaway: bool = False
    extra_levels: int = 0
    overheating: bool = False
    weak_cell: bool = False

    def driven(self, level: int, *, levels: int) -> int:
        """The level to which a motor set to `level` is really driven."""
        if level == 0:
            return 0
        return levels if self.runaway else min(level + self.extra_levels, levels)


SOUND = Defects()
