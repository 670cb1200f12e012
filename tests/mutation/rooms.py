"""What is mutated and by which tests it is held, what is known to change nothing, and the table."""

import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from mutation.mutants import Mutator, enum_members
from mutation.trial import Room, Suspect, survivors

Key = tuple[str, str, str]

ROOT: Final = Path(__file__).parents[2]
GUARDIAN: Final = ("gate", "permits", "frames", "reported")
CATALOG: Final = ("ceilings", "devices", "document", "programs", "safety_profiles", "schema", "yaml_source")
ROOMS: Final = {
    room.name: room
    for room in (
        Room("safety", ("massager/safety/*.py",), ("tests/safety", "tests/people/test_authority.py")),
        Room("routine", ("massager/routine/*.py",), ("tests/routine",)),
        Room("guardian", tuple(f"massager/guardian/{one}.py" for one in GUARDIAN), ("tests/guardian/gate",)),
        Room("catalog", tuple(f"massager/catalog/{one}.py" for one in CATALOG), ("tests/catalog",)),
    )
}
HEAD: Final = "| one small change in | tried | noticed | shown to change nothing |\n|---|---|---|---|"


def judge(names: list[str], *, sample: int | None, seed: int) -> bool:
    """Try the mutants of rooms, print a table, and say on the other stream what is wrong.

    Args:
        names: Of the rooms; none for all.
        sample: Try so many of those that stand without a proof.
        seed: Of the draw.
    """
    rooms = [ROOMS[name] for name in names or ROOMS]
    files, suspects = _suspects(rooms)
    accepted = _accepted(set(files))
    suspects = [replace(suspect, proven=_key(suspect) in accepted) for suspect in suspects]
    if sample:
        suspects = [suspect for suspect in suspects if _key(suspect) not in accepted]
        suspects = random.Random(seed).sample(suspects, sample)  # noqa: S311 - a draw, not a secret
        accepted = Counter()
    alive = survivors(ROOT, suspects, files)
    print(HEAD)
    for room in rooms:
        tried, lived = (sum(one.room is room for one in some) for some in (suspects, alive))
        print(f"| {room.name} | {tried} | {tried - lived} | {lived} |")
    wrong = [
        f"{one.file}:{one.mutant.lines[0]}: in {one.mutant.scope}, no test notices: {one.mutant.text}"
        for one in alive
        if not _taken(accepted, _key(one))
    ] + [
        f"equivalent.yaml: {file}: {scope}: a test notices, or there is no such change: {text}"
        for file, scope, text in accepted.elements()
    ]
    print("\n".join(wrong), file=sys.stderr)
    return not wrong


def _suspects(rooms: list[Room]) -> tuple[dict[str, Mutator], list[Suspect]]:
    enums = enum_members(ROOT / "massager")
    files: dict[str, Mutator] = {}
    suspects = []
    for room in rooms:
        for path in sorted(path for pattern in room.files for path in ROOT.glob(pattern)):
            file = path.relative_to(ROOT).as_posix()
            files[file] = Mutator(path.read_text(encoding="utf-8"), enums)
            suspects += [Suspect(room, file, mutant) for mutant in files[file].mutants]
    return files, suspects


def _accepted(files: set[str]) -> Counter[Key]:
    """What equivalent.yaml says of these files."""
    entries = YAML(typ="safe", pure=True).load(Path(__file__).with_name("equivalent.yaml"))
    return Counter(
        (entry["file"], entry["scope"], text)
        for entry in entries
        for text in entry["mutants"]
        if entry["file"] in files and entry["proof"]
    )


def _taken(accepted: Counter[Key], key: Key) -> bool:
    """Whether it was there to be taken; each entry stands for one."""
    there = accepted[key] > 0
    accepted[key] -= there
    return there


def _key(suspect: Suspect) -> Key:
    return suspect.file, suspect.mutant.scope, suspect.mutant.text
