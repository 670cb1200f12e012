"""Two controllers, one person and one device: never two sessions at once, and nothing is given back."""

import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from massager.model.errors import BusyError
from massager.model.history import Moment
from massager.model.people import Person
from massager.store import Journal, Ledger, People, Store, demo_person
from postgresql_server import Server
from store_life import pass_the_grace
from store_rig import ANNA, BLOCK, NOTHING, both, opened

ROUNDS = 60
KILLS = 8
PATIENCE_S = 60.0
# Any two of them have the person or the device in common, but for the last two.
WISHES = (("demo", "chair-1"), ("demo", "chair-2"), ("other", "chair-1"))


def add_people(store: Store) -> None:
    for person in (demo_person(), Person("other", {}, attested=True, calibrations={})):
        People(store).add(person, by=ANNA, now=now())


def now() -> Moment:
    return Moment(int(time.time()), time.monotonic_ns() // 1_000_000, "this boot")


def contend(url: str, log: Path, seed: int) -> None:
    """Open, pay and close sessions for ever; each step is told before or after it, so that it counts."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    with Store.open(url) as store, log.open("a", buffering=1) as told:
        ledger = Ledger(store)
        while True:
            person, device = chance.choice(WISHES)
            try:
                number = opened(ledger, person=person, device=device, now=now())
            except BusyError:
                continue
            print("opened", number, time.monotonic_ns(), person, device, file=told)
            used = NOTHING
            for step in range(chance.randint(1, 4)):
                used = both(3_000 * step)
                paid = ledger.reserve(number, used=used, block=BLOCK, now=now())
                print("paid", number, paid.session_ms, file=told)
            print("closes", number, time.monotonic_ns(), used.session_ms, file=told)
            ledger.close_session(number, used=used, now=now(), follow_up_s=())
            print("closed", number, file=told)


@dataclass
class Told:
    """What a controller said of one of its sessions; times are the machine's."""

    began_ns: int
    person: str
    device: str
    ended_ns: int
    paid_ms: int = 0
    used_ms: int | None = None
    closed: bool = False


@dataclass
class Controller:
    """A child that contends."""

    log: Path
    pid: int = 0
    died_ns: int = field(default=0)

    def start(self, url: str) -> None:
        self.pid = os.fork()
        if self.pid == 0:
            with suppress(BaseException):
                contend(url, self.log, seed=int(self.log.name))
            os._exit(1)

    def kill(self) -> None:
        self.died_ns = time.monotonic_ns()
        os.kill(self.pid, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(self.pid, 0)[1]), "it had given up by itself"

    def rounds(self) -> int:
        return self.log.read_text().count("opened") if self.log.exists() else 0

    def told(self) -> dict[int, Told]:
        sessions: dict[int, Told] = {}
        for line in self.log.read_text().splitlines():
            what, number, *rest = line.split(" ")
            if what == "opened":
                at_ns, person, device = rest
                sessions[int(number)] = Told(int(at_ns), person, device, self.died_ns)
            elif what == "paid":
                sessions[int(number)].paid_ms = int(rest[0])
            elif what == "closes":
                sessions[int(number)].ended_ns = int(rest[0])
                sessions[int(number)].used_ms = int(rest[1])
            else:
                sessions[int(number)].closed = True
        return sessions


def judge(url: str, told: list[dict[int, Told]]) -> None:
    """No two sessions of one person or device at a time, and all that was paid counts."""
    sessions = {number: one for by_one in told for number, one in by_one.items()}
    assert len(sessions) == sum(map(len, told)) >= ROUNDS, "a number was given twice"
    for first, second in combinations(sorted(sessions.values(), key=lambda one: one.began_ns), 2):
        if first.person == second.person or first.device == second.device:
            assert first.ended_ns <= second.began_ns, (first, second)
    with Store.open(url) as store:
        Ledger(store).settle(now())
        assert Journal(store).verify().first_bad is None
        with store.transaction() as connection:
            rows = connection.exec_driver_sql("SELECT id, ended_s, reserved_ms, used_ms FROM session").all()
    assert sessions.keys() <= {row.id for row in rows}
    for row in rows:
        assert row.ended_s is not None
        one = sessions.get(row.id)  # one that was killed in the very act of opening told nobody
        if one is not None and one.closed:
            assert row.used_ms == one.used_ms
        elif one is not None:
            assert row.reserved_ms >= one.paid_ms
            assert row.used_ms in {row.reserved_ms, one.used_ms}


def test_controllers_that_contend_and_die_never_hold_two_sessions_of_one_person_or_device(
    postgresql: Server, tmp_path: Path
) -> None:
    url = postgresql.database()
    with Store.open(url) as store:
        add_people(store)
    controllers = [Controller(tmp_path / str(n)) for n in range(KILLS + 1)]
    living, waiting = controllers[:2], controllers[2:]
    for one in living:
        one.start(url)
    chance, deadline = random.Random(7), time.monotonic() + PATIENCE_S  # noqa: S311 - as above
    for kill in range(1, KILLS + 1):
        while sum(one.rounds() for one in controllers) < kill * ROUNDS // KILLS:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        victim = living.pop(chance.randrange(len(living)))
        victim.kill()
        pass_the_grace(url)
        if waiting:
            living.append(waiting.pop())
            living[-1].start(url)
    for one in living:
        one.kill()
    pass_the_grace(url)
    judge(url, [one.told() for one in controllers])
