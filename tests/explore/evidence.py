"""The long loop about small worlds: every one to its end, and its figures as they were committed.

`ACCEPT_COUNTS=1` before `make evidence`, or before pytest for the quick worlds, writes new figures down.
"""

import json
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from explore.explorer import ExploredError, explore
from explore.worlds import WORLDS
from store_evidence import Figures

COUNTS = Path(__file__).with_name("counts.json")


def explored():
    """Explore every world, as many at a time as there are processors; a line for each.

    Raises:
        ExploredError: A world does not hold, or has other figures than `counts.json`.
    """
    known = _committed()
    # The longest first, so that the processors end together.
    order = sorted(WORLDS, key=lambda name: -known.get(name, {}).get("transitions", 0))
    found = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(of_world, name): name for name in order}
        try:
            for done in as_completed(running):
                name = running[done]
                one = found[name] = done.result()
                print(f"  {name}: {one.states} states, {one.transitions} steps", flush=True)
                require_committed(name, one)
        except ExploredError:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    states = sum(one.states for one in found.values())
    return Figures(
        f"steps of every order of events in {len(found)} small worlds, {states} states",
        sum(one.transitions for one in found.values()),
        sum(one.leases for one in found.values()),
        sum(one.refused for one in found.values()),
    )


def of_world(name):
    """Explore one world."""
    return explore(WORLDS[name])


def require_committed(name, found):
    """Hold what a world came to against the committed figures; with `ACCEPT_COUNTS` write it down instead.

    Raises:
        ExploredError: They differ; the text says how to accept it.
    """
    known = _committed()
    if known.get(name) == asdict(found):
        return
    if not os.environ.get("ACCEPT_COUNTS"):
        raise ExploredError(
            f"{name} came to {asdict(found)} and was {known.get(name)}; if Governor or world were meant to"
            f" change, run this again with ACCEPT_COUNTS=1 and commit {COUNTS.name}"
        )
    known[name] = asdict(found)
    ordered = {one: known[one] for one in WORLDS if one in known}
    COUNTS.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")


def _committed():
    return json.loads(COUNTS.read_text(encoding="utf-8"))
