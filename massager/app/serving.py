"""The core that serves a radio: another process, which starts sessions there for everybody."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from massager.app.cores import ask, cores
from massager.app.place import Surroundings
from massager.app.remote import run_there
from massager.app.session import run_session
from massager.app.steered import Run
from massager.app.store_place import shown_place
from massager.model.errors import BusyError, ControlSocketError, MassagerError
from massager.session.massage import Wish


@dataclass(frozen=True, slots=True)
class Serving:
    """A core that starts sessions: its socket, and its store without a password."""

    path: Path
    data: str


def serving_core(where: Surroundings, device: str | None, *, named_data: str | None) -> Serving | None:
    """The core that starts sessions on this radio; None where none does.

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
                return Serving(path, answer.body["data"])
            for session in answer.body["sessions"]:
                mine = session["radio"] == where.radio and device in {None, session["device"]}
                if mine and session["stage"] != "ended":
                    raise BusyError(
                        f"{session['person']} is in session on {session['device']} over {where.radio} "
                        "already. Stop that one first: massager stop"
                    )
    return None


def run_of(wish: Wish, where: Surroundings, serving: Serving | None) -> Run:
    """A session in the core that serves the radio, or in one of its own."""
    return partial(run_session, wish, where) if serving is None else partial(run_there, serving.path, wish)


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
