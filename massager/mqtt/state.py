"""What a massager is told to be doing, ready for JSON: no name, no answer, no diagnosis, no countdown.

Pure: everything that is known comes in, and the same comes out for the same.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from massager.model.ceilings import COOL_DOWN_RAMP_S
from massager.model.decisions import OUT_OF_REACH, WISHED, Reason
from massager.mqtt.levels import percent
from massager.mqtt.seen import Seen, Today
from massager.mqtt.words import FAULTS, told_reason, told_source
from massager.session.snapshot import Stage

ON: Final = "ON"
OFF: Final = "OFF"

# What somebody changed on record meanwhile; nothing failed and nothing is wrong with anybody.
BY_RECORD: Final = frozenset({Reason.LIMITS_CHANGED, Reason.LOCKED_OUT})
# Chosen: time left and the wall clock are whole seconds, each rounded its own way.
_SLACK_S: Final = 2
_TOUCHING: Final = frozenset({Stage.CONNECTING, Stage.PLACING, Stage.RUNNING})


class Session(StrEnum):
    """What Home Assistant shows of a massager in one word; `cooldown` is the fall of the last seconds."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    COOLDOWN = "cooldown"
    STOPPED = "stopped"
    FAULT = "fault"


def session_of(seen: Seen | None) -> Session:
    """In one word; what has ended stands until the next session, but a program that was finished."""
    if seen is None:
        return Session.IDLE
    if seen.reason is not None:
        if seen.unconfirmed or seen.reason in FAULTS:
            return Session.FAULT
        return Session.IDLE if seen.reason is Reason.FINISHED else Session.STOPPED
    if seen.snapshot.stage not in _TOUCHING:
        return Session.PAUSED
    falling = seen.snapshot.stage is Stage.RUNNING and seen.snapshot.left_s <= COOL_DOWN_RAMP_S
    return Session.COOLDOWN if falling else Session.RUNNING


def is_safety_stop(seen: Seen | None) -> bool:
    """Whether the last session was ended by what watches it; one that never moved anything was not."""
    if seen is None or seen.reason is None:
        return False
    moved = seen.ending is None or seen.ending.confirmed is not None
    return seen.unconfirmed or (moved and seen.reason not in WISHED | BY_RECORD)


def ends_at_s(told_s: int | None, seen: Seen | None, now_s: int) -> int | None:
    """When a session ends, on the wall clock; one that was told already stands unless it is clearly wrong.

    Args:
        told_s: What was told of the same session.
        seen: The session.
        now_s: Wall clock.
    """
    if seen is None or seen.reason is not None or seen.used_s == 0:
        return None
    ends_s = now_s + seen.snapshot.left_s
    return told_s if told_s is not None and abs(told_s - ends_s) <= _SLACK_S else ends_s


def state(
    seen: Seen | None, *, program: str | None, warms: bool, ends_s: int | None, today: Today
) -> dict[str, Any]:
    """The state topic.

    Args:
        seen: The last session; None where there was none since the gateway began.
        program: Its title, or that of the program that is chosen for the next; None is told of a person
            without remote control.
        warms: Whether the massager has heaters.
        ends_s: See `ends_at_s`.
        today: What the ledger knows of this day.
    """
    told = session_of(seen)
    extra_s = seen.used_s if seen is not None and seen.number not in today.counted else 0
    found: dict[str, Any] = {
        "session": told,
        "program": program,
        "level": _level(seen),
        "ends_at": None if ends_s is None else datetime.fromtimestamp(ends_s, UTC).isoformat(),
        "minutes_today": -(-(today.used_s + extra_s) // 60),
        "running": ON if told in {Session.RUNNING, Session.COOLDOWN} else OFF,
        "safety_stop": ON if is_safety_stop(seen) else OFF,
    }
    if not warms:
        return found
    is_warm = seen is not None and seen.reason is None and seen.snapshot.warm
    return found | {"heat": ON if is_warm else OFF}


def _level(seen: Seen | None) -> int:
    if seen is None or seen.reason is not None or seen.snapshot.sent is None:
        return 0
    return percent(seen.snapshot.sent.level, seen.snapshot.levels)


def attributes(seen: Seen | None, *, profile: str, person: str | None) -> dict[str, Any]:
    """The attributes topic: what limits the session, and why.

    Args:
        seen: The last session.
        profile: Name and hash of the device's profile.
        person: Who it is; None is told of a person without remote control.
    """
    found: dict[str, Any] = {"profile": profile, "person": person, "reason": None, "reason_text": None}
    found |= {"held_by": None, "held_by_text": None, "limits": None, "at_rest": None, "alarm": None}
    if seen is None:
        return found
    if seen.reason is not None:
        reason = told_reason(seen.reason)
        found |= {"reason": reason.code, "reason_text": reason.text}
        found["at_rest"] = seen.ending.confirmed if seen.ending else None
        found["alarm"] = seen.ending.alarm if seen.ending else seen.snapshot.alarm
        return found
    if seen.snapshot.sent is not None:
        held = told_source(seen.snapshot.sent.source)
        found |= {"held_by": held.code, "held_by_text": held.text}
    levels = seen.snapshot.levels
    found["limits"] = {
        "strength_percent": percent(seen.cap, levels),
        "seconds": seen.snapshot.session_s,
        "asked_percent": None if seen.snapshot.asked is None else percent(seen.snapshot.asked, levels),
    }
    found["alarm"] = seen.snapshot.alarm
    return found


def is_reachable(seen: Seen | None, *, heard: bool | None) -> bool:
    """Whether the link is thought to work: as in the session that runs, else as it was heard since.

    A massager that rests has no link; it counts as there until one has failed.

    Args:
        seen: The last session.
        heard: Whether somebody listened for it after that, and heard it; None where nobody listened.
    """
    if seen is not None and seen.reason is None:
        return seen.snapshot.stage is not Stage.LINK_LOST
    if heard is not None:
        return heard
    return seen is None or seen.reason not in OUT_OF_REACH


def diagnostics(rssi: int | None) -> dict[str, Any]:
    """The diagnostics topic; no massager so far tells of a battery."""
    return {"rssi": rssi, "battery": None}
