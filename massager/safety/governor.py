"""The Governor: every wish to move passes here, and only what it approves can be redeemed for a lease.

A session begins stopped. Motion needs a permit, a fresh reading and paid time; a stop voids whatever was
approved and not yet redeemed; a trip is latched and ends the session.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from massager.model.body import Region, Zone
from massager.model.ceilings import LEASE_LONGEST_MS
from massager.model.commands import Intent, Lease, Permit, Placement, Setpoint
from massager.model.decisions import Cap, Reason, Refusal, Source, Trip
from massager.model.devices import Actuator, Mount
from massager.model.questions import CheckIn, Prompt, Spot
from massager.model.telemetry import Reading
from massager.safety.authority import only_tightens
from massager.safety.clocks import Paid, Phase, Usage
from massager.safety.dialogue import Dialogue
from massager.safety.envelope import Envelope, meet
from massager.safety.interlocks import first_refusal
from massager.safety.patches import Way, ahead, standing, working
from massager.safety.responses import Said, reason_of
from massager.safety.state import MOTION, Before, State
from massager.safety.watch import Watch
from massager.safety.wishes import odd

# Chosen, because ten renewals fit in it, so that one late renewal stops nothing, and it is half of the
# longest lease that docs/architecture.md allows.
LEASE_MS = 1000
# Chosen, because a lease shorter than two control periods could lapse before its successor arrives.
LEASE_SHORTEST_MS = 200
# Chosen: a command is on the air within one control period of 100 ms.
LATENCY_MS = 100
# Chosen: a control period for the way to the guardian, and one for the write before it. The guardian looks
# that much later, and where it came farther it would refuse at the edge of a stretch what was approved here.
GUARDIAN_MS = 200
# Chosen: whoever says that the massager is in its place feels it there within this, or is asked again.
PLACED_MS = 10_000


class ApprovedCommand:
    """An empty receipt; only the Governor that issued it knows what it is worth."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Approved:
    """A receipt to redeem once, what it stands for, and which bound held the level."""

    command: ApprovedCommand
    setpoint: Setpoint
    cap: Cap


