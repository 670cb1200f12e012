"""What the device reports, held against what it was told: the twin's half of the watch."""

from twin import figures, talk
from twin.figures import LONG, STALE_MS
from twin.session import touch, trip

# What set the device's state, where it was not us.
ENDS = {
    "stop": "device-stopped",
    "watchdog": "device-stopped",
    "timer": "device-stopped",
    "local_button": "local-button",
    "fault": "device-fault",
}


def reading(case, p, seen):
    """Take a report: a dict as `Pair.read` makes it."""
    if seen["counter"] == p["counter"]:
        return ""
    found = "" if p["stopping"] else _danger(case, p, seen)
    retracted = not (seen["level"] or seen["depth"] or seen["load"])
    in_time = 0 <= seen["age"] <= STALE_MS
    if in_time:
        p["reading"] = (seen["at"], seen["half"], retracted)
        p["age"], p["counter"] = seen["age"], seen["counter"]
        p["at"] = p["at"] if seen["at"] is None else seen["at"]
    after_stop = in_time and seen["age"] < p["since_stop"]
    if retracted and (after_stop if p["stopping"] else not p["commanded"]):
        p["contact"], p["level"], p["touched"], p["since_rise"], p["falls_from"] = False, 0, 0, LONG, None
    if p["contact"]:
        touch(p, 0)
    if found:
        return trip(p, found)
    talk.ask_what_is_due(p)
    # Rest is what architecture.md, chapter 4, calls so, in a report made after the stop.
    if after_stop and seen["at_rest"] and retracted and not seen["moving"]:
        p["stopping"] = False
    return ""


def _danger(case, p, seen):
    """The reason to trip that a report shows, if it shows one."""
    if not 0 <= seen["age"] <= STALE_MS:
        return "stale-reading"
    if seen["fault"]:
        return "device-fault"
    if not p["permit"]:
        return ""
    if seen["cause"] in ENDS:
        return ENDS[seen["cause"]]
    if seen["epoch"] > p["permit"]:
        return "foreign-command"
    pressing = seen["level"] or seen["depth"] or seen["load"]
    return _unlike_told(case, p, seen) if pressing else ""


def _unlike_told(case, p, seen):
    """How a device that presses differs from what it was told; it rounds depth and load up by a unit."""
    most = max([p["commanded"], *[level for _, level in p["fading"]]])
    if seen["level"] > most or seen["depth"] > 10 * most + 1:
        return "above-commanded"
    if seen["at"] is None or seen["half"] is None:
        return "position-unknown"
    if seen["load"] > figures.FORCE_N[case.severity] + 1:
        return "above-force"
    if seen["half"] < case.half_mm or figures.kept_out(case, seen["at"], seen["at"]):
        return "out-of-place"
    return _strayed(p, seen["at"])


def _strayed(p, at):
    """On its way the carriage only comes nearer, but for 5 mm."""
    if p["target"] is None:
        return ""
    away, nearest = abs(p["target"] - at), p["nearest"]
    p["nearest"] = min(away, nearest)
    return "out-of-place" if away > nearest + 5 else ""
