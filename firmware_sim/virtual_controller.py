"""Bumble's virtual controller, corrected.

Each correction says in one line what was wrong in 0.0.236; its test is in tests/sim/test_air.py.
"""
# ruff: noqa: D102  # a method without a docstring overrides one of Bumble's and keeps its contract

import asyncio
import logging
import random
from typing import Any, Final, cast

from bumble import controller, hci, ll
from bumble.core import PhysicalTransport

from firmware_sim.link_layer import (
    Advertiser,
    AdvertisingSet,
    LegacyAdvertiser,
    Link,
    LinkEnd,
    connection_complete,
)
from firmware_sim.quick_stack import QuickController

_log = logging.getLogger(__name__)

_OWN_PUBLIC: Final = (hci.OwnAddressType.PUBLIC, hci.OwnAddressType.RESOLVABLE_OR_PUBLIC)
_HIGHEST_HANDLE: Final = 0x0EFF


class Controller(QuickController):
    """A virtual Bluetooth controller on an `Air`."""

    # Was: 27 bytes, so that each larger packet crossed the HCI in many pieces.
    acl_data_packet_length = 251
    le_acl_data_packet_length = 251
    supported_max_tx_octets = 251
    supported_max_rx_octets = 251
    suggested_max_tx_octets = 251

    air: Link

    def __init__(self, name: str, air: Link, public_address: str | None) -> None:
        self.air = air
        self._scanning = False
        self._wanted: Any = None
        self._last_handle = 0
        self._random = random.Random(name)  # noqa: S311  # repeatable on purpose; no key comes from it
        super().__init__(name, link=air, public_address=public_address)
        self.le_legacy_advertiser = LegacyAdvertiser(self)

    # Was: each advertisement went through each controller of the air; now only through those that listen.
    @property
    def le_scan_enable(self) -> bool:
        return self._scanning

    @le_scan_enable.setter
    def le_scan_enable(self, value: bool) -> None:
        self._scanning = value
        self._tune()

    @property
    def pending_le_connection(self) -> Any:
        return self._wanted

    @pending_le_connection.setter
    def pending_le_connection(self, value: Any) -> None:
        self._wanted = value
        self._tune()

    def _tune(self) -> None:
        self.air.tune(self, listening=self._scanning or self._wanted is not None)

    # Was: both built a coloured text of each packet even with logging off.
    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        match packet:
            case hci.HCI_Command():
                self.on_hci_command_packet(packet)
            case hci.HCI_AclDataPacket():
                self.on_hci_acl_data_packet(packet)
            case _:
                _log.warning("%s: dropped an HCI packet of type %s", self.name, packet.hci_packet_type)

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        self.send_bytes(bytes(packet))

    def allocate_connection_handle(self) -> int:
        # Was: the lowest free handle, so that a late answer to a lost link reached the next one.
        used = {end.handle for end in self.le_connections.values()}
        while True:
            self._last_handle = self._last_handle % _HIGHEST_HANDLE + 1
            if self._last_handle not in used:
                return self._last_handle

    def send_advertising_pdu(self, packet: ll.AdvertisingPdu) -> None:
        everybody: list[Advertiser] = [self.le_legacy_advertiser, *self.advertising_sets.values()]
        address = getattr(packet, "advertiser_address", None)
        advertiser = next((each for each in everybody if each.enabled and each.address == address), None)
        if advertiser is not None and isinstance(packet, ll.AdvInd | ll.AdvExtInd):
            self.air.advertise(advertiser, packet)

    def hear(self, advertiser: Advertiser, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Take one advertisement: report it when scanning, connect when that is what is wanted."""
        if self._scanning:
            # Was: an active scan got the advertising data once more in place of the scan response.
            kind = hci.HCI_LE_Extended_Advertising_Report_Event.EventType
            legacy = (
                kind.CONNECTABLE_ADVERTISING | kind.SCANNABLE_ADVERTISING | kind.LEGACY_ADVERTISING_PDU_USED
            )
            self._report(legacy, pdu.advertiser_address, pdu.data)
            if self.le_scan_type:
                response = bytes(advertiser.scan_response_data)
                self._report(legacy | kind.SCAN_RESPONSE, pdu.advertiser_address, response)
        if self._wanted is not None and self._wanted.peer_address == pdu.advertiser_address:
            self._join(advertiser)

    def _report(self, kind: int, address: hci.Address, data: bytes) -> None:
        report = hci.HCI_LE_Extended_Advertising_Report_Event.Report(
            event_type=kind,
            address_type=address.address_type,
            address=address,
            primary_phy=hci.Phy.LE_1M,
            secondary_phy=0,
            advertising_sid=0xFF,
            tx_power=0x7F,
            rssi=-50,
            periodic_advertising_interval=0,
            direct_address_type=0,
            direct_address=hci.Address.ANY,
            data=data,
        )
        self.send_hci_packet(hci.HCI_LE_Extended_Advertising_Report_Event([report]))

    def _join(self, advertiser: Advertiser) -> None:
        # Was: each end came up by itself, so that of two centrals that heard one advertisement the
        # slower one believed in a link that the peripheral never had.
        wanted, peer = self._wanted, cast("Controller", advertiser.controller)
        own = self.public_address if wanted.own_address_type in _OWN_PUBLIC else self.random_address
        address = cast("hci.Address", advertiser.address)  # it was heard with one
        if not advertiser.enabled or own in peer.le_connections or address in self.le_connections:
            return
        mine = self.add_end(hci.Role.CENTRAL, own, address)
        theirs = peer.add_end(hci.Role.PERIPHERAL, address, own)
        mine.other, theirs.other = theirs, mine
        self.pending_le_connection = None
        for end in (theirs, mine):
            end.controller.send_hci_packet(
                connection_complete(wanted, end.peer_address, end.role, end.handle)
            )
        if isinstance(advertiser, controller.AdvertisingSet):
            peer.send_hci_packet(
                hci.HCI_LE_Advertising_Set_Terminated_Event(
                    status=hci.HCI_ErrorCode.SUCCESS,
                    advertising_handle=advertiser.handle,
                    connection_handle=theirs.handle,
                    num_completed_extended_advertising_events=0,
                )
            )
        advertiser.stop()

    def add_end(self, role: hci.Role, own: hci.Address, peer: hci.Address) -> LinkEnd:
        """Make this controller's end of a new link; the caller joins it to the other end."""
        end = LinkEnd(
            controller=self,
            handle=self.allocate_connection_handle(),
            role=role,
            self_address=own,
            peer_address=peer,
            link=self.air,
            transport=PhysicalTransport.LE,
            link_type=hci.HCI_Connection_Complete_Event.LinkType.ACL,
        )
        self.le_connections[peer] = end
        return end

    def drop_links(self, *, tell_host: bool) -> None:
        """End all links as if the radio had gone silent; the peers see a connection timeout at once."""
        for end in list(self.le_connections.values()):
            end.send_ll_control_pdu(ll.TerminateInd(hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR))
            if tell_host:
                self.on_le_disconnected(end, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
            else:
                del self.le_connections[end.peer_address]

    def fall_silent(self) -> None:
        """Stop advertising, scanning and connecting; links stay."""
        self.le_legacy_advertiser.stop()
        for each in self.advertising_sets.values():
            each.stop()
        self.le_scan_enable = False
        self.pending_le_connection = None

    def on_hci_reset_command(self, command: hci.HCI_Reset_Command) -> hci.HCI_StatusReturnParameters:
        # Was: a reset left links, advertising, scanning and a pending connection as they were.
        self.drop_links(tell_host=False)
        self.fall_silent()
        self.advertising_sets.clear()
        self.le_legacy_advertiser = LegacyAdvertiser(self)
        self.le_scan_type = 0
        return super().on_hci_reset_command(command)

    def on_hci_disconnect_command(self, command: hci.HCI_Disconnect_Command) -> None:
        # Was: disconnecting a link already gone was accepted and never completed.
        if self.find_connection_by_handle(command.connection_handle) is None:
            unknown = hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
            self._send_hci_command_status(unknown, command.op_code)
            return
        super().on_hci_disconnect_command(command)

    def on_hci_le_create_connection_command(self, command: hci.HCI_LE_Create_Connection_Command) -> None:
        # Was: a second link to the same peer was waited for without end.
        if command.peer_address in self.le_connections:
            exists = hci.HCI_ErrorCode.CONNECTION_ALREADY_EXISTS_ERROR
            self._send_hci_command_status(exists, command.op_code)
            return
        super().on_hci_le_create_connection_command(command)

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        # Was: accepted, but the pending connection stayed and its completion never came.
        if (wanted := self._wanted) is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        cancelled = connection_complete(wanted, wanted.peer_address, hci.Role.CENTRAL, None)
        asyncio.get_running_loop().call_soon(self.send_hci_packet, cancelled)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_set_extended_scan_parameters_command(
        self, command: hci.HCI_LE_Set_Extended_Scan_Parameters_Command
    ) -> hci.HCI_StatusReturnParameters:
        self.le_scan_type = command.scan_types[0]  # was: dropped, passive and active scans were the same
        return super().on_hci_le_set_extended_scan_parameters_command(command)

    def on_hci_le_set_extended_advertising_parameters_command(
        self, command: hci.HCI_LE_Set_Extended_Advertising_Parameters_Command
    ) -> hci.HCI_LE_Set_Extended_Advertising_Parameters_ReturnParameters:
        handle = command.advertising_handle
        self.advertising_sets.setdefault(handle, AdvertisingSet(self, handle))
        return super().on_hci_le_set_extended_advertising_parameters_command(command)

    def on_hci_le_rand_command(self, _command: hci.HCI_LE_Rand_Command) -> hci.HCI_LE_Rand_ReturnParameters:
        # Was: different in each run, and once in 2**64 an exception.
        return hci.HCI_LE_Rand_ReturnParameters(hci.HCI_ErrorCode.SUCCESS, self._random.randbytes(8))
