"""What has just happened on a massager, as events: told once, never retained."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from massager.model.decisions import OUT_OF_REACH, WISHED, Reason
from massager.mqtt.seen import Seen
from massager.mqtt.state import BY_RECORD
from massager.mqtt.words import Told, told_reason
from massager.session.snapshot import Stage


class Event(StrEnum):
    """The kinds."""

    STARTED = "started"
    ENDED = "ended"
    STOPPED_BY_USER = "stopped_by_user"
    STOPPED_BY_CAREGIVER = "stopped_by_caregiver"
    SAFETY_STOP = "safety_stop"
    LIMIT_APPLIED = "limit_applied"
    LINK_LOST = "link_lost"
    REFUSED = "refused"


def happened(before: Seen | None, now: Seen | None) -> Iterator[dict[str, Any]]:
    """What is new in the last session on a massager since it was looked at before.

    Each session is begun once and ended once, however seldom somebody looks.
    """
    if now is None:
        return
    known = before if before is not None and before.number == now.number else None
    if known is None:
        yield {"event_type": Event.STARTED, "session": now.number}
    lost = now.reason is None and now.snapshot.stage is Stage.LINK_LOST
    if lost and (known is None or known.snapshot.stage is not Stage.LINK_LOST):
        yield _told(Event.LINK_LOST, now, told_reason(Reason.LINK_LOST))
    if now.ending is not None and (known is None or known.ending is None):
        told = _told(_kind(now), now, told_reason(now.ending.reason))
        yield told | {"at_rest": now.ending.confirmed}


def _kind(seen: Seen) -> Event:
    """Which end it was; one without confirmed rest is never a harmless one."""
    if seen.unconfirmed:
        return Event.SAFETY_STOP
    if seen.reason is Reason.FINISHED:
        return Event.ENDED
    if seen.reason in WISHED:
        return Event.STOPPED_BY_USER
    if seen.reason in BY_RECORD:
        return Event.STOPPED_BY_CAREGIVER
    return Event.LINK_LOST if seen.reason in OUT_OF_REACH else Event.SAFETY_STOP


def _told(kind: Event, seen: Seen, why: Told) -> dict[str, Any]:
    return {"event_type": kind, "session": seen.number, "reason": why.code, "reason_text": why.text}


def obeyed_less(kind: str, why: str) -> dict[str, Any]:
    """A command was refused, or obeyed within a limit only.

    Args:
        kind: Which of the two.
        why: In words that anybody may read.
    """
    return {"event_type": Event(kind), "reason_text": why}
