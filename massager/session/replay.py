"""Decides again what the journal says was decided, and tells where the answer is another.

The Governor is rebuilt for each decision from the facts recorded with it; nothing is remembered from one
decision to the next, so a gap in the journal spoils nothing after it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from massager.safety.envelope import Envelope
from massager.safety.governor import Governor
from massager.session.facts import (
    Facts,
    admitted,
    answered,
    decided,
    read_asked,
    read_noticed,
    read_person,
    read_told,
    read_wished,
    tripped,
)
from massager.session.preparation import Prepared, prepare, tightened
from massager.store import Entry

ADMISSIONS: Final = frozenset({"admitted", "not-admitted"})
DECISIONS: Final = ADMISSIONS | {"decision", "trip", "answer"}


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision made again.

    Attributes:
        entry: What the journal says.
        again: What is decided now from the same facts; None where it cannot be decided.
        why_not: Why it cannot.
    """

    entry: Entry
    again: Facts | None
    why_not: str = ""

    @property
    def same(self) -> bool:
        """Whether the answer is the recorded one."""
        facts = self.entry.record.facts
        return facts is not None and self.again is not None and self.again == facts["outcome"]


def replay(entries: Iterable[Entry]) -> Iterator[Replayed]:
    """Every decision of these entries made again: admissions, wishes, trips; other entries are passed over.

    Args:
        entries: In the order of the journal; a session's admission comes before its decisions.
    """
    admitted_as: dict[int | None, Prepared] = {}
    for entry in entries:
        record = entry.record
        if record.kind == "tightened" and record.facts is not None and record.session in admitted_as:
            was, person = admitted_as[record.session], read_person(dict(record.facts))
            envelope = tightened(was.envelope, person, was.order.screening)
            admitted_as[record.session] = replace(was, envelope=envelope)
        if record.kind not in DECISIONS:
            continue
        if record.facts is None:
            yield Replayed(entry, None, "its content is gone: the person was forgotten")
            continue
        facts = dict(record.facts)
        try:
            if record.kind in ADMISSIONS:
                asked = read_asked(facts)
                prepared = prepare(asked.order, asked.history)
                if isinstance(prepared, Prepared):
                    admitted_as[record.session] = prepared
                yield Replayed(entry, admitted(prepared))
            elif record.session not in admitted_as:
                yield Replayed(entry, None, "the session's admission is not among these entries")
            else:
                yield Replayed(entry, _again(record.kind, facts, admitted_as[record.session].envelope))
        except (ValueError, KeyError, TypeError) as error:
            yield Replayed(entry, None, f"its facts are not those of a decision: {error}")


def _again(kind: str, facts: Facts, envelope: Envelope) -> Facts:
    if kind == "decision":
        wished = read_wished(facts)
        governor = Governor(envelope=envelope, state=wished.state)
        return decided(governor.request(wished.intent, wished.now_ms, wished.paid))
    if kind == "answer":
        told = read_told(facts)
        governor = Governor(envelope=envelope, state=told.state)
        return answered(governor.answered(told.check_in, told.now_ms))
    noticed = read_noticed(facts)
    governor = Governor(envelope=envelope, state=noticed.state)
    if noticed.reading is None:
        return tripped(governor.timer(noticed.now_ms))
    return tripped(governor.reading(noticed.reading, noticed.now_ms))
