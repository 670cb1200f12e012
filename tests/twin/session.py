"""A second picture of one session, in ages instead of clock times: everything counts from now.

A picture is a plain dict; what happens to it is in the functions below, one for each event, which change it
and give back what the Governor must answer. Levels above 0 are "pressing". The talk during a session is in
talk.py, what the device reports in reports.py.
"""

from twin import figures, talk
from twin.figures import LAST_SECONDS_MS, LEASE_MS, LEASE_SHORTEST_MS, LONG, SETTLE_MS, STALE_MS


def begin(case):
    """Stopped, nothing permitted, nothing used."""
    return {
        "trip": "",
        "stopping": True,
        "since_stop": LONG,
        "permit": 0,
        "newest": 0,
        "stopped_at_epoch": 0,
        "reading": None,
        "counter": 0,
        "age": LONG,
        "at": 0,
        "contact": False,
        "commanded": 0,
        "fading": (),
        "told": None,
        "target": None,
        "nearest": 0,
        "lease": None,
        "number": 0,
        "receipt": None,
        "level": 0,
        "touched": 0,
        "since_rise": LONG,
        "falls_from": None,
        "session": case.session_ms,
        "used": None,
        "in_zone": {},
        "spot": None,
        "on_spot": 0,
        "held": 1000,
    } | talk.begin(case)


def wait(p, ms):
    """Nothing happens but time; whoever is touched goes on being touched."""
    p["since_stop"] = min(p["since_stop"] + ms, LONG)
    p["age"] = min(p["age"] + ms, LONG)
    p["since_rise"] = min(p["since_rise"] + ms, LONG)
    p["fading"] = tuple([(age + ms, level) for age, level in p["fading"] if age + ms < SETTLE_MS])
    if p["lease"] is not None:
        p["lease"] -= ms
    if p["used"] is not None:
        p["used"] += ms
    if p["receipt"]:
        level, target, left = p["receipt"]
        p["receipt"] = (level, target, left - ms) if left > ms else None
    if p["contact"]:
        touch(p, ms)
    talk.wait(p, ms)


def touch(p, ms):
    zone = figures.zone_of(p["at"])
    p["touched"] += ms
    p["in_zone"] = p["in_zone"] | {zone: p["in_zone"].get(zone, 0) + ms}
    if p["spot"] is None or abs(p["at"] - p["spot"]) >= 30:
        p["spot"], p["on_spot"] = p["at"], 0
    p["on_spot"] += ms


def permit(p, epoch):
    """A permit is in force once its epoch is above every one before; not while stopping, nor after a trip."""
    if p["trip"] or p["stopping"] or epoch <= p["newest"]:
        return
    p["permit"] = p["newest"] = epoch
    # Under a new permit nothing has been commanded yet.
    p["commanded"], p["fading"], p["told"], p["target"] = 0, (), None, None


def stop(p):
    """Legal always: what was approved is void, and rest must be reported anew."""
    p["stopping"], p["since_stop"], p["permit"], p["receipt"] = True, 0, 0, None
    p["stopped_at_epoch"] = p["newest"]
    talk.stopped(p)


def trip(p, reason):
    """Latched: the first one stays."""
    stop(p)
    p["trip"] = p["trip"] or reason
    return p["trip"]


def timer(case, p):
    """What did not come in time; nothing is awaited while nothing is permitted."""
    if not p["permit"]:
        return ""
    if p["contact"] and p["lease"] <= 0:
        return trip(p, "lease-lapsed")
    if not 0 <= p["age"] <= STALE_MS:
        return trip(p, "stale-reading")
    talk.ask_what_is_due(p)
    if talk.silent(case, p):
        return trip(p, "no-answer")
    return ""


def ask(case, p, level, target, paid):
    """(Level, bound, target), or the reason of a refusal; paid ahead are ms of session and zone."""
    # What was approved before is void, whatever the answer now: an old, stronger one could overtake it.
    p["receipt"], refused = None, _refused(case, p)
    if refused:
        return refused
    length, answer = LEASE_MS, (0, "asked", target)
    if level:
        found = _press(case, p, level, target, paid)
        if not isinstance(found, tuple):
            return found
        length, answer = min(LEASE_MS, found[0]), found[1:]
    if not answer[0]:
        # Letting go is always allowed; the carriage moves only where the rollers are known to be retracted.
        moves = p["reading"][2] and not p["contact"]
        length, answer = LEASE_MS, (*answer[:2], target if moves else 0)
    p["receipt"] = (answer[0], answer[2], length)
    return answer


