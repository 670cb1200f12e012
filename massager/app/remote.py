"""A session in a core that another process is: started, followed and steered through its socket."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from massager.app.cores import Answer, ask, check_in_body
from massager.app.steered import SHOW_S, Steered
from massager.model.body import Side, Zone
from massager.model.decisions import Cap, Reason, Refusal, Source
from massager.model.errors import (
    BusyError,
    ControlSocketError,
    InvalidProfileError,
    MassagerError,
    NotFoundError,
    StoreError,
)
from massager.model.preview import Patch
from massager.model.questions import Ask, CheckIn, Prompt, Screening, Spot
from massager.session.massage import Wish
from massager.session.snapshot import Ending, Snapshot, Stage

# Chosen: to lay out a program and to write the session to a slow disk may take some seconds.
_BEGIN_LONGEST_S = 30.0
# Chosen: the guardian gives up on a stop after 10 s (docs/architecture.md) and needs a moment to leave.
_STOP_LONGEST_S = 30.0
# Chosen: a core that is this late with an answer has lost its leases long ago.
_SILENCE_LONGEST_S = 5.0

_ERRORS: dict[str, type[MassagerError]] = {
    "not-found": NotFoundError,
    "invalid-file": InvalidProfileError,
    "store-failed": StoreError,
}


class RemoteSession:
    """What is known of another core's session, and its buttons; each press is sent at once, none waits."""

    def __init__(self, path: Path, state: dict[str, Any]) -> None:
        self._path = path
        self._target = f"/api/v1/sessions/{state['number']}"
        self._state = state
        self._sent: set[asyncio.Task[None]] = set()

    def snapshot(self) -> Snapshot:
        """What the core said last."""
        return _snapshot(self._state)

    def stop(self, reason: Reason = Reason.STOPPED_BY_PERSON, detail: str = "") -> None:
        """Stop it; the core's own reason is that somebody did."""
        self._press("stop")

    def pause(self) -> None:
        """See `ControlLoop.pause`."""
        self._press("pause")

    def resume(self) -> None:
        """See `ControlLoop.resume`."""
        self._press("resume")

    def weaker(self) -> None:
        """See `ControlLoop.weaker`."""
        self._press("weaker")

    def stronger(self) -> None:
        """See `ControlLoop.stronger`."""
        self._press("stronger")

    def answer(self, check_in: CheckIn) -> None:
        """See `ControlLoop.answer`."""
        self._press("answer", check_in_body(check_in))

    def answer_zone(self, zone: Zone, *, yes: bool) -> None:
        """See `ControlLoop.answer_zone`."""
        self._press("zone", {"zone": zone, "yes": yes})

    def _press(self, button: str, body: dict[str, Any] | None = None) -> None:
        task = asyncio.create_task(self._post(button, body))
        self._sent.add(task)
        task.add_done_callback(self._sent.discard)

    async def _post(self, button: str, body: dict[str, Any] | None) -> None:
        target = f"{self._target}/{button}"
        try:
            await asyncio.to_thread(ask, self._path, "POST", target, body=body, timeout_s=_STOP_LONGEST_S)
        except ControlSocketError:
            return  # `follow` asks again and again, and says so when nobody answers

    async def follow(self) -> Ending:
        """Ask until the session is over.

        Raises:
            ControlSocketError: The core has gone, or does not answer.
        """
        loop = asyncio.get_running_loop()
        heard_s = loop.time()
        while not self._state["over"]:
            await asyncio.sleep(SHOW_S)
            try:
                answer = await asyncio.to_thread(ask, self._path, "GET", self._target)
            except ControlSocketError:
                if loop.time() - heard_s > _SILENCE_LONGEST_S:
                    raise
                continue
            if answer is None:
                raise ControlSocketError(
                    "The core that ran this session has gone; its radio process stops the device. "
                    "To be certain: massager stop"
                )
            self._state, heard_s = _expected(answer), loop.time()
        await asyncio.gather(*self._sent)
        return _ending(self._state)


async def run_there(path: Path, wish: Wish, watch: Callable[[Steered], Awaitable[None]]) -> Ending | Refusal:
    """Run one session in the core at that socket; returns once its device rests.

    Raises:
        MassagerError: It cannot begin, or the core has gone.
    """
    body = {
        "program": wish.program,
        "person": wish.person,
        "device": wish.device,
        "seconds": wish.seconds,
        "max_percent": wish.caller_percent,
        "confirmed": True,
        "answers": _answers_body(wish.screening),
    }
    target = "/api/v1/sessions"
    answer = await asyncio.to_thread(ask, path, "POST", target, body=body, timeout_s=_BEGIN_LONGEST_S)
    if answer is None:
        raise ControlSocketError("The core has just gone. Try again.")
    if refusal := _refusal(answer):
        return refusal
    session = RemoteSession(path, _expected(answer))
    watching = asyncio.ensure_future(watch(session))
    try:
        return await session.follow()
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _answers_body(screening: Screening) -> dict[str, Any]:
    return {question.replace("-", "_"): answer for question, answer in screening.answers.items()} | {
        "pain": screening.pain,
        "skin": None if screening.skin is None else sorted(screening.skin),
        "reaction": screening.reaction,
    }


def _refusal(answer: Answer) -> Refusal | None:
    if "reason" not in answer.body or "stage" in answer.body:
        return None
    if answer.body["reason"] == Reason.DEVICE_BUSY:
        raise BusyError(answer.body["text"])
    return Refusal(Reason(answer.body["reason"]), answer.body["detail"])


def _expected(answer: Answer) -> dict[str, Any]:
    if "error" in answer.body:
        raise _ERRORS.get(answer.body["error"], MassagerError)(answer.body["text"])
    return answer.body


def _snapshot(state: dict[str, Any]) -> Snapshot:
    return Snapshot(
        stage=Stage(state["stage"]),
        person=state["person"],
        device=state["device"],
        radio=state["radio"],
        program=state["program"],
        zone=None if state["zone"] is None else Zone(state["zone"]),
        wanted=state["wanted"],
        asked=state["asked"],
        sent=None if state["sent"] is None else Cap(state["sent"], Source(state["limited_by"])),
        reported=state["reported"],
        levels=state["levels"],
        place_ppm=state["place_ppm"],
        lateral_mm=state["lateral_mm"],
        patches=tuple(Patch(**one) for one in state["patches"]),
        load_n=state["load_n"],
        left_s=state["left_s"],
        session_s=state["session_s"],
        reason=None if state["reason"] is None else Reason(state["reason"]),
        detail=state["detail"],
        alarm=state["alarm"],
        prompts=tuple(map(_prompt, state["prompts"])),
    )


def _prompt(state: dict[str, Any]) -> Prompt:
    zone = None if state["zone"] is None else Zone(state["zone"])
    spot = state["spot"]
    where = None if spot is None else Spot(Side(spot["side"]), spot["aside_mm"], spot["part_permille"])
    return Prompt(state["number"], Ask(state["ask"]), zone, state["asked_ms"], where)


def _ending(state: dict[str, Any]) -> Ending:
    return Ending(
        Reason(state["reason"] or Reason.INTERNAL), state["detail"], state["confirmed"], state["alarm"]
    )
