"""What a rehearsal shows, in the words of the body map: moments, and the stretches that they make."""

from dataclasses import replace
from typing import Final

from massager.model.body import Side
from massager.model.commands import Placement, Setpoint
from massager.model.decisions import Cap, Reason
from massager.model.preview import Asking, Clamp, Instant, LeftOut, Visit, Warmth
from massager.model.programs import Leg
from massager.model.telemetry import Reading
from massager.session.on_the_back import patches
from massager.session.preparation import Prepared

# Chosen: between two changes a moment a second is enough for a picture of minutes.
_SAMPLE_MS: Final = 1000


class Notes:
    """Takes one moment after the other; what lasts is a stretch."""

    def __init__(self, prepared: Prepared) -> None:
        self._calibration = prepared.envelope.calibration
        self._actuators = prepared.order.device.actuators
        self._heaters = prepared.order.device.heaters
        self._warm: dict[str, Warmth] = {}
        steps = zip(prepared.timeline.legs, prepared.order.program.steps, strict=True)
        self._program_s = {id(leg): step.seconds for leg, step in steps}
        self._leg: Leg | None = None
        self._is_held = False
        self.instants: list[Instant] = []
        self.visits: list[Visit] = []
        self.clamps: list[Clamp] = []
        self.warmths: list[Warmth] = []
        self.askings: list[Asking] = []
        self.left_out: list[LeftOut] = []

    def take(
        self, now: Instant, leg: Leg, reading: Reading, placed: Placement | None, setpoint: Setpoint
    ) -> None:
        """Note one moment, which still lacks its places."""
        touched = tuple(patches(self._actuators, self._calibration, reading, placed, setpoint.levels))
        self._warmths(now.t_ms, setpoint.warmth)
        where_mm = leg.first_mm if reading.carriage_mm is None else reading.carriage_mm
        now = replace(now, zone=self._calibration.zone_at(where_mm), patches=touched)
        last = self.instants[-1] if self.instants else None
        if last is None or now.t_ms - last.t_ms >= _SAMPLE_MS or _told(last) != _told(now):
            self.instants.append(now)
        if self._is_held:
            self.clamps[-1] = replace(self.clamps[-1], to_ms=now.t_ms)
        if now.cap is not None:
            self._visits(now.t_ms, leg, now.asked, now.cap)
            self._clamps(now.t_ms, leg, now.asked, now.cap)
        self._is_held = now.cap is not None and now.cap.level < now.asked

    def gives_up(self, leg: Leg, reason: Reason) -> None:
        """Note a step that is not gone on with; one that was begun is a visit that ends here."""
        if leg is not self._leg:
            self.left_out.append(LeftOut(leg.zone, reason))

    def ended(self, t_ms: int) -> None:
        """Note the end: what lasted until now ends here."""
        if self.visits:
            self.visits[-1] = replace(self.visits[-1], to_ms=t_ms)
        if self._is_held:
            self.clamps[-1] = replace(self.clamps[-1], to_ms=t_ms)
        self._warmths(t_ms, (0,) * len(self._heaters))

    def _warmths(self, t_ms: int, levels: tuple[int, ...]) -> None:
        """Begin, go on with or end what is warm."""
        for heater, level in zip(self._heaters, levels, strict=True):
            celsius, lasting = heater.base_c + level, self._warm.get(heater.name)
            if level and lasting is None:
                aside_mm = -heater.aside_mm if heater.side is Side.LEFT else heater.aside_mm
                along_ppm = self._calibration.ppm_at(heater.along_mm)
                self._warm[heater.name] = Warmth(
                    heater.name, along_ppm, aside_mm, heater.radius_mm, t_ms, t_ms, celsius
                )
            elif level and lasting is not None:
                self._warm[heater.name] = replace(lasting, celsius=max(celsius, lasting.celsius))
            elif lasting is not None:
                self.warmths.append(replace(self._warm.pop(heater.name), to_ms=t_ms))

    def _visits(self, t_ms: int, leg: Leg, asked: int, cap: Cap) -> None:
        if leg is not self._leg:
            if self.visits:
                self.visits[-1] = replace(self.visits[-1], to_ms=t_ms)
            self._leg = leg
            self.visits.append(
                Visit(leg.zone, t_ms, t_ms, self._program_s[id(leg)], leg.seconds, leg.side, asked, cap.level)
            )
        visit = self.visits[-1]
        self.visits[-1] = replace(
            visit, to_ms=t_ms, asked=max(visit.asked, asked), reached=max(visit.reached, cap.level)
        )

    def _clamps(self, t_ms: int, leg: Leg, asked: int, cap: Cap) -> None:
        """Begin a stretch below what is asked, or go on with the last one."""
        if cap.level >= asked:
            return
        here = (leg.zone, asked, cap.source)
        if self._is_held and here == (self.clamps[-1].zone, self.clamps[-1].asked, self.clamps[-1].source):
            self.clamps[-1] = replace(self.clamps[-1], last_level=cap.level)
        else:
            self.clamps.append(Clamp(t_ms, t_ms, leg.zone, cap.level, cap.level, asked, cap.source))


def _told(instant: Instant) -> tuple[object, ...]:
    """What makes a moment differ from the one before, beside its place."""
    return instant.zone, instant.asked, instant.cap, tuple(patch.level for patch in instant.patches)
