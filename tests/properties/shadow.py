"""The books that are kept beside a Governor, and what must hold by them.

They are kept from what was said and heard; limits come from tables.py. Of the Governor's state they read only
what is claimed about it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType

from hypothesis.stateful import RuleBasedStateMachine, invariant

from massager.model.body import Zone
from massager.model.commands import Intent, Lease
from massager.model.decisions import Refusal, Trip
from massager.model.questions import CheckIn, Comfort, Feeling
from massager.safety.clocks import Paid
from massager.safety.governor import Approved, ApprovedCommand, Governor
from massager.safety.state import Before
from massager.session.preparation import tightened
from properties import sessions, tables
from properties.device import STALE_MS, TRIPS, reading_of
from properties.worlds import envelope_of

START_MS = 1_000_000
AHEAD_MS = 10**9
PAIN = 2
FINE = CheckIn(PAIN, Comfort.FINE, Feeling.NONE)
ENDS_MM = (440, 505)


@dataclass
class Receipt:
    """An approval, and how many stops there had been when it was given."""

    command: ApprovedCommand
    level: int
    expires_ms: int
    stops: int


class Shadow(RuleBasedStateMachine):
    """One session and its books.

    Attributes:
        tally: What was tried, for the figures; the long set counts in one of its own.
    """

    tally: Counter[str] | None = None

    def count(self, what: str) -> None:
        """One more of it."""
        if self.tally is not None:
            self.tally[what] += 1

    def open_books(self, name, session_s, agreed):
        """The session begins, stopped."""
        world = sessions.WORLDS[name]
        self.world, self.now_ms = world, START_MS
        agreed = frozenset(agreed | {Zone.L4_S1})
        self.governor = Governor.begin(
            envelope=envelope_of(world),
            session_ms=1000 * session_s,
            before=Before(zones=agreed, pain=PAIN, pain_stops=0, sessions_ever=3),
        )
        self.opened, self.asked_about = set(agreed), set()
        self.stops = 0
        self.stopped_ms, self.rested, self.epoch, self.newest = 0, False, None, 0
        self.trip: Trip | None = None
        self.receipts: list[Receipt] = []
        self.leases: list[Lease] = []
        self.live: tuple[int, int] | None = None  # level and end of what the device was told last
        self.level, self.risen_ms, self.touched_ms = 0, None, None
        self.felt, self.most, self.half = 0, None, None
        self.asked_at: dict[int, int] = {}  # level at which each check-in was asked
        self.falls_from: int | None = None
        self.started_ms: int | None = None
        self.session_ms, self.least_left_ms = 1000 * session_s, 1000 * session_s
        self.contact_ms: Counter = Counter()
        self.carriage_mm, self.ahead_mm, self.half_mm = 470, ENDS_MM[1], 50 + 10 * (world.person.worst - 1)
        self.counter: int | None = None
        self.fresh_ms: int | None = None
        self.seen_mm: int | None = None
        self.last = None
        self.places: dict[tuple[int, ...], int | None] = {}

    @property
    def left_ms(self):
        """Of the session, by the shadow's own books."""
        elapsed_ms = 0 if self.started_ms is None else self.now_ms - self.started_ms
        return max(0, self.session_ms - elapsed_ms)

    # What happens.

    def lets_pass(self, ms):
        if self.live is not None and self.live[0] and self.seen_mm is not None:
            until_ms = min(self.now_ms + ms, self.live[1])
            zone = self.world.calibration.zone_at(self.seen_mm)
            if zone is not None:
                self.contact_ms[zone] += max(0, until_ms - self.now_ms)
        self.now_ms += ms

    def _report(self, kind):
        level = self.live[0] if self.live is not None and self.now_ms < self.live[1] else 0
        reading = reading_of(
            kind,
            actuator=self.world.device.actuators[0],
            level=level,
            most=max((lease.setpoint.levels[0] for lease in self.leases[-50:]), default=0),
            now_ms=self.now_ms,
            counter=self.counter or 0,
            epoch=self.newest,
            carriage_mm=self.carriage_mm,
            half_mm=self.half_mm,
        )
        if kind == "frozen" and self.last is not None:
            reading = replace(self.last, at_ms=self.now_ms)
        moving = self.epoch is not None and self.trip is None
        trip = self.governor.reading(reading, self.now_ms)
        fresh = reading.counter != self.counter and 0 <= self.now_ms - reading.at_ms <= STALE_MS
        self.counter = reading.counter if fresh else self.counter
        if fresh:
            self.last = reading
            self.fresh_ms = reading.at_ms
            self.seen_mm = self.seen_mm if reading.carriage_mm is None else reading.carriage_mm
            if reading.at_rest and reading.at_ms > self.stopped_ms:
                self.rested = True
            if reading.retracted and (self.epoch is None or not self.live or self.live[0] == 0):
                self._at_rest()
        self._tripped(trip)
        if kind in TRIPS and moving:
            self.count("lies")
            assert trip is not None, kind
            assert self.governor.trip is not None

    def _at_rest(self):
        self.level, self.risen_ms, self.touched_ms = 0, None, None

    def _permit(self, epoch):
        newer = epoch > self.newest
        self.governor.permitted(epoch)
        if self.trip is None and self.rested:
            self.epoch, self.newest = epoch, max(epoch, self.newest)
            if newer:
                self.live = None

    def _stop(self):
        self.stops += 1
        self.stopped_ms, self.rested, self.epoch, self.live = self.now_ms, False, None, None

    def _tripped(self, trip):
        if trip is not None:
            self.trip = self.trip or trip
            assert trip == self.trip
            self._stop()

    def _say(self, check_in):
        said = self.governor.answered(check_in, self.now_ms)
        self._tripped(said.trip)
        grave = check_in.feeling not in {None, Feeling.NONE} or (
            check_in.pain is not None and check_in.pain >= PAIN + 2
        )
        if grave:
            assert said.trip is not None
            assert said.consequence is not None
            return
        if said.trip is not None:
            return
        if check_in.pain is not None and check_in.pain <= PAIN:
            self.half = None
        elif check_in.pain == PAIN + 1 and self.half is None:
            self.half = self.felt // 2
        if check_in.comfort is Comfort.TOO_STRONG and self.felt:
            least = self.felt * 7 // 10
            self.most = least if self.most is None else min(self.most, least)

    def _tighten(self, person):
        envelope = tightened(self.governor.envelope, person, self.world.screening)
        assert self.governor.tighten(envelope)
        assert self.governor.envelope == envelope
        self.world, self.places = replace(self.world, person=person), {}
        if person.session_min is not None:
            self.session_ms = min(self.session_ms, 60_000 * person.session_min)

    def _loosen(self, person):
        before = self.governor.envelope
        assert not self.governor.tighten(tightened(before, person, self.world.screening))
        assert self.governor.envelope is before

    def _drive(self, seconds, level, *, answers):
        if self.epoch is None and seconds:
            self.lets_pass(100)
            self._report("good")
            self._permit(self.newest + 1)
        asked = min(level, self.world.device.actuators[0].levels)
        for _ in range(10 * seconds):
            self.count("steps")
            self.lets_pass(100)
            self._report("good")
            if answers and self.governor.prompts:
                self._say(FINE)
            if self.carriage_mm == self.ahead_mm:
                self.ahead_mm = sum(ENDS_MM) - self.ahead_mm
            receipt = self._wish(asked, self.ahead_mm, None)
            if receipt is None:
                return
            self._redeem(receipt)
            self.carriage_mm += max(-1, min(1, self.ahead_mm - self.carriage_mm))

    # What is decided.

    def _hears(self):
        for prompt in self.governor.prompts:
            self.asked_at.setdefault(prompt.number, self.felt)

    def _paid(self, poor):
        usage = self.governor.usage
        ahead_ms = AHEAD_MS if poor is None else poor
        zones = {zone: usage.zone_ms(zone) + ahead_ms for zone in Zone}
        return Paid(usage.elapsed_ms(self.now_ms) + ahead_ms, MappingProxyType(zones))

    def _wish(self, level, target_mm, half_mm, poor=None):
        paid = self._paid(poor)
        answer = self.governor.request(Intent(level, target_mm, half_mm, 10), self.now_ms, paid)
        self._hears()
        if isinstance(answer, Refusal):
            assert answer.reason
            self.count("refusals")
            return None
        self._looks_right(answer, level, target_mm, half_mm)
        expires_ms = self._expiry(answer, paid)
        receipt = Receipt(answer.command, answer.cap.level, expires_ms, self.stops)
        self.receipts = [*self.receipts[-5:], receipt]
        return receipt

    def _expiry(self, answer: Approved, paid: Paid):
        latest_ms = self.now_ms + 1_000
        if answer.cap.level == 0:
            return latest_ms
        elapsed_ms = 0 if self.started_ms is None else self.now_ms - self.started_ms
        return min(latest_ms, self.now_ms + self.left_ms, self.now_ms + paid.session_ms - elapsed_ms)

    def _looks_right(self, answer: Approved, asked, target_mm, half_mm):
        """An approval is no more than was asked, and no more than every cap that the shadow knows."""
        assert self.epoch is not None
        assert self.trip is None
        assert self.rested
        level = answer.cap.level
        assert set(answer.setpoint.levels) == {level}
        assert type(level) is int
        assert 0 <= level <= asked
        if level == 0:
            return
        self.count("approvals")
        assert level <= self._highest(target_mm, half_mm)
        for cap in self._of_the_moment():
            assert level <= cap
        self._zones_are_open(target_mm)
        assert self.left_ms > 0

    def _highest(self, target_mm, half_mm):
        """Every limit between where the carriage was reported and where it shall go."""
        assert self.seen_mm is not None
        ends = (self.seen_mm, self.seen_mm if target_mm is None else target_mm)
        widths = (self.half_mm, self.half_mm if half_mm is None else half_mm)
        where = (min(ends), max(ends), min(widths), max(widths))
        if where not in self.places:
            found = [tables.highest(self.world, each, *where) for each in self.world.device.actuators]
            self.places[where] = None if None in found else min(found)
        assert self.places[where] is not None
        return self.places[where]

    def _of_the_moment(self):
        world, first = self.world, sessions.first_level(self.world)
        if self.touched_ms is None or self.now_ms - self.touched_ms < sessions.first_contact_ms(world):
            yield first
        waited = self.risen_ms is None or self.now_ms - self.risen_ms >= sessions.rise_ms(world)
        yield self.level + 1 if waited else self.level
        if self.left_ms <= 30_000:
            start = self.level if self.falls_from is None else self.falls_from
            yield first + max(0, start - first) * self.left_ms // 30_000
        yield from (cap for cap in (self.most, self.half) if cap is not None)
        assert not self.is_unanswered()
        for prompt in self.governor.prompts:
            waited_ms = self.now_ms - prompt.asked_ms
            if prompt.zone is None and waited_ms >= 1000 * sessions.HALF_S[world.person.worst]:
                yield self.asked_at[prompt.number] // 2

    def _zones_are_open(self, target_mm):
        ends = sorted((self.seen_mm, self.seen_mm if target_mm is None else target_mm))
        for mm in (*range(*ends, 5), ends[1]):
            zone = self.world.calibration.zone_at(mm)
            assert zone in self.opened
            assert self.contact_ms[zone] < 1000 * sessions.ZONE_S[self._severity(zone)]

    def _severity(self, zone):
        lumbar = zone in {Zone.L1_L3, Zone.L4_S1}
        return self.world.person.worst if lumbar else min(self.world.person.worst, 1)

    def is_stale(self):
        """Whether the last report that counted is too old."""
        return self.fresh_ms is None or self.now_ms - self.fresh_ms > STALE_MS

    def is_unanswered(self):
        """Whether a check-in has waited for too long."""
        longest_ms = 1000 * sessions.STOP_S[self.world.person.worst]
        asked = [prompt.asked_ms for prompt in self.governor.prompts if prompt.zone is None]
        return any(self.now_ms - asked_ms >= longest_ms for asked_ms in asked)

    def _redeem_next(self, level):
        receipt = self._wish(level, None, None)
        if receipt is not None:
            self._redeem(receipt)

    def _redeem(self, receipt):
        lease = self.governor.redeem(receipt.command, self.now_ms)
        if lease is None:
            return
        self.count("leases")
        # Nothing from before a stop, nothing while one is on, nothing twice (INV-14).
        assert receipt.stops == self.stops
        assert self.epoch == lease.epoch
        assert self.rested
        assert self.trip is None
        level = lease.setpoint.levels[0]
        assert level == receipt.level
        assert self.now_ms < lease.expires_ms <= receipt.expires_ms
        assert lease.number == (self.leases[-1].number + 1 if self.leases else 1)
        receipt.stops = -1
        self._told(lease, level)

    def _told(self, lease, level):
        left_ms = self.left_ms
        if level:
            self.started_ms = self.now_ms if self.started_ms is None else self.started_ms
            self.touched_ms = self.now_ms if self.touched_ms is None else self.touched_ms
            self.felt = level
        if self.falls_from is None and left_ms <= 30_000:
            self.falls_from = max(level, self.level)
        if level > self.level:
            self.risen_ms = self.now_ms
        self.level, self.live = level, (level, lease.expires_ms)
        self.leases.append(lease)
        believed = max(max(each.levels) for _at, each in self.governor.state.watch.told)
        live = [one for one in self.leases[-20:] if one.expires_ms > self.now_ms and one.epoch == lease.epoch]
        # Whichever of them arrived, the device is not believed to do less (INV-22).
        assert believed >= max(one.setpoint.levels[0] for one in live)

    # What must hold after each step.

    @invariant()
    def nothing_came_back(self):
        governor = self.governor
        self._hears()
        # A trip never vanishes and never changes (INV-17).
        assert governor.trip == self.trip
        # The time left never rises (INV-25, 28).
        left_ms = governor.usage.left_ms(self.now_ms)
        assert left_ms == self.left_ms <= self.least_left_ms
        assert governor.usage.started_ms == self.started_ms
        self.least_left_ms = left_ms
        # No zone without a yes.
        for zone in Zone:
            assert not governor.zone_open(zone) or zone in self.opened
        # Stopped until rest and a new permit (INV-14, 21).
        if not self.rested or self.trip is not None:
            assert governor.state.epoch is None
        if governor.state.epoch is not None:
            assert governor.state.epoch == self.epoch

    @invariant()
    def contact_is_counted(self):
        accounted_ms = self.governor.state.accounted_ms
        if accounted_ms is None:
            return
        for zone, contact_ms in self.contact_ms.items():
            # Contact is counted at the latest when the Governor hears or says something.
            assert contact_ms <= self.governor.usage.zone_ms(zone) + self.now_ms - accounted_ms
            assert contact_ms <= 1000 * sessions.ZONE_S[self._severity(zone)]
