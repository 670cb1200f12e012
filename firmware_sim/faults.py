"""Every fault of the simulated devices, by name; `NAME[:argument]` on the command line.

AFTER_S counts from the first accepted BEGIN of a device, so that a fault meets a session wherever it starts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite
from random import Random
from typing import Final

_NONSENSE_BYTES: Final = 40  # the most for a short state: chosen, because it is about twice that of a chair


@dataclass(frozen=True, slots=True)
class _Kind:
    argument: str
    sentence: str


KINDS: Final = {
    "slow_writes": _Kind(
        "MS", "Each write to Command or Stop takes MS ms to take effect, one after another."
    ),
    "refuse_writes": _Kind("AFTER_S", "Writes to Command are answered with error 88 hex; stop still works."),
    "refuse_stop": _Kind("AFTER_S", "Writes to Stop are refused and stop nothing."),
    "nonsense": _Kind("AFTER_S", "State notifications become random bytes of random length."),
    "silent": _Kind("AFTER_S", "State notifications cease."),
    "frozen": _Kind("AFTER_S", "State notifications repeat the same bytes."),
    "link_drop": _Kind("AFTER_S", "The device drops all its links, once."),
    "local_button": _Kind("AFTER_S", "Somebody presses the device's own stop button."),
    "drift": _Kind("AFTER_S", "The carriage creeps toward the top by itself while it presses."),
}


class FaultError(ValueError):
    """A fault that does not exist or that has another argument; the text says which there are."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault with its argument: ms for `slow_writes`, seconds after the first BEGIN for all others."""

    name: str
    argument: float


def parse(text: str) -> Fault:
    """Read `NAME:ARGUMENT`.

    Raises:
        FaultError: with the names that exist.
    """
    name, _, argument = text.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        raise FaultError(f"no fault {name!r}; there are {', '.join(KINDS)}")
    try:
        value = float(argument)
    except ValueError:
        value = inf
    if not (isfinite(value) and value >= 0):
        raise FaultError(f"{name} is written {name}:{kind.argument}, with a number from 0 up, not {text!r}")
    return Fault(name, value)


def table() -> str:
    """Every fault with its argument and what it does, a line each."""
    width = max(len(f"{name}:{kind.argument}") for name, kind in KINDS.items())
    return "\n".join(f"{f'{name}:{kind.argument}':{width}}  {kind.sentence}" for name, kind in KINDS.items())


class FaultPlan:
    """What goes wrong with one device, and when."""

    def __init__(self, faults: Iterable[Fault], *, seed: int, device: str) -> None:
        self._faults = {fault.name: fault.argument for fault in faults}
        self._random = Random(f"{seed} {device}")  # noqa: S311 - repeatable nonsense, no secret
        self._began_s: float | None = None
        self._frozen: bytes | None = None

    def begin(self, now_s: float) -> bool:
        """Note an accepted BEGIN and tell whether it was the first."""
        first = self._began_s is None
        if first:
            self._began_s = now_s
        return first

    @property
    def write_takes_s(self) -> float:
        """How long each write to Command or Stop takes to take effect."""
        return self._faults.get("slow_writes", 0.0) / 1000

    def due_s(self, name: str) -> float:
        """When a fault sets in, infinity while that is not known."""
        if self._began_s is None or name not in self._faults:
            return inf
        return self._began_s + self._faults[name]

    def reigns(self, name: str, now_s: float) -> bool:
        """Whether a fault has set in."""
        return now_s >= self.due_s(name)

    def notification(self, state: bytes, now_s: float) -> bytes | None:
        """What is really notified in place of `state`; None for nothing at all."""
        if self.reigns("silent", now_s):
            return None
        if self.reigns("nonsense", now_s):
            longest = max(_NONSENSE_BYTES, 2 * len(state))
            return self._random.randbytes(self._random.randint(0, longest))
        if self.reigns("frozen", now_s):
            self._frozen = self._frozen or state
            return self._frozen
        return state
