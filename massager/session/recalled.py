"""What the journal says of one session afterwards: how strong it was, and what was said of the pain.

Whatever it does not say is None. A record of a shape that this program does not know counts as not there:
this only tells, and decides nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from massager.model.decisions import Cap, Reason, Source
from massager.store import Record

# The last is of the demo's past, which is shown like any other.
KINDS: Final = frozenset({"admitted", "decision", "telemetry", "answer", "follow-up", "stop", "made-up"})
# Bounds that pass by themselves: what held in the end tells more.
_PASSING: Final = frozenset({Source.FIRST_CONTACT, Source.RAMP, Source.COOL_DOWN})


@dataclass(frozen=True, slots=True)
class Strength:
    """The highest levels of a session.

    Attributes:
        levels: The massager's highest.
        asked: By the program, or by who made it weaker before it came to its height.
        allowed: Approved, and what held it.
        reported: By the massager, one report a second.
    """

    levels: int | None = None
    asked: int | None = None
    allowed: Cap | None = None
    reported: int | None = None

    def percent(self, level: int | None) -> int | None:
        """A level as a share of what the massager can do, rounded up."""
        return None if level is None or not self.levels else -(-100 * level // self.levels)


@dataclass(frozen=True, slots=True)
class Pain:
    """As it was told, 0 to 10.

    Attributes:
        before: Among the questions before the start.
        during: The highest while it ran.
        after: The first that was told afterwards.
        later: The last, if there was more than one.
    """

    before: int | None = None
    during: int | None = None
    after: int | None = None
    later: int | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """One session.

    Attributes:
        title: Of its program.
        ended: Why it ended; None where it runs, or was cut off.
    """

    title: str | None
    strength: Strength
    pain: Pain
    ended: Reason | None


def recall(records: Iterable[Record]) -> Recalled:
    """A session from its records, in the order of the journal; all but `KINDS` are passed over."""
    memory = _Memory()
    for record in records:
        if record.facts is not None:
            memory.take(record.kind, record.code, record.facts)
    return memory.recalled()


class _Memory:
    """What was read so far."""

    def __init__(self) -> None:
        self._title: str | None = None
        self._levels: int | None = None
        self._before: int | None = None
        self._asked: list[int] = []
        self._allowed: list[Cap] = []
        self._reported: list[int] = []
        self._during: list[int] = []
        self._after: list[int] = []
        self._ended: Reason | None = None

    def take(self, kind: str, code: str, facts: Mapping[str, object]) -> None:
        """One record."""
        match kind, facts:
            case "admitted" | "made-up", {
                "order": {"program": program, "device": device, "screening": screening}
            }:
                self._admitted(program, device, screening)
            case "decision" | "made-up", {
                "intent": {"level": int(asked)},
                "outcome": {"levels": [*levels], "source": str(source)},
            } if asked and source in set(Source):
                self._asked.append(asked)
                self._allowed.append(Cap(max(_whole(levels), default=0), Source(source)))
            case "telemetry" | "made-up", {"actuators": [*actuators]}:
                levels = [one.get("level") for one in actuators if isinstance(one, Mapping)]
                self._reported += _whole(levels)
            case "answer", {"check_in": {"pain": int(pain)}}:
                self._during.append(pain)
            case "follow-up", {"pain": int(pain)}:
                self._after.append(pain)
            case "stop", _ if self._ended is None and code in set(Reason):
                self._ended = Reason(code)

    def _admitted(self, program: object, device: object, screening: object) -> None:
        match program:
            case {"title": str(title)}:
                self._title = title
        match screening:
            case {"pain": int(pain)}:
                self._before = pain
        match device:
            case {"actuators": [*actuators]}:
                levels = _whole([one.get("levels") for one in actuators if isinstance(one, Mapping)])
                self._levels = min(levels, default=None)

    def recalled(self) -> Recalled:
        """All of it."""
        return Recalled(
            title=self._title,
            strength=Strength(
                levels=self._levels,
                asked=max(self._asked, default=None),
                allowed=_highest(self._allowed),
                reported=max(self._reported, default=None),
            ),
            pain=Pain(
                before=self._before,
                during=max(self._during, default=None),
                after=self._after[0] if self._after else None,
                later=self._after[-1] if len(self._after) > 1 else None,
            ),
            ended=self._ended,
        )


def _whole(values: Iterable[object]) -> list[int]:
    return [value for value in values if isinstance(value, int)]


def _highest(caps: list[Cap]) -> Cap | None:
    """The highest that was approved, and the bound that held it there for good, if one did."""
    most = max((cap.level for cap in caps), default=None)
    held = [cap for cap in caps if cap.level == most]
    return next((cap for cap in held if cap.source not in _PASSING), held[0] if held else None)
