"""What a session would do, told before it begins: where, how strongly, and what holds it lower.

Places are body coordinates: along the column in parts per million from the upper border of C1, across in mm
from the midline, left negative. Times are ms after first contact.
"""

from dataclasses import dataclass

from massager.model.body import Side, Span, Zone
from massager.model.decisions import Cap, Reason, Source
from massager.model.devices import Actuator
from massager.model.questions import Ask


@dataclass(frozen=True, slots=True)
class Patch:
    """One actuator at one moment; a level of 0 touches nothing."""

    name: str
    level: int
    along_ppm: int
    lateral_mm: int


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment; it holds until the next one.

    Attributes:
        zone: That holds the patches' centres; None between zones.
        asked: Level that the program asks for.
        cap: Level that was given and what held it; None on the way to the next place, with nothing pressing.
    """

    t_ms: int
    zone: Zone | None
    patches: tuple[Patch, ...]
    asked: int
    cap: Cap | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One step of the program as it would be.

    Attributes:
        program_s: Contact that the program asks for.
        today_s: What is left of that today.
        side: Where a hand holds it; None for both sides.
        asked: The highest level that the program asks for.
        reached: Highest level that was given.
    """

    zone: Zone
    from_ms: int
    to_ms: int
    program_s: int
    today_s: int
    side: Side | None
    asked: int
    reached: int


@dataclass(frozen=True, slots=True)
class Clamp:
    """A stretch of a visit below the strength that the program asks for, for one reason.

    Attributes:
        first_level: Given as it begins.
        last_level: Given as it ends.
    """

    from_ms: int
    to_ms: int
    zone: Zone
    first_level: int
    last_level: int
    asked: int
    source: Source


@dataclass(frozen=True, slots=True)
class Warmth:
    """A patch that is warm for a while.

    Attributes:
        celsius: Of its surface, at most.
    """

    name: str
    along_ppm: int
    lateral_mm: int
    radius_mm: int
    from_ms: int
    to_ms: int
    celsius: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A rectangle of the back that nothing touches.

    Attributes:
        name: Of a person's own place, a condition, a zone or a region; empty where the reason says it all.
    """

    name: str
    reason: Reason
    span_ppm: Span
    left_mm: int
    right_mm: int


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that the session will ask."""

    t_ms: int
    ask: Ask
    zone: Zone | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step of the program that the session would not come to."""

    zone: Zone
    reason: Reason


@dataclass(frozen=True, slots=True)
class Preview:
    """One session as it would be if every question were answered well.

    Attributes:
        title: Of the program.
        device: Its title.
        levels: The device's highest.
        column_mm: Length of this person's column, which makes lengths along and across comparable.
        unmeasured: Whether too little is known of the device, so that limits one severity stricter hold.
        program_s: Contact that the program asks for.
        today_s: What age, conditions and today's answers leave of that.
        session_s: What the session gets; less than that where the caller asked for less.
        ending: Why it would end.
    """

    program: str
    title: str
    person: str
    device: str
    levels: int
    column_mm: int
    actuators: tuple[Actuator, ...]
    unmeasured: bool
    program_s: int
    today_s: int
    session_s: int
    instants: tuple[Instant, ...]
    visits: tuple[Visit, ...]
    clamps: tuple[Clamp, ...]
    warmths: tuple[Warmth, ...]
    closed: tuple[Closed, ...]
    askings: tuple[Asking, ...]
    left_out: tuple[LeftOut, ...]
    ending: Reason

    @property
    def highest(self) -> int:
        """The highest level that is given."""
        return max((visit.reached for visit in self.visits), default=0)
