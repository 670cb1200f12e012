"""How a running session is shown: live on a terminal, as lines, or as JSON lines."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from massager.cli.respond import how_to_answer
from massager.model.body import ZONE_SPANS_PPM
from massager.model.decisions import Refusal
from massager.session.snapshot import Ending, Snapshot, Stage
from massager.texts import SWITCH_OFF_BY_HAND, prompt_text, reason_text, source_text

# Chosen: the back is drawn from C3 to S1 in this many lines, two a zone.
BACK_LINES = 12
BAR_WIDTH = 20

_STAGES = {
    Stage.CONNECTING: "Connecting",
    Stage.PLACING: "Getting into place, nothing presses",
    Stage.RUNNING: "Massaging",
    Stage.PAUSED: "Paused - press Enter to go on",
    Stage.LINK_LOST: "Connection lost - press Enter to go on once it is back",
    Stage.STOPPING: "Stopping",
    Stage.ENDED: "At rest",
}


class View(Protocol):
    """Shows snapshots; writing to an output that has gone raises OSError."""

    def show(self, snapshot: Snapshot, asked: Sequence[str]) -> None:
        """Show what is known now, and what waits for an answer."""

    def end(self, result: Ending | Refusal, code: int, told: str | None) -> None:
        """Say how it ended; `told` is what to do now."""

    def close(self) -> None:
        """Give the terminal back, without a word."""


def ending_text(result: Ending | Refusal) -> str:
    """How a session ended, in sentences."""
    text = reason_text(result.reason, result.detail)
    if isinstance(result, Refusal):
        return f"Not started. {text}"
    if result.confirmed is None:
        text += " Nothing was moved."
    elif not result.confirmed:
        text += f" The device has not confirmed that it rests. {SWITCH_OFF_BY_HAND}"
    else:
        text += " The device is at rest."
    return f"{text} {result.alarm}" if result.alarm else text


class JsonView:
    """One JSON object a line: states when something changes, then the end."""

    def __init__(self) -> None:
        self._last: dict[str, Any] | None = None

    def show(self, snapshot: Snapshot, asked: Sequence[str]) -> None:
        """Print the state if more than the clock has changed."""
        state = asdict(snapshot)
        sent = snapshot.sent
        state["prompts"] = [
            asdict(one) | {"text": prompt_text(one), "how": how_to_answer(snapshot.person, one)}
            for one in snapshot.prompts
        ]
        state |= {"sent": sent.level if sent else None, "limited_by": sent.source if sent else None}
        compared = {key: state[key] for key in state if key not in {"left_s", "place_ppm", "load_n"}}
        if compared != self._last:
            self._last = compared
            self._print({"event": "state", **state})

    def end(self, result: Ending | Refusal, code: int, told: str | None) -> None:
        """Print the end."""
        event = "refused" if isinstance(result, Refusal) else "end"
        said = {"text": ending_text(result), "advice": told, "exit": code}
        self._print({"event": event, **asdict(result), **said})

    def close(self) -> None:
        """There is nothing to give back."""

    def _print(self, line: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


class LineView:
    """A line a change, for logs and pipes."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._asked: Sequence[str] = ()

    def show(self, snapshot: Snapshot, asked: Sequence[str]) -> None:
        """Print a line if it says something new, and each question once."""
        line = _STAGES[snapshot.stage]
        if snapshot.stage is Stage.RUNNING:
            line += f", {snapshot.zone}, {_strength(snapshot)}"
        if line != self._last:
            self._last = line
            sys.stdout.write(f"{_clock(snapshot.left_s)} left  {line}\n")
        for question in asked:
            if question not in self._asked:
                sys.stdout.write(f"{_clock(snapshot.left_s)} left  {question}\n")
        self._asked = asked
        sys.stdout.flush()

    def end(self, result: Ending | Refusal, code: int, told: str | None) -> None:
        """Print how it ended."""
        sys.stdout.write(f"{ending_text(result)}\n")
        sys.stdout.flush()

    def close(self) -> None:
        """There is nothing to give back."""


