"""The talk during a session, in ages: check-ins, first visits to zones, and what an answer lowers.

From docs/questions.md, chapters 3 to 5. A picture's part for it is in the same plain dict (session.py).
"""

from twin.figures import AGAIN_MS, CHECK_INS_S, PAIN_BARS


def begin(case):
    """Nothing asked, nothing said; the start agreed to some zones."""
    return {
        "due": None,
        "waits": None,
        "asked_at": 0,
        "felt": 0,
        "most": None,
        "half": None,
        "again": None,
        "open_zones": dict.fromkeys(case.agreed, True),
        "zone_asked": None,
    }


def wait(p, ms):
    """The schedule runs whether anything presses or not."""
    if p["waits"] is not None:
        p["waits"] += ms
    elif p["due"] is not None:
        p["due"] -= ms
    if p["again"] is not None:
        p["again"] -= ms


def _times(case):
    return [1000 * seconds for seconds in CHECK_INS_S[case.severity]]


def pressed(case, p, level):
    """First contact sets the check-ins going."""
    p["felt"] = level
    if p["due"] is None:
        p["due"] = _times(case)[0]


def stopped(p):
    """After a pause the schedule begins anew with first contact."""
    p["due"] = p["waits"] = None


def ask_what_is_due(p):
    """Open the check-in whose time has come; the level it is about is the last that pressed."""
    if p["waits"] is None and p["due"] is not None and p["due"] <= 0:
        p["waits"], p["asked_at"] = 0, p["felt"]


def silent(case, p):
    """Nobody answered for so long that the session stops."""
    return p["waits"] is not None and p["waits"] >= _times(case)[3]


def bounds(case, p):
    """What was said, and silence, leave of the strength."""
    found = {}
    said = [bound for bound in (p["most"], p["half"]) if bound is not None]
    if said:
        found["answer"] = min(said)
    if p["waits"] is not None and p["waits"] >= _times(case)[2]:
        found["no-answer"] = p["asked_at"] // 2
    return found


# What is new, and the lockout that follows (docs/questions.md, chapter 4).
LOCKS = {
    "tingling": "limb-symptom",
    "weakness": "limb-symptom",
    "both-legs": "red-flag-spine",
    "bladder-bowel-saddle": "red-flag-spine",
    "clumsy-or-unsteady": "red-flag-cord",
    "stroke-signs": "red-flag-stroke",
    "chest": "red-flag-chest",
    "shooting": "shooting-pain",
    "dizziness": "dizziness",
    "burning": "burning",
    "other": "unclear-symptom",
}


def said(case, p, pain, comfort, feeling):
    """Take an answer, whole or not: (reason to stop or "", lockout or "", own highest per mille or None)."""
    if feeling in LOCKS:
        return LOCKS[feeling], LOCKS[feeling], None
    worse = pain is not None and pain > case.pain
    if pain is not None and (pain >= PAIN_BARS or pain >= case.pain + 2 or (worse and _had_its_time(p))):
        cause = "repeated-pain" if case.pain_stops else "pain"
        return "pain", cause, _permille(case, p["felt"]) // 2 if p["felt"] else None
    own = None
    if comfort == "too-strong" and p["felt"]:
        lowered = p["felt"] * 700 // 1000
        p["most"] = lowered if p["most"] is None else min(p["most"], lowered)
        own = _permille(case, p["felt"]) * 630 // 1000
    if worse and p["half"] is None:
        p["half"], p["again"] = p["felt"] // 2, AGAIN_MS
        # Said in a pause, it is asked about with the first check-in after it, as everything is.
        p["due"] = p["due"] and min(p["due"], AGAIN_MS)
    elif pain is not None and not worse:
        p["half"] = p["again"] = None
    if None not in {pain, comfort, feeling}:
        _ask_later(case, p)
    # A level of 0 is not available (docs/limits.md, chapter 4), so nothing is left to go on with.
    return "too-coarse" if 0 in {p["most"], p["half"]} else "", "", own


def _had_its_time(p):
    return p["again"] is not None and p["again"] <= 0


def _permille(case, level):
    return 1000 * level // case.levels


def _ask_later(case, p):
    """A whole answer closes the question; while pain is up, the next comes 30 s after it."""
    p["waits"] = None
    if p["due"] is not None:
        p["due"] = _times(case)[1] if p["half"] is None else AGAIN_MS


def ask_zone(p, zone):
    """Ask once in a session; whatever else of this kind still waits is a no."""
    if zone in p["open_zones"] or zone == p["zone_asked"]:
        return
    if p["zone_asked"] is not None:
        p["open_zones"] = p["open_zones"] | {p["zone_asked"]: False}
    p["zone_asked"] = zone


def zone_answered(p, zone, *, yes):
    """Only a yes to what was asked opens; a no closes, also later."""
    if p["zone_asked"] == zone or (not yes and zone in p["open_zones"]):
        p["open_zones"] = p["open_zones"] | {zone: yes}
        if p["zone_asked"] == zone:
            p["zone_asked"] = None


def prompts(p):
    """What waits for an answer: how long the check-in does, and the zone that was asked about."""
    return (p["waits"], p["zone_asked"])
