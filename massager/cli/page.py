"""Where a core's page is, as the command line says it: for this computer alone unless told otherwise."""

from pathlib import Path
from typing import Final

import typer

from massager.app.hosting import Page
from massager.cli.signing import read_secret
from massager.model.errors import AddressError
from massager.web.door import Address, Door, own_names

# Chosen: with the waits between tries it outlasts guessing, and an old person can keep it in mind.
PIN_SHORTEST: Final = 6


def page_at(web: str | None, *, lan: bool, pin_file: Path | None) -> Page | None:
    """The page that the options ask for; None for none.

    Raises:
        BadParameter: The address is none, or others would reach it and nobody has said that they may.
        AuthError: Others can read the file with the PIN, or it cannot be read.
    """
    if web is None:
        if lan or pin_file is not None:
            raise typer.BadParameter("--lan and --pin-file are about the page: name it with --web HOST:PORT")
        return None
    try:
        address = Address.read(web)
    except AddressError as error:
        raise typer.BadParameter(str(error), param_hint="--web") from error
    if address.is_loopback and not lan:
        return Page(address, Door(pin=None if pin_file is None else _pin(pin_file)))
    if not lan:
        raise typer.BadParameter(
            f"others in the network reach {web}. Say --lan if they shall, or use 127.0.0.1",
            param_hint="--web",
        )
    if pin_file is None:
        raise typer.BadParameter(
            "with --lan every start takes a PIN. Write one into a file of your own (install -m 600 /dev/null "
            "FILE) and name it with --pin-file"
        )
    # Others reach an address of this computer alone only through a proxy on it (docs/https.md).
    door = Door(names=own_names(address.host), pin=_pin(pin_file))
    return Page(address, door, proxied=address.is_loopback)


def _pin(path: Path) -> str:
    pin = read_secret(path)
    if not (pin.isascii() and pin.isdigit() and len(pin) >= PIN_SHORTEST):
        raise typer.BadParameter(f"a PIN has {PIN_SHORTEST} digits or more", param_hint="--pin-file")
    return pin
