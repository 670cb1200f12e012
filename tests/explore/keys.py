"""When two moments are the same: all of it relative to now, cut off where nothing depends on it any more."""

import dataclasses

from massager.safety.clocks import Phase, Usage
from massager.safety.dialogue import Dialogue
from massager.safety.state import State
from massager.safety.watch import Watch
from twin import figures

NEVER = -1
GONE = (None, NEVER)
# What the keys below know of. A new field must be looked at: does anything depend on it, and for how long?
# The worlds have a chair, so nothing stands in its place and no hand holds anything.
KNOWN = {
    State: "usage phase watch dialogue epoch newest number accounted_ms lease_expires_ms stopping pressing"
    " standing placed placed_ms trip",
    Usage: "session_ms calibration spot_mm stands started_ms zones_ms spot_at_mm on_spot_ms spots_ms",
    Phase: "levels severity ramp_permille level touched_ms risen_ms cool_down_from",
    Watch: "last fresh_ms centre_mm stopped_ms epoch told_mm target_mm nearest_mm told",
    Dialogue: (
        "severity pain pain_stops sessions zones number due_ms open zone_prompt"
        " asked_place felt asked_level most half again_ms"
    ),
}


class UnknownFieldError(Exception):
    """The Governor's state has grown and the explorer would look past it."""


def require_known():
    """Refuse to explore a state with a field that no key knows.

    Raises:
        UnknownFieldError: It names the field.
    """
    for kind, names in KNOWN.items():
        odd = {field.name for field in dataclasses.fields(kind)} ^ set(names.split())
        if odd:
            raise UnknownFieldError(
                f"{kind.__name__}: {sorted(odd)}; say in tests/explore/keys.py how it counts"
            )


def core_key(case, state, now_ms):
    """The Governor's state, relative to now."""
    usage, phase, watch, talk = state.usage, state.phase, state.watch, state.dialogue
    if state.trip is not None:
        # Terminal: nothing is approved or permitted any more, whatever the rest of it says.
        return state.trip.reason.value, state.stopping, state.pressing, talk.felt, talk.most, talk.half
    last, opened, started, risen = watch.last, talk.open, usage.started_ms, phase.risen_ms
    used_ms = NEVER if started is None else min(now_ms - started, usage.session_ms)
    left_ms = usage.session_ms - max(used_ms, 0)
    # Contact that has not been counted yet comes on top; only where the head is, for the zone.
    more_ms = now_ms - state.accounted_ms if state.pressing and state.accounted_ms is not None else 0
    return (
        usage.session_ms,
        used_ms,
        tuple(
            sorted(
                [
                    (zone.value, spent)
                    for zone, ms in usage.zones_ms.items()
                    if (spent := binding(ms, case.zone_ms, left_ms))
                ]
            )
        ),
        more_ms if case.zone_ms < usage.session_ms else 0,
        usage.spot_at_mm,
        binding(usage.on_spot_ms + more_ms, case.spot_ms, left_ms),
        phase.level,
        binding(phase.touched_ms + more_ms, case.first_ms, left_ms),
        NEVER if risen is None else binding(now_ms - risen, case.rise_ms, left_ms),
        phase.cool_down_from,
        last
        and (
            last.at_rest,
            last.moving,
            last.epoch - state.newest,
            last.carriage_mm,
            last.half_width_mm,
            last.actuators[0],
            last.at_ms > watch.stopped_ms,
        ),
        min(now_ms - watch.fresh_ms, figures.STALE_MS + 1),
        min(now_ms - watch.stopped_ms, figures.STALE_MS + 1),
        watch.centre_mm,
        watch.epoch is None,
        watch.told_mm,
        watch.target_mm,
        watch.nearest_mm,
        _lately(watch.told, now_ms),
        NEVER if lease_is_over(state, now_ms) else state.lease_expires_ms - now_ms,
        state.epoch is None,
        state.stopping,
        state.pressing,
        NEVER if talk.due_ms is None else coming(talk.due_ms - now_ms, left_ms),
        opened and min(now_ms - opened.asked_ms, case.quit_ms),
        talk.zone_prompt and talk.zone_prompt.zone.value,
        talk.felt,
        talk.asked_level if opened else NEVER,
        talk.most,
        talk.half,
        NEVER if talk.half is None else max(talk.again_ms - now_ms, 0),
        tuple(sorted([(zone.value, said) for zone, said in talk.zones.items()])),
    )


def receipts_key(governor, tickets, now_ms):
    """Approvals that the Governor may still pay: what each is worth, and how long."""
    return tuple(
        (setpoint.levels, setpoint.carriage_mm, expires_ms - now_ms)
        for setpoint, expires_ms in map(governor._receipts.get, tickets, [GONE] * len(tickets))
        if expires_ms >= now_ms
    )


def binding(spent_ms, whole_ms, session_left_ms):
    """What is spent of a clock, or 0 where the session, which runs at least as fast, ends before it."""
    return 0 if whole_ms - spent_ms > session_left_ms + figures.LEASE_MS else min(spent_ms, whole_ms)


def coming(due_ms, session_left_ms):
    """When something is due, or never where the session ends before it."""
    return figures.LONG if due_ms > session_left_ms + figures.LEASE_MS else max(due_ms, 0)


def lease_is_over(state, now_ms):
    """No lease, or one that has ended."""
    return state.lease_expires_ms is None or state.lease_expires_ms < now_ms


def _lately(told, now_ms):
    """What level is commanded, and until when more was: later entries that are no lower hide earlier ones."""
    kept, until = [], None
    for at_ms, setpoint in reversed(told):
        level = max(setpoint.levels)
        if until is None or (level > kept[-1][1] and now_ms - until < figures.SETTLE_MS):
            kept.append((NEVER if until is None else now_ms - until, level))
        until = at_ms
    return tuple(kept)


def twin_key(case, p):
    """The twin's picture, cut off in the same places."""
    if p["trip"]:
        return p["trip"], p["stopping"], p["contact"], p["felt"], p["most"], p["half"]
    left_ms = p["session"] - (p["used"] or 0)
    return (
        p["stopping"],
        min(p["since_stop"], figures.STALE_MS + 1),
        p["permit"] > 0,
        p["reading"],
        min(p["age"], figures.STALE_MS + 1),
        p["at"],
        p["contact"],
        p["commanded"],
        p["fading"],
        p["told"],
        p["target"],
        p["nearest"],
        NEVER if p["lease"] is None else max(p["lease"], NEVER),
        p["receipt"],
        p["level"],
        binding(p["touched"], case.first_ms, left_ms),
        binding(p["since_rise"], case.rise_ms, left_ms),
        p["falls_from"],
        p["session"],
        p["held"],
        NEVER if p["used"] is None else min(p["used"], p["session"]),
        tuple(
            sorted(
                [
                    (zone, spent)
                    for zone, ms in p["in_zone"].items()
                    if (spent := binding(ms, case.zone_ms, left_ms))
                ]
            )
        ),
        p["spot"],
        binding(p["on_spot"], case.spot_ms, left_ms),
        p["due"] and coming(p["due"], left_ms),
        p["waits"] and min(p["waits"], case.quit_ms),
        p["asked_at"] if p["waits"] is not None else NEVER,
        p["felt"],
        p["most"],
        p["half"],
        p["again"] and max(p["again"], 0),
        tuple(sorted(p["open_zones"].items())),
        p["zone_asked"],
    )
