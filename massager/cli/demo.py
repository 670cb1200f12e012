"""`massager demo`: a simulated massager in a process of its own, and the page of a core that drives it.

Headless, or where a file answers, a session starts by itself and is shown here instead.
"""

import asyncio
import math
import os
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import typer

from massager.app.core import hosted
from massager.app.folders import stop_file
from massager.app.hosting import Hosting, Page
from massager.app.place import Surroundings, surroundings
from massager.app.session import run_session
from massager.catalog.answers import fine_answers, load_answers
from massager.cli.conduct import conduct, on_terminal
from massager.cli.exits import Exit
from massager.cli.serve import Signals, log, serve_until_signal
from massager.cli.view import LineView, LiveView
from massager.model.errors import AddressError, MassagerError
from massager.session.massage import Bounds, Wish
from massager.texts import DISCLAIMER
from massager.web.door import Address, Door

# What each simulated model shows.
PROGRAMS: Final = MappingProxyType(
    {"chair": "paraspinal-sweep", "cushion": "gentle-cushion", "handheld": "slow-percussion"}
)

# Chosen: the one that most programs of this kind take; where it is taken, any does.
PORT: Final = 8080


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
    """Start the simulator, serve the page or run the model's preset on it, and stop both.

    Raises:
        BadParameter: There is no such model.
        MassagerError: The simulator does not start, or the session cannot begin.
    """
    if model not in PROGRAMS:
        raise typer.BadParameter(
            f"there is no model {model!r}; there are: {', '.join(PROGRAMS)}", param_hint="--model"
        )
    print(DISCLAIMER, file=sys.stderr)
    bounds = Bounds(None if seconds is None else max(1, math.floor(seconds)), caller_percent)
    on_page = not headless and answers is None
    script = fine_answers() if answers is None else load_answers(answers)
    with tempfile.TemporaryDirectory(prefix="massager-air-") as folder:
        radio = f"unix:{folder}/air.sock"
        with _simulator(model, radio, trace):
            where = surroundings(radio=radio, data=data, profiles=None, locks=Path(folder))
            try:
                if on_page:
                    return _on_page(where, bounds)
                is_live = not headless and on_terminal()
                wish = bounds.on(Wish(PROGRAMS[model], "demo", model, None, None, is_live, script.before))
                view = LiveView if is_live else LineView
                return conduct(partial(run_session, wish, where), view, script.before, script)
            finally:
                # The simulated massager goes with its simulator; nothing is left to stop.
                stop_file(radio, model).unlink(missing_ok=True)


def _on_page(where: Surroundings, bounds: Bounds) -> Exit:
    """Serve the page until Ctrl-C; nothing starts before somebody starts it there."""
    signals = Signals()
    hosting = Hosting(page=Page(_address(), Door()), is_demo=True, bounds=bounds)

    async def until_signal() -> Exit:
        async with hosted(where, log, hosting) as core:
            page = core.page or ""

            def announce() -> None:
                print(f"Open {page} in a browser on this computer. Ctrl-C ends the demo.", flush=True)
                if {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
                    webbrowser.open(page)

            return await serve_until_signal(core, signals, announce)

    return asyncio.run(until_signal())


def _address() -> Address:
    """The usual port of this computer, or any where that one is taken."""
    usual = Address("127.0.0.1", PORT)
    try:
        usual.listen().close()
    except AddressError:
        return Address("127.0.0.1", 0)
    return usual


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
