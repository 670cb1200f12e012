"""Kinds of small worlds: for each a case, what has happened before, and what can happen then."""

from explore.explorer import World
from explore.steps import (
    BESIDE,
    HERE,
    IN_SCAR,
    MOST,
    PERMITTED,
    ROUND_MS,
    SCAR,
    THERE,
    beats,
    drive,
    events,
    one,
    pause,
    say,
    ten_s,
    unwatched,
)
from twin.figures import LONG, Case


def course(name, session_ms, *more, level=MOST, **changes):
    """First contact, ramp, pauses, the last seconds and the end."""
    return World(
        name,
        Case(session_ms=session_ms, **changes),
        PERMITTED,
        # For 20 levels in a mild case a rise and its delivery take 10 250 ms, first contact 30 250 ms.
        events(ten_s(level), ten_s(level, 250), ten_s(1), ten_s(0), pause(10_000), *more),
    )


def stops(name, session_ms, waits_ms):
    """Receipts, stops, rest and permits, with time of every kind between them."""
    return World(
        name,
        Case(session_ms=session_ms),
        {},
        events(
            *(one("wait", ms) for ms in waits_ms),
            one("read"),
            one("read", level=0),
            one("read", level=1),
            one("read", level=0, load=3),
            one("read", level=0, moving=True),
            one("read", level=0, at_rest=False),
            one("read", level=0, age=500),
            one("ask", 1, HERE),
            one("ask", 0, HERE),
            one("redeem"),
            one("redeem_older"),
            one("stop"),
            one("permit"),
            one("old_permit"),
            one("timer"),
            one("fail"),
        ),
    )


def reports(name, session_ms):
    """A device at level 2 that reports one thing or another, and commands that change on the way."""
    return World(
        name,
        Case(session_ms=session_ms),
        events(PERMITTED, beats(24, 2)),
        events(
            one("wait", 500),
            one("wait", 501),
            one("read"),
            one("read", level=0),
            one("read", level=2, depth=21, load=41),
            one("read", level=3, depth=20),
            one("read", level=2, depth=22),
            one("read", level=2, load=42),
            one("read", age=1000),
            one("read", age=1001),
            one("read", age=-1),
            one("read_again"),
            one("read", at=None),
            one("read", half=None),
            one("read", half=49),
            one("read", at=495),
            one("read", at=496),
            one("read", fault=True),
            one("read", cause="stop"),
            one("read", cause="local_button"),
            one("read", foreign=1),
            one("timer"),
            drive(2, HERE),
            drive(1, BESIDE),
            drive(0, 0),
            pause(500),
        ),
    )


def clocks(name, session_ms, **changes):
    """The time of the session, of zones and of spots, in two zones of which one is held lower."""
    return World(
        name,
        Case(session_ms=session_ms, **changes),
        PERMITTED,
        events(
            *(beats(1, MOST, (where,), ms) for where, ms in ((HERE, 300), (HERE, 500), (THERE, 500))),
            beats(1, MOST, (BESIDE,)),
            drive(0, THERE),
            pause(500),
        ),
    )


def crossing(name, session_ms):
    """Deep in one zone, and the way to another that is held lower."""
    return World(
        name,
        Case(session_ms=session_ms, zone_limit=(("L1-L3", 50),)),
        events(PERMITTED, beats(24, 2)),
        events(
            one("wait", 500),
            one("wait", 499),
            one("read"),
            drive(2, HERE),
            drive(1, HERE),
            drive(2, THERE),
            drive(1, THERE),
            pause(500),
        ),
    )


def payments(name, session_ms):
    """What the ledger has paid, for the session and for the zone, to the millisecond."""
    amounts = ((199, LONG), (200, LONG), (LONG, 199), (LONG, 200), (700, 800), (800, 700), (0, 0))
    return World(
        name,
        Case(session_ms=session_ms, profile=50),
        PERMITTED,
        events(
            one("wait", 500),
            one("wait", 300),
            one("read"),
            one("timer"),
            *(drive(MOST, HERE, *ahead) for ahead in amounts),
            drive(0, 0, 0, 0),
            pause(500),
        ),
    )


def talks(name, session_ms, first_ms, steps_ms, level=MOST, **changes):
    """Check-ins, answers of every kind and none at all, from a little before the first."""
    case = Case(session_ms=session_ms, **changes)
    up, more = case.pain, case.pain + 1
    return World(
        name,
        case,
        events(PERMITTED, beats(first_ms // ROUND_MS, level)),
        events(
            *(beats(-(-ms // 900), level, each_ms=900, last_ms=ms % 900) for ms in steps_ms),
            unwatched(ten_s(level)),
            pause(steps_ms[0]),
            say(up, "fine", "none"),
            say(more, "fine", "none"),
            say(more),
            say(more + 1),
            say(comfort="too-strong"),
            say(feeling="chest"),
            say(comfort="too-soft", feeling="shooting"),
        ),
    )


def kept_out(name, session_ms):
    """A scar between two places that may be worked on, and a strip that is not kept."""
    return World(
        name,
        Case(session_ms=session_ms, keep_out=SCAR),
        PERMITTED,
        events(
            one("wait", 500),
            one("read"),
            one("read", half=49),
            one("read", level=0, half=49),
            one("read", at=IN_SCAR),
            one("timer"),
            drive(1, HERE),
            drive(1, THERE),
            drive(0, HERE),
            drive(0, THERE),
            pause(500),
        ),
    )


def overtaken(name, session_ms):
    """What was approved, and what is said or written down before it is paid."""
    return World(
        name,
        Case(session_ms=session_ms, agreed=("L4-S1",)),
        PERMITTED,
        events(
            beats(2, MOST),
            one("ask", MOST, HERE),
            one("redeem"),
            one("ask_zone", "L1-L3"),
            one("zone", "L1-L3", 1),
            one("zone", "L4-S1", 0),
            one("shorten", 2000),
            one("hold", 100),
            one("hold", 50),
            say(comfort="fine"),
            say(feeling="other"),
            one("stop"),
            one("permit"),
        ),
    )


def zones(name, session_ms):
    """First visits: asked and not asked, yes, no, and too late."""
    return World(
        name,
        Case(session_ms=session_ms, agreed=()),
        PERMITTED,
        events(
            beats(2, MOST),
            beats(2, MOST, (THERE,)),
            beats(1, 0),
            *(one("ask_zone", zone) for zone in ("L1-L3", "L4-S1")),
            *(one("zone", zone, yes) for zone in ("L1-L3", "L4-S1") for yes in (0, 1)),
            pause(500),
            one("stop"),
            say(feeling="burning"),
            one("shorten", 3000),
        ),
    )
