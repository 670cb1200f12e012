"""Where the page is, under which names, and who has to show a PIN before starting anything."""

import hmac
import ipaddress
import socket
from dataclasses import dataclass, field
from typing import Final, Self

from massager.model.errors import AddressError
from massager.web.throttle import Throttle

LOCALHOST: Final = "localhost"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is served.

    Attributes:
        port: 0 for any that is free.
    """

    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> Self:
        """HOST:PORT; an IPv6 address stands in brackets.

        Raises:
            AddressError: It is none.
        """
        host, colon, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not (colon and host and port.isascii() and port.isdigit() and int(port) < 1 << 16):
            raise AddressError(f"{text!r} is no address. Write HOST:PORT, such as 127.0.0.1:8080.")
        return cls(host, int(port))

    @property
    def is_loopback(self) -> bool:
        """Whether nobody but this computer reaches it."""
        if self.host == LOCALHOST:
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def listen(self) -> socket.socket:
        """A socket that listens there.

        Raises:
            AddressError: It cannot be made.
        """
        try:
            family, kind, number, _name, place = socket.getaddrinfo(
                "127.0.0.1" if self.host == LOCALHOST else self.host,
                self.port,
                type=socket.SOCK_STREAM,
                flags=socket.AI_PASSIVE,
            )[0]
            listener = socket.socket(family, kind, number)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
            listener.listen()
        except OSError as error:
            listener.close()
            raise self._unusable(error) from error
        return listener

    def _unusable(self, error: OSError) -> AddressError:
        return AddressError(f"The page cannot be served on {self.host}:{self.port}: {error.strerror}.")


@dataclass(slots=True)
class Door:
    """Who may come in by which name, and what they must show.

    Attributes:
        names: What this computer is called from outside.
        pin: Asked for before every start; None asks nobody.
    """

    names: frozenset[str] = frozenset()
    pin: str | None = None
    _throttle: Throttle = field(default_factory=Throttle)

    def knows(self, host: str) -> bool:
        """Whether a Host header names us: a bare address, or a name that nobody else can point at us."""
        name = _without_port(host).lower()
        if name == LOCALHOST or name in self.names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def wait_s(self, client: str, now_s: float) -> float:
        """How long this client has to wait before its next try counts."""
        return self._throttle.wait_s(client, now_s)

    def opens(self, client: str, pin: str, now_s: float) -> bool:
        """Whether a PIN is right; a wrong one is counted, and one that comes too early is not looked at."""
        if self.pin is None:
            return True
        if self.wait_s(client, now_s) > 0:
            return False
        if hmac.compare_digest(pin.encode(), self.pin.encode()):
            self._throttle.succeeded(client)
            return True
        self._throttle.failed(client, now_s)
        return False


def _without_port(host: str) -> str:
    if host.startswith("["):
        name, closed, _port = host[1:].partition("]")
        return name if closed else ""
    return host.partition(":")[0] if host.count(":") == 1 else host


def own_names(host: str) -> frozenset[str]:
    """What this computer is called in its network, and what it was told to listen as."""
    found = socket.gethostname().lower()
    return frozenset({host.lower(), found, f"{found.partition('.')[0]}.local"})
