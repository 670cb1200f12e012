"""Which broker, and as whom: an address without secrets, a login from a file, a context for TLS."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from massager.model.errors import AddressError
from massager.mqtt.topics import USUAL_GATEWAY

_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Login:
    """A user of the broker's."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a core's bridge connects to.

    Attributes:
        tls: None for a line that is not encrypted.
        login: None where the broker lets in whoever comes.
        gateway: What this core calls itself there.
        live: Whether four times a second it is told there what runs.
    """

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    login: Login | None = None
    gateway: str = USUAL_GATEWAY
    live: bool = False

    @classmethod
    def read(
        cls,
        url: str,
        *,
        ca: Path | None = None,
        login: Login | None = None,
        gateway: str = USUAL_GATEWAY,
        live: bool = False,
    ) -> Self:
        """A broker from what somebody wrote: mqtt://HOST[:1883] or mqtts://HOST[:8883].

        Raises:
            AddressError: It is none, carries a secret, or the authority's certificate cannot be used.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise AddressError(f"{url} is no address of a broker: {error}.") from error
        if parts.username is not None or parts.password is not None:
            raise AddressError(
                "Others on this machine see the address of the broker: leave user and password out of it, "
                "and name a file with them (--mqtt-login-file)."
            )
        odd = parts.path not in {"", "/"} or parts.query or parts.fragment
        if parts.scheme not in _PORTS or not parts.hostname or odd or port == 0:
            raise AddressError(
                f"{url} is no address of a broker. Write mqtt://HOST or mqtts://HOST, with :PORT where it is "
                "not the usual one."
            )
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            tls=_context(ca) if parts.scheme == "mqtts" else None,
            login=login,
            gateway=gateway,
            live=live,
        )

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"


def _context(ca: Path | None) -> ssl.SSLContext:
    """What proves that it is the broker: the authorities of the system, or the one in a file alone."""
    try:
        return ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError) as error:
        raise AddressError(f"The authority's certificate {ca} cannot be used: {error}.") from error
