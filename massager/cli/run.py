"""`massager run`: one session in the foreground, in the core that serves the radio or in one of its own.

Before it the questions of the day, at a terminal or from a file; what nobody answers counts as the worst.
"""

import math
import sys
from pathlib import Path
from typing import Final

from massager.app.opening import script_of
from massager.app.place import surroundings
from massager.app.serving import run_of, serving_core
from massager.catalog import load_program
from massager.cli.afterwards import ask_at_the_end, say_at_the_end
from massager.cli.asking import ask_before
from massager.cli.conduct import conduct, on_terminal
from massager.cli.exits import Exit
from massager.cli.view import JsonView, LineView, LiveView, View
from massager.model.programs import Program
from massager.model.questions import Question, Screening
from massager.safety.responses import of_screening
from massager.session.massage import Wish
from massager.store import DEMO_NAME
from massager.texts import DISCLAIMER

# Endings after which a session may have moved something.
_MOVED: Final = frozenset({Exit.OK, Exit.STOPPED, Exit.LINK, Exit.INTERRUPTED})


def run_program(
    *,
    program: str,
    person: str,
    device: str | None,
    radio: str,
    data: str | None,
    profiles: Path | None,
    answers: Path | None,
    seconds: float | None,
    caller_percent: int | None,
    confirmed: bool,
    as_json: bool,
) -> Exit:
    """Run a program after the questions and the confirmation of its start; the exit code.

    Raises:
        MassagerError: It cannot begin; nothing has moved.
    """
    script = script_of(person, answers)
    wanted = None if confirmed else load_program(program, profiles)
    where = surroundings(radio=radio, data=data, profiles=profiles)
    serving = serving_core(where, device, named_data=data)
    interactive = on_terminal() and not as_json
    asks = script is None and interactive
    if asks or not confirmed:
        print(DISCLAIMER, file=sys.stderr)
    wish = Wish(
        program=program,
        person=person,
        device=device,
        seconds=None if seconds is None else max(1, math.floor(seconds)),
        caller_percent=caller_percent,
        interactive=interactive and serving is None,
        screening=ask_before() if asks else script.before if script else Screening(),
    )
    _tell_silence(wish.screening)
    # A warning sign is put on record at once; nothing starts.
    warned = of_screening(wish.screening) is not None
    if wanted is not None and not warned and not _confirm(wanted, person):
        return Exit.USAGE
    view: type[View] = JsonView if as_json else LiveView if interactive else LineView
    code = conduct(run_of(wish, where, serving), view, wish.screening, script)
    # The store of the person `demo` has gone with the session.
    if person != DEMO_NAME and code in _MOVED:
        place = data if serving is None else serving.data
        if script is not None and script.afterwards is not None:
            say_at_the_end(person, script.afterwards, place)
        elif asks and code is Exit.OK:
            ask_at_the_end(person, place)
    return code


def _tell_silence(screening: Screening) -> None:
    count = len(Question) - len(screening.answers)
    count += [screening.pain, screening.skin, screening.reaction].count(None)
    if count and of_screening(screening) is None:
        print(
            f"massager: {count} question(s) about today are not answered, and count as answered in the worst "
            "way. Answer them at a terminal, or with --answers FILE.",
            file=sys.stderr,
        )


def _confirm(program: Program, person: str) -> bool:
    if not sys.stdin.isatty():
        print("massager: nobody to ask; confirm the start with --yes", file=sys.stderr)
        return False
    print(
        f"Start {program.title} for {person}, {program.seconds // 60} minutes? [y/N] ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
