"""An entry of the log in words: what was done, by whom, why, and from what into what."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from massager.model.history import Role
from massager.session.history import LogEntry
from massager.session.logbook import recorded_changes
from massager.texts.language import Language
from massager.texts.oversight_labels import OversightLabel
from massager.web.caregiver.log_said import said
from massager.web.caregiver.words import called, told


class Topic(StrEnum):
    """What somebody looks for."""

    USUAL = "usual"
    CHANGES = "changes"
    BARS = "bars"
    SESSIONS = "sessions"
    ACCESS = "access"
    FINE = "fine"


TOPICS: Final = MappingProxyType(
    {
        Topic.USUAL: OversightLabel.LOG_TOPIC_USUAL,
        Topic.CHANGES: OversightLabel.LOG_TOPIC_CHANGES,
        Topic.BARS: OversightLabel.LOG_TOPIC_BARS,
        Topic.SESSIONS: OversightLabel.LOG_TOPIC_SESSIONS,
        Topic.ACCESS: OversightLabel.LOG_TOPIC_ACCESS,
        Topic.FINE: OversightLabel.LOG_TOPIC_FINE,
    }
)
# Every kind of entry, by what somebody looks for; `USUAL` is all that is not fine.
KINDS: Final[Mapping[Topic, Mapping[str, OversightLabel]]] = MappingProxyType(
    {
        Topic.CHANGES: {
            "person-added": OversightLabel.DID_PERSON_ADDED,
            "person-change": OversightLabel.DID_PERSON_CHANGE,
            "person-forgotten": OversightLabel.DID_PERSON_FORGOTTEN,
            "past-brought-along": OversightLabel.DID_PAST_BROUGHT_ALONG,
            "tightened": OversightLabel.DID_TIGHTENED,
            "zone-tested": OversightLabel.DID_ZONE_TESTED,
        },
        Topic.BARS: {
            "lockout": OversightLabel.DID_LOCKOUT,
            "lockout-cleared": OversightLabel.DID_LOCKOUT_CLEARED,
            "follow-up": OversightLabel.DID_FOLLOW_UP,
        },
        Topic.SESSIONS: {
            "session-opened": OversightLabel.DID_OPENED,
            "admitted": OversightLabel.DID_ADMITTED,
            "not-admitted": OversightLabel.DID_NOT_ADMITTED,
            "session-ended": OversightLabel.DID_ENDED,
            "session-left": OversightLabel.DID_LEFT,
            "stop": OversightLabel.DID_STOP,
            "halt": OversightLabel.DID_HALT,
            "trip": OversightLabel.DID_TRIP,
            "stopped": OversightLabel.DID_STOPPED,
            "failed": OversightLabel.DID_FAILED,
            "alarm": OversightLabel.DID_ALARM,
            "refused": OversightLabel.DID_REFUSED,
            "guardian": OversightLabel.DID_GUARDIAN,
            "answer": OversightLabel.DID_ANSWER,
            "zone": OversightLabel.DID_ZONE,
            "intent": OversightLabel.DID_INTENT,
        },
        Topic.ACCESS: {
            "signed-in": OversightLabel.DID_SIGNED_IN,
            "sign-in-failed": OversightLabel.DID_SIGN_IN_FAILED,
            "caregiver-added": OversightLabel.DID_CAREGIVER_ADDED,
            "caregiver-renewed": OversightLabel.DID_CAREGIVER_RENEWED,
            "caregiver-revoked": OversightLabel.DID_CAREGIVER_REVOKED,
            "device-paired": OversightLabel.DID_DEVICE_PAIRED,
            "device-forgotten": OversightLabel.DID_DEVICE_FORGOTTEN,
            "time-confirmed": OversightLabel.DID_TIME_CONFIRMED,
            "backup-accepted": OversightLabel.DID_BACKUP_ACCEPTED,
        },
        Topic.FINE: {
            "decision": OversightLabel.DID_DECISION,
            "renewals": OversightLabel.DID_RENEWALS,
            "telemetry": OversightLabel.DID_TELEMETRY,
            "delivery": OversightLabel.DID_DELIVERY,
            "session-device": OversightLabel.DID_SESSION_DEVICE,
        },
    }
)
_TITLES: Final = MappingProxyType({kind: title for of in KINDS.values() for kind, title in of.items()})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry.

    Attributes:
        person: Name; empty where it is about nobody, or about nobody any more.
        changes: What was changed, from what, into what.
    """

    number: int
    at_s: int
    title: str
    person: str
    session: int | None
    by: str
    text: str
    changes: tuple[tuple[str, str, str], ...]
    why: str


def line(words: Language, entry: LogEntry) -> Line:
    """An entry in words."""
    record, label = entry.record, words.oversight
    facts: Mapping[str, Any] | None = record.facts
    is_known = record.kind in _TITLES
    text = (
        label[OversightLabel.LOG_CONTENT_GONE]
        if facts is None
        else said(words, record.kind, record.code, facts)
    )
    facts = facts or {}
    nobody = label[OversightLabel.LOG_FORGOTTEN] if record.facts is None else ""
    why = str(facts.get("why") or facts.get("note") or "")
    return Line(
        number=entry.seq,
        at_s=record.unix_s,
        title=label[_TITLES[record.kind]] if is_known else record.kind,
        person=record.person or nobody,
        session=record.session,
        by=_by(words, record.code, facts),
        text=text,
        changes=tuple(_changes(words, facts)) if "changes" in facts else (),
        why=label[OversightLabel.LOG_WHY].format(why=why) if why else "",
    )


def _by(words: Language, code: str, facts: Mapping[str, Any]) -> str:
    if "who" not in facts:
        return ""
    label = OversightLabel.LOG_BY_CAREGIVER if code == Role.CAREGIVER else OversightLabel.LOG_BY
    return words.oversight[label].format(who=facts["who"])


def _changes(words: Language, facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    try:
        found = recorded_changes(facts)
    except (ValueError, KeyError, TypeError):
        # Another version wrote it: as it stands there.
        return [(field, str(old), str(new)) for field, (old, new) in facts["changes"].items()]
    return [
        (called(words, one.before), told(words, one.before, {}), told(words, one.after, {})) for one in found
    ]
