"""`massager lockout` and `massager answer`: what bars the next start, and how it went."""

import json
import sys
from dataclasses import asdict
from datetime import datetime

from massager.catalog.person_words import second_text
from massager.cli.exits import Exit
from massager.cli.signing import Identity, office, sign_in
from massager.model.history import Authority, Lockout
from massager.texts import lock_cause_text


def local_time(unix_s: int) -> str:
    """A time as the clock on the wall shows it."""
    return f"{datetime.fromtimestamp(unix_s).astimezone():%Y-%m-%d %H:%M}"


def lockout_words(one: Lockout) -> str:
    """A lockout on one line."""
    who = "a caregiver" if one.authority is Authority.CAREGIVER else "a caregiver who names a provider"
    note = f" ({one.note})" if one.note else ""
    return (
        f"{one.number}: {lock_cause_text(one.cause)}, since {local_time(one.since_s)}{note}; "
        f"{who} may clear it from {local_time(one.not_before_s)}"
    )


def lockout_facts(one: Lockout) -> dict[str, object]:
    """A lockout as JSON knows it."""
    facts = asdict(one)
    return facts | {
        "since": second_text(facts.pop("since_s")),
        "not_before": second_text(facts.pop("not_before_s")),
    }


def set_lockout(name: str, note: str, data: str | None) -> Exit:
    """Lock a person out; anybody may."""
    with office(data) as people:
        lockout = people.lockouts.add(name, note)
    print(f"{name} is locked out. Only a caregiver ends that: massager lockout clear {name} {lockout.number}")
    print("A session that runs now is stopped by: massager stop", file=sys.stderr)
    return Exit.OK


def list_lockouts(name: str | None, data: str | None, *, as_json: bool) -> Exit:
    """Print the open lockouts of one person, or of everybody."""
    with office(data) as people:
        names = people.names() if name is None else (name,)
        found = {who: people.lockouts.of(who) for who in names}
    for who, lockouts in found.items():
        for one in lockouts:
            line = {"person": who} | lockout_facts(one)
            print(json.dumps(line) if as_json else f"{who} {lockout_words(one)}")
    if not any(found.values()) and not as_json:
        print("massager: nobody is locked out", file=sys.stderr)
    return Exit.OK


def clear_lockout(
    name: str, number: int, *, why: str, provider: str | None, identity: Identity, data: str | None
) -> Exit:
    """End a lockout."""
    with office(data) as people:
        people.lockouts.require_clearable(name, number, provider=provider)
        signed_in = sign_in(people.caregivers, identity)
        people.lockouts.clear(name, number, why=why, provider=provider, caregiver=signed_in)
        left = people.lockouts.of(name)
    print(f"Lockout {number} of {name} is cleared.")
    for one in left:
        print(f"{name} {lockout_words(one)}")
    return Exit.OK
