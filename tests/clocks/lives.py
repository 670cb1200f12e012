"""A real store, real admission and a real Governor on clocks that the test turns."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from clocks.turns import BASE_S, DAY_S, HOUR_S, Clocks, Turn
from massager.model.body import Region, Side, Zone
from massager.model.ceilings import Clearance, Modality
from massager.model.decisions import Reason, Refusal
from massager.model.errors import NotAllowedError
from massager.model.history import Authority, By, LockCause, Role
from massager.model.people import Modifier, Person, ProviderClearance
from massager.model.programs import Step
from massager.session.preparation import Order, Prepared, known_of, prepare
from massager.store import Amounts, Ledger, Lockouts, People, Store
from samples import chair, demo, mild_lumbar, sweep, well

ANNA = By("anna", Role.CAREGIVER)
COOL_DOWN_S = 48 * HOUR_S
BLOCK_MS = 10_000
SESSION_S = 90
PROGRAM = sweep(Step(Zone.L4_S1, SESSION_S, 400, 10))
# Long ago, so that nothing of the person's first sessions holds any more.
START_S = 40 * DAY_S


def amounts(ms):
    return Amounts(ms, {(Zone.L4_S1, side): ms for side in Side})


@dataclass
class Life:
    """One person's story in one store."""

    place: Path
    store: Store
    clocks: Clocks = field(default_factory=Clocks)
    person: Person = field(default_factory=demo)

    @classmethod
    def begin(cls, place: Path, person: Person | None = None, clocks: Clocks | None = None) -> Self:
        """A person with two sessions long ago."""
        life = cls(place, Store.open(place), clocks or Clocks(), person or demo())
        People(life.store).add(life.person, by=ANNA, now=life.clocks.now)
        for day in (1, 11):
            life.clocks = life.clocks.to(day * DAY_S)
            life.has_session()
        life.clocks = life.clocks.to(START_S)
        return life

    @property
    def ledger(self) -> Ledger:
        """Of the store that is open."""
        return Ledger(self.store)

    def reopen(self) -> None:
        """The program ends without a word and starts again."""
        self.store.close()
        self.store = Store.open(self.place)
        self.ledger.settle(self.clocks.now)

    def happens(self, turn: Turn) -> None:
        """The clocks turn."""
        self.clocks = turn.happens(self.clocks)
        if turn.reboots:
            self.reopen()

    def has_session(self, follow_up_s=()) -> None:
        """A whole session of five minutes that ends now."""
        ends = self.clocks
        self.clocks = ends.later(-300)
        number = self.ledger.open_session("demo", "chair", "sweep", self.clocks.now)
        self.ledger.reserve(number, used=amounts(0), block=amounts(BLOCK_MS), now=self.clocks.now)
        self.clocks = ends
        self.ledger.close_session(number, used=amounts(300_000), now=ends.now, follow_up_s=follow_up_s)

    def asks(self) -> Prepared | Refusal:
        """A start is asked for by a program that has just begun."""
        now = self.clocks.now
        self.ledger.settle(now)
        return prepare(self.order, known_of(self.ledger, "demo", now))

    @property
    def order(self) -> Order:
        """What is asked for."""
        return Order(
            program=PROGRAM,
            person=self.person,
            device=chair(),
            profile=mild_lumbar(conditions=self.person.conditions),
            seconds=None,
            caller_permille=None,
            screening=well(),
        )

    @property
    def refusal(self) -> Reason | None:
        """Why a start is refused now; None where it would be let in."""
        answer = self.asks()
        return answer.reason if isinstance(answer, Refusal) else None

    @property
    def locked(self) -> bool:
        """Whether a lockout is open."""
        return bool(Lockouts(self.store).of("demo"))

    def clears(self) -> bool:
        """Whether the caregiver may clear the lockout now."""
        (lockout,) = Lockouts(self.store).of("demo")
        try:
            Lockouts(self.store).clear("demo", lockout.number, by=ANNA, why="well", now=self.clocks.now)
        except NotAllowedError:
            return False
        return True


# Waits, and until when in true time nothing may start. NEVER: not until somebody has done something.
NEVER = 10**12
LOCKED_UNTIL_S = START_S + 3 * DAY_S


def rested(place: Path) -> tuple[Life, int]:
    """Nothing is in the way."""
    return Life.begin(place), 0


def cooling_down(place: Path) -> tuple[Life, int]:
    """The last hour of the cool-down."""
    life = Life.begin(place)
    life.has_session()
    life.clocks = life.clocks.later(COOL_DOWN_S - HOUR_S)
    return life, START_S + COOL_DOWN_S


def locked_out(place: Path) -> tuple[Life, int]:
    """The last hour of a lockout's wait; after that a caregiver may clear it."""
    life = Life.begin(place)
    Lockouts(life.store).add(
        "demo",
        cause=LockCause.SHOOTING_PAIN,
        authority=Authority.CAREGIVER,
        wait_s=3 * DAY_S,
        note="",
        by=ANNA,
        now=life.clocks.now,
    )
    life.clocks = life.clocks.to(LOCKED_UNTIL_S - HOUR_S)
    return life, NEVER


def asked_afterwards(place: Path) -> tuple[Life, int]:
    """Rested, and the question of the day after has not been answered."""
    life = Life.begin(place)
    life.has_session(follow_up_s=(DAY_S,))
    life.clocks = life.clocks.later(COOL_DOWN_S + HOUR_S)
    return life, NEVER


def with_clearance_until(expires_s: int) -> Person:
    """A person who needs a written clearance, that holds until a time."""
    given = ProviderClearance(
        Clearance.C, "Dr. A", Region.LUMBAR, Modality.ROLLER, expires_s - 90 * DAY_S, expires_s
    )
    return replace(demo(), modifiers=frozenset({Modifier.SPINAL_HARDWARE}), clearances=(given,))


def cleared(place: Path) -> tuple[Life, int]:
    """A written clearance that the person needs expired a minute ago, and that was noticed."""
    life = Life.begin(place, with_clearance_until(BASE_S + START_S - 60))
    life.asks()
    return life, NEVER


def full_week(place: Path) -> tuple[Life, int]:
    """Three sessions, the oldest of which drops out of the week in an hour."""
    life = Life.begin(place)
    for day in (0, 2.4, 4.8):
        life.clocks = life.clocks.to(START_S + int(day * DAY_S))
        life.has_session()
    life.clocks = life.clocks.to(START_S + 7 * DAY_S - HOUR_S)
    return life, START_S + 7 * DAY_S


WAITS = {
    "before a start": (rested, {None}),
    "in the cool-down": (cooling_down, {Reason.COOL_DOWN}),
    "in a lockout's wait": (locked_out, {Reason.LOCKED_OUT}),
    "with a question due": (asked_afterwards, {Reason.FOLLOW_UP_DUE}),
    "with a clearance just expired": (cleared, {Reason.CLEARANCE_C, Reason.NO_ROOM}),
    "with a full week": (full_week, {Reason.PER_WEEK}),
}
