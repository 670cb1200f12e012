"""A person as a file: everything on record, and the recent past, to take along elsewhere.

A key that is left out means the same as in `Person`; one that is there and empty is refused, so that a limit
whose figure was forgotten is not taken for no limit.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from massager.catalog.document import Document, Loc, shown
from massager.catalog.person_shapes import (
    ABSENT,
    CalibrationEntry,
    ClearanceEntry,
    Conditions,
    FollowUpEntry,
    HistoryBlock,
    KeepOutEntry,
    LockoutEntry,
    PainStopEntry,
    PersonFile,
    SessionEntry,
)
from massager.catalog.person_words import (
    MEASURE_AGAIN,
    misfit_text,
    read_day,
    read_hours,
    read_second,
    vertebrae_span_ppm,
)
from massager.catalog.person_writing import person_text
from massager.catalog.schema import NAME, NAME_RULE, fitted, hint
from massager.catalog.yaml_source import parse, read
from massager.model.body import VERTEBRA_SPANS_PPM, Calibration, Region
from massager.model.carried import Carried
from massager.model.ceilings import Clearance, Severity
from massager.model.history import Lockout, PastSession
from massager.model.people import KeepOut, Person, ProviderClearance, StrengthLimit

Value = TypeVar("Value")
Entry = TypeVar("Entry")


def load_person(path: Path) -> tuple[Person, Carried]:
    """The person in a file, and the past they bring along.

    Raises:
        InvalidProfileError: It is wrong; the text lists what and where.
        NotFoundError: The file cannot be opened.
    """
    return _person_in(read(path))


def require_writable(person: Person) -> None:
    """Let a person pass who can be written to a file and read back.

    Raises:
        InvalidProfileError: The file would be wrong; the text lists what.
        ValueError: Something would not be the same; nothing that this program writes.
    """
    # Without its past, which is what the sessions of a strength limit are counted from.
    alone = replace(
        person, strength_limits=tuple(replace(one, after_sessions=0) for one in person.strength_limits)
    )
    text = person_text(alone, Carried())
    found, _past = _person_in(parse(Path(person.name), text.encode()))
    if found != alone:
        raise ValueError(f"the record of {person.name} has something that no file can say")


def _person_in(document: Document) -> tuple[Person, Carried]:
    content = fitted(document, PersonFile)
    reader = _Reader(document)
    carried = reader.carried(content.history)
    found = reader.person(content, carried.sessions_ever), carried
    document.settle()
    return found


class _Reader:
    """Turns the shape into values of the model, and notes in the document what the model does not allow."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def person(self, content: PersonFile, sessions_ever: int) -> Person:
        """The person; whatever is wrong is left out, and stands in the document's problems.

        Args:
            content: The file's.
            sessions_ever: How many sessions come along; a strength limit counts from the last of them.
        """
        self._name(content.name)
        self._once("calibrations", [entry.device_profile for entry in content.calibrations])
        self._once("limits", [entry.zone for entry in content.limits])
        self._once("modifiers", content.modifiers)
        self._programs(content.programs)
        stature_mm = None if content.stature_cm is ABSENT else 10 * content.stature_cm
        calibrations = self._all(
            ("calibrations",),
            content.calibrations,
            lambda loc, entry: self._calibration(loc, entry, stature_mm),
        )
        return Person(
            name=content.name,
            conditions=MappingProxyType(_conditions(content.conditions)),
            attested=content.attested,
            calibrations=MappingProxyType(dict(calibrations)),
            born=content.born,
            stature_mm=stature_mm,
            modifiers=frozenset(content.modifiers),
            keep_outs=self._all(("keep_outs",), content.keep_outs, self._keep_out),
            clearances=self._all(("clearances",), content.clearances, self._clearance),
            zone_permille=MappingProxyType(
                {entry.zone: 10 * entry.max_strength_percent for entry in content.limits}
            ),
            session_min=content.session_minutes,
            programs=None if content.programs is ABSENT else frozenset(content.programs),
            hours=None
            if content.hours is ABSENT
            else self._made(("hours",), lambda: read_hours(content.hours), content.hours),
            screened=content.screened,
            usual_pain=content.usual_pain,
            strength_limits=tuple(
                StrengthLimit(
                    entry.max_strength_permille, sessions_ever, entry.sessions_left, entry.too_strong
                )
                for entry in content.strength_limits
            ),
            remote=content.remote,
        )

    def carried(self, content: HistoryBlock) -> Carried:
        """The past; nothing of it when the file has none."""
        if content is ABSENT:
            return Carried()
        here = "history"
        return Carried(
            self._all((here, "sessions"), content.sessions, self._session),
            self._all((here, "lockouts"), content.lockouts, self._lockout),
            content.after_lockout,
            self._all((here, "follow_ups"), content.follow_ups, self._due),
            self._all((here, "pain_stops"), content.pain_stops, self._pain_stop),
        )

    def _all(
        self, loc: Loc, entries: list[Entry], read_one: Callable[[Loc, Entry], Value | None]
    ) -> tuple[Value, ...]:
        found = [read_one((*loc, n), entry) for n, entry in enumerate(entries)]
        return tuple(value for value in found if value is not None)

    def _made(self, loc: Loc, make: Callable[[], Value], got: object) -> Value | None:
        """What the model makes of a value; what it objects to is a problem of the file."""
        try:
            return make()
        except ValueError as error:
            self._complain(loc, str(error), got)
            return None

    def _complain(self, loc: Loc, what: str, got: object, todo: str = "Correct it.") -> None:
        self._document.complain_at(loc, f"{what} (got {shown(got)})", todo)

    def _once(self, key: str, values: list[Any]) -> None:
        for n, value in enumerate(values):
            if value in values[:n]:
                self._complain((key, n), "a second entry of this name", str(value), "Keep one of them.")

    def _name(self, name: str) -> None:
        if name != name.strip():
            self._complain(("name",), "this begins or ends with a space", name, "Remove it.")

    def _programs(self, names: list[str]) -> None:
        if names is ABSENT:
            return
        self._once("programs", names)
        for n, name in enumerate(names):
            if not NAME.fullmatch(name):
                self._complain(("programs", n), "this is no name of a program", name, NAME_RULE)

    def _calibration(
        self, loc: Loc, entry: CalibrationEntry, stature_mm: int | None
    ) -> tuple[str, Calibration] | None:
        landmarks = self._made(
            loc, lambda: Calibration(entry.c7_mm, entry.psis_mm, entry.error_mm), entry.device_profile
        )
        if landmarks is None:
            return None
        if stature_mm is not None and not landmarks.fits(stature_mm):
            self._complain(loc, misfit_text(landmarks, stature_mm), entry.device_profile, MEASURE_AGAIN)
        return entry.device_profile, landmarks

    def _keep_out(self, loc: Loc, entry: KeepOutEntry) -> KeepOut | None:
        names = list(VERTEBRA_SPANS_PPM)
        for key, name in (("from", entry.first), ("to", entry.last)):
            if name not in names:
                self._complain((*loc, key), "there is no such vertebra", name, hint(name, names))
                return None
        span = self._made((*loc, "from"), lambda: vertebrae_span_ppm(entry.first, entry.last), entry.first)
        if span is None:
            return None
        return self._made(loc, lambda: KeepOut(entry.name, span, entry.left_mm, entry.right_mm), entry.name)

    def _clearance(self, loc: Loc, entry: ClearanceEntry) -> ProviderClearance | None:
        given_s = self._made((*loc, "given"), lambda: read_day(entry.given), entry.given)
        expires_s = self._made((*loc, "expires"), lambda: read_day(entry.expires), entry.expires)
        if given_s is None or expires_s is None:
            return None
        return self._made(
            loc,
            lambda: ProviderClearance(
                Clearance(entry.code), entry.provider, entry.region, entry.modality, given_s, expires_s
            ),
            entry.provider,
        )

    def _session(self, loc: Loc, entry: SessionEntry) -> PastSession | None:
        started_s, ended_s = (
            self._second(loc, "started", entry.started),
            self._second(loc, "ended", entry.ended),
        )
        if started_s is None or ended_s is None:
            return None
        if ended_s < started_s:
            self._complain((*loc, "ended"), "this lies before the start", entry.ended)
        return PastSession(started_s, ended_s, entry.used_seconds)

    def _lockout(self, loc: Loc, entry: LockoutEntry) -> Lockout | None:
        since_s = self._second(loc, "since", entry.since)
        not_before_s = self._second(loc, "not_before", entry.not_before)
        if since_s is None or not_before_s is None:
            return None
        return Lockout(int(loc[-1]) + 1, entry.cause, entry.authority, since_s, not_before_s, entry.note)

    def _due(self, loc: Loc, entry: FollowUpEntry) -> int | None:
        return self._second(loc, "due", entry.due)

    def _pain_stop(self, loc: Loc, entry: PainStopEntry) -> int | None:
        return self._second(loc, "at", entry.at)

    def _second(self, loc: Loc, key: str, text: str) -> int | None:
        return self._made((*loc, key), lambda: read_second(text), text)


def _conditions(content: Conditions) -> dict[Region, Severity]:
    words = {region: getattr(content, region) for region in Region}
    return {region: Severity[word.upper()] for region, word in words.items() if word is not ABSENT}
