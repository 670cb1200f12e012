"""Mutation testing: a change that no test notices is a missing test, or is in equivalent.yaml with a proof.

`python tests/mutation [--sample N --seed SEED] [ROOM...]`; exit code 1 names what was not noticed.
"""

import argparse
import sys
from pathlib import Path


def main() -> int:
    """As the command line says."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from mutation.rooms import ROOMS, judge  # noqa: PLC0415 - after the path is set

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--sample", type=int, help="try so many of those that stand without a proof")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    asked = parser.parse_args()
    return 0 if judge(asked.rooms, sample=asked.sample, seed=asked.seed) else 1


if __name__ == "__main__":
    sys.exit(main())
