"""`massager scan`, `pair`, `devices` and `forget`: which massagers there are, and which are ours."""

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from massager.app.cores import ask, cores
from massager.app.pairing import forget, pair
from massager.app.place import surroundings
from massager.cli.exits import Exit
from massager.guardian.nearby import nearby
from massager.model.errors import ControlSocketError
from massager.model.history import By, Role
from massager.store import Devices

_BY = By("command line", Role.ANYONE)


def scan_radio(*, radio: str, seconds: float, profiles: Path | None, as_json: bool) -> Exit:
    """Print every massager within reach, the nearest first.

    Raises:
        LinkError: The radio does not work.
    """
    found = asyncio.run(nearby(radio, seconds, profiles))
    for each in found:
        if as_json:
            print(json.dumps(asdict(each)))
        else:
            fits = each.profile or "fits no device profile"
            print(f"{each.address:<18} {each.rssi:>4} dBm  {each.name or 'no name':<20}  {fits}")
    if not found:
        print(
            f"massager: no massager within reach in {seconds:g} s. Switch it on and come nearer.",
            file=sys.stderr,
        )
        return Exit.LINK
    return Exit.OK


def pair_device(
    address: str,
    *,
    name: str | None,
    profile: str | None,
    radio: str,
    data: str | None,
    profiles: Path | None,
) -> Exit:
    """Connect, stop, and remember a device.

    Raises:
        MassagerError: It cannot be paired; it is not remembered.
    """
    where = surroundings(radio=radio, data=data, profiles=profiles)
    with where.open_store() as store:
        device = asyncio.run(pair(address, name=name, profile=profile, where=where, store=store, by=_BY))
    print(
        f"Paired {device.name}: {device.model_number}, firmware {device.firmware}, at {device.address}. "
        "It confirmed a stop and is at rest."
    )
    return Exit.OK


def forget_device(name: str, *, data: str | None) -> Exit:
    """Remember a device no longer.

    Raises:
        MassagerError: There is none of that name, or it is in session.
    """
    where = surroundings(radio="", data=data, profiles=None)
    with where.open_store() as store:
        device = forget(name, where=where, store=store, by=_BY)
    print(f"Forgot {device.name} ({device.address} on {device.radio}).")
    return Exit.OK


def list_paired(*, data: str | None, as_json: bool) -> Exit:
    """Print every paired device, and what a running core says of it.

    Raises:
        MassagerError: The store cannot be used.
    """
    with surroundings(radio="", data=data, profiles=None).open_store() as store:
        paired = Devices(store).all()
    states = _states()
    for device in paired:
        state = states.get((device.radio, device.name))
        if as_json:
            print(json.dumps(asdict(device) | {"state": state["stage"] if state else None}))
        else:
            print(
                f"{device.name:<16} {device.profile:<12} {device.address:<18} on {device.radio}, "
                f"firmware {device.firmware}: {_words(state)}"
            )
    if not paired and not as_json:
        print("massager: no device is paired. Find one with: massager scan", file=sys.stderr)
    return Exit.OK


def _words(state: dict[str, Any] | None) -> str:
    if state is None:
        return "no core has it in session"
    who = f"{state['person']}, {state['program']}"
    return f"{who}, {state['stage']}" if not state["over"] else f"last {who}: {state['reason_text']}"


def _states() -> dict[tuple[str, str], dict[str, Any]]:
    """The newest session of each device, by radio and name, as the running cores tell it."""
    found = {}
    for path in cores():
        with suppress(ControlSocketError):
            answer = ask(path, "GET", "/api/v1/status")
            for session in answer.body["sessions"] if answer else ():
                found[session["radio"], session["device"]] = session
    return found
