"""What the simulated devices did, for tests: rows of docs/protocol.md 9 and a few things to assert of them.

    assert trace.never_above(force_n=8, level=2)
    assert trace.rest_within_s(1, after="stop")

What does not hold raises an AssertionError that shows the first rows against it, so that a forgotten `assert`
hides nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any, Final, Self

FIELDS: Final = ("level", "intensity", "force_n", "depth_mm", "freq_hz", "temp_c")
"""What a row measures; docs/protocol.md 9."""

_SHOWN: Final = 5  # chosen, because the first row says when it began and the next few how it went on
_CRUMB: Final = 1e-9  # what adding seconds as floats may cost

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class PlantTrace:
    """Rows in the order of their time. They may grow while a test looks at them.

    Attributes:
        rows: As docs/protocol.md 9 has them, events and the line per device included.
    """

    rows: Sequence[_Row]

    def __repr__(self) -> str:
        return f"PlantTrace({len(self.rows)} rows)"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `--trace FILE` wrote.

        A simulator that still runs may not have written yet that a link was closed just now.
        """
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        return cls([json.loads(line) for line in lines if line.endswith("\n")])

    def of(self, *, device: str | None = None, actuator: str | None = None) -> "PlantTrace":
        """Only this device, only this actuator; events stay.

        Raises:
            ValueError: there is none of that name.
        """
        introduced = [row for row in self.rows if row.get("event") == "device"]
        _require("device", device, {row["device"] for row in introduced})
        _require("actuator", actuator, {each["name"] for row in introduced for each in row["actuators"]})
        return PlantTrace(
            [
                row
                for row in self.rows
                if device in {None, row["device"]} and ("event" in row or actuator in {None, row["actuator"]})
            ]
        )

    @property
    def events(self) -> list[str]:
        """What happened between devices and controllers, in order: `connect`, `session_start`, `stop`..."""
        return [row["event"] for row in self.rows if row.get("event", "device") != "device"]

    @property
    def causes(self) -> list[str]:
        """What set the state of the devices, each time that it changed: `lease`, `watchdog`, `rest`..."""
        return [cause for cause, _ in groupby(row["cause"] for row in self._measured())]

    def peak(self, field: str) -> float:
        """The highest value of a field; 0 where no row has it.

        Raises:
            ValueError: there is no such field.
        """
        _require("field", field, set(FIELDS))
        return max((float(row.get(field, 0)) for row in self._measured()), default=0.0)

    def never_above(self, **limits: float) -> bool:
        """True, if no row is above a limit: `never_above(force_n=8, level=2)`.

        Raises:
            AssertionError: one is; it shows the first.
            ValueError: no limit is given, or one of a field that does not exist.
        """
        __tracebackhide__ = True
        if not limits:
            raise ValueError(f"above what? Give a limit to one of {', '.join(FIELDS)}")
        for field, limit in limits.items():
            _require("field", field, set(FIELDS))
            measured = list(self._measured())
            above = [row for row in measured if row.get(field, 0) > limit]
            if above:
                count = f"{len(above)} of {len(measured)} rows"
                raise AssertionError(f"{field} was above {limit} in {count}:\n{_table(above, field, limit)}")
        return True

    def rest_within_s(self, seconds: float, *, after: str | float) -> bool:
        """True, if each device came to rest in time and stayed there until its next session began.

        Args:
            seconds: How long it may take.
            after: The name of an event, which counts each time it happened; or a time of the trace, in s.

        Raises:
            AssertionError: one did not, and it shows the first row too late; or there was no such event.
        """
        __tracebackhide__ = True
        checked = 0
        for name in dict.fromkeys(row["device"] for row in self.rows):
            rows = [row for row in self.rows if row["device"] == name]
            starts = [row["t"] for row in rows if row.get("event") == after]
            for start_s in starts if isinstance(after, str) else [after]:
                _check_rest(rows, start_s, seconds, f"{name}, {after} at {start_s:.3f} s")
                checked += 1
        if not checked:
            there = ", ".join(dict.fromkeys(self.events)) or "none"
            raise AssertionError(f"nothing to rest after: no event {after!r} in the trace, only {there}")
        return True

    def _measured(self) -> Iterator[_Row]:
        return (row for row in self.rows if "event" not in row)


def _check_rest(rows: Sequence[_Row], start_s: float, seconds: float, what: str) -> None:
    __tracebackhide__ = True
    before = [row for row in rows if row["t"] <= start_s and "cause" in row]
    later = (row for row in rows if row["t"] > start_s)
    session = takewhile(lambda row: row.get("event") != "session_start", later)
    span = [*before[-1:], *(row for row in session if "cause" in row)]
    moving = [row for row in span if row["cause"] != "rest"]
    late = [row for row in moving if row["t"] > start_s + seconds + _CRUMB]
    if late:
        raise AssertionError(f"{what}: not at rest {seconds} s later:\n{_table(late, 'force_n', 0)}")
    if moving and span[-1] is moving[-1]:
        raise AssertionError(f"{what}: the trace ends before rest:\n{_table(moving[-1:], 'force_n', 0)}")


def _require(kind: str, name: str | None, known: set[str]) -> None:
    if name is not None and name not in known:
        raise ValueError(f"no {kind} {name!r}; there are {', '.join(sorted(known)) or 'none'}")


def _table(rows: Sequence[_Row], field: str, limit: float) -> str:
    shown = rows[:_SHOWN]
    width = max(len("actuator"), *(len(row["actuator"]) for row in shown))
    lines = [f"{'t in s':>10}  {'device':10}  {'actuator':{width}}  {'cause':12}  {field:>9}  {'limit':>9}"]
    lines += [
        f"{row['t']:10.3f}  {row['device']:10}  {row['actuator']:{width}}  {row['cause']:12}"
        f"  {row.get(field, 0):9.3f}  {limit:9.3f}"
        for row in shown
    ]
    if len(rows) > _SHOWN:
        lines.append(f"{'':10}  and {len(rows) - _SHOWN} more")
    return "\n".join(lines)
