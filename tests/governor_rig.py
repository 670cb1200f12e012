"""A Governor with an ideal device under it, on a clock that the test moves."""

from dataclasses import dataclass, field, replace

from massager.model.body import Zone
from massager.model.commands import Intent, Lease, Placement, Setpoint
from massager.model.decisions import Refusal
from massager.model.questions import CheckIn, Comfort, Feeling, Spot
from massager.model.telemetry import ActuatorReading, Cause, HeaterReading
from massager.safety.clocks import Paid
from massager.safety.conditions import WHOLE
from massager.safety.envelope import Envelope
from massager.safety.governor import Governor
from massager.safety.state import Before
from massager.safety.today import Today, places
from samples import CALIBRATION, chair, demo, mild_lumbar, reading, well

RICH = Paid(10**9, dict.fromkeys(Zone, 10**9))


FINE = CheckIn(2, Comfort.FINE, Feeling.NONE)
BEFORE = Before(zones=frozenset(Zone), pain=2, pain_stops=0, sessions_ever=2)


def today(person, **changes):
    """A day that leaves everything, but for the changes."""
    fields = {
        "share": WHOLE,
        "cleared": frozenset(),
        "places": places(person, well()),
        "permille": 1000,
        "oldest": False,
    }
    return Today(**(fields | changes))


def envelope(*, share=WHOLE, cleared=frozenset(), permille=1000, **changes):
    fields = {
        "person": demo(),
        "device": chair(),
        "profile": mild_lumbar(),
        "calibration": CALIBRATION,
        "caller_permille": None,
    }
    fields |= changes
    day = today(fields["person"], share=share, cleared=cleared, permille=permille)
    return Envelope(**({"today": day} | fields))


@dataclass
class Rig:
    """Presses at 470 mm (L4) unless told otherwise."""

    governor: Governor
    now_ms: int = 100_000
    counter: int = 0
    epoch: int = 0
    carriage_mm: int | None = 470
    half_width_mm: int | None = 50
    level: int = 0
    cause: Cause = Cause.REST
    leases: list[Lease] = field(default_factory=list)
    answers: CheckIn | None = FINE

    @classmethod
    def start(cls, session_ms=900_000, before=BEFORE, **changes):
        rig = cls(Governor.begin(envelope=envelope(**changes), session_ms=session_ms, before=before))
        rig.report()
        rig.permit()
        return rig

    def permit(self):
        self.epoch += 1
        self.governor.permitted(self.epoch)
        self.report()

    def report(self, **changes):
        self.counter += 1
        fields = {
            "at_ms": self.now_ms,
            "counter": self.counter,
            "at_rest": self.level == 0,
            "epoch": self.epoch,
            "cause": self.cause,
            "carriage_mm": self.carriage_mm,
            "half_width_mm": self.half_width_mm,
            "actuators": (ActuatorReading(self.level, 10 * self.level, 4 * self.level),) * 2,
        }
        return self.governor.reading(reading(**(fields | changes)), self.now_ms)

    def ask(self, level=20, carriage_mm=None, half_width_mm=None, pace_mm_s=10, paid=RICH):
        return self.governor.request(Intent(level, carriage_mm, half_width_mm, pace_mm_s), self.now_ms, paid)

    def drive(self, **wish):
        """Ask, redeem, and let the chair do it at once; the refusal where there is one."""
        answer = self.ask(**wish)
        if isinstance(answer, Refusal):
            return answer
        lease = self.governor.redeem(answer.command, self.now_ms)
        if lease is None:
            return None
        self.leases.append(lease)
        self.level = max(lease.setpoint.levels)
        self.cause = Cause.LEASE
        if lease.setpoint.carriage_mm is not None and self.carriage_mm is not None:
            step = lease.setpoint.pace_mm_s // 10
            ahead = lease.setpoint.carriage_mm - self.carriage_mm
            self.carriage_mm += max(-step, min(step, ahead))
        if lease.setpoint.half_width_mm is not None:
            self.half_width_mm = lease.setpoint.half_width_mm
        return answer

    def run(self, seconds, first_mm=440, last_mm=510, **wish):
        """Sweep for a while; stops at the first trip or refusal and answers with it."""
        target = last_mm
        for _ in range(int(seconds * 10)):
            self.now_ms += 100
            trip = self.report()
            if trip:
                return trip
            if self.answers is not None and self.governor.prompts:
                self.governor.answered(self.answers, self.now_ms)
            if self.carriage_mm == target:
                target = first_mm if target == last_mm else last_mm
            answer = self.drive(carriage_mm=target, **wish)
            if isinstance(answer, Refusal):
                return answer
        return None


@dataclass
class StillRig(Rig):
    """A cushion, or what a hand holds: nothing moves along the back."""

    carriage_mm: int | None = None
    half_width_mm: int | None = None

    def report(self, **changes):
        device = self.governor.envelope.device
        off = Setpoint((0,) * len(device.actuators), None, None, 0, (0,) * len(device.heaters))
        told = self.leases[-1].setpoint if self.level else off
        heaters = zip(device.heaters, told.warmth, strict=True)
        fields = {
            "actuators": tuple(ActuatorReading(level, 0, 0) for level in told.levels),
            "heaters": tuple(HeaterReading(level, 10 * (one.base_c + level)) for one, level in heaters),
        }
        return super().report(**(fields | changes))

    def ask(self, level=10, works=None, *, warm=False, paid=RICH, **odd):
        wish = Intent(level, None, None, 0, works, warm)
        return self.governor.request(replace(wish, **odd), self.now_ms, paid)

    def run(self, seconds, **wish):
        """Work for a while; stops at the first trip or refusal and answers with it."""
        for _ in range(int(seconds * 10)):
            self.now_ms += 100
            found = self.report()
            if found:
                return found
            if self.answers is not None and self.governor.prompts:
                self.governor.answered(self.answers, self.now_ms)
            found = self.drive(**wish)
            if isinstance(found, Refusal):
                return found
        return None

    def rest(self):
        """Let go, and report it."""
        self.now_ms += 100
        self.report()
        self.drive(level=0)
        self.now_ms += 100
        self.report()

    def asked(self, place: Placement, zone=Zone.L4_S1):
        """Have it held somewhere, without an answer yet."""
        self.governor.ask_place(place, zone, Spot(place.side, place.aside_mm, 500), self.now_ms)

    def hold(self, place: Placement, zone=Zone.L4_S1):
        """The person says that it is there."""
        self.asked(place, zone)
        self.governor.zone_answered(zone, yes=True)
