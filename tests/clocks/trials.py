"""What no turn of the clocks may do, as checks that a test and the long set both call."""

from dataclasses import replace

from clocks.conduct import PHASES, SESSION_MS, Conduct
from clocks.lives import COOL_DOWN_S, LOCKED_UNTIL_S, Life
from clocks.turns import HOUR_S, Turn
from massager.model.decisions import Reason

# Before the clock is looked at, and as good as that.
GRAVER = {Reason.CLOCK_BEHIND, Reason.LOCKED_OUT, Reason.FOLLOW_UP_DUE}


def nothing_starts_earlier(life: Life, until_s: int, turns: tuple[Turn, ...]) -> None:
    """A wait stays as long as it was, whatever the clocks do, and when they are put right in the end.

    Args:
        life: In a wait.
        until_s: Its end in true time.
        turns: One after the other.
    """
    _waits(life, until_s)
    for turn in turns:
        life.happens(turn)
        _waits(life, until_s)
        if turn.behind and len(turns) == 1:
            assert life.refusal in GRAVER
    if life.clocks.true_s < until_s - 60 < until_s < 10**9:
        life.clocks = life.clocks.to(until_s - 60)
        _waits(life, until_s)
    life.clocks = replace(life.clocks, wall_off_s=0)
    _waits(life, until_s)


def _waits(life: Life, until_s: int) -> None:
    refusal = life.refusal
    assert refusal is not None or life.clocks.true_s >= until_s, life.clocks
    if life.locked and life.clocks.true_s < LOCKED_UNTIL_S:
        assert not life.clears(), life.clocks


def no_session_is_longer(life: Life, phase: str, turns: tuple[Turn, ...]) -> None:
    """A session ends when it would have, and its cool-down ends no sooner."""
    session, halted = Conduct(life), phase in {"paused", "with the link lost"}
    session.goes_on(10 if halted else PHASES[phase])
    assert session.began_ms is not None
    if halted:
        session.halts(PHASES[phase])
    approved = None if halted else session.rig.ask(level=1, paid=session.paid)
    left_ms = session.left_ms
    for turn in turns:
        session.happens(turn)
        assert session.left_ms <= left_ms
        left_ms = session.left_ms
    slept = life.clocks.now.boot_ms - session.rig.leases[-1].expires_ms > 0
    if approved is not None and slept and not session.stopped:
        # What was approved before a sleep buys nothing after it, and the first thing to happen is a stop.
        assert session.rig.governor.redeem(approved.command, session.rig.now_ms) is None
        assert session.rig.governor.timer(session.rig.now_ms) is not None
    if not session.stopped:
        if halted:
            session.resumes()
        session.goes_on(SESSION_MS // 1000)
    assert session.ends_ms <= session.began_ms + SESSION_MS
    ended_s = life.clocks.true_s
    if not any(turn.reboots for turn in turns):
        session.closes()
        ended_s = session.ends_ms // 1000
    _cools_down(life, ended_s)


def _cools_down(life: Life, ended_s: int) -> None:
    for true_s in (life.clocks.true_s + 1, ended_s + COOL_DOWN_S - HOUR_S, ended_s + COOL_DOWN_S - 60):
        if life.clocks.true_s < true_s < ended_s + COOL_DOWN_S:
            life.clocks = life.clocks.to(true_s)
            assert life.refusal is not None, life.clocks
