"""Conditions that forbid a start, one pure predicate for each; a check that did not run counts as failed.

Three tables, each over the facts that are known by then: the person alone, what goes together, and the whole
plan with its past. The first refusal of a table is the answer, in the table's order.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

from massager.model.body import Zone
from massager.model.ceilings import WEEKLY_MINUTES, CeilingRow, Modality, Severity
from massager.model.decisions import Reason, Refusal
from massager.model.devices import Mount, StopClass
from massager.model.history import History
from massager.model.people import Person
from massager.model.programs import Program, Timeline
from massager.model.questions import Screening
from massager.safety.conditions import forbidding
from massager.safety.envelope import Envelope, RegionLimits
from massager.safety.patches import on_leg, working
from massager.safety.screening import bars
from massager.safety.today import ADULT, years

DAY_S: Final = 24 * 60 * 60
WEEK_S: Final = 7 * DAY_S

Facts = TypeVar("Facts")
Check = Callable[[Facts], Refusal | None]


def first_refusal(checks: Mapping[str, Check[Facts]], facts: Facts) -> Refusal | None:
    """The first refusal of a table; a check that raises, or answers with anything else, is one."""
    for name, check in checks.items():
        try:
            answer = check(facts)
        except Exception as error:  # noqa: BLE001 - whatever kept it from running, it did not run
            return Refusal(Reason.CHECK_FAILED, f"{name}: {error!r}")
        if answer is not None:
            return answer if isinstance(answer, Refusal) else Refusal(Reason.CHECK_FAILED, name)
    return None


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who wants a session, before it is known on what.

    Attributes:
        history: From the ledger.
    """

    person: Person
    history: History
    screening: Screening


@dataclass(frozen=True, slots=True)
class Match:
    """A person in their envelope, and a program."""

    envelope: Envelope
    program: Program


@dataclass(frozen=True, slots=True)
class Plan:
    """A session as it would run.

    Attributes:
        planned_s: Contact time asked for, at most the timeline's.
        history: From the ledger.
    """

    envelope: Envelope
    timeline: Timeline
    planned_s: int
    history: History

    @property
    def rows(self) -> tuple[CeilingRow, ...]:
        """The ceilings of every region that the timeline touches."""
        return tuple(limits.ceiling for _leg, limits in _limits(self) if not isinstance(limits, Refusal))


# The person alone.


def _clock(applicant: Applicant) -> Refusal | None:
    return Refusal(Reason.CLOCK_BEHIND) if applicant.history.behind else None


def _symptoms(applicant: Applicant) -> Refusal | None:
    return bars(applicant.screening, applicant.person)


def _lockouts(applicant: Applicant) -> Refusal | None:
    lockouts = applicant.history.lockouts
    return Refusal(Reason.LOCKED_OUT, lockouts[0].cause) if lockouts else None


def _follow_ups(applicant: Applicant) -> Refusal | None:
    return Refusal(Reason.FOLLOW_UP_DUE) if applicant.history.follow_ups else None


def _screened(applicant: Applicant) -> Refusal | None:
    return None if applicant.person.screened else Refusal(Reason.NOT_SCREENED)


def _age(applicant: Applicant) -> Refusal | None:
    # Nobody's birthday is on record: who turns 18 this year counts as 17.
    age = years(applicant.person, applicant.history)
    return Refusal(Reason.UNDER_AGE) if age is not None and age <= ADULT else None


def _hours(applicant: Applicant) -> Refusal | None:
    hours, minute = applicant.person.hours, applicant.history.local_min
    return None if hours is None or _within(hours, minute) else Refusal(Reason.OUTSIDE_HOURS)


def _within(hours: tuple[int, int], minute: int) -> bool:
    """Whether a minute of the day lies in the hours, which may reach past midnight; equal ends hold none."""
    first, end = hours
    return first <= minute < end if first <= end else minute >= first or minute < end


PERSON: Final[Mapping[str, Check[Applicant]]] = MappingProxyType(
    {
        "symptoms": _symptoms,
        "lockouts": _lockouts,
        "follow-ups": _follow_ups,
        "clock": _clock,
        "screened": _screened,
        "age": _age,
        "hours": _hours,
    }
)

# What goes together.


def _stop_class(match: Match) -> Refusal | None:
    device = match.envelope.device
    return Refusal(Reason.STOP_CLASS, device.name) if device.stop_class is StopClass.C else None


def _profile(match: Match) -> Refusal | None:
    person, profile = match.envelope.person, match.envelope.profile
    fits = bool(person.conditions) and dict(person.conditions) == dict(profile.conditions)
    return None if fits else Refusal(Reason.PROFILE_MISMATCH, profile.name)


def _stature(match: Match) -> Refusal | None:
    stature_mm, device = match.envelope.person.stature_mm, match.envelope.device
    if stature_mm is None or match.envelope.calibration.fits(stature_mm):
        return None
    return Refusal(Reason.STATURE, device.name)


def _severity(match: Match) -> Refusal | None:
    worst = match.envelope.person.worst
    allowed = worst in match.program.severities
    return None if allowed else Refusal(Reason.SEVERITY_NOT_ALLOWED, Severity(worst).name.lower())


def _program(match: Match) -> Refusal | None:
    allowed = match.envelope.person.programs
    if allowed is None or match.program.name in allowed:
        return None
    return Refusal(Reason.PROGRAM_NOT_ALLOWED, match.program.name)


