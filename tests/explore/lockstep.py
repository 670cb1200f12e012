"""The Governor and the twin side by side: one event goes to both, and both answers come back."""

from dataclasses import fields
from operator import attrgetter

from explore.envelopes import envelope_of
from massager.model.body import Zone
from massager.model.commands import Intent
from massager.model.decisions import Reason, Refusal
from massager.model.questions import CheckIn, Comfort, Feeling
from massager.model.telemetry import ActuatorReading, Cause, Reading
from massager.safety.clocks import Paid, Phase, Usage
from massager.safety.dialogue import Dialogue
from massager.safety.governor import ApprovedCommand, Governor
from massager.safety.state import Before, State
from massager.safety.watch import Watch
from twin import reports, session, talk

START_MS = 1_000_000
PACE_MM_S = 10
AHEAD = 10**9
HOME_MM = 490


class Pair:
    """One moment of one session, twice.

    Attributes:
        tickets: Receipts of the last two approvals, the newer one last.
    """

    __slots__ = ("case", "counter", "governor", "last", "now_ms", "tickets", "twin")

    def __init__(self, case, governor, twin, now_ms, counter, tickets, last):
        self.case, self.governor, self.twin = case, governor, twin
        self.now_ms, self.counter, self.tickets = now_ms, counter, tickets
        self.last = last

    @classmethod
    def begin(cls, case):
        before = Before(frozenset(map(Zone, case.agreed)), case.pain, case.pain_stops, 2)
        governor = Governor.begin(envelope=envelope_of(case), session_ms=case.session_ms, before=before)
        return cls(case, governor, session.begin(case), START_MS, 0, (), {})

    def fork(self):
        """The same moment again, untouched by what comes."""
        governor = Governor(envelope=self.governor.envelope, state=copied(self.governor.state))
        if self.governor._receipts:
            governor._receipts.update(self.governor._receipts)
        return Pair(self.case, governor, dict(self.twin), self.now_ms, self.counter, self.tickets, self.last)

    # Each event: what the Governor answers, and what the twin does.

    def wait(self, ms):
        self.now_ms += ms
        session.wait(self.twin, ms)
        return None, None

    def read(self, *, foreign=0, **odd):
        """A report of a device that does as it is told, but for what is odd."""
        p = self.twin
        level = odd.get("level", 0 if p["stopping"] else p["commanded"])
        seen = {
            "level": level,
            "depth": 10 * level,
            "load": 4 * level,
            "at_rest": level == 0,
            "moving": False,
            "fault": False,
            "cause": "lease" if level else "rest",
            "epoch": p["newest"] + foreign,
            "at": p["target"] or p["at"] or HOME_MM,
            "half": self.case.half_mm,
            "age": 0,
            "counter": self.counter + 1,
        } | odd
        self.counter = max(self.counter, seen["counter"])
        if seen["age"] in range(1001):
            self.last = seen
        found = self.governor.reading(self._reading(seen), self.now_ms)
        return found and found.reason.value, reports.reading(self.case, p, seen) or None

    def read_again(self):
        """The last report that counted, once more."""
        return self.read(**self.last)

    def _reading(self, seen):
        return Reading(
            self.now_ms - seen["age"],
            seen["counter"],
            seen["level"] > 0,
            seen["at_rest"],
            seen["moving"],
            seen["fault"],
            Cause(seen["cause"]),
            seen["epoch"],
            0,
            seen["at"],
            seen["half"],
            0,
            (ActuatorReading(seen["level"], seen["depth"], seen["load"]),) * 2,
        )

    def timer(self):
        found = self.governor.timer(self.now_ms)
        return found and found.reason.value, session.timer(self.case, self.twin) or None

    def permit(self):
        """The next permit; while one is in force the guardian gives the same again, for a tighter one."""
        epoch = self.twin["permit"] or self.twin["newest"] + 1
        self.governor.permitted(epoch)
        session.permit(self.twin, epoch)
        return self.governor.state.epoch or 0, self.twin["permit"]

    def old_permit(self):
        """Word of the permit before the last stop comes late."""
        self.governor.permitted(self.twin["newest"])
        session.permit(self.twin, self.twin["newest"])
        return self.governor.state.epoch or 0, self.twin["permit"]

    def stop(self):
        self.governor.stop(self.now_ms)
        session.stop(self.twin)
        return None, None

    def fail(self):
        found = self.governor.fail(Reason.LINK_LOST, self.now_ms)
        return found.reason.value, session.trip(self.twin, "link-lost")

    def ask(self, level, target, session_paid=AHEAD, zone_paid=AHEAD):
        """A wish; paid is what the ledger holds beyond what is used by now."""
        p, usage = self.twin, self.governor.usage
        paid = Paid(
            usage.elapsed_ms(self.now_ms) + session_paid,
            {zone: p["in_zone"].get(zone.value, 0) + zone_paid for zone in (Zone.L1_L3, Zone.L4_S1)},
        )
        answer = self.governor.request(Intent(level, target or None, None, PACE_MM_S), self.now_ms, paid)
        told = session.ask(self.case, p, level, target, (session_paid, zone_paid))
        if isinstance(answer, Refusal):
            return answer.reason.value, told
        self.tickets = (*self.tickets[-1:], answer.command)
        setpoint = answer.setpoint
        return (setpoint.levels[0], answer.cap.source.value, setpoint.carriage_mm or 0), told

    def redeem(self):
        """The last approval's receipt, or a forged one where nothing was approved."""
        lease = self.governor.redeem(self.tickets[-1] if self.tickets else ApprovedCommand(), self.now_ms)
        return self._paid(lease, session.redeem(self.case, self.twin))

    def redeem_older(self):
        """The receipt of the approval before the last."""
        lease = self.governor.redeem(
            self.tickets[0] if len(self.tickets) > 1 else ApprovedCommand(), self.now_ms
        )
        return self._paid(lease, None)

    def _paid(self, lease, told):
        if lease is None:
            return None, told
        setpoint = lease.setpoint
        return (
            lease.number,
            lease.epoch,
            setpoint.levels[0],
            setpoint.carriage_mm or 0,
            lease.expires_ms - self.now_ms,
        ), told

    def say(self, pain=None, comfort=None, feeling=None):
        check_in = CheckIn(pain, comfort and Comfort(comfort), feeling and Feeling(feeling))
        said = self.governor.answered(check_in, self.now_ms)
        what = said.consequence
        found = (
            said.trip and said.trip.reason.value,
            what and what.cause and what.cause.value,
            what and what.limit and what.limit.permille,
        )
        return found, session.said(self.case, self.twin, pain, comfort, feeling)

    def ask_zone(self, zone):
        self.governor.ask_zone(Zone(zone), self.now_ms)
        talk.ask_zone(self.twin, zone)
        return None, None

    def zone(self, zone, yes):
        self.governor.zone_answered(Zone(zone), yes=bool(yes))
        session.zone_answered(self.twin, zone, yes=bool(yes))
        return None, None

    def shorten(self, ms):
        self.governor.shorten(ms)
        session.shorten(self.twin, ms)
        return None, None

    def hold(self, permille):
        """The record now says no more than this for every zone."""
        taken = self.governor.tighten(envelope_of(self.case, permille))
        return taken, session.hold(self.twin, permille)

    def seen(self):
        """What anybody can see of the moment, from both."""
        governor, p = self.governor, self.twin
        check_in_ms = zone = None
        for prompt in governor.prompts:
            if prompt.zone is None:
                check_in_ms = self.now_ms - prompt.asked_ms
            else:
                zone = prompt.zone.value
        trip, opened = governor.trip, p["open_zones"]
        return (
            trip and trip.reason.value,
            check_in_ms,
            zone,
            governor.usage.left_ms(self.now_ms),
            governor.zone_open(Zone.L1_L3),
            governor.zone_open(Zone.L4_S1),
        ), (
            p["trip"] or None,
            *talk.prompts(p),
            max(0, p["session"] - (p["used"] or 0)),
            opened.get("L1-L3"),
            opened.get("L4-S1"),
        )


def copied(state):
    """As `State.copy`, which may take its time."""
    usage, phase, watch, dialogue = (
        kind(*values(part))
        for kind, values, part in zip(
            _PARTS, _VALUES, (state.usage, state.phase, state.watch, state.dialogue), strict=True
        )
    )
    usage.zones_ms, watch.told, dialogue.zones = (
        dict(usage.zones_ms),
        list(watch.told),
        dict(dialogue.zones),
    )
    return State(usage, phase, watch, dialogue, *_REST(state))


_PARTS = (Usage, Phase, Watch, Dialogue)
_VALUES = tuple(attrgetter(*[field.name for field in fields(kind)]) for kind in _PARTS)
_REST = attrgetter(*[field.name for field in fields(State)][len(_PARTS) :])
