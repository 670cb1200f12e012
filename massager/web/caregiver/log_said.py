"""What an entry of the log says beside who, when and why, by its kind; the facts are the journal's."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from massager.model.body import Zone
from massager.model.decisions import Reason, Source
from massager.model.history import LockCause
from massager.model.questions import Answer, Comfort, Feeling
from massager.texts import reason_on_page, source_on_page
from massager.texts.language import Language
from massager.texts.oversight_labels import OversightLabel
from massager.web.rendering import capital, length, teller

_Facts = Mapping[str, Any]

_INTENTS: Final = MappingProxyType(
    {
        "weaker": OversightLabel.TOLD_WEAKER,
        "stronger": OversightLabel.TOLD_STRONGER,
        "lower": OversightLabel.TOLD_LOWER,
        "cool": OversightLabel.TOLD_COOL,
        "warm": OversightLabel.TOLD_WARM,
        "resume": OversightLabel.TOLD_RESUME,
    }
)


def said(words: Language, kind: str, code: str, facts: _Facts) -> str:
    """In words; what has none says its code."""
    # Of what somebody did the code is only in what right.
    usual = "" if "who" in facts else code
    try:
        return _WRITERS[kind](words, code, facts) if kind in _WRITERS else usual
    except (KeyError, ValueError, TypeError, IndexError):
        return usual


def _reason(words: Language, code: str, facts: _Facts) -> str:
    outcome: _Facts = facts.get("outcome") or {}
    text = reason_on_page(words, Reason(code), str(facts.get("detail") or outcome.get("detail") or ""))
    if "confirmed" not in facts:
        return text
    rest = OversightLabel.TOLD_REST if facts["confirmed"] else OversightLabel.TOLD_NO_REST
    return f"{text} {words.oversight[rest]}"


def _lockout(words: Language, code: str, facts: _Facts) -> str:
    when = teller(words)(facts["not_before_s"])
    return f"{_cause(words, code, facts)} {words.oversight[OversightLabel.TOLD_CLEARABLE].format(when=when)}"


def _cause(words: Language, _code: str, facts: _Facts) -> str:
    return f"{capital(words.lock_causes[LockCause(facts['cause'])])}."


def _follow_up(words: Language, _code: str, facts: _Facts) -> str:
    worse, feeling = facts["worse"], facts["feeling"]
    answer = words.answers[Answer(worse)] if worse in set(Answer) else worse
    pain = words.oversight[OversightLabel.TOLD_PAIN].format(pain=facts["pain"])
    new = words.feelings[Feeling(feeling)] if feeling in set(Feeling) else feeling
    return f"{pain}, {words.oversight[OversightLabel.TOLD_WORSE].format(answer=answer)}, {new}"


def _answer(words: Language, _code: str, facts: _Facts) -> str:
    check_in, found = facts["check_in"], []
    if check_in["pain"] is not None:
        found.append(words.oversight[OversightLabel.TOLD_PAIN].format(pain=check_in["pain"]))
    if check_in["comfort"] is not None:
        found.append(words.comforts[Comfort(check_in["comfort"])])
    if check_in["feeling"] is not None:
        found.append(words.feelings[Feeling(check_in["feeling"])])
    return capital(", ".join(found))


def _zone(words: Language, code: str, facts: _Facts) -> str:
    answer = words.oversight[OversightLabel.TOLD_YES if facts["yes"] else OversightLabel.TOLD_NO]
    return f"{capital(words.zones[Zone(facts.get('zone', code))])}: {answer}"


def _intent(words: Language, code: str, _facts: _Facts) -> str:
    return words.oversight[_INTENTS[code]]


def _opened(words: Language, code: str, facts: _Facts) -> str:
    return words.oversight[OversightLabel.TOLD_ON].format(program=facts["program"], device=code)


def _ended(words: Language, _code: str, facts: _Facts) -> str:
    used = length(words, round(facts["used_ms"] / 1000))
    return words.oversight[OversightLabel.TOLD_USED].format(length=used)


def _alarm(_words: Language, _code: str, facts: _Facts) -> str:
    return str(facts["text"])


def _caregiver(_words: Language, _code: str, facts: _Facts) -> str:
    return str(facts["caregiver"])


def _device(_words: Language, _code: str, facts: _Facts) -> str:
    return f"{facts['name']} ({facts['profile']}, {facts['address']})"


def _decision(words: Language, _code: str, facts: _Facts) -> str:
    outcome = facts["outcome"]
    if "refused" in outcome:
        return reason_on_page(words, Reason(outcome["refused"]), outcome["detail"])
    why = source_on_page(words, Source(outcome["source"]))
    return words.oversight[OversightLabel.TOLD_LEVEL].format(level=max(outcome["levels"]), why=why)


def _renewals(words: Language, _code: str, facts: _Facts) -> str:
    return words.oversight[OversightLabel.TOLD_TIMES].format(count=facts["count"])


def _telemetry(words: Language, _code: str, facts: _Facts) -> str:
    levels = "/".join(str(one["level"]) for one in facts["actuators"])
    forces = "/".join(str(one["load_n"]) for one in facts["actuators"])
    return words.oversight[OversightLabel.TOLD_MEASURED].format(levels=levels, forces=forces)


_WRITERS: Final[Mapping[str, Callable[[Language, str, _Facts], str]]] = MappingProxyType(
    {
        "not-admitted": _reason,
        "stop": _reason,
        "halt": _reason,
        "trip": _reason,
        "stopped": _reason,
        "failed": _reason,
        "refused": _reason,
        "guardian": _reason,
        "lockout": _lockout,
        "lockout-cleared": _cause,
        "follow-up": _follow_up,
        "answer": _answer,
        "zone": _zone,
        "zone-tested": _zone,
        "intent": _intent,
        "session-opened": _opened,
        "session-ended": _ended,
        "session-left": _ended,
        "alarm": _alarm,
        "caregiver-added": _caregiver,
        "caregiver-renewed": _caregiver,
        "caregiver-revoked": _caregiver,
        "device-paired": _device,
        "device-forgotten": _device,
        "decision": _decision,
        "renewals": _renewals,
        "telemetry": _telemetry,
    }
)
