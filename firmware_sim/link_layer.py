"""The ends of a virtual link, the advertisers and what joins them: Bumble's, corrected.

Each correction says in one line what was wrong in 0.0.236; its test is in tests/sim/test_air.py.
"""
# ruff: noqa: D102  # a method without a docstring overrides one of Bumble's and keeps its contract

import asyncio
import dataclasses
from typing import Any, Protocol, cast

from bumble import controller, hci, link, ll

from firmware_sim import data_path

Advertiser = controller.LegacyAdvertiser | controller.AdvertisingSet


class Listener(Protocol):
    """A controller on the link, as far as the link is concerned."""

    def hear(self, advertiser: Advertiser, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Take one advertisement."""

    def send_bytes(self, packet: bytes) -> None:
        """Send one packet to the host."""


@dataclasses.dataclass
class LinkEnd(controller.Connection):
    """One end of an LE link. Was: the peer was searched by address for each packet, in O(N²)."""

    other: "LinkEnd | None" = None

    @property
    def alive(self) -> bool:
        """Whether the link is still up at this end."""
        return self.controller.le_connections.get(self.peer_address) is self

    def on_acl_pdu(self, pdu: bytes) -> None:
        # Was: data carried the sender's present random address, so that only links between static
        # random addresses worked.
        asyncio.get_running_loop().call_soon(self._other.receive, pdu)

    def send_ll_control_pdu(self, packet: ll.ControlPdu) -> None:
        asyncio.get_running_loop().call_soon(self._other.obey, packet)

    @property
    def _other(self) -> "LinkEnd":
        return cast("LinkEnd", self.other)  # set before either end is seen by anybody

    def receive(self, pdu: bytes) -> None:
        """Hand data from the other end to the host."""
        if self.alive:
            cast("Listener", self.controller).send_bytes(data_path.packet_to_host(self.handle, pdu))

    def obey(self, packet: ll.ControlPdu) -> None:
        """Act on a control packet from the other end."""
        if self.alive:
            self.controller.on_ll_control_pdu(self.peer_address, packet)


class LegacyAdvertiser(controller.LegacyAdvertiser):
    """What the HCI commands of Bluetooth 4 advertise with."""

    def _on_timer_fired(self) -> None:
        # Was: the interval, in units of 0.625 ms, was taken for milliseconds.
        self.send_advertising_data()
        delay = max(self.advertising_interval_min * 0.625 / 1000, 0.01)
        self.timer_handle = asyncio.get_running_loop().call_later(delay, self._on_timer_fired)


class AdvertisingSet(controller.AdvertisingSet):
    """What the HCI commands of Bluetooth 5 advertise with."""

    def start(self) -> None:
        # Was: starting twice advertised twice as often.
        self.stop()
        self.enabled = True
        self.timer_handle = asyncio.get_running_loop().call_soon(self._on_extended_advertising_timer_fired)

    def send_extended_advertising_data(self) -> None:
        # Was: a packet was made ten times a second also where nobody listened.
        if cast("Link", self.controller.link).anybody_listens:
            super().send_extended_advertising_data()


class Link(link.LocalLink):
    """What the controllers of one air share."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        # Was: a set, so that the order of events differed from run to run.
        self.controllers: dict[controller.Controller, None] = {}  # type: ignore[assignment]
        self._listening: dict[Any, int] = {}
        self._joined: dict[Any, int] = {}

    def add_controller(self, controller: controller.Controller) -> None:
        """Let a controller send; it hears nothing before it tunes in."""
        self._joined[controller] = len(self._joined)
        self.controllers[controller] = None

    def remove_controller(self, controller: controller.Controller) -> None:
        """Forget a controller."""
        self.controllers.pop(controller, None)
        self._listening.pop(controller, None)

    @property
    def anybody_listens(self) -> bool:
        """Whether an advertisement would reach anybody."""
        return bool(self._listening)

    def tune(self, listener: Listener, *, listening: bool) -> None:
        """Deliver advertisements to this controller, or no longer."""
        if listening:
            self._listening[listener] = self._joined[listener]
        else:
            self._listening.pop(listener, None)

    def advertise(self, advertiser: Advertiser, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Deliver an advertisement to all who listen, in the order in which they joined the air."""
        loop = asyncio.get_running_loop()
        for listener in sorted(self._listening, key=self._listening.__getitem__):
            if listener is not advertiser.controller:
                loop.call_soon(listener.hear, advertiser, pdu)


def connection_complete(wanted: Any, peer: hci.Address, role: hci.Role, handle: int | None) -> hci.HCI_Event:
    """Make the event that ends a request to connect, with no handle for a cancelled one."""
    extended = isinstance(wanted, hci.HCI_LE_Extended_Create_Connection_Command)
    cancelled = hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
    return hci.HCI_LE_Connection_Complete_Event(
        status=cancelled if handle is None else hci.HCI_ErrorCode.SUCCESS,
        connection_handle=handle or 0,
        role=role,
        peer_address_type=peer.address_type,
        peer_address=peer,
        connection_interval=wanted.connection_interval_mins[0]
        if extended
        else wanted.connection_interval_min,
        peripheral_latency=wanted.max_latencies[0] if extended else wanted.max_latency,
        supervision_timeout=wanted.supervision_timeouts[0] if extended else wanted.supervision_timeout,
        central_clock_accuracy=0,
    )
