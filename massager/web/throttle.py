"""How long somebody who guesses has to wait; a stop is never asked to."""

import ipaddress
from dataclasses import dataclass, field
from typing import Final

# Chosen: five slips of an old hand cost nothing.
FREE_TRIES: Final = 5
# Chosen: whoever takes another address for each try has at most this many for nothing.
FREE_FOR_ALL: Final = 50
# Chosen: with ten minutes between tries six digits last for years.
_WAIT_LONGEST_S: Final = 600.0
# Whoever has one address of IPv6 has all that share this much with it.
_SHARED_BITS: Final = 64

_NONE: Final = (0, 0.0)


@dataclass(slots=True)
class Throttle:
    """Wrong tries in a row: of each client by its address, and of all clients together."""

    _failures: dict[str, tuple[int, float]] = field(default_factory=dict)
    _of_all: tuple[int, float] = _NONE

    def wait_s(self, client: str, now_s: float) -> float:
        """How long this client has to wait before its next try counts."""
        own = self._failures.get(_place(client), _NONE)
        return max(_wait_s(*own, FREE_TRIES, now_s), _wait_s(*self._of_all, FREE_FOR_ALL, now_s))

    def failed(self, client: str, now_s: float) -> None:
        """Count a wrong try."""
        place = _place(client)
        self._failures[place] = (self._failures.get(place, _NONE)[0] + 1, now_s)
        self._of_all = (self._of_all[0] + 1, now_s)

    def succeeded(self, client: str) -> None:
        """Forget the wrong ones."""
        self._failures.pop(_place(client), None)
        self._of_all = _NONE


def _wait_s(count: int, last_s: float, free: int, now_s: float) -> float:
    if count < free:
        return 0.0
    # Beyond ten doublings it is the longest anyway.
    return max(0.0, last_s + min(_WAIT_LONGEST_S, 2.0 ** min(10, count - free + 1)) - now_s)


def _place(client: str) -> str:
    """What is counted for a client: its address, of IPv6 the network that it is in."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return client
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _SHARED_BITS), strict=False))
