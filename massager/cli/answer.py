"""`massager answer`: what somebody says during a session, and how it went after one."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from massager.app.cores import Answer, ask, check_in_body, cores
from massager.cli.exits import Exit
from massager.model.body import Zone
from massager.model.errors import ControlSocketError, NotFoundError
from massager.model.questions import CheckIn, Feeling
from massager.model.script import Afterwards

# Chosen: the stop that an answer leads to leaves before the answer is confirmed; a slow disk may come after.
_TAKEN_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class _Running:
    path: Path
    state: dict[str, Any]

    def post(self, what: str, body: dict[str, Any]) -> Answer:
        """Say something to this session.

        Raises:
            ControlSocketError: Its core has gone, or does not answer.
        """
        target = f"/api/v1/sessions/{self.state['number']}/{what}"
        try:
            answer = ask(self.path, "POST", target, body=body, timeout_s=_TAKEN_WITHIN_S)
        except ControlSocketError as error:
            raise ControlSocketError(f"{error} To stop: massager stop") from error
        if answer is None:
            raise ControlSocketError("The core has just gone. To be certain: massager stop")
        return answer


def answer_after(name: str | None, said: Afterwards, data: str | None) -> Exit:
    """Say how it went after a session.

    Raises:
        NotFoundError: Something is left out, there is no such person, or there is nothing to answer.
    """
    if name is None or None in {said.pain, said.worse, said.feeling}:
        raise NotFoundError(
            "How it went afterwards takes a name and three answers, because one left out counts as the "
            "worst: massager answer NAME --pain N --worse no --feeling none"
        )
    return _put_on_record(name, said, data)


def answer_now(
    name: str | None, check_in: CheckIn, visit: tuple[Zone, bool] | None, data: str | None
) -> Exit:
    """Say something to the session that runs; a warning is put on record where none does.

    Raises:
        ControlSocketError: Its core does not answer.
        NotFoundError: Nothing is said, or there is not exactly one session that it can be meant for.
    """
    if visit is None and check_in == CheckIn():
        raise NotFoundError(
            "Nothing is said. Say --pain, --comfort, --feeling, --zone or, afterwards, --worse."
        )
    running, silent = _running()
    meant = [one for one in running if name in {None, one.state["person"]}]
    if len(meant) > 1:
        people = ", ".join(sorted(one.state["person"] for one in meant))
        raise NotFoundError(f"Whose session? Say NAME. In session are: {people}.")
    if not meant:
        return _nobody(name, check_in, data, silent=silent)
    answers = []
    if check_in != CheckIn():
        answers.append(meant[0].post("answer", check_in_body(check_in)))
    if visit is not None:
        answers.append(meant[0].post("zone", {"zone": visit[0], "yes": visit[1]}))
    return _told(meant[0], answers[0])


def _running() -> tuple[list[_Running], list[Path]]:
    """Every session of this user that has not ended, and the cores that do not answer in time."""
    found: list[_Running] = []
    silent = []
    for path in cores():
        try:
            answer = ask(path, "GET", "/api/v1/status")
        except ControlSocketError:
            silent.append(path)
            continue
        if answer is not None:
            found += [_Running(path, state) for state in answer.body["sessions"] if not state["over"]]
    return found, silent


def _nobody(name: str | None, check_in: CheckIn, data: str | None, *, silent: list[Path]) -> Exit:
    """Nobody is in session as far as can be told: what is a warning locks out all the same."""
    if name is not None and check_in.feeling not in {None, Feeling.NONE}:
        _put_on_record(name, Afterwards(check_in.pain, None, check_in.feeling), data)
        if not silent:
            return Exit.REFUSED
    if silent:
        raise ControlSocketError(
            f"The core at {silent[0]} does not answer. To stop what it may run: massager stop"
        )
    again = shlex.quote(name or "NAME")
    who = "Nobody is" if name is None else f"{name} is not"
    raise NotFoundError(
        f"{who} in session here. How it went afterwards is said with: "
        f"massager answer {again} --pain N --worse no|yes|not-sure --feeling none"
    )


def _put_on_record(name: str, said: Afterwards, data: str | None) -> Exit:
    # Whoever speaks in a session must not wait until the store's code is loaded.
    from massager.cli.afterwards import say_afterwards  # noqa: PLC0415 - as said above

    print("\n".join(say_afterwards(name, said, data)))
    return Exit.OK


def _told(session: _Running, answer: Answer) -> Exit:
    """Say what followed."""
    state = answer.body
    if "error" in state:
        print(f"massager: {state['text']}", file=sys.stderr)
        return Exit.REFUSED
    who = f"{session.state['person']} on {session.state['device']}"
    if state["reason"] is not None:
        print(f"{who}: {state['reason_text']}")
        if state["advice"]:
            print(state["advice"], file=sys.stderr)
        return Exit.STOPPED
    print(f"{who}: taken.")
    for prompt in state["prompts"]:
        print(f"Still open: {prompt['text']}")
    return Exit.OK
