"""What can happen in a world, each by the name that a trace shows."""

# Two places in L4-S1, farther apart than a patch, and one in L1-L3.
HERE, BESIDE, THERE = 490, 520, 380
# The person's scar between the two zones, per mille of the column, and a place in it.
SCAR, IN_SCAR = (705, 715), 430
MOST = 20
ROUND_MS = 500


def events(*them):
    """All of them in one dict, each under the name that a trace shows."""
    return {name: steps for one in them for name, steps in one.items()}


def one(name, *args, **odd):
    """One step, called by what it does."""
    said = ", ".join([*map(str, args), *(f"{key} {value}" for key, value in odd.items())])
    return {f"{name}({said})": ((name, args, odd),)}


def drive(level, where, *paid):
    """A wish, and its lease at once, as the control loop does it."""
    return {f"drive{(level, where, *paid)}": (("ask", (level, where, *paid), {}), ("redeem", (), {}))}


def beats(count, level, where=(BESIDE, HERE), each_ms=ROUND_MS, last_ms=None):
    """So many rounds of the control loop, each with a report, a wish and its lease, to and fro."""
    times_ms = [each_ms] * (count - 1) + [each_ms if last_ms is None else last_ms]
    steps = []
    for number, ms in enumerate(times_ms):
        steps += [("wait", (ms,), {}), ("read", (), {}), ("timer", (), {})]
        steps += [("ask", (level, where[number % len(where)]), {}), ("redeem", (), {})]
    return {f"{sum(times_ms)} ms at {level} over {where}": tuple(steps)}


def ten_s(level, more_ms=0):
    """Ten seconds of the control loop in as few rounds as leases allow."""
    return beats(12, level, each_ms=900, last_ms=100 + more_ms)


def unwatched(them):
    """The same without a look at the clock, so that the next wish is what comes first."""
    return {
        f"{name}, unwatched": tuple(step for step in steps if step[0] != "timer")
        for name, steps in them.items()
    }


def pause(ms):
    """Stop, wait, rest, and a new permit."""
    rest = (("stop", (), {}), ("wait", (ms,), {}), ("read", (), {"level": 0}), ("permit", (), {}))
    return {f"pause of {ms} ms": rest}


def say(pain=None, comfort=None, feeling=None):
    """Somebody says something, whole or not."""
    return one("say", pain=pain, comfort=comfort, feeling=feeling)


PERMITTED = events(one("read"), one("permit"))
FINE = say(2, "fine", "none")
