"""What a broker may read of a reason: everybody in the house reads it, so nothing of anybody's health.

Whatever is not listed here is told as one word for all of its kind, and no detail goes out: it may name a
person. The page has the whole of it.
"""

from dataclasses import dataclass
from typing import Final

from massager.model.decisions import OUT_OF_REACH, WISHED, Reason, Source
from massager.texts import reason_text, source_text

# What somebody's answer, or what is on record of them, led to.
ANSWERED: Final = "answer"
LIMITED: Final = "limits"

_SAID: Final = frozenset(
    {
        Reason.RED_FLAG_SPINE,
        Reason.RED_FLAG_CORD,
        Reason.RED_FLAG_STROKE,
        Reason.RED_FLAG_CHEST,
        Reason.LIMB_SYMPTOM,
        Reason.SHOOTING_PAIN,
        Reason.PAIN,
        Reason.DIZZINESS,
        Reason.BURNING,
        Reason.UNCLEAR_SYMPTOM,
    }
)
# What is wrong with massager, radio or controller, and not with what was asked of them.
FAULTS: Final = OUT_OF_REACH | {
    Reason.FROZEN_COUNTER,
    Reason.ABOVE_COMMANDED,
    Reason.ABOVE_FORCE,
    Reason.TOO_HOT,
    Reason.OUT_OF_PLACE,
    Reason.POSITION_UNKNOWN,
    Reason.STALE_READING,
    Reason.NO_READING,
    Reason.DEVICE_FAULT,
    Reason.DEVICE_STOPPED,
    Reason.FOREIGN_COMMAND,
    Reason.LEASE_LAPSED,
    Reason.UNKNOWN_DEVICE,
    Reason.NOT_PAIRED,
    Reason.WRITE_REFUSED,
    Reason.GUARDIAN_LOST,
    Reason.GUARDIAN_REFUSED,
    Reason.STOP_FAILED,
    Reason.STORE_FAILED,
    Reason.INTERNAL,
}
_OPEN: Final = (
    WISHED
    | FAULTS
    | {
        Reason.STOP_CLASS,
        Reason.CLOCK_BEHIND,
        Reason.PROGRAM_NOT_ALLOWED,
        Reason.OUTSIDE_HOURS,
        Reason.DEVICE_BUSY,
        Reason.CHECK_FAILED,
        Reason.ODD_VALUE,
        Reason.ZONE_NOT_CONFIRMED,
        Reason.UNPAID,
        Reason.SESSION_OVER,
        Reason.STOPPING,
        Reason.NO_PERMIT,
        Reason.TRIPPED,
        Reason.LIMITS_CHANGED,
        Reason.NO_ANSWER,
    }
)
# Of a person's own; the others are the device's, the program's or the same for all.
_OWN: Final = frozenset({Source.CAREGIVER, Source.MODIFIERS, Source.PERSONAL, Source.ANSWER})


@dataclass(frozen=True, slots=True)
class Told:
    """A reason as a broker may read it: a code, and a sentence."""

    code: str
    text: str


def told_reason(reason: Reason) -> Told:
    """Why something was refused or has ended."""
    if reason in _OPEN:
        return Told(reason, reason_text(reason))
    if reason in _SAID:
        return Told(ANSWERED, "Somebody said how it is, and that stopped it. The page says what to do now.")
    return Told(LIMITED, "The limits of this person do not allow it. The page says why.")


def told_source(source: Source) -> Told:
    """What holds the strength where it is."""
    if source in _OWN:
        return Told(LIMITED, "held by this person's limits")
    return Told(source, source_text(source))
