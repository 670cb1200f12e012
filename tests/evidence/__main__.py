"""`make evidence`: the long safety set, a line for each part; an error at the first that does not hold.

`python tests/evidence [SEED]` repeats a run. What was tried stands in SAFETY.md afterwards.
"""

import random
import subprocess
import sys
from pathlib import Path

KILLS = 1000
BITS = 5000
MUTATION = Path(__file__).parents[1] / "mutation"
PAGE = Path(__file__).parents[2] / "SAFETY.md"
HEAD = "| what | tried | came true | refused |\n|---|---|---|---|\n"
BEGIN, END = "<!-- evidence -->\n", "<!-- end -->"


def main() -> None:
    """Run all of it; the seed is printed, so that a failure can be had again."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from store_evidence import every_fault, flipped_bits, random_kills  # noqa: PLC0415 - after the path is set

    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    rows = []
    for run in (lambda: random_kills(KILLS, seed), every_fault, lambda: flipped_bits(BITS, seed)):
        found = run()
        rows.append(f"| {found.what} | {found.tried} | {found.came_true} | {found.refused} |\n")
        print(rows[-1], end="", flush=True)
    mutants = subprocess.run([sys.executable, MUTATION], check=False, stdout=subprocess.PIPE, text=True)
    print(mutants.stdout, flush=True)
    mutants.check_returncode()
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(
        before + BEGIN + HEAD + "".join(rows) + "\n" + mutants.stdout + END + after, encoding="utf-8"
    )


if __name__ == "__main__":
    main()
