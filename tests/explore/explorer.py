"""Every state that a world's events lead to, each once: the Governor against twin and invariants."""

from array import array
from collections import deque
from dataclasses import dataclass
from itertools import chain

from explore import invariants, keys
from explore.lockstep import Pair


class ExploredError(Exception):
    """The Governor and the twin disagree, or an invariant does not hold; it tells the shortest way there."""


@dataclass(frozen=True)
class World:
    """One case and what may happen in it, explored until nothing new comes.

    Attributes:
        first: What has happened before the first state, written as `events` are.
        events: Each by its name: steps that follow each other, each a method of `Pair` and its arguments.
    """

    name: str
    case: object
    first: dict
    events: dict


@dataclass(frozen=True)
class Found:
    """What was explored: states that events lead to, steps compared, and of them leases, refusals, trips."""

    states: int
    transitions: int
    leases: int
    refused: int


def explore(world):
    """Go everywhere, the nearest first.

    Raises:
        ExploredError: With the events that lead to the first disagreement, the fewest there are.
    """
    keys.require_known()
    case, events = world.case, list(world.events.values())
    start = Pair.begin(case)
    for step in chain.from_iterable(world.first.values()):
        wrong, _ = _step(start, step)
        if wrong:
            raise ExploredError(f"{world.name}, {case}: on the way to the beginning, at {step}: {wrong}")
    parents, via, seen = array("q", [-1]), array("h", [-1]), {_key(start)}
    frontier, transitions, leases, refused = deque([(0, start)]), 0, 0, 0
    while frontier:
        number, pair = frontier.popleft()
        wrong = invariants.broken_here(pair)
        if wrong:
            raise ExploredError(_told(world, parents, via, number, -1, "a look", wrong))
        for which, steps in enumerate(events):
            here = pair.fork()
            for step in steps:
                transitions += 1
                wrong, answer = _step(here, step)
                leases += step[0] == "redeem" and answer is not None
                refused += isinstance(answer, str)
                if wrong:
                    raise ExploredError(_told(world, parents, via, number, which, step, wrong))
            key = _key(here)
            if key not in seen:
                seen.add(key)
                parents.append(number)
                via.append(which)
                frontier.append((len(parents) - 1, here))
    return Found(len(seen), transitions, leases, refused)


def _key(pair):
    # 64 bits, for the memory: that two of 100 000 states share them has a chance of 1 in 3 billion.
    core = keys.core_key(pair.case, pair.governor.state, pair.now_ms)
    receipts = keys.receipts_key(pair.governor, pair.tickets, pair.now_ms)
    return hash((core, receipts, keys.twin_key(pair.case, pair.twin)))


def _step(pair, step):
    """One step on both sides: what is wrong with it, if anything, and the answer."""
    before, left_ms = dict(pair.twin), pair.governor.usage.left_ms(pair.now_ms)
    name, args, odd = step
    answer, told = getattr(pair, name)(*args, **odd)
    if answer != told:
        return f"the Governor answers {answer}, the twin {told}", answer
    core, twin = pair.seen()
    if core != twin:
        return f"of the Governor one sees {core}, of the twin {twin}", answer
    return invariants.broken(pair, step, before, left_ms, answer), answer


def _told(world, parents, via, number, which, step, wrong):
    names = list(world.events)
    way = [names[which]] if which >= 0 else []
    while number > 0:
        way.append(names[via[number]])
        number = parents[number]
    return f"{world.name}, {world.case}: {' - '.join([*world.first, *reversed(way)])}, at {step}: {wrong}"
