"""Reason codes to sentences for a person, all in one place.

May import model alone. A sentence says what happened and what to do; it never says "safe" and promises
nothing (docs/limits.md, wording).
"""

from types import MappingProxyType

from massager.model.decisions import Reason, Source
from massager.model.history import LockCause

DISCLAIMER = (
    "This software only lowers the limits of a massager and stops it. It is not a medical device, does not "
    "diagnose, treat or prevent spinal stenosis or any disease, and has not been reviewed by a regulator or "
    "clinically tested. Talk to a healthcare provider before use."
)

SWITCH_OFF_BY_HAND = "Switch the massager off at its own switch or pull its plug."

SEE_A_PROVIDER = (
    "Do not use the massager. See your healthcare provider before the next use. With numbness between the "
    "legs, new bladder or bowel trouble, or new leg weakness, call your emergency number now."
)

_LOCK_CAUSES = MappingProxyType(
    {
        LockCause.SET_BY_HAND: "set by hand",
        LockCause.WORSE_AFTERWARDS: "worse after a session",
        LockCause.OLD_BACKUP: "an older backup was restored",
    }
)

_REASONS = MappingProxyType(
    {
        Reason.NOT_ATTESTED: "Nobody has recorded yet that a healthcare provider was asked about massage.",
        Reason.CLEARANCE_B: "This needs a named provider's agreement for the region, which is not on record.",
        Reason.CLEARANCE_C: "This needs a written clearance for the region, which is not on record.",
        Reason.BLOCKED: "This is not offered here at all, whatever clearance there is.",
        Reason.NO_PROFILE_ROW: "The safety profile has no limits for this part of the back: it is left out.",
        Reason.PROFILE_MISMATCH: "The safety profile, the program and the device do not fit this person.",
        Reason.NOT_CALIBRATED: "This person's back has not been measured on this device yet.",
        Reason.STOP_CLASS: "This device does not stop by itself when its controller falls silent.",
        Reason.COOL_DOWN: "The back rests after a session. Wait before the next one.",
        Reason.PER_DAY: "No more sessions in these 24 hours.",
        Reason.PER_WEEK: "No more sessions in these seven days.",
        Reason.WEEKLY_MINUTES: "The minutes of these seven days are used up.",
        Reason.CLOCK_BEHIND: "The clock is earlier than it was before. Set it right, or have a caregiver "
        "confirm it: massager caregiver confirm-time.",
        Reason.SEVERITY_NOT_ALLOWED: "This program is not meant for this severity.",
        Reason.ZONE_TOO_LONG: "The program stays longer in one zone than the limits allow.",
        Reason.SESSION_TOO_LONG: "The session would be longer than the limits allow.",
        Reason.NO_ROOM: "There is no room for this between the places to avoid.",
        Reason.TOO_COARSE: "The device's lowest strength is above the limit here.",
        Reason.PACE: "The program moves faster than the device can.",
        Reason.LOCKED_OUT: "This person is locked out until a caregiver clears it: massager lockout list.",
        Reason.FOLLOW_UP_DUE: "First say how it went after the last session: massager answer.",
        Reason.UNDER_AGE: "This is not for anybody under 18.",
        Reason.MODIFIERS: "Age and conditions together leave less strength than the device can give.",
        Reason.PROGRAM_NOT_ALLOWED: "The caregiver has not allowed this program for this person.",
        Reason.OUTSIDE_HOURS: "The caregiver allows sessions only at other hours of the day.",
        Reason.DEVICE_BUSY: "Another controller drives this device. Stop that one first.",
        Reason.ODD_VALUE: "A value is missing or does not exist on this device.",
        Reason.KEEP_OUT_MIDLINE: "The way leads over the strip along the spine that is always left out.",
        Reason.KEEP_OUT_PERSON: "The way leads over a place that is left out for this person.",
        Reason.OFF_THE_SPINE: "The place lies outside the mapped part of the back.",
        Reason.NO_READING: "The device has not reported its state yet.",
        Reason.STALE_READING: "The device has not reported its state in time.",
        Reason.POSITION_UNKNOWN: "The device does not know where its rollers are.",
        Reason.UNPAID: "The time could not be written to the ledger beforehand.",
        Reason.ZONE_TIME: "The time for this zone is used up.",
        Reason.SPOT_TIME: "The rollers stayed on one spot for as long as is allowed.",
        Reason.SESSION_OVER: "The session's time is used up.",
        Reason.STOPPING: "The device is stopping.",
        Reason.NO_PERMIT: "The session is not open.",
        Reason.TRIPPED: "This session was stopped and moves nothing any more.",
        Reason.FROZEN_COUNTER: "The device repeats an old report.",
        Reason.ABOVE_COMMANDED: "The device presses more than it was told to.",
        Reason.ABOVE_FORCE: "The device measures more force on the back than is allowed here.",
        Reason.OUT_OF_PLACE: "The rollers are not where they were sent.",
        Reason.DEVICE_FAULT: "The device reports a fault.",
        Reason.DEVICE_STOPPED: "The device stopped by itself.",
        Reason.LOCAL_BUTTON: "Somebody pressed stop on the device.",
        Reason.FOREIGN_COMMAND: "Another controller gave the device a command.",
        Reason.LEASE_LAPSED: "The controller was silent for too long.",
        Reason.RADIO_UNUSABLE: "The radio cannot be used. Check --radio and that the adapter is switched on.",
        Reason.DEVICE_NOT_FOUND: "No massager of this kind answers. Switch it on and come nearer.",
        Reason.UNKNOWN_DEVICE: "This device is not the one that its profile describes, so it is refused.",
        Reason.LINK_LOST: "The Bluetooth connection was lost.",
        Reason.WRITE_REFUSED: "The device refused a command.",
        Reason.GUARDIAN_LOST: "The process that owns the radio ended.",
        Reason.GUARDIAN_REFUSED: "The second check refused a command that the first had approved.",
        Reason.STOP_FAILED: "The device did not confirm the stop.",
        Reason.STORE_FAILED: "The ledger cannot be written, so nothing may move.",
        Reason.INTERNAL: "The controller had an internal error.",
        Reason.FINISHED: "The program is finished.",
        Reason.STOPPED_BY_PERSON: "Stopped.",
    }
)

_SOURCES = MappingProxyType(
    {
        Source.ASKED: "as asked",
        Source.CEILING: "held by the built-in ceiling",
        Source.FORCE: "held by the force limit",
        Source.PRESSURE: "held by the pressure limit",
        Source.DEPTH: "held by the depth limit",
        Source.UNKNOWN_FORCE: "held one severity stricter, because the device's force is not known",
        Source.DEVICE: "the device's highest level",
        Source.SAFETY_PROFILE: "held by the safety profile",
        Source.CAREGIVER: "held by the caregiver's limit",
        Source.MODIFIERS: "held lower for age, conditions or first sessions",
        Source.CALLER: "held by --max",
        Source.BAND_EDGE: "held at the edge of the band beside the spine",
        Source.FIRST_CONTACT: "gentle first contact",
        Source.RAMP: "rising slowly",
        Source.COOL_DOWN: "falling towards the end",
    }
)


def reason_text(reason: Reason, detail: str = "") -> str:
    """A sentence for a reason, with its figure where there is one."""
    text = _REASONS[reason]
    return f"{text} ({detail})" if detail else text


def source_text(source: Source) -> str:
    """Why the strength is what it is."""
    return _SOURCES[source]


def lock_cause_text(cause: LockCause) -> str:
    """Why somebody is locked out, in a few words."""
    return _LOCK_CAUSES[cause]
