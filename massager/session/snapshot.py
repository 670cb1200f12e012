"""What is known of a session at one moment, for view, page and status."""

from dataclasses import dataclass
from enum import StrEnum

from massager.model.body import Zone
from massager.model.decisions import Cap, Reason
from massager.model.preview import Patch
from massager.model.questions import Prompt


class Stage(StrEnum):
    """Where a session is."""

    CONNECTING = "connecting"
    PLACING = "placing"
    RUNNING = "running"
    PAUSED = "paused"
    LINK_LOST = "link-lost"
    STOPPING = "stopping"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session is about, as admitted.

    Attributes:
        interactive: Whether somebody is there to resume after a lost link.
    """

    person: str
    device: str
    radio: str
    program: str
    session_ms: int
    interactive: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Requested, sent and reported apart; what is not known is None.

    Attributes:
        wanted: Level that the program asks for now.
        asked: The same, less what somebody took away with `weaker`.
        sent: Level of the last lease that was handed to the guardian, and the bound that held it.
        reported: Highest level that the device reports; None while its report is stale.
        place_ppm: Reported place along the column, parts per million from the upper border of C1.
        lateral_mm: Reported distance of the rollers' centres from the midline.
        patches: Where each actuator touches or would, with its reported level; one of which nobody knows
            where it is, is left out.
        left_s: Of the session, rounded up.
        prompts: Questions that wait for an answer.
        at_most: Level above which nothing is asked for, because somebody took some away.
        warm: A heater is on, as the device reports; also None where it has none.
        is_cool: Somebody switched the warmth off.
        remote: The person's record lets others ask for more from elsewhere.
    """

    stage: Stage
    person: str
    device: str
    radio: str
    program: str
    zone: Zone | None
    wanted: int | None
    asked: int | None
    sent: Cap | None
    reported: int | None
    levels: int
    place_ppm: int | None
    lateral_mm: int | None
    patches: tuple[Patch, ...]
    load_n: int | None
    left_s: int
    session_s: int
    reason: Reason | None
    detail: str
    alarm: str | None
    prompts: tuple[Prompt, ...]
    at_most: int | None = None
    warm: bool | None = None
    is_cool: bool = False
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session ended.

    Attributes:
        confirmed: Whether the device reported rest after the last stop; None where it was never reached.
    """

    reason: Reason
    detail: str
    confirmed: bool | None
    alarm: str | None
