"""`massager demo`: a simulated massager in a process of its own, and a session on it."""

import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import typer

from massager.app.folders import stop_file
from massager.app.place import surroundings
from massager.app.session import run_session
from massager.catalog.answers import fine_answers, load_answers
from massager.cli.conduct import conduct, on_terminal
from massager.cli.exits import Exit
from massager.cli.view import LineView, LiveView
from massager.model.errors import MassagerError
from massager.session.massage import Wish
from massager.texts import DISCLAIMER

# What each simulated model shows.
PROGRAMS: Final = MappingProxyType(
    {"chair": "paraspinal-sweep", "cushion": "gentle-cushion", "handheld": "slow-percussion"}
)


def run_demo(
    *,
    model: str,
    headless: bool,
    seconds: float | None,
    trace: Path | None,
    data: str | None,
    caller_percent: int | None,
    answers: Path | None,
) -> Exit:
    """Start the simulator, run the model's preset on it, and stop both.

    Raises:
        BadParameter: There is no such model.
        MassagerError: The simulator does not start, or the session cannot begin.
    """
    if model not in PROGRAMS:
        raise typer.BadParameter(
            f"there is no model {model!r}; there are: {', '.join(PROGRAMS)}", param_hint="--model"
        )
    print(DISCLAIMER, file=sys.stderr)
    script = fine_answers() if answers is None else load_answers(answers)
    with tempfile.TemporaryDirectory(prefix="massager-air-") as folder:
        radio = f"unix:{folder}/air.sock"
        with _simulator(model, radio, trace):
            wish = Wish(
                program=PROGRAMS[model],
                person="demo",
                device=model,
                seconds=None if seconds is None else max(1, math.floor(seconds)),
                caller_percent=caller_percent,
                interactive=not headless and on_terminal(),
                screening=script.before,
            )
            where = surroundings(radio=radio, data=data, profiles=None, locks=Path(folder))
            try:
                view = LiveView if wish.interactive else LineView
                return conduct(partial(run_session, wish, where), view, script.before, script)
            finally:
                # The simulated massager goes with its simulator; nothing is left to stop.
                stop_file(radio, model).unlink(missing_ok=True)


@contextmanager
def _simulator(model: str, radio: str, trace: Path | None) -> Iterator[None]:
    """A simulated massager on a socket; in a process session of its own, out of Ctrl-C's reach."""
    command = [sys.executable, "-m", "firmware_sim", "--model", model, "--listen", radio]
    if trace is not None:
        command += ["--trace", str(trace)]
    with subprocess.Popen(  # noqa: S603 - our own program with our own arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            if process.stdout is None or not process.stdout.readline():
                said = process.stderr.read().decode(errors="replace").strip() if process.stderr else ""
                raise MassagerError(f"The simulator did not start. {said}")
            yield
        finally:
            process.terminate()
            process.wait()
