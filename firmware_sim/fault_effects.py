"""Lets faults set in when they are due and ends them when they are cleared.

Only those are here that do something at that moment; the others are asked for where they matter, by name.
"""

from collections.abc import Callable
from math import inf
from typing import Protocol

from firmware_sim.appliance import Appliance
from firmware_sim.clock import Clock, Timer
from firmware_sim.drives import TIME_SLACK_S
from firmware_sim.fault_plan import FaultPlan
from firmware_sim.faults import Fault
from firmware_sim.wire import Cause

_Action = Callable[[], None]


class _OnNamesake(Protocol):
    def __call__(self, *, there: bool) -> None: ...


class FaultEffects:
    """Carries out one device's faults, as its plan has them."""

    def __init__(self, plan: FaultPlan, clock: Clock, body: Appliance, *, on_namesake: _OnNamesake) -> None:
        self._plan = plan
        self._clock = clock
        self._body = body
        self._timers: dict[str, Timer] = {}
        radio = body.outages
        self._begins: dict[str, _Action] = {
            "local_button": lambda: body.stop_itself(Cause.LOCAL_BUTTON),
            "local_plus": lambda: body.step_levels(1),
            "local_minus": lambda: body.step_levels(-1),
            "early_timer": lambda: body.stop_itself(Cause.TIMER),
            "error_shutdown": lambda: body.be_faulty(faulty=True),
            "power_cut": lambda: body.cut_power(plan.value("power_cut")),
            "link_drop": radio.drop_links,
            "link_lost": lambda: radio.lose_links(plan.value("link_lost")),
            "link_kept": lambda: radio.lose_links_unnoticed(plan.value("link_kept")),
            "bond_lost": radio.forget_bonds,
            "drop_in_write": body.drop_next_write,
            "idle_drop": body.begin_to_count_idle,
            "stands_up": lambda: body.lean(on=False),
            "namesake": lambda: on_namesake(there=True),
        }
        self._ends: dict[str, _Action] = {
            "error_shutdown": lambda: body.be_faulty(faulty=False),
            "idle_drop": body.begin_to_count_idle,
            "stands_up": lambda: body.lean(on=True),
            "namesake": lambda: on_namesake(there=False),
        }
        for name in ("drift", "carriage_slip", "stuck_motor", "runaway_motor", "lying_level", "overheating"):
            self._begins[name] = self._ends[name] = self._break
        self._begins["battery_sag"] = self._ends["battery_sag"] = self._break
        for name in ("frozen_position", "frozen_load", "frozen_temperature"):
            self._begins[name] = body.sense
        for name in ("few_connections", "slow_advertising"):
            self._begins[name] = self._ends[name] = radio.retune

    def schedule(self) -> None:
        """Look anew when what sets in; to be called at power-up and when AFTER_S begins to count."""
        for fault in self._plan.faults:
            if fault.name not in self._timers:
                self._schedule(fault.name)

    def inject(self, fault: Fault) -> None:
        """Add a fault; its AFTER_S counts from now.

        Raises:
            FaultError: it is there already.
        """
        self._plan.inject(fault, self._clock.now_s())
        self._schedule(fault.name)

    def clear(self, name: str) -> None:
        """Take a fault away; what it has done stays done, but for what ends with it.

        Raises:
            FaultError: it is not there.
        """
        began = self._plan.reigns(name, self._clock.now_s())
        self._plan.clear(name)
        if timer := self._timers.pop(name, None):
            timer.cancel()
        if began and name in self._ends:
            self._ends[name]()

    def cancel(self) -> None:
        """Let nothing more set in."""
        for timer in self._timers.values():
            timer.cancel()

    def _schedule(self, name: str) -> None:
        due_s = self._plan.due_s(name)
        if name in self._begins and due_s < inf:
            begin = self._begins[name]
            self._timers[name] = self._clock.call_at(due_s, lambda _now_s: begin())

    def _break(self) -> None:
        self._body.suffer(self._plan.defects(self._clock.now_s() + TIME_SLACK_S))
