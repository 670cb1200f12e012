"""`python tests/evidence [SEED]`: the long safety set, one JSON object a line; an error if anything gave."""

import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

KILLS = 1000
BITS = 5000


def main() -> None:
    """Run all of it; the seed is printed, so that a failure can be had again."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from store_evidence import every_fault, flipped_bits, random_kills  # noqa: PLC0415 - after the path is set

    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(2**32)
    print(json.dumps({"seed": seed}), flush=True)
    for run in (lambda: random_kills(KILLS, seed), every_fault, lambda: flipped_bits(BITS, seed)):
        print(json.dumps(asdict(run())), flush=True)


if __name__ == "__main__":
    main()
