"""`massager run`: one session in the foreground, in the core that serves the radio or in one of its own."""

import math
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

from massager.app import Surroundings, run_session
from massager.catalog import load_program
from massager.cli.conduct import conduct, on_terminal
from massager.cli.cores import ask, cores
from massager.cli.exits import Exit
from massager.cli.remote import run_there
from massager.cli.surroundings import shown_place, surroundings
from massager.cli.view import JsonView, LineView, LiveView, View
from massager.model.errors import BusyError, ControlSocketError, MassagerError
from massager.session.massage import Wish
from massager.texts import DISCLAIMER


def run_program(
    *,
    program: str,
    person: str,
    device: str | None,
    radio: str,
    data: str | None,
    profiles: Path | None,
    seconds: float | None,
    caller_percent: int | None,
    confirmed: bool,
    as_json: bool,
) -> Exit:
    """Run a program after its start was confirmed; the exit code.

    Raises:
        MassagerError: It cannot begin; nothing has moved.
    """
    where = surroundings(radio=radio, data=data, profiles=profiles)
    serving = _serving_core(where, device, named_data=data)
    interactive = on_terminal() and not as_json
    wish = Wish(
        program=program,
        person=person,
        device=device,
        seconds=None if seconds is None else max(1, math.floor(seconds)),
        caller_percent=caller_percent,
        interactive=interactive and serving is None,
    )
    if not confirmed and not _confirm(wish, profiles):
        return Exit.USAGE
    view: type[View] = JsonView if as_json else LiveView if interactive else LineView
    if serving is not None:
        return conduct(partial(run_there, serving, wish), view)
    return conduct(partial(run_session, wish, where), view)


def _serving_core(where: Surroundings, device: str | None, *, named_data: str | None) -> Path | None:
    """The socket of the core that starts sessions on this radio; None where none does.

    Raises:
        BusyError: A core of its own is in session there, with this device as far as was said.
        MassagerError: The core that serves the radio has another store or other profiles than were named.
    """
    for path in cores():
        with suppress(ControlSocketError):
            answer = ask(path, "GET", "/api/v1/status")
            if answer is None:
                continue
            if answer.body["radio"] == where.radio:
                _require_same(answer.body, where, named_data)
                return path
            for session in answer.body["sessions"]:
                mine = session["radio"] == where.radio and device in {None, session["device"]}
                if mine and session["stage"] != "ended":
                    raise BusyError(
                        f"{session['person']} is in session on {session['device']} over {where.radio} "
                        "already. Stop that one first: massager stop"
                    )
    return None


def _require_same(status: dict[str, object], where: Surroundings, named_data: str | None) -> None:
    if named_data is not None and status["data"] != shown_place(named_data):
        raise MassagerError(
            f"The core that serves {where.radio} has its store at {status['data']}. "
            "Leave out --data, or end that core."
        )
    if where.profiles is not None and status["profiles"] != str(where.profiles.resolve()):
        raise MassagerError(
            f"The core that serves {where.radio} has other profiles. Leave out --profiles, or end that core."
        )


def _confirm(wish: Wish, profiles: Path | None) -> bool:
    program = load_program(wish.program, profiles)
    print(DISCLAIMER, file=sys.stderr)
    if not sys.stdin.isatty():
        print("massager: nobody to ask; confirm the start with --yes", file=sys.stderr)
        return False
    print(
        f"Start {program.title} for {wish.person}, {program.seconds // 60} minutes? [y/N] ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
