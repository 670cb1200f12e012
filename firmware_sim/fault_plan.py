"""What goes wrong with one device, and when."""

from collections.abc import Iterable
from math import inf
from random import Random

from firmware_sim.defects import Defects
from firmware_sim.faults import Fault, FaultError, distinct


class FaultPlan:
    """The faults of one device. All times are seconds since the simulator started."""

    def __init__(self, faults: Iterable[Fault], *, seed: int, device: str) -> None:
        self._faults = {fault.name: fault for fault in distinct(faults)}
        self._injected_s: dict[str, float] = {}
        self._seed = f"{seed} {device}"
        self._randoms: dict[str, Random] = {}
        self._began_s: float | None = None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that are there, set in or not."""
        return tuple(self._faults.values())

    def begin(self, now_s: float) -> bool:
        """Note an accepted BEGIN and tell whether it was the first."""
        first = self._began_s is None
        if first:
            self._began_s = now_s
        return first

    def inject(self, fault: Fault, now_s: float) -> None:
        """Add a fault whose AFTER_S counts from now.

        Raises:
            FaultError: it is there already.
        """
        distinct((*self._faults.values(), fault))
        self._faults[fault.name] = fault
        self._injected_s[fault.name] = now_s

    def clear(self, name: str) -> None:
        """Take a fault away.

        Raises:
            FaultError: it is not there.
        """
        if name not in self._faults:
            there = ", ".join(self._faults) or "none"
            raise FaultError(f"no fault {name!r} to clear; there are: {there}")
        del self._faults[name]
        self._injected_s.pop(name, None)

    def due_s(self, name: str) -> float:
        """When a fault sets in, infinity while that is not known."""
        fault = self._faults.get(name)
        if fault is None:
            return inf
        if name in self._injected_s:
            return self._injected_s[name] + (fault.after_s or 0.0)
        if fault.after_s is None:
            return 0.0
        return inf if self._began_s is None else self._began_s + fault.after_s

    def reigns(self, name: str, now_s: float) -> bool:
        """Whether a fault has set in."""
        return now_s >= self.due_s(name)

    def value(self, name: str) -> float:
        """The first argument of a fault that is there."""
        return self._faults[name].values[0]

    def reigning(self, name: str, now_s: float) -> float | None:
        """The first argument of a fault that has set in; None of any other."""
        return self.value(name) if self.reigns(name, now_s) else None

    def chance(self, name: str, now_s: float) -> bool:
        """Whether a fault of chance that has set in strikes this time."""
        percent = self.reigning(name, now_s)
        return percent is not None and self.random(name).random() * 100 < percent

    def random(self, name: str = "") -> Random:
        """What a fault draws from; the same seed and device draw the same."""
        if name not in self._randoms:
            # Without a name for `nonsense`, which drew before the others were there.
            self._randoms[name] = Random(f"{self._seed} {name}".rstrip())  # noqa: S311 - no secret
        return self._randoms[name]

    def defects(self, now_s: float) -> Defects:
        """What has broken in the mechanics so far."""
        return Defects(
            creeping=self.reigns("drift", now_s),
            slip_mm=self.reigning("carriage_slip", now_s) or 0.0,
            stuck=self.reigns("stuck_motor", now_s),
            runaway=self.reigns("runaway_motor", now_s),
            extra_levels=int(self.reigning("lying_level", now_s) or 0),
            overheating=self.reigns("overheating", now_s),
            weak_cell=self.reigns("battery_sag", now_s),
        )
