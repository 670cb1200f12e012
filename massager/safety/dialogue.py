"""What a session asks and hears: check-ins in their time, first visits to zones, and what an answer lowers.

The schedule and the table of answers are in docs/questions.md. Times are ms on the boot-time clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from massager.model.body import Zone
from massager.model.ceilings import MILD, MODERATE, SEVERE, Severity
from massager.model.commands import Placement
from massager.model.decisions import Cap, Source
from massager.model.history import LockCause
from massager.model.people import StrengthLimit
from massager.model.questions import Ask, CheckIn, Comfort, Prompt, Spot
from massager.safety.responses import Consequence, locked, of_feeling
from massager.safety.screening import PAIN_BARS, PAIN_RISE

# docs/questions.md, during a session: first check-in, then every, in s; no answer: hold, stop.
FIRST_S: Final[Mapping[Severity, int]] = MappingProxyType({MILD: 60, MODERATE: 45, SEVERE: 30})
EVERY_S: Final[Mapping[Severity, int]] = MappingProxyType({MILD: 180, MODERATE: 120, SEVERE: 60})
HOLD_S: Final[Mapping[Severity, int]] = MappingProxyType({MILD: 20, MODERATE: 15, SEVERE: 10})
STOP_S: Final[Mapping[Severity, int]] = MappingProxyType({MILD: 40, MODERATE: 30, SEVERE: 20})
# docs/questions.md, answers during a session: asked again after a little more pain.
AGAIN_S: Final = 30
# Down by 30 % at once, and 10 % less than that for the next sessions.
_TOO_STRONG_PERMILLE: Final = 700
_OWN_PERMILLE: Final = 630
_TOO_STRONG_SESSIONS: Final = 4


@dataclass(slots=True)
class Dialogue:
    """Questions and answers of one session; nothing said in it ever raises a strength above what it was.

    Attributes:
        pain: Before the session.
        pain_stops: Sessions that ended for pain within the last 14 days.
        sessions: The person's, this one included.
        zones: First visits: yes, no, or not answered yet.
        number: Of the last question.
        due_ms: Of the next check-in; None while nothing has pressed since the last rest.
        open: The check-in that waits for an answer.
        zone_prompt: The question for a zone, or for a place in it, that waits for one.
        asked_place: Where the hand was asked to hold the massager last.
        felt: Highest level that was pressed last.
        asked_level: Level at which the open check-in was asked.
        most: Highest level that what was said leaves for the rest of the session.
        half: The level that holds while pain is above what it was before.
        again_ms: From when on it must be back.
    """

    severity: Severity
    pain: int
    pain_stops: int
    sessions: int
    zones: dict[Zone, bool | None] = field(default_factory=dict)
    number: int = 0
    due_ms: int | None = None
    open: Prompt | None = None
    zone_prompt: Prompt | None = None
    asked_place: Placement | None = None
    felt: int = 0
    asked_level: int = 0
    most: int | None = None
    half: int | None = None
    again_ms: int = 0

    def copy(self) -> "Dialogue":
        """What it is now, untouched by what comes."""
        return replace(self, zones=dict(self.zones))

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """What waits for an answer, the check-in first."""
        return tuple(prompt for prompt in (self.open, self.zone_prompt) if prompt is not None)

    def pressed(self, level: int, now_ms: int) -> None:
        """Take note of a level above 0; the first since a rest sets the check-ins going."""
        self.felt = level
        if self.due_ms is None:
            self.due_ms = now_ms + 1000 * FIRST_S[self.severity]

    def rested(self) -> None:
        """A stop: nothing is asked until something presses again."""
        self.due_ms, self.open = None, None

    def tick(self, now_ms: int) -> None:
        """Ask what is due."""
        if self.open is None and self.due_ms is not None and now_ms >= self.due_ms:
            self.asked_level = self.felt
            self.open = self._prompt(Ask.CHECK_IN, None, now_ms)

    def silent(self, now_ms: int) -> bool:
        """Whether a check-in has waited too long for its answer."""
        return self._waited_s(now_ms, STOP_S)

    def caps(self, now_ms: int) -> Iterator[Cap]:
        """What answers, and their absence, leave."""
        if self.most is not None:
            yield Cap(self.most, Source.ANSWER)
        if self.half is not None:
            yield Cap(self.half, Source.ANSWER)
        if self._waited_s(now_ms, HOLD_S):
            yield Cap(self.asked_level // 2, Source.NO_ANSWER)

    def _waited_s(self, now_ms: int, longest_s: Mapping[Severity, int]) -> bool:
        return self.open is not None and now_ms - self.open.asked_ms >= 1000 * longest_s[self.severity]

    def _prompt(self, ask: Ask, zone: Zone | None, now_ms: int) -> Prompt:
        self.number += 1
        return Prompt(self.number, ask, zone, now_ms)

    # Zones.

    def ask_zone(self, zone: Zone, now_ms: int) -> None:
        """Ask whether a zone may be visited, once in a session; another that waits becomes a no."""
        if zone in self.zones:
            return
        if self.zone_prompt is not None and self.zone_prompt.zone is not None:
            self.zones[self.zone_prompt.zone] = False
        self.zones[zone] = None
        self.zone_prompt = self._prompt(Ask.ZONE, zone, now_ms)

    def ask_place(self, place: Placement, zone: Zone, spot: Spot, now_ms: int) -> None:
        """Ask for the massager to be held somewhere, once each time; what else waits becomes a no."""
        if self.zone_prompt is not None and self.asked_place == place:
            return
        self.zones.setdefault(zone, None)
        self.asked_place = place
        self.zone_prompt = replace(self._prompt(Ask.PLACEMENT, zone, now_ms), spot=spot)

    def zone_answered(self, zone: Zone, *, yes: bool) -> Placement | None:
        """Take an answer to an open question; a no can follow a yes, and a yes nothing else.

        Returns:
            Where the massager is held now, if that was the question.
        """
        waiting = self.zone_prompt
        if waiting is None or waiting.zone is not zone:
            waiting = None
        else:
            self.zone_prompt = None
        if zone in self.zones and (waiting or yes is not True):
            self.zones[zone] = yes is True
        held = waiting is not None and waiting.ask is Ask.PLACEMENT and yes is True
        return self.asked_place if held else None

    # Check-ins.

    def answered(
        self, check_in: CheckIn, now_ms: int, *, zone: Zone | None, levels: int
    ) -> Consequence | None:
        """Take what was said; a consequence with a cause ends the session, one without lowers it.

        Args:
            check_in: What was said, whole or in part.
            now_ms: When.
            zone: Where the rollers are.
            levels: Of the device.
        """
        grave = of_feeling(check_in.feeling, zone) or self._pain(check_in.pain, now_ms, levels)
        if grave is not None:
            return grave
        if check_in.whole:
            self.open = None
            every_s = EVERY_S[self.severity] if self.half is None else AGAIN_S
            self.due_ms = None if self.due_ms is None else now_ms + 1000 * every_s
        return self._too_strong(levels) if check_in.comfort is Comfort.TOO_STRONG else None

    def _pain(self, pain: int | None, now_ms: int, levels: int) -> Consequence | None:
        if pain is None:
            return None
        if pain <= self.pain:
            self.half = None
            return None
        stays = self.half is not None and now_ms >= self.again_ms
        if pain >= PAIN_BARS or pain >= self.pain + PAIN_RISE or stays:
            half_permille = 500 * self.felt // levels
            limit = StrengthLimit(half_permille, self.sessions, 1, too_strong=False) if self.felt else None
            return locked(LockCause.REPEATED_PAIN if self.pain_stops else LockCause.PAIN, limit=limit)
        if self.half is None:
            self.half, self.again_ms = self.felt // 2, now_ms + 1000 * AGAIN_S
            self.due_ms = None if self.due_ms is None else min(self.due_ms, self.again_ms)
        return None

    def _too_strong(self, levels: int) -> Consequence | None:
        if not self.felt:
            return None
        less = self.felt * _TOO_STRONG_PERMILLE // 1000
        self.most = less if self.most is None else min(less, self.most)
        own_permille = self.felt * _OWN_PERMILLE // levels
        limit = StrengthLimit(own_permille, self.sessions, _TOO_STRONG_SESSIONS, too_strong=True)
        return Consequence(None, limit=limit)
