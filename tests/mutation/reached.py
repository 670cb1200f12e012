"""Which tests reach a line, and how long each takes: those are tried on a change, the quickest first."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from coverage import Coverage


@dataclass(frozen=True, slots=True)
class Reach:
    """What a room's tests do without a change.

    Attributes:
        takes_s: By test.
        tests: By file and line, the line as text.
    """

    takes_s: dict[str, float]
    tests: dict[str, dict[str, list[str]]]

    def of(self, file: str, lines: tuple[int, int], items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """The tests that reach any of these lines."""
        by_line = self.tests[file]
        names = {name for line in range(lines[0], lines[1] + 1) for name in by_line.get(str(line), ())}
        return self.in_order(item for item in items if item.nodeid in names)

    def in_order(self, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """The quickest first."""
        return sorted(items, key=lambda item: self.takes_s.get(item.nodeid, 0.0))


def watch(
    root: Path, files: Iterable[str], items: list[pytest.Item], run: Callable[[pytest.Item], None]
) -> Reach:
    """Run tests and see what they reach."""
    files = list(files)
    coverage = Coverage(data_file=None, config_file=False, include=[str(root / file) for file in files])
    takes_s = {}
    coverage.start()
    for item in items:
        coverage.switch_context(item.nodeid)
        begin_s = time.process_time()
        run(item)
        takes_s[item.nodeid] = time.process_time() - begin_s
    coverage.stop()
    data = coverage.get_data()
    reached = {file: data.contexts_by_lineno(str(root / file)) for file in files}
    tests = {file: {str(line): names for line, names in by_line.items()} for file, by_line in reached.items()}
    return Reach(takes_s, tests)


def save(reach: Reach, path: Path) -> None:
    """Write it down for another process."""
    path.write_text(json.dumps(asdict(reach)))


def load(path: Path) -> Reach:
    """What `save` wrote."""
    return Reach(**json.loads(path.read_text()))