def _modality(match: Match) -> Refusal | None:
    modality: Modality = match.program.modality
    if not match.envelope.device.suits(modality):
        return Refusal(Reason.PROFILE_MISMATCH, modality)
    condition = forbidding(match.envelope.person, modality)
    return None if condition is None else Refusal(Reason.CONDITION, condition)


MATCH: Final[Mapping[str, Check[Match]]] = MappingProxyType(
    {
        "stop class": _stop_class,
        "profile": _profile,
        "stature": _stature,
        "severity": _severity,
        "program": _program,
        "modality": _modality,
    }
)

# The plan and its past.


def _reachable(plan: Plan) -> Refusal | None:
    """A leg on which nothing may press: no place for it, or the lowest level is above a limit."""
    for leg in plan.timeline.legs:
        for actuator in working(plan.envelope.device, leg.works):
            way = on_leg(actuator, leg, plan.timeline.half_width_mm)
            cap = Refusal(Reason.POSITION_UNKNOWN) if way is None else plan.envelope.cap_on(way)
            if isinstance(cap, Refusal):
                return cap
            if cap.level == 0:
                return Refusal(Reason.TOO_COARSE, cap.source)
    return None


def _limits(plan: Plan) -> list[tuple[int, RegionLimits | Refusal]]:
    """The limits of every region that a leg touches, with the seconds that its zone gets in all."""
    envelope = plan.envelope
    zones_s = Counter[Zone]()
    for leg in plan.timeline.legs:
        zones_s[leg.zone] += leg.seconds
    return [
        (zones_s[leg.zone], envelope.limits(region, actuator))
        for leg in plan.timeline.legs
        for actuator in working(envelope.device, leg.works)
        for region in envelope.touched(actuator, leg.first_mm, leg.last_mm) or ()
    ]


def _zones(plan: Plan) -> Refusal | None:
    found = _limits(plan)
    for seconds, limits in found:
        if isinstance(limits, Refusal):
            return limits
        if 1000 * seconds > limits.zone_ms:
            return Refusal(Reason.ZONE_TOO_LONG, f"{limits.zone_ms // 1000} s")
    return None if found else Refusal(Reason.NO_ROOM, plan.timeline.program)


def _spots(plan: Plan) -> Refusal | None:
    """What stays on a spot, for longer than a spot may have: a fixed patch in the whole session."""
    envelope, legs = plan.envelope, plan.timeline.legs
    mount = envelope.device.mount
    for leg in legs if mount is not Mount.CARRIAGE else ():
        for actuator in working(envelope.device, leg.works):
            seconds = leg.seconds
            if mount is Mount.FIXED:
                seconds = sum(one.seconds for one in legs if actuator in working(envelope.device, one.works))
            for region in envelope.touched(actuator, leg.first_mm, leg.last_mm) or ():
                limits = envelope.limits(region, actuator)
                if isinstance(limits, Refusal):
                    return limits
                if 1000 * seconds > limits.spot_ms:
                    return Refusal(Reason.SPOT_TIME, f"{limits.spot_ms // 1000} s")
    return None


def _length(plan: Plan) -> Refusal | None:
    longest_s = longest_session_s(plan)
    if type(plan.planned_s) is int and 0 < plan.planned_s <= longest_s:
        return None
    return Refusal(Reason.SESSION_TOO_LONG, f"{longest_s // 60}:{longest_s % 60:02} minutes")


def longest_session_s(plan: Plan) -> int:
    """The longest session on the way of this plan, rounded down."""
    envelope = plan.envelope
    minutes = min(envelope.profile.session_min, *(row.session_min for row in plan.rows))
    longest_s = 60 * minutes * envelope.today.share.time_permille // 1000
    own_min = envelope.person.session_min
    return longest_s if own_min is None else min(longest_s, 60 * own_min)


def _ages_s(plan: Plan) -> list[tuple[int, int]]:
    """How long ago each session ended, and its seconds; an end ahead of now is one just now."""
    return [(max(0, plan.history.now_s - past.ended_s), past.used_s) for past in plan.history.past]


def _cool_down(plan: Plan) -> Refusal | None:
    longest_s = 60 * 60 * max(row.cooldown_h or 0 for row in plan.rows)
    left_s = max((longest_s - age_s for age_s, _used_s in _ages_s(plan)), default=0)
    return Refusal(Reason.COOL_DOWN, f"{-(-left_s // 3600)} hours") if left_s > 0 else None


def _per_day(plan: Plan) -> Refusal | None:
    count = sum(age_s < DAY_S for age_s, _used_s in _ages_s(plan))
    return Refusal(Reason.PER_DAY) if count >= min(row.per_day for row in plan.rows) else None


def _per_week(plan: Plan) -> Refusal | None:
    count = sum(age_s < WEEK_S for age_s, _used_s in _ages_s(plan))
    return Refusal(Reason.PER_WEEK) if count >= min(row.per_week for row in plan.rows) else None


def _weekly_minutes(plan: Plan) -> Refusal | None:
    used_s = sum(used_s for age_s, used_s in _ages_s(plan) if age_s < WEEK_S)
    minutes = WEEKLY_MINUTES[plan.envelope.person.worst]
    if used_s + plan.planned_s > 60 * minutes:
        return Refusal(Reason.WEEKLY_MINUTES, f"{minutes} minutes")
    return None


PLAN: Final[Mapping[str, Check[Plan]]] = MappingProxyType(
    {
        "reachable": _reachable,
        "zone time": _zones,
        "spot time": _spots,
        "cool-down": _cool_down,
        "per day": _per_day,
        "per week": _per_week,
        "weekly minutes": _weekly_minutes,
        "length": _length,
    }
)
