"""Whether a session may begin at all, and how long it may last: the checks before the first motion."""

from collections.abc import Sequence
from dataclasses import dataclass

from massager.model.ceilings import WEEKLY_MINUTES, CeilingRow
from massager.model.decisions import Reason, Refusal
from massager.model.devices import StopClass
from massager.model.people import PastSession
from massager.model.programs import Program, Timeline
from massager.safety.envelope import Envelope

DAY_S = 24 * 60 * 60
WEEK_S = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to begin, and the facts about it.

    Attributes:
        planned_s: Contact time asked for, at most the timeline's.
        past: Sessions of the last eight days, from the ledger.
        now_s: Wall clock, seconds since 1970.
        high_water_s: Latest wall clock that the ledger has ever seen.
    """

    program: Program
    timeline: Timeline
    planned_s: int
    past: Sequence[PastSession]
    now_s: int
    high_water_s: int


def fitness(envelope: Envelope, program: Program) -> Refusal | None:
    """Why this person, device, safety profile and program do not go together; None where they do."""
    person, profile = envelope.person, envelope.profile
    if envelope.device.stop_class is StopClass.C:
        return Refusal(Reason.STOP_CLASS, envelope.device.name)
    if person.severity(profile.region) > profile.severity or profile.region not in person.conditions:
        return Refusal(Reason.PROFILE_MISMATCH, profile.name)
    if person.worst not in program.severities:
        return Refusal(Reason.SEVERITY_NOT_ALLOWED, person.worst.name.lower())
    if any(actuator.modality is not program.modality for actuator in envelope.device.actuators):
        return Refusal(Reason.PROFILE_MISMATCH, program.modality)
    return None


def admit(envelope: Envelope, request: Request) -> int | Refusal:
    """The session's length in ms, or why none may begin now."""
    refusal = fitness(envelope, request.program)
    if refusal:
        return refusal
    refusal = _reachable(envelope, request.timeline)
    if refusal:
        return refusal
    rows = _rows(envelope, request.timeline)
    if isinstance(rows, Refusal):
        return rows
    refusal = _history(envelope, request, rows)
    if refusal:
        return refusal
    longest_s = 60 * min(envelope.profile.session_min, *(row.session_min for row in rows))
    if not 0 < request.planned_s <= longest_s:
        return Refusal(Reason.SESSION_TOO_LONG, f"{longest_s // 60} minutes")
    return 1000 * request.planned_s


def _reachable(envelope: Envelope, timeline: Timeline) -> Refusal | None:
    """A leg on which nothing may press: no place for it, or the lowest level is above a limit."""
    for leg in timeline.legs:
        for actuator in envelope.device.actuators:
            cap = envelope.cap(
                actuator,
                first_mm=leg.first_mm,
                last_mm=leg.last_mm,
                nearest_mm=timeline.half_width_mm,
                farthest_mm=timeline.half_width_mm,
            )
            if isinstance(cap, Refusal):
                return cap
            if cap.level == 0:
                return Refusal(Reason.TOO_COARSE, cap.source)
    return None


def _rows(envelope: Envelope, timeline: Timeline) -> list[CeilingRow] | Refusal:
    """The ceilings of every region that the timeline touches."""
    rows = []
    for leg in timeline.legs:
        for actuator in envelope.device.actuators:
            for region in envelope.touched(actuator, leg.first_mm, leg.last_mm) or ():
                limits = envelope.limits(region, actuator)
                if isinstance(limits, Refusal):
                    return limits
                if 1000 * leg.seconds > limits.zone_ms:
                    return Refusal(Reason.ZONE_TOO_LONG, f"{leg.zone}: {limits.zone_ms // 1000} s")
                rows.append(limits.ceiling)
    return rows or Refusal(Reason.NO_ROOM, timeline.program)


def _history(envelope: Envelope, request: Request, rows: Sequence[CeilingRow]) -> Refusal | None:
    """The rolling limits; an end that lies ahead of now counts as just ended."""
    if request.now_s < request.high_water_s:
        return Refusal(Reason.CLOCK_BEHIND)
    ages = [(max(0, request.now_s - past.ended_s), past.used_s) for past in request.past]
    cooldown_s = 60 * 60 * max(row.cooldown_h or 0 for row in rows)
    for age_s, _used in ages:
        if age_s < cooldown_s:
            return Refusal(Reason.COOL_DOWN, f"{-(-(cooldown_s - age_s) // 3600)} hours")
    if sum(age_s < DAY_S for age_s, _used in ages) >= min(row.per_day for row in rows):
        return Refusal(Reason.PER_DAY)
    week = [used_s for age_s, used_s in ages if age_s < WEEK_S]
    if len(week) >= min(row.per_week for row in rows):
        return Refusal(Reason.PER_WEEK)
    minutes = WEEKLY_MINUTES[envelope.person.worst]
    if sum(week) + request.planned_s > 60 * minutes:
        return Refusal(Reason.WEEKLY_MINUTES, f"{minutes} minutes")
    return None