class Governor:
    """Decides for one session of one person on one device.

    Args:
        envelope: The standing limits.
        state: As `begin` makes it for a new session, or as it was at a decision that is to be made again.
    """

    def __init__(self, *, envelope: Envelope, state: State) -> None:
        self.envelope = envelope
        self.state = state
        self._receipts: dict[ApprovedCommand, tuple[Setpoint, int]] = {}

    @classmethod
    def begin(cls, *, envelope: Envelope, session_ms: int, before: Before) -> "Governor":
        """The Governor of a new session of that length, as admitted: stopped, nothing used."""
        actuators = envelope.device.actuators
        worst = envelope.person.worst
        ramps = [
            limits.ceiling.ramp_permille_per_10s
            for actuator in actuators
            for region in Region
            if not isinstance(limits := envelope.limits(region, actuator), Refusal)
        ]
        state = State(
            usage=Usage(
                session_ms=session_ms,
                calibration=envelope.calibration,
                spot_mm=2 * min(actuator.radius_mm for actuator in actuators),
                stands=envelope.device.mount is Mount.FIXED,
            ),
            phase=Phase(
                levels=min(actuator.levels for actuator in actuators),
                severity=worst,
                ramp_permille=min(ramps),
            ),
            watch=Watch(),
            dialogue=Dialogue(
                severity=worst,
                pain=before.pain,
                pain_stops=before.pain_stops,
                sessions=before.sessions_ever + 1,
                zones=dict.fromkeys(before.zones, True),
            ),
        )
        return cls(envelope=envelope, state=state)

    @property
    def usage(self) -> Usage:
        """What the session has used."""
        return self.state.usage

    @property
    def trip(self) -> Trip | None:
        """The trip that ended the session."""
        return self.state.trip

    @property
    def levels(self) -> int:
        """Highest level that every actuator has."""
        return self.state.phase.levels

    # Facts that come in.

    def permitted(self, epoch: int) -> None:
        """The guardian holds a permit; leases carry its epoch.

        No effect while stopping or tripped, nor when it is no newer epoch: of a tighter permit, or one that
        a stop has ended.
        """
        if not self.state.stopping and self.trip is None and epoch > self.state.newest:
            self.state.epoch = self.state.newest = epoch
            self.state.watch.permitted(epoch)

    def reading(self, reading: Reading, now_ms: int) -> Trip | None:
        """Take a state notification; answers with a trip where it shows a danger."""
        self.state.account(now_ms)
        reason = self.state.watch.reading(reading, now_ms, self.envelope, self.state.placed)
        if reason is not None and not self.state.stopping:
            return self.fail(reason, now_ms)
        if self.state.watch.last is not reading:
            return None
        # Only a report that was made after the stop can say that the device rests.
        rests = reading.at_rest and reading.retracted and not reading.moving
        if rests and reading.at_ms > self.state.watch.stopped_ms:
            self.state.stopping = False
        if reading.retracted and (self.state.epoch is None or self.state.watch.commanded == 0):
            if self.state.pressing:
                self.state.placed = None
            self.state.pressing, self.state.standing = False, frozenset()
            self.state.phase.rested()
        return None

    def timer(self, now_ms: int) -> Trip | None:
        """To be called ten times a second; answers with a trip where something did not come in time."""
        self.state.account(now_ms)
        if not self.state.pressing and now_ms - self.state.placed_ms > PLACED_MS:
            self.state.placed = None
        if self.state.epoch is None:
            return None
        expires_ms = self.state.lease_expires_ms
        if expires_ms is not None and now_ms >= expires_ms and self.state.pressing:
            return self.fail(Reason.LEASE_LAPSED, now_ms)
        if self.state.watch.stale(now_ms):
            return self.fail(Reason.STALE_READING, now_ms)
        if self.state.dialogue.silent(now_ms):
            return self.fail(Reason.NO_ANSWER, now_ms)
        return None

    def stop(self, now_ms: int) -> None:
        """Any stop, by anyone, in any state: voids what was approved; needs rest and a new permit after."""
        self._receipts.clear()
        self.state.epoch = None
        self.state.stopping = True
        self.state.placed = None
        self.state.watch.stopped(now_ms)
        self.state.dialogue.rested()

    def fail(self, reason: Reason, now_ms: int, detail: str = "") -> Trip:
        """Stop for a danger, whoever saw it; the first one is latched."""
        self.stop(now_ms)
        trip = self.state.trip or Trip(reason, detail)
        self.state.trip = trip
        return trip

    def over(self, now_ms: int) -> bool:
        """Whether the session's time has been used."""
        return self.state.over(now_ms)

    # What is asked and said.

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Questions that wait for an answer."""
        return self.state.dialogue.prompts

    def answered(self, check_in: CheckIn, now_ms: int) -> Said:
        """Take what somebody says, asked or not; what is grave stops first."""
        self.state.account(now_ms)
        self._receipts.clear()
        dialogue, places_mm = self.state.dialogue, self.state.touching_mm
        zone = self.envelope.calibration.zone_at(places_mm[0]) if places_mm else None
        found = dialogue.answered(check_in, now_ms, zone=zone, levels=self.levels)
        if found is not None and found.cause is not None:
            return Said(self.fail(reason_of(found.cause), now_ms), found)
        if 0 in {dialogue.most, dialogue.half}:
            return Said(self.fail(Reason.TOO_COARSE, now_ms, Source.ANSWER), found)
        return Said(None, found)

    def ask_zone(self, zone: Zone, now_ms: int) -> None:
        """Have a first visit to a zone asked about; no effect where that was done before."""
        self.state.dialogue.ask_zone(zone, now_ms)

    def zone_answered(self, zone: Zone, *, yes: bool) -> None:
        """Take an answer; only a yes to the question that waits opens a zone; a no closes it, once asked."""
        self._receipts.clear()
        placed = self.state.dialogue.zone_answered(zone, yes=yes)
        if placed is not None and not self.state.pressing:
            self.state.placed, self.state.placed_ms = placed, self.state.accounted_ms or 0

    def zone_open(self, zone: Zone) -> bool | None:
        """Whether a zone may be visited; None where nobody has answered."""
        return self.state.dialogue.zones.get(zone)

    def ask_place(self, place: Placement, zone: Zone, spot: Spot, now_ms: int) -> None:
        """Have the massager held somewhere; the yes holds until it has rested again, or a stop."""
        self.state.dialogue.ask_place(place, zone, spot, now_ms)

    def shorten(self, session_ms: int) -> None:
        """Let the session last no longer than this; never longer than it would."""
        self._receipts.clear()
        self.usage.session_ms = min(self.usage.session_ms, session_ms)

    def tighten(self, envelope: Envelope) -> bool:
        """Put tighter limits in the place of those in force, from the next wish on; whether they were.

        Places, the strength of zones, minutes, and what is for the next start may differ from what is in
        force; where anything else does, or anything is looser, nothing changes.
        """
        if not only_tightens(self.envelope, envelope):
            return False
        self._receipts.clear()
        self.envelope = envelope
        own_min = envelope.person.session_min
        if own_min is not None:
            self.shorten(60_000 * own_min)
        return True

    # What goes out.

    def permit(
        self, *, half_width_mm: int | None, model: str, firmware: str, ends_ms: int, fence: int
    ) -> Permit:
        """What the guardian may let through in this session."""
        return Permit(
            device=self.envelope.device.name,
            model_number=model,
            firmware=firmware,
            ends_ms=ends_ms,
            calibration=self.envelope.calibration,
            rows=self.envelope.rows(half_width_mm),
            fence=fence,
            warmth=self.envelope.warmth,
        )

    def request(self, intent: Intent, now_ms: int, paid: Paid) -> Approved | Refusal:
        """Decide on a wish; a level above a cap is lowered to it, never the other way.

        It takes the place of the last one: a receipt that was not redeemed is worth nothing any more.
        """
        self.state.account(now_ms)
        self._receipts.clear()
        reading = self.state.watch.last
        refusal = first_refusal(MOTION, (self.state, now_ms)) or odd(intent, self.envelope.device)
        if refusal is not None or reading is None:
            return refusal or Refusal(Reason.NO_READING)
        decided = (
            self._press(intent, reading, now_ms, paid) if intent.level else self._let_go(intent, reading)
        )
        if isinstance(decided, Refusal):
            return decided
        setpoint, cap, length_ms = decided
        command = ApprovedCommand()
        self._receipts[command] = (setpoint, now_ms + length_ms)
        return Approved(command, setpoint, cap)

    def redeem(self, command: ApprovedCommand, now_ms: int) -> Lease | None:
        """Pay out a receipt once; a forged, spent, revoked or expired one buys nothing."""
        paid_out = self._receipts.pop(command, None)
        if paid_out is None or self.state.epoch is None or self.trip is not None:
            return None
        setpoint, expires_ms = paid_out
        if now_ms >= expires_ms:
            return None
        level = max(setpoint.levels)
        if level:
            self.usage.begin(now_ms)
            self.state.pressing = True
            self.state.standing |= standing(self.envelope.device, setpoint.levels)
            self.state.dialogue.pressed(level, now_ms)
        self.state.phase.approved(level, now_ms, self.usage.left_ms(now_ms))
        self.state.watch.commands(setpoint, now_ms)
        self.state.number += 1
        self.state.lease_expires_ms = expires_ms
        return Lease(self.state.number, self.state.epoch, expires_ms, setpoint, self.state.placed)

    # How it is decided.

    def _let_go(self, intent: Intent, reading: Reading) -> tuple[Setpoint, Cap, int]:
        """Level 0: always allowed; the carriage moves only once the rollers are reported retracted."""
        device = self.envelope.device
        off, cold = (0,) * len(device.actuators), (0,) * len(device.heaters)
        setpoint = Setpoint(off, None, None, intent.pace_mm_s, cold)
        if reading.retracted and not self.state.pressing:
            setpoint = replace(setpoint, carriage_mm=intent.carriage_mm, half_width_mm=intent.half_width_mm)
        return setpoint, Cap(0, Source.ASKED), LEASE_MS

    def _press(
        self, intent: Intent, reading: Reading, now_ms: int, paid: Paid
    ) -> tuple[Setpoint, Cap, int] | Refusal:
        """A level above 0: the whole path from position ± error and latency to the target must be allowed.

        What may still be deeper than that path allows stays where it is until it has come up.
        """
        watch = self.state.watch
        near_mm = watch.latency_mm(now_ms, LATENCY_MS, pace_mm_s=intent.pace_mm_s)
        # And one more: the rows that the guardian knows are whole millimetres.
        far_mm = 1 + watch.latency_mm(now_ms, LATENCY_MS + GUARDIAN_MS, pace_mm_s=intent.pace_mm_s)
        caps, device = [Cap(intent.level, Source.ASKED)], self.envelope.device
        works = working(device, intent.works)
        for actuator in works:
            near, far = (
                ahead(actuator, reading, self.state.placed, intent, margin_mm)
                for margin_mm in (near_mm, far_mm)
            )
            if near is None or far is None:
                return Refusal(Reason.POSITION_UNKNOWN)
            cap, edge = self.envelope.cap_on(near), self.envelope.cap_on(far)
            if isinstance(cap, Refusal):
                return cap
            if cap.level == 0:
                return Refusal(Reason.TOO_COARSE, cap.source)
            caps.append(edge if isinstance(edge, Cap) and edge.level else cap)
        comes_up = watch.deepest(now_ms) > min(cap.level for cap in caps[1:])
        ways = [ahead(actuator, reading, self.state.placed, intent, 0) for actuator in works]
        length_ms = self._time_left([way for way in ways if way is not None], reading, now_ms, paid)
        if isinstance(length_ms, Refusal):
            return length_ms
        left_ms = self.usage.left_ms(now_ms)
        cap = meet([*caps, *self.state.phase.caps(now_ms, left_ms), *self.state.dialogue.caps(now_ms)])
        if cap.level == 0:
            setpoint, _cap, length_ms = self._let_go(intent, reading)
            return setpoint, cap, length_ms
        setpoint = Setpoint(
            tuple(cap.level if actuator in works else 0 for actuator in device.actuators),
            None if comes_up else intent.carriage_mm,
            intent.half_width_mm,
            intent.pace_mm_s,
            self._warmth(works) if intent.warm else (0,) * len(device.heaters),
        )
        return setpoint, cap, length_ms

    def _warmth(self, works: Sequence[Actuator]) -> tuple[int, ...]:
        """Levels of the heaters: off but in the zones where something works."""
        zone_at, heaters = self.envelope.calibration.zone_at, self.envelope.device.heaters
        zones = {zone_at(actuator.along_mm) for actuator in works if actuator.along_mm is not None}
        return tuple(
            level if zone_at(heater.along_mm) in zones else 0
            for level, heater in zip(self.envelope.warmth, heaters, strict=True)
        )

    def _time_left(self, ways: Sequence[Way], reading: Reading, now_ms: int, paid: Paid) -> int | Refusal:
        """Length of a lease: what every clock it runs on still holds, at most `LEASE_MS`."""
        usage = self.usage
        left = [
            (usage.left_ms(now_ms), Reason.SESSION_OVER, ""),
            (paid.session_ms - usage.elapsed_ms(now_ms), Reason.UNPAID, ""),
        ]
        for way in ways:
            zones = self.envelope.calibration.zones_between(way.first_mm, way.last_mm)
            if not zones:
                return Refusal(Reason.OFF_THE_SPINE)
            for zone in zones:
                if not self.zone_open(zone):
                    return Refusal(Reason.ZONE_NOT_CONFIRMED, zone)
                left.append((paid.zones_ms.get(zone, 0) - usage.zone_ms(zone), Reason.UNPAID, zone))
            spot_mm = way.first_mm if reading.carriage_mm is None else reading.carriage_mm
            for region in self.envelope.touched(way.actuator, way.first_mm, way.last_mm) or ():
                limits = self.envelope.limits(region, way.actuator)
                if isinstance(limits, Refusal):
                    return limits
                left.append((limits.spot_ms - usage.spot_ms(spot_mm), Reason.SPOT_TIME, region))
                left += [(limits.zone_ms - usage.zone_ms(zone), Reason.ZONE_TIME, zone) for zone in zones]
        if any(type(length_ms) is not int for length_ms, _reason, _detail in left):
            return Refusal(Reason.ODD_VALUE, "time")
        length_ms, reason, detail = min(left)
        if length_ms < LEASE_SHORTEST_MS:
            return Refusal(reason, detail)
        return min(length_ms, LEASE_MS, LEASE_LONGEST_MS)
