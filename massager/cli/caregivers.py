"""`massager caregiver` and `massager clearance`: who may loosen, and what providers agreed to."""

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typer

from massager.app.moments import moment
from massager.app.store_place import data_place, witness_path
from massager.catalog.person_words import read_day
from massager.cli.exits import Exit
from massager.cli.person_words import clearance_facts, clearance_words, word
from massager.cli.signing import Identity, agreed, ledger_office, new_passphrase, office, services, sign_in
from massager.model.body import Region
from massager.model.ceilings import Clearance, Modality
from massager.model.people import ProviderClearance
from massager.store import Store, accept_restored


def add_caregiver(
    name: str, *, alone: bool, new_file: Path | None, identity: Identity, data: str | None
) -> Exit:
    """Add a caregiver; the first one needs nobody's leave."""
    with office(data) as people:
        caregivers = people.caregivers
        signed_in = sign_in(caregivers, identity) if caregivers.names() else None
        caregivers.add(name, new_passphrase(name, new_file), alone=alone, caregiver=signed_in)
    print(f"{name} may sign in as a caregiver.")
    if alone:
        print("The journal says that the person whose limits it guards holds the passphrase.")
    return Exit.OK


def list_caregivers(data: str | None, *, as_json: bool) -> Exit:
    """Print everybody who may sign in."""
    with office(data) as people:
        names = people.caregivers.names()
    for name in names:
        print(json.dumps({"name": name}) if as_json else name)
    if not names and not as_json:
        print("massager: there is no caregiver yet; begin with: massager caregiver add NAME", file=sys.stderr)
    return Exit.OK


def revoke_caregiver(name: str, identity: Identity, data: str | None, *, yes: bool) -> Exit:
    """Take the right away for good."""
    with office(data) as people:
        caregivers = people.caregivers
        if not agreed(f"Revoke {name}? The name is not given again.", yes=yes):
            print("massager: nothing was changed", file=sys.stderr)
            return Exit.USAGE
        caregivers.revoke(name, caregiver=sign_in(caregivers, identity))
    print(f"{name} is no caregiver any more.")
    return Exit.OK


def confirm_time(identity: Identity, data: str | None, *, yes: bool) -> Exit:
    """Believe this computer's clock from now on."""
    with ledger_office(data) as (people, ledger):
        shown = datetime.fromtimestamp(moment().wall_s).astimezone()
        if not agreed(f"Is it {shown:%A, %Y-%m-%d %H:%M} here?", yes=yes):
            print("massager: nothing was changed; set the clock of this computer first", file=sys.stderr)
            return Exit.USAGE
        caregivers = people.caregivers
        by = caregivers.required(sign_in(caregivers, identity), "confirm the time")
        ledger.confirm_time(by, moment())
    print("The time is confirmed. What was to wait, waits in full from now.")
    return Exit.OK


def accept_backup(identity: Identity, data: str | None, *, yes: bool) -> Exit:
    """Go on with a store that was restored from a backup."""
    place = data_place(data)
    question = "Go on with the restored store? Everybody in it is locked out for eight days."
    if not agreed(question, yes=yes):
        print("massager: nothing was changed", file=sys.stderr)
        return Exit.USAGE
    # The caregivers are those of the backup.
    with Store.open(place, witness=witness_path(place), restored=True) as store:
        caregivers = services(store).caregivers
        by = caregivers.required(sign_in(caregivers, identity), "accept a backup")
    accept_restored(place, witness_path(place), by=by, now=moment())
    print("The backup is accepted. Everybody in it is locked out for eight days: massager lockout list")
    return Exit.OK


@dataclass(frozen=True, slots=True)
class Typed:
    """A clearance as typed."""

    provider: str
    code: str
    region: str
    modality: str
    given: str
    expires: str


def record_clearance(name: str, typed: Typed, *, why: str, identity: Identity, data: str | None) -> Exit:
    """Put a provider's clearance on record."""
    try:
        clearance = ProviderClearance(
            word(Clearance, typed.code, "--code"),
            typed.provider,
            word(Region, typed.region, "--region"),
            word(Modality, typed.modality, "--modality"),
            read_day(typed.given),
            read_day(typed.expires),
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with office(data) as people:
        people.get(name)
        signed_in = sign_in(people.caregivers, identity)
        people.record_clearance(name, clearance, why=why, caregiver=signed_in)
    print(f"{name}: {clearance_words(clearance)}")
    return Exit.OK


def list_clearances(name: str, data: str | None, *, as_json: bool) -> Exit:
    """Print a person's clearances, those that have expired included."""
    with office(data) as people:
        person = people.get(name)
        now_s = people.lockouts.history(name).now_s
    for one in person.clearances:
        holds = one.given_s <= now_s < one.expires_s
        if as_json:
            print(json.dumps({"person": name} | clearance_facts(one) | {"holds": holds}))
        else:
            print(f"{clearance_words(one)}{'' if holds else ' (does not hold today)'}")
    if not person.clearances and not as_json:
        print(f"massager: no clearance of {name} is on record", file=sys.stderr)
    return Exit.OK
