"""What a simulated massager is to its firmware and to its trace, whatever the model.

Nothing here has a clock: time passes only in `step(dt_s)`.
"""

from dataclasses import dataclass
from typing import Protocol

from firmware_sim.defects import Defects
from firmware_sim.wire import Capabilities, Set


@dataclass(frozen=True, slots=True)
class Place:
    """Where a patch touches the default sitter; `level_frac` from 0 at the vertebra's upper border to 1."""

    level: str
    level_frac: float
    lateral_mm: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What one actuator really does; None stands for what the model does not have.

    `intensity` is a fraction of the usable range, `force_n` is what it presses into the body, `temp_c` is the
    surface that touches. A frequency is there only while something vibrates or strikes.
    """

    level: int
    intensity: float
    force_n: float
    depth_mm: float
    place: Place | None
    freq_hz: float | None = None
    temp_c: float | None = None


class Plant(Protocol):
    """A massager's mechanics, as its firmware drives them."""

    touched: bool
    """Whether a person leans on it; what touches nobody presses nobody, however it is driven."""

    @property
    def defects(self) -> Defects:
        """What is broken; what a model does not have cannot break in it."""

    def suffer(self, defects: Defects) -> None:
        """Be broken like this from now on, and in no other way."""

    @property
    def model_number(self) -> str:
        """Of the Device Information service."""

    @property
    def capabilities(self) -> Capabilities:
        """What this model can do."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the actuators, in the order of the capabilities."""

    @property
    def carriage_mm(self) -> float | None:
        """From the upper end of the travel, as its sensor has it; None without a carriage."""

    @property
    def half_width_mm(self) -> float | None:
        """From the midline to each roller's centre; None without a width."""

    @property
    def battery_percent(self) -> int:
        """Charge of its battery; 100 on mains."""

    @property
    def moving(self) -> bool:
        """Whether carriage or width is driven or under way."""

    @property
    def at_rest(self) -> bool:
        """Whether nothing presses, vibrates, strikes, heats or moves; a surface that cools is at rest."""

    @property
    def levels(self) -> tuple[int, ...]:
        """What each actuator is set to."""

    def apply(self, setpoint: Set) -> None:
        """Head for a setpoint that the firmware has accepted."""

    def set_levels(self, levels: tuple[int, ...]) -> None:
        """Take other levels, one for each actuator, and go on as before."""

    def stop(self) -> None:
        """Halt carriage and width where they are and retract or switch off everything."""

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""

    def settles_in_s(self) -> float:
        """Seconds until all that keeps it from rest has arrived; 0 when all has."""

    def readings(self) -> tuple[Reading, ...]:
        """What the actuators do now, in the order of the capabilities."""