class LiveView:
    """The terminal as a picture: the back, the strength against its limit and why, the time left."""

    def __init__(self) -> None:
        self._console = _Console()
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._live.start()

    def show(self, snapshot: Snapshot, asked: Sequence[str]) -> None:
        """Draw the picture anew."""
        self._live.update(self._picture(snapshot, asked), refresh=True)

    def end(self, result: Ending | Refusal, code: int, told: str | None) -> None:
        """Give the terminal back and say how it ended."""
        self.close()
        self._console.print(ending_text(result), style="bold red" if code else "bold", highlight=False)

    def close(self) -> None:
        """Take the picture off the terminal."""
        self._live.stop()

    def _picture(self, snapshot: Snapshot, asked: Sequence[str]) -> Group:
        facts = Table.grid(padding=(0, 1))
        facts.add_row("Who", snapshot.person)
        facts.add_row("Program", snapshot.program)
        facts.add_row("Now", Text(_STAGES[snapshot.stage], style="bold"))
        facts.add_row("Where", str(snapshot.zone or "not known"))
        facts.add_row("Strength", Text(_bar(snapshot)))
        facts.add_row("", _strength(snapshot))
        facts.add_row("Reported", _reported(snapshot))
        facts.add_row("Time left", f"{_clock(snapshot.left_s)} of {_clock(snapshot.session_s)}")
        keys = Text("space stop  -/+ strength  p pause  a say how it is", style="reverse")
        # A question takes the place of the back: both are more than a terminal of 24 lines has.
        parts: list[Any] = [_question(asked), keys, facts] if asked else [_back(snapshot), facts, keys]
        if snapshot.reason is not None:
            parts.insert(1, Text(reason_text(snapshot.reason, snapshot.detail), style="bold"))
        if snapshot.alarm:
            parts.insert(0, Text(snapshot.alarm, style="bold white on red"))
        return Group(*parts)


def _question(asked: Sequence[str]) -> Group:
    """What is asked, and a line for each answer there is."""
    answers = [Text(line, no_wrap=True, overflow="ellipsis") for line in asked[1:]]
    return Group(Text(asked[0], style="bold yellow"), *answers)


class _Console(Console):
    def __init__(self) -> None:
        super().__init__(no_color="NO_COLOR" in os.environ)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _strength(snapshot: Snapshot) -> str:
    if snapshot.sent is None:
        return "nothing sent"
    return f"{snapshot.sent.level} of {snapshot.levels}, {source_text(snapshot.sent.source)}"


def _bar(snapshot: Snapshot) -> str:
    level = snapshot.sent.level if snapshot.sent else 0
    asked = snapshot.asked or 0
    filled, wanted = (n * BAR_WIDTH // snapshot.levels for n in (level, asked))
    return f"[{'#' * filled}{'.' * max(0, wanted - filled):<{BAR_WIDTH - filled}}]"


def _reported(snapshot: Snapshot) -> str:
    if snapshot.reported is None:
        return "not known"
    return f"{snapshot.reported} of {snapshot.levels}, {snapshot.load_n} N"


def _back(snapshot: Snapshot) -> Text:
    """The back from C3 to S1: the strip along the spine, and where the device reports that it is."""
    text = Text()
    spans = list(ZONE_SPANS_PPM.items())
    top, bottom = spans[0][1][0], spans[-1][1][1]
    place = snapshot.place_ppm
    row = None if place is None else (place - top) * BACK_LINES // (bottom - top)
    shown = set()
    for line in range(BACK_LINES):
        middle = top + (2 * line + 1) * (bottom - top) // (2 * BACK_LINES)
        zone = next(zone for zone, (first, end) in spans if first <= middle < end)
        name = "" if zone in shown else zone
        shown.add(zone)
        text.append(f"{name:>6} ")
        pressing = bool(snapshot.reported)
        roller = ("O" if pressing else "o") if line == row else " "
        text.append(f"( {roller} ")
        text.append("///", style="dim")
        text.append(f" {roller} )")
        text.append(" <- here\n" if line == row else "\n")
    text.append("O presses, o does not, /// left out", style="dim")
    return text
