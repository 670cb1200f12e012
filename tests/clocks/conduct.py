"""A session on the clocks of a life, with its debits, on an ideal chair."""

from types import MappingProxyType

from clocks.lives import BLOCK_MS, SESSION_S, Life, amounts
from clocks.turns import Turn
from governor_rig import Rig
from massager.model.body import Side, Zone
from massager.model.decisions import Refusal
from massager.safety.clocks import Paid
from massager.session.preparation import Prepared, begin, known_of, prepare
from massager.store import Amounts

SESSION_MS = 1000 * SESSION_S
PHASES = {"in first contact": 8, "pressing": 40, "paused": 20, "with the link lost": 20}
TICK_MS = 500


class Conduct:
    """A session on a life's clocks, with its debits, until it ends.

    Attributes:
        spent_ms: How long something was told to press, by the leases, in true time.
        ends_ms: End of the last lease that pressed, in true time.
    """

    def __init__(self, life: Life) -> None:
        self.life = life
        now = life.clocks.now
        self.number = life.ledger.open_session("demo", "chair", "sweep", now)
        history = known_of(life.ledger, "demo", now)
        prepared = prepare(life.order, history)
        assert isinstance(prepared, Prepared)
        assert prepared.session_ms == SESSION_MS
        self.rig = Rig(begin(prepared, history), now_ms=now.boot_ms)
        self.paid = Paid(0, MappingProxyType({}))
        self.true_ms = 1000 * life.clocks.true_s
        self.began_ms: int | None = None
        self.ends_ms = 0
        self.stopped = False
        self.rig.report()
        self.rig.permit()

    @property
    def left_ms(self) -> int:
        """Of the session."""
        return self.rig.governor.usage.left_ms(self.rig.now_ms)

    def _later(self, ms: int) -> None:
        self.true_ms += ms
        self.rig.now_ms += ms
        self.life.clocks = self.life.clocks.to(self.true_ms // 1000)

    def goes_on(self, seconds: int) -> None:
        """Twice a second, up and down, as far as it may; the first danger ends it."""
        for _ in range(1000 * seconds // TICK_MS):
            if self.stopped:
                return
            self._later(TICK_MS)
            self._tick()

    def _tick(self) -> None:
        rig, governor = self.rig, self.rig.governor
        if rig.report() or governor.timer(rig.now_ms) or governor.over(rig.now_ms):
            self.stops()
            return
        self._pays()
        if governor.prompts and rig.answers is not None:
            governor.answered(rig.answers, rig.now_ms)
        target_mm = 505 if (self.true_ms // 4_000) % 2 else 450
        answer = rig.drive(level=8, carriage_mm=target_mm, paid=self.paid)
        if isinstance(answer, Refusal):
            self.stops()
        elif answer is not None and rig.level:
            self.began_ms = self.true_ms if self.began_ms is None else self.began_ms
            self.ends_ms = self.true_ms + rig.leases[-1].expires_ms - rig.now_ms

    def _pays(self) -> None:
        usage, now_ms = self.rig.governor.usage, self.rig.now_ms
        if self.paid.session_ms - usage.elapsed_ms(now_ms) < BLOCK_MS // 2:
            used = self._used()
            held = self.life.ledger.reserve(
                self.number, used=used, block=amounts(BLOCK_MS), now=self.life.clocks.now
            )
            zones = {zone: held.zones_ms.get((zone, Side.LEFT), 0) for zone in Zone}
            assert held.session_ms >= self.paid.session_ms
            self.paid = Paid(held.session_ms, MappingProxyType(zones))

    def _used(self) -> Amounts:
        usage = self.rig.governor.usage
        zones = {(zone, side): usage.zone_ms(zone) for zone in usage.zones_ms for side in Side}
        return Amounts(min(usage.elapsed_ms(self.rig.now_ms), SESSION_MS), zones)

    def stops(self) -> None:
        """For good."""
        self.rig.governor.stop(self.rig.now_ms)
        self.rig.level, self.stopped = 0, True

    def halts(self, seconds: int) -> None:
        """A pause, or a link that is lost: everything rests, and the clock runs on."""
        self.rig.governor.stop(self.rig.now_ms)
        self.rig.level = 0
        self._later(1000 * seconds)

    def resumes(self) -> None:
        """After a pause."""
        self._later(TICK_MS)
        if self.rig.governor.trip is None:
            self.rig.report()
            self.rig.permit()

    def happens(self, turn: Turn) -> None:
        """The clocks turn under it; with the computer off, the program is gone."""
        before = self.life.clocks
        self.life.happens(turn)
        after = self.life.clocks
        self.true_ms += 1000 * (after.true_s - before.true_s)
        if turn.reboots:
            self.stopped = True
        else:
            self.rig.now_ms += after.now.boot_ms - before.now.boot_ms

    def closes(self) -> None:
        """The device rests, and the use is settled."""
        self.life.ledger.close_session(
            self.number, used=self._used(), now=self.life.clocks.now, follow_up_s=()
        )
