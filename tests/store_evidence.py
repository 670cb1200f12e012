"""The long loops about the store: kills, faults and flipped bits by the thousand, each judged on its own."""

import itertools
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from massager.model.errors import StoreError
from massager.store import Journal, Ledger, Store
from store_life import (
    END,
    STEPS,
    TABLES,
    at_every_write,
    disk_fault,
    life_of_a_child,
    live,
    refused,
    state,
    states,
)
from store_rig import history

# Longer than a whole life takes on a slow machine would only add kills that come too late.
LIFE_S = 0.12


class EvidenceError(Exception):
    """The store did not hold what it promises; the text says after what."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was tried, and what came of it; all of it held."""

    what: str
    tried: int
    came_true: int
    refused: int


def _require(*, holds: bool, what: object) -> None:
    if not holds:
        raise EvidenceError(str(what))


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="massager-evidence-") as name:
        yield Path(name)


def random_kills(count: int, seed: int) -> Figures:
    """Kill a controller, half the times at a random write and half at a random moment.

    Raises:
        EvidenceError: What was left is neither the state before nor the one after, or a restart gave back.
    """
    chance, killed = random.Random(seed), 0  # noqa: S311 - repeatable, not secret
    with _folder() as place:
        every_state = states(place / "states")
        for n in range(count):
            folder, witness = place / f"{n}", place / f"{n}-witness"
            if n % 2:
                dead, steps = life_of_a_child(folder, witness, kill_at=chance.randint(1, 300))
            else:
                dead, steps = life_of_a_child(folder, witness, kill_after_s=chance.uniform(0, LIFE_S))
            killed += dead
            found = state(folder, witness=witness)
            _require(holds=found in every_state[max(0, steps - 1) : steps + 1], what=("kill", n, seed, steps))
            if found["person"]:
                _restart(folder, witness, found["session"])
    return Figures("kills", count, killed, 0)


def _restart(folder: Path, witness: Path, sessions: list[dict[str, int]]) -> None:
    with Store.open(folder, witness=witness) as store:
        ledger = Ledger(store)
        ledger.settle(END)
        told = history(ledger, END)
        verdict = Journal(store).verify()
    _require(holds=verdict.first_bad is None, what=("chain", verdict))
    left = [one for one in sessions if one["ended_s"] is None and one["reserved_ms"] > 0]
    ended = [past for past in told.past if past.ended_s == told.now_s]
    _require(holds=len(ended) == len(left), what=("restart", sessions))
    paid = sorted(-(-one["reserved_ms"] // 1000) for one in left)
    _require(holds=sorted(past.used_s for past in ended) == paid, what=("restart", sessions))


def every_fault() -> Figures:
    """Let each write of a whole life fail once, every life from its beginning.

    Raises:
        EvidenceError: What was left is neither the state before nor the one after.
    """
    with _folder() as place:
        every_state = states(place / "states")
        for n in itertools.count(1):
            folder, witness, steps, struck = place / f"{n}", place / f"{n}-witness", [], []

            def strike(count: int, _: str, n: int = n, struck: list[int] = struck) -> None:
                if count == n:
                    struck.append(n)
                    raise disk_fault()

            with at_every_write(strike), suppress(StoreError):
                live(folder, witness=witness, done=lambda steps=steps: steps.append(1))
            found = state(folder, witness=witness)
            _require(holds=found in every_state[max(0, len(steps) - 1) : len(steps) + 1], what=("fault", n))
            if not struck:
                return Figures("failed writes", n - 1, n - 1, 0)
    raise AssertionError


def flipped_bits(count: int, seed: int) -> Figures:
    """Flip one random bit of a store's file, every time another.

    Raises:
        EvidenceError: The store opened and permits something else than before.
    """
    chance, refusals = random.Random(seed), 0  # noqa: S311 - repeatable, not secret
    with _folder() as place:
        live(place / "lived", witness=place / "witness", steps=len(STEPS) - 1)
        whole = (place / "lived" / "massager.db").read_bytes()
        spoiled = place / "spoiled"
        spoiled.mkdir()
        before = _permission(place / "lived" / "massager.db")
        for bit in chance.sample(range(8 * len(whole)), count):
            content = bytearray(whole)
            content[bit // 8] ^= 1 << (bit % 8)
            (spoiled / "massager.db").write_bytes(content)
            if refused(spoiled):
                refusals += 1
            else:
                _require(holds=_permission(spoiled / "massager.db") == before, what=("bit", bit))
    return Figures("flipped bits", count, count, refusals)


def _permission(path: Path) -> list[list[tuple[object, ...]]]:
    sealed = [table for table in TABLES if table not in {"meta", "journal"}]
    with closing(sqlite3.connect(path)) as raw:
        return [raw.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in sealed]  # noqa: S608