def _refused(case, p):
    if p["trip"]:
        return "tripped"
    if p["stopping"]:
        return "stopping"
    if not p["permit"]:
        return "no-permit"
    if not 0 <= p["age"] <= STALE_MS:
        return "stale-reading"
    if p["used"] is not None and p["used"] >= p["session"]:
        return "session-over"
    return "no-answer" if talk.silent(case, p) else ""


def _press(case, p, level, target, paid):
    at, half, _ = p["reading"]
    if at is None or half is None:
        return "position-unknown"
    zones = tuple({figures.zone_of(at), figures.zone_of(target or at)})
    if not all(p["open_zones"].get(zone) for zone in zones):
        return "zone-not-confirmed"
    if figures.kept_out(case, min(at, target or at), max(at, target or at)):
        return "keep-out-person"
    if half < case.half_mm:
        return "keep-out-midline"
    left, reason = _time_left(case, p, zones, paid)
    if left < LEASE_SHORTEST_MS:
        return reason
    # What may still be deeper than the zones on the way allow is not carried there before it has come up.
    deepest = max([p["commanded"], *[level for _, level in p["fading"]]])
    stays = deepest > figures.standing(case, zones, p["held"])[0]
    return left, *_lowest(case, p, level, zones), 0 if stays else target


def _time_left(case, p, zones, paid):
    """The shortest of what every clock still holds, with the reason for a refusal when it is too short."""
    session, zone = paid
    used = p["used"] or 0
    fresh_spot = p["spot"] is None or abs(p["at"] - p["spot"]) >= 30
    clocks = [
        (p["session"] - used, "session-over"),
        (case.spot_ms - (0 if fresh_spot else p["on_spot"]), "spot-time"),
        (session, "unpaid"),
    ]
    clocks += [(case.zone_ms - p["in_zone"].get(one, 0), "zone-time") for one in zones]
    clocks += [(zone, "unpaid")]
    return min(clocks)


def _lowest(case, p, level, zones):
    most, bound = figures.standing(case, zones, p["held"])
    found = {bound: most, "asked": level}
    if p["touched"] < case.first_ms:
        found["first-contact"] = case.first_level
    found["ramp"] = p["level"] + (1 if p["since_rise"] >= case.rise_ms else 0)
    left = p["session"] - (p["used"] or 0)
    if left <= LAST_SECONDS_MS:
        found["cool-down"] = _falling(case, p, left)
    return figures.lowest(found | talk.bounds(case, p))


def _falling(case, p, left):
    """The last seconds fall evenly from where they began to the level of first contact, rounded down."""
    start = p["level"] if p["falls_from"] is None else p["falls_from"]
    return case.first_level + max(0, start - case.first_level) * left // LAST_SECONDS_MS


def redeem(case, p):
    """Pay the receipt of the last approval once: (number, epoch, level, target, how long)."""
    if not p["receipt"]:
        return None
    (level, target, left), p["receipt"] = p["receipt"], None
    p["number"] += 1
    session_left = p["session"] - (p["used"] or 0)
    if session_left <= LAST_SECONDS_MS and p["falls_from"] is None:
        p["falls_from"] = p["level"]
    if level > p["level"]:
        p["since_rise"] = 0
    # What was commanded until now may still be on its way; more than that, since before, hides nothing less.
    fading = (*p["fading"], (0, p["commanded"]))
    p["fading"] = tuple([one for one in fading if one[1] > level and (one[1] > p["commanded"] or not one[0])])
    p["level"] = p["commanded"] = level
    if target != p["told"]:
        # The same target again is still the same way.
        p["told"], p["target"] = target, target or p["at"]
        p["nearest"] = abs(p["target"] - p["at"])
    p["lease"] = left
    if level:
        p["contact"] = True
        p["used"] = p["used"] or 0
        touch(p, 0)
        talk.pressed(case, p, level)
    return p["number"], p["permit"], level, target, left


def said(case, p, pain, comfort, feeling):
    """Take what somebody says: (trip, lockout, own highest per mille); what is grave stops first.

    Whatever is said holds at once, so what was approved before is void.
    """
    p["receipt"] = None
    reason, cause, own = talk.said(case, p, pain, comfort, feeling)
    return (trip(p, reason) if reason else None), cause or None, own


def zone_answered(p, zone, *, yes):
    """A yes or a no to a zone holds at once."""
    p["receipt"] = None
    talk.zone_answered(p, zone, yes=yes)


def shorten(p, ms):
    """The session lasts no longer than this, at once."""
    p["receipt"], p["session"] = None, min(p["session"], ms)


def hold(p, permille):
    """The caregiver lowers the strength of every zone; whether that was tighter, or as tight."""
    if permille > p["held"]:
        return False
    p["receipt"], p["held"] = None, permille
    return True
