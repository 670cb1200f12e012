"""The long loops about clocks: many turns in a row, in every mode."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from clocks import trials
from clocks.conduct import PHASES
from clocks.lives import WAITS, Life
from clocks.turns import DAY_S, YEAR_S, Turn, reboot, sleep, sleep_through, slew, wall
from massager.store import Store
from store_evidence import EvidenceError, Figures

WAITING, SESSIONS = 1_500, 400
LONGEST = 5


def turned_clocks(count: int, sessions: int, seed: int) -> Figures:
    """Turn clocks up to five times, in so many waits and so many sessions.

    Raises:
        EvidenceError: Something started earlier, or lasted longer.
    """
    chance, turned = random.Random(seed), 0  # noqa: S311 - repeatable, not secret
    with tempfile.TemporaryDirectory(prefix="massager-clocks-") as name:
        folder = Path(name)
        made = {}
        for number, (mode, (wait, _reasons)) in enumerate(WAITS.items()):
            life, until_s = wait(folder / f"{number}")
            life.store.close()
            made[mode] = (life, until_s)
        for n in range(count + sessions):
            mode = chance.choice(list(WAITS)) if n < count else "before a start"
            turns = tuple(_turn(chance) for _ in range(chance.randint(1, LONGEST)))
            phase, (life, until_s) = chance.choice(list(PHASES)), made[mode]
            with _copied(life, folder / "copy") as copy:
                try:
                    if n < count:
                        trials.nothing_starts_earlier(copy, until_s, turns)
                    else:
                        trials.no_session_is_longer(copy, phase, turns)
                except AssertionError as error:
                    names = [turn.name for turn in turns]
                    raise EvidenceError(f"{seed=} {n=} {mode} {phase}: {names}") from error
            turned += len(turns)
    return Figures(f"turns of clocks, seed {seed}", turned, count + sessions, 0)


@contextmanager
def _copied(life: Life, place: Path) -> Iterator[Life]:
    shutil.copytree(life.place, place)
    copy = replace(life, place=place, store=Store.open(place))
    try:
        yield copy
    finally:
        copy.store.close()
        shutil.rmtree(place)


def _turn(chance: random.Random) -> Turn:
    size_s = round(10 ** chance.uniform(0, 8.5))
    size_s = min(size_s, 10 * YEAR_S)
    return chance.choice(
        [
            lambda: wall(size_s),
            lambda: wall(-size_s),
            lambda: sleep(min(size_s, 30 * DAY_S)),
            lambda: sleep_through(min(size_s, 30 * DAY_S)),
            lambda: reboot(min(size_s, 30 * DAY_S)),
            lambda: slew(min(size_s, DAY_S), chance.choice([-500, 500])),
        ]
    )()
