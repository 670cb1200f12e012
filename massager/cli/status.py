"""`massager status`: what the cores of this user are doing, once or watched."""

import json
import sys
import time
from contextlib import suppress
from typing import Any

from rich.live import Live
from rich.text import Text

from massager.app.cores import Answer, ask, cores
from massager.cli.exits import Exit
from massager.model.errors import ControlSocketError

WATCH_S = 1.0


def show_status(*, watch: bool, as_json: bool) -> Exit:
    """Print every session of every running core; with `watch` again each second, until Ctrl-C."""
    if not watch:
        return _once(as_json=as_json)
    if as_json or not sys.stdout.isatty():
        _watch_lines(as_json=as_json)
    with Live(auto_refresh=False) as live:
        while True:
            live.update(Text("\n".join(_lines(_states())) or "no core runs"), refresh=True)
            time.sleep(WATCH_S)


def _once(*, as_json: bool) -> Exit:
    states = _states()
    if not states:
        print("massager: no core runs", file=sys.stderr)
        return Exit.NO_CORE
    for line in _json_lines(states) if as_json else _lines(states):
        print(line)
    return Exit.OK


def _watch_lines(*, as_json: bool) -> None:
    """A line for each change, for logs and pipes; never returns."""
    before: set[str] = set()
    while True:
        states = _states()
        now = _json_lines(states) if as_json else _lines(states)
        for line in now:
            if line not in before:
                print(line, flush=True)
        before = set(now)
        time.sleep(WATCH_S)


def _states() -> list[dict[str, Any]]:
    """What each running core says of itself; one that does not answer in time says nothing."""
    answers: list[Answer] = []
    for path in cores():
        with suppress(ControlSocketError):
            answer = ask(path, "GET", "/api/v1/status")
            if answer is not None:
                answers.append(answer)
    return [answer.body for answer in answers]


def _json_lines(states: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(session) for state in states for session in state["sessions"]]


def _lines(states: list[dict[str, Any]]) -> list[str]:
    """What runs, and of each device on which nothing runs the last that ended."""
    lines = []
    for state in states:
        last = {session["device"]: session for session in state["sessions"]}
        running = [session for session in state["sessions"] if not session["over"]]
        devices = {session["device"] for session in running}
        ended = [session for device, session in last.items() if device not in devices]
        if not running and state["radio"] is not None:
            lines.append(f"The core that serves {state['radio']}: nothing is in session.")
        lines += map(_line, running + ended)
    return lines


def _line(session: dict[str, Any]) -> str:
    line = f"{session['person']} on {session['device']}: {session['program']}, {session['stage']}"
    if not session["over"]:
        line += f", {session['zone'] or 'place not known'}, {session['left_s']} s left"
    if session["sent"] is not None and not session["over"]:
        line += f", strength {session['sent']} of {session['levels']} ({session['limited_by_text']})"
    if session["reported"] is not None and not session["over"]:
        line += f", device reports {session['reported']}"
    for key in ("reason_text", "alarm"):
        if session[key]:
            line += f". {session[key]}"
    return line
