"""What the ledger knows of a person when a session is asked for: facts for the safety core, no rules."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session that has been debited: seconds since 1970 in ledger time, and the seconds it used."""

    started_s: int
    ended_s: int
    used_s: int


class Authority(StrEnum):
    """Who may clear a lockout; never time alone."""

    CAREGIVER = "caregiver"
    PROVIDER = "provider"  # a caregiver who names the healthcare provider that was consulted


class LockCause(StrEnum):
    """Why somebody is locked out."""

    SET_BY_HAND = "set-by-hand"
    WORSE_AFTERWARDS = "worse-afterwards"
    OLD_BACKUP = "old-backup"
    RED_FLAG_SPINE = "red-flag-spine"
    RED_FLAG_CORD = "red-flag-cord"
    RED_FLAG_STROKE = "red-flag-stroke"
    RED_FLAG_CHEST = "red-flag-chest"
    LIMB_SYMPTOM = "limb-symptom"
    SHOOTING_PAIN = "shooting-pain"
    PAIN = "pain"
    REPEATED_PAIN = "repeated-pain"
    DIZZINESS = "dizziness"
    BURNING = "burning"
    UNCLEAR_SYMPTOM = "unclear-symptom"
    LASTING_REACTION = "lasting-reaction"


@dataclass(frozen=True, slots=True)
class Lockout:
    """Outlives the session, the device and the program; ends only when the authority clears it.

    Attributes:
        not_before_s: Not even the authority clears it earlier, ledger time.
    """

    number: int
    cause: LockCause
    authority: Authority
    since_s: int
    not_before_s: int
    note: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The question how it went, due some time after a session; unanswered it bars the next start."""

    number: int
    session: int
    due_s: int


@dataclass(frozen=True, slots=True)
class History:
    """Facts at one moment.

    Attributes:
        now_s: Ledger time: the wall clock, less what it was set forward.
        behind: Whether the wall clock is earlier than it can be.
        past: Sessions of the last eight days, oldest first.
        sessions_ever: All that moved anything, those in `past` included.
        after_lockout: Whether a lockout was cleared since the last session that moved anything.
        lockouts: Open ones.
        follow_ups: Due and not answered.
        pain_stops: Sessions that ended for pain within the last 14 days, cleared or not.
        local_min: Minutes after local midnight.
        year: Of the present date.
    """

    now_s: int
    behind: bool
    past: tuple[PastSession, ...]
    sessions_ever: int
    after_lockout: bool
    lockouts: tuple[Lockout, ...]
    follow_ups: tuple[FollowUp, ...]
    local_min: int
    year: int
    pain_stops: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, on both clocks; the boot-time clock means something only together with the boot it counts from.

    Attributes:
        wall_s: Seconds since 1970.
        boot_ms: Milliseconds since boot, sleep included.
        boot_id: Which boot.
    """

    wall_s: int
    boot_ms: int
    boot_id: str


class Role(StrEnum):
    """In what right somebody acts."""

    ANYONE = "anyone"
    CAREGIVER = "caregiver"
    CONTROLLER = "controller"


@dataclass(frozen=True, slots=True)
class By:
    """Who did something, for the journal: a caregiver's name, or a word for whoever it was."""

    name: str
    role: Role
