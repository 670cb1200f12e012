"""What a kind of fault is made of; which kinds there are is in `faults`."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from math import inf


class Side(StrEnum):
    """Of what a fault is one."""

    DEVICE = "device"
    HOST = "host"
    """The controller's own radio: only where this process hands it out, as `Simulator.radio` does."""

    WORLD = "world"


class After(Enum):
    """Whether a fault takes AFTER_S as its last argument."""

    NEEDED = "AFTER_S"
    OPTIONAL = "[AFTER_S]"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument besides AFTER_S: a number from `lowest` to `highest`."""

    name: str
    lowest: float = 0
    highest: float = inf
    whole: bool = False

    def read(self, text: str) -> float:
        """Read a value.

        Raises:
            ValueError: it is none, or out of range.
        """
        value = float(text)
        if not (self.lowest <= value <= self.highest and value < inf) or (self.whole and value % 1):
            raise ValueError(f"{self.name} {text} is out of range")
        return value


@dataclass(frozen=True, slots=True)
class Kind:
    """What a fault is, and what it is written with."""

    side: Side
    parameters: tuple[Parameter, ...]
    after: After
    sentence: str

    @property
    def arguments(self) -> str:
        """As they are written, with what may be left out in brackets."""
        own = ",".join(parameter.name for parameter in self.parameters)
        match self.after:
            case After.NONE:
                return own
            case After.OPTIONAL:
                return f"{own}[,AFTER_S]"
            case After.NEEDED:
                return f"{own},AFTER_S" if own else "AFTER_S"
