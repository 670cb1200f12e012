"""What holds in every state, whatever led there; each by its name, asked after every single step.

The past that they need is the twin's picture of the moment before; they judge the Governor's own answer.
"""

from explore import keys
from massager.model.commands import Intent
from massager.model.decisions import Refusal
from massager.safety.clocks import Paid
from twin import figures, talk

RAMP_MS = 10_000


def broken(pair, step, before, left_ms, answer):
    """The name of the first invariant that does not hold after a step, or None."""
    governor = pair.governor
    if governor.usage.left_ms(pair.now_ms) > left_ms:
        return "the time that is left never rises"
    if before["trip"] and (governor.trip is None or governor.trip.reason.value != before["trip"]):
        return "a trip is terminal and the first one stays"
    if governor.trip is not None and governor.state.epoch is not None:
        return "after a trip no permit is in force"
    if step[0].startswith("redeem") and answer is not None:
        return _of_a_lease(pair, before, left_ms, answer)
    if step[0] == "say" and step[2].get("feeling") in talk.LOCKS and (governor.trip is None or not answer[1]):
        return "whatever is new stops first, and locks"
    return None


def _of_a_lease(pair, before, left_ms, lease):
    _, epoch, level, _, length_ms = lease
    if before["trip"] or before["stopping"] or not before["permit"]:
        return "nothing is paid while stopped, tripped or without a permit"
    if epoch <= before["stopped_at_epoch"]:
        return "after a stop no lease of an older epoch"
    if not 0 < length_ms <= figures.LEASE_MS:
        return "a lease ends within a second"
    return _of_a_level(pair.case, before, left_ms, lease) if level else None


def _of_a_level(case, before, left_ms, lease):
    _, _, level, target, length_ms = lease
    rise, ramp = level - before["level"], case.levels * figures.RAMP[case.severity]
    if length_ms > left_ms:
        return "nothing presses after the session's end"
    zones = tuple([figures.zone_of(at) for at in (before["at"], target or before["at"])])
    if not all(before["open_zones"].get(zone) for zone in zones):
        return "a zone that was declined or not asked about is never entered"
    deepest = max([before["commanded"], *[deep for _age, deep in before["fading"]]])
    if target and deepest > figures.standing(case, zones)[0]:
        return "nothing is carried to where less is allowed before it has come up"
    if level > figures.standing(case, zones)[0]:
        return "no level above a standing cap"
    if before["touched"] < figures.FIRST_CONTACT_MS and level > case.first_level:
        return "first contact is gentle"
    if rise > 1 or (rise == 1 and before["since_rise"] * ramp < 1000 * RAMP_MS):
        return "at most one level up in an interval"
    times = figures.CHECK_INS_S[case.severity]
    waits = before["waits"] or 0
    if waits >= 1000 * times[3] or (waits >= 1000 * times[2] and level > before["asked_at"] // 2):
        return "without an answer half the level, then none"
    return None


def broken_here(pair):
    """The name of an invariant of a state by itself that does not hold, or None; the pair stays as it is."""
    here = pair.fork()
    here.governor.stop(here.now_ms)
    once = keys.core_key(here.case, here.governor.state, here.now_ms)
    here.governor.stop(here.now_ms)
    if once != keys.core_key(here.case, here.governor.state, here.now_ms):
        return "a stop is legal everywhere, and two are one"
    if any(here.governor.redeem(ticket, here.now_ms) is not None for ticket in here.tickets):
        return "a stop voids what was approved"
    wish = Intent(1, None, None, 10)
    if not isinstance(here.governor.request(wish, here.now_ms, Paid(10**9, {})), Refusal):
        return "after a stop nothing is approved"
    return None
