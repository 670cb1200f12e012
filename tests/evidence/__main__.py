"""`make evidence`: the long safety set, a line for each part; an error at the first that does not hold.

`python tests/evidence [SEED]` repeats a run. What was tried stands in SAFETY.md afterwards.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store_evidence import Figures

KILLS = 1000
BITS = 5000
TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "SAFETY.md"
HEAD = "| what | tried | came true | refused |\n|---|---|---|---|\n"
BEGIN, END = "<!-- evidence -->\n", "<!-- end -->"


def main() -> None:
    """Run all of it; the seed is printed, so that a failure can be had again."""
    sys.path.insert(0, str(TESTS))
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(2**32)
    begin = datetime.now(UTC)
    print(f"seed {seed}", flush=True)
    rows = []
    for run in _parts(seed):
        found = run()
        rows.append(f"| {found.what} | {found.tried:,} | {found.came_true:,} | {found.refused:,} |\n")
        print(f"{(datetime.now(UTC) - begin).seconds} s {rows[-1]}", end="", flush=True)
    mutants = subprocess.run(
        [sys.executable, TESTS / "mutation"], check=False, stdout=subprocess.PIPE, text=True
    )
    print(mutants.stdout, flush=True)
    mutants.check_returncode()
    head = f"Begun {begin:%Y-%m-%d %H:%M} UTC, seed {seed}.\n\n"
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(
        f"{before}{BEGIN}{head}{HEAD}{''.join(rows)}\n{mutants.stdout}{END}{after}", encoding="utf-8"
    )


def _parts(seed: int) -> Iterator[Callable[[], "Figures"]]:
    from clocks import evidence as clocks  # noqa: PLC0415 - after the path is set
    from explore.evidence import explored  # noqa: PLC0415
    from geometry import evidence as geometry  # noqa: PLC0415
    from properties import evidence as properties  # noqa: PLC0415
    from store_evidence import every_fault, flipped_bits, random_kills  # noqa: PLC0415

    yield lambda: random_kills(KILLS, seed)
    yield every_fault
    yield lambda: flipped_bits(BITS, seed)
    yield lambda: properties.random_sessions(properties.SESSIONS, seed)
    yield lambda: properties.random_limits(properties.WORLDS, seed)
    yield lambda: geometry.random_backs(geometry.BACKS, seed)
    yield explored
    yield lambda: clocks.turned_clocks(clocks.WAITING, clocks.SESSIONS, seed)


if __name__ == "__main__":
    main()
