"""Answers of the safety core: reasons as codes, and which bound held a value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """Which bound made a level what it is."""

    ASKED = "asked"
    CEILING = "ceiling"
    FORCE = "force"
    PRESSURE = "pressure"
    DEPTH = "depth"
    UNKNOWN_FORCE = "unknown-force"
    DEVICE = "device"
    SAFETY_PROFILE = "safety-profile"
    CAREGIVER = "caregiver"
    MODIFIERS = "modifiers"
    PERSONAL = "personal"
    CALLER = "caller"
    FREQUENCY = "frequency"
    DOSE = "dose"
    BAND_EDGE = "band-edge"
    FIRST_CONTACT = "first-contact"
    RAMP = "ramp"
    COOL_DOWN = "cool-down"
    ANSWER = "answer"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True)
class Cap:
    """A highest level and the bound it comes from."""

    level: int
    source: Source


class Reason(StrEnum):
    """Why something was refused, ended or tripped."""

    # before the start
    NOT_ATTESTED = "not-attested"
    CLEARANCE_B = "clearance-b"
    CLEARANCE_C = "clearance-c"
    BLOCKED = "blocked"
    NO_PROFILE_ROW = "no-profile-row"
    PROFILE_MISMATCH = "profile-mismatch"
    NOT_CALIBRATED = "not-calibrated"
    STATURE = "stature"
    STOP_CLASS = "stop-class"
    COOL_DOWN = "cool-down-hours"
    PER_DAY = "per-day"
    PER_WEEK = "per-week"
    WEEKLY_MINUTES = "weekly-minutes"
    CLOCK_BEHIND = "clock-behind"
    SEVERITY_NOT_ALLOWED = "severity-not-allowed"
    ZONE_TOO_LONG = "zone-too-long"
    SESSION_TOO_LONG = "session-too-long"
    NO_ROOM = "no-room"
    TOO_COARSE = "too-coarse"
    PACE = "pace"
    LOCKED_OUT = "locked-out"
    FOLLOW_UP_DUE = "follow-up-due"
    UNDER_AGE = "under-age"
    MODIFIERS = "modifiers"
    PROGRAM_NOT_ALLOWED = "program-not-allowed"
    OUTSIDE_HOURS = "outside-hours"
    DEVICE_BUSY = "device-busy"
    CHECK_FAILED = "check-failed"
    NOT_SCREENED = "not-screened"
    CONDITION = "condition"
    CALF = "calf"
    INJURY = "injury"
    PAIN_TODAY = "pain-today"
    FEVER = "fever"
    SEDATED = "sedated"
    LOOSE_CLOTHING = "loose-clothing"
    STOP_OUT_OF_REACH = "stop-out-of-reach"
    LASTING_REACTION = "lasting-reaction"
    # a command
    ODD_VALUE = "odd-value"
    KEEP_OUT_MIDLINE = "keep-out-midline"
    KEEP_OUT_BODY = "keep-out-body"
    KEEP_OUT_PERSON = "keep-out-person"
    KEEP_OUT_TODAY = "keep-out-today"
    ZONE_NOT_CONFIRMED = "zone-not-confirmed"
    FREQUENCY = "frequency"
    STROKE = "stroke"
    OFF_THE_SPINE = "off-the-spine"
    NO_READING = "no-reading"
    STALE_READING = "stale-reading"
    POSITION_UNKNOWN = "position-unknown"
    UNPAID = "unpaid"
    ZONE_TIME = "zone-time"
    SPOT_TIME = "spot-time"
    SESSION_OVER = "session-over"
    STOPPING = "stopping"
    NO_PERMIT = "no-permit"
    TRIPPED = "tripped"
    # trips
    FROZEN_COUNTER = "frozen-counter"
    ABOVE_COMMANDED = "above-commanded"
    ABOVE_FORCE = "above-force"
    TOO_HOT = "too-hot"
    OUT_OF_PLACE = "out-of-place"
    DEVICE_FAULT = "device-fault"
    DEVICE_STOPPED = "device-stopped"
    LOCAL_BUTTON = "local-button"
    FOREIGN_COMMAND = "foreign-command"
    LEASE_LAPSED = "lease-lapsed"
    LINK_LOST = "link-lost"
    RADIO_UNUSABLE = "radio-unusable"
    DEVICE_NOT_FOUND = "device-not-found"
    UNKNOWN_DEVICE = "unknown-device"
    NOT_PAIRED = "not-paired"
    WRITE_REFUSED = "write-refused"
    GUARDIAN_LOST = "guardian-lost"
    GUARDIAN_REFUSED = "guardian-refused"
    STOP_FAILED = "stop-failed"
    STORE_FAILED = "store-failed"
    INTERNAL = "internal"
    LIMITS_CHANGED = "limits-changed"
    # what somebody says, before a session or in it
    RED_FLAG_SPINE = "red-flag-spine"
    RED_FLAG_CORD = "red-flag-cord"
    RED_FLAG_STROKE = "red-flag-stroke"
    RED_FLAG_CHEST = "red-flag-chest"
    LIMB_SYMPTOM = "limb-symptom"
    SHOOTING_PAIN = "shooting-pain"
    PAIN = "pain"
    DIZZINESS = "dizziness"
    BURNING = "burning"
    UNCLEAR_SYMPTOM = "unclear-symptom"
    NO_ANSWER = "no-answer"
    # ends
    FINISHED = "finished"
    STOPPED_BY_PERSON = "stopped-by-person"


# Ends that somebody wished for.
WISHED: Final = frozenset({Reason.FINISHED, Reason.STOPPED_BY_PERSON, Reason.LOCAL_BUTTON})
OUT_OF_REACH: Final = frozenset({Reason.LINK_LOST, Reason.DEVICE_NOT_FOUND, Reason.RADIO_UNUSABLE})


@dataclass(frozen=True, slots=True)
class Refusal:
    """This wish, not now; `detail` carries the figure a person needs (a zone, minutes, a time)."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trip:
    """A latched stop: this session moves nothing any more."""

    reason: Reason
    detail: str = ""
