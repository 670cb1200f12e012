"""Which broker a core is at, as the command line says it; its login comes from a file alone."""

import re
from pathlib import Path
from typing import Final

import typer

from massager.cli.signing import read_secret
from massager.model.errors import AddressError
from massager.mqtt.broker import Broker, Login
from massager.mqtt.topics import USUAL_GATEWAY

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
# An id of a massager, which stands in the same place of the tree.
_MASSAGER: Final = re.compile(r"mr-[0-9a-f]{8}")


def broker_at(
    url: str | None, *, login_file: Path | None, ca: Path | None, gateway: str | None, live: bool = False
) -> Broker | None:
    """The broker that the options ask for; None for none.

    Raises:
        BadParameter: The address is none, or options are there that it has no use for.
        AuthError: Others can read the file with the login, or it cannot be read.
    """
    if url is None:
        if live or any(option is not None for option in (login_file, ca, gateway)):
            raise typer.BadParameter(
                "--mqtt-login-file, --mqtt-ca, --mqtt-gateway and --mqtt-live are about a broker: "
                "name it with --mqtt URL"
            )
        return None
    if ca is not None and not url.startswith("mqtts:"):
        raise typer.BadParameter(
            "--mqtt-ca is for an encrypted line: write mqtts://HOST", param_hint="--mqtt"
        )
    name = USUAL_GATEWAY if gateway is None else gateway
    if not _NAME.fullmatch(name) or _MASSAGER.fullmatch(name):
        raise typer.BadParameter(
            "a gateway is called by small letters, digits and hyphens, 32 at most, and not as a massager is",
            param_hint="--mqtt-gateway",
        )
    login = None if login_file is None else _login(login_file)
    try:
        return Broker.read(url, ca=ca, login=login, gateway=name, live=live)
    except AddressError as error:
        raise typer.BadParameter(str(error), param_hint="--mqtt") from error


def _login(path: Path) -> Login:
    user, _newline, password = read_secret(path).partition("\n")
    user = user.removesuffix("\r")
    if not user or not password or "\n" in password:
        raise typer.BadParameter(
            f"{path} has two lines: the user and the password", param_hint="--mqtt-login-file"
        )
    return Login(user, password)
