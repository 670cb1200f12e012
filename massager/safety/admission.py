"""Whether a session may begin at all, and how long it may last: the checks before the first motion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from massager.model.ceilings import WEEKLY_MINUTES, CeilingRow
from massager.model.decisions import Reason, Refusal
from massager.model.devices import StopClass
from massager.model.history import History
from massager.model.programs import Program, Timeline
from massager.safety.envelope import Envelope

DAY_S = 24 * 60 * 60
WEEK_S = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to begin, and the facts about it.

    Attributes:
        planned_s: Contact time asked for, at most the timeline's.
        history: From the ledger.
    """

    program: Program
    timeline: Timeline
    planned_s: int
    history: History


def fitness(envelope: Envelope, program: Program) -> Refusal | None:
    """Why this person, device, safety profile and program do not go together; None where they do."""
    person, profile = envelope.person, envelope.profile
    if envelope.device.stop_class is StopClass.C:
        return Refusal(Reason.STOP_CLASS, envelope.device.name)
    if person.severity(profile.region) > profile.severity or profile.region not in person.conditions:
        return Refusal(Reason.PROFILE_MISMATCH, profile.name)
    if person.worst not in program.severities:
        return Refusal(Reason.SEVERITY_NOT_ALLOWED, person.worst.name.lower())
    if person.programs is not None and program.name not in person.programs:
        return Refusal(Reason.PROGRAM_NOT_ALLOWED, program.name)
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
    longest_s = longest_session_s(envelope, rows)
    if not 0 < request.planned_s <= longest_s:
        return Refusal(Reason.SESSION_TOO_LONG, f"{longest_s // 60}:{longest_s % 60:02} minutes")
    return 1000 * request.planned_s


def longest_session_s(envelope: Envelope, rows: Iterable[CeilingRow]) -> int:
    """The longest session over these rows, rounded down."""
    minutes = [envelope.profile.session_min, *(row.session_min for row in rows)]
    longest_s = 60 * min(minutes) * envelope.share.time_permille // 1000
    own_min = envelope.person.session_min
    return longest_s if own_min is None else min(longest_s, 60 * own_min)


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
    """What stands in the way by itself, then the rolling limits; an end ahead of now is one just now."""
    history = request.history
    if history.behind:
        return Refusal(Reason.CLOCK_BEHIND)
    if history.lockouts:
        return Refusal(Reason.LOCKED_OUT, history.lockouts[0].cause)
    if history.follow_ups:
        return Refusal(Reason.FOLLOW_UP_DUE)
    if not _within(envelope.person.hours, history.local_min):
        return Refusal(Reason.OUTSIDE_HOURS)
    ages = [(max(0, history.now_s - past.ended_s), past.used_s) for past in history.past]
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


def _within(hours: tuple[int, int] | None, local_min: int) -> bool:
    """Whether a minute of the day lies in the hours, which may reach past midnight; equal ends hold none."""
    if hours is None:
        return True
    first, end = hours
    if first <= end:
        return first <= local_min < end
    return local_min >= first or local_min < end
