"""Bumble's host stack, corrected.

Each correction says in one line what was wrong in 0.0.236; its test is in tests/sim/test_air.py.
"""

import asyncio
import contextlib
import logging
from typing import Any, Final

from bumble import att, core, device, hci, smp, utils
from bumble.gatt_server import Server

from firmware_sim.quick_stack import QuickClient, QuickDevice, QuickHost

_log = logging.getLogger(__name__)

_SECURITY_LONGEST_S: Final = 30.0
"""How long a peer may be silent while a link is paired: Core Specification, volume 3 part H 3.4."""


class LinkLostError(core.BaseBumbleError):
    """The link ended before the peer answered, or was gone already."""


class KeyMissingError(core.BaseBumbleError):
    """The peer has forgotten the bond; the link stays, unencrypted."""


class KeyMismatchError(LinkLostError):
    """The peer has another key than the bond, and that has ended the link."""


class Host(QuickHost):
    """A host that does not pay for logs that nobody reads, and that survives the loss of its transport."""

    # Was: both built a coloured text of each packet even with logging off.
    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Send one packet down."""
        if self.hci_sink:
            self.hci_sink.on_packet(bytes(packet))

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Take one packet from below."""
        match packet:
            case hci.HCI_Event():
                self.on_hci_event_packet(packet)
            case hci.HCI_AclDataPacket():
                self.on_hci_acl_data_packet(packet)
            case _:
                _log.warning("dropped an HCI packet of type %s", packet.hci_packet_type)

    def on_transport_lost(self) -> None:
        """Fail the command under way and drop all connections."""
        # Was: failed on an answered command, and its kind of error was logged with a traceback.
        if self.pending_response and not self.pending_response.done():
            self.pending_response.set_exception(TimeoutError("the transport to the controller is lost"))
        self.emit("flush")


class GattServer(Server):
    """A GATT server that answers every request.

    Attributes:
        deaf: whether nothing gets through, in either direction.
    """

    deaf = False

    def send_gatt_pdu(self, bearer: att.Bearer, pdu: bytes) -> None:
        """Send, if anything gets through."""
        if not self.deaf:
            super().send_gatt_pdu(bearer, pdu)

    def on_gatt_pdu(self, bearer: att.Bearer, att_pdu: att.ATT_PDU) -> None:
        """Serve one PDU, in a task of its own."""
        if self.deaf:
            return
        handler = getattr(self, f"on_{att_pdu.name.lower()}", self.on_att_request)
        utils.AsyncRunner.spawn(self._serve(handler, bearer, att_pdu))  # type: ignore[no-untyped-call]

    async def _serve(self, handler: Any, bearer: att.Bearer, pdu: att.ATT_PDU) -> None:
        # Was: the error of a characteristic's own code was logged and the client left waiting for 30 s.
        try:
            if unwrapped := getattr(handler, "__wrapped__", None):
                await unwrapped(self, bearer, pdu)
            else:
                handler(bearer, pdu)
        except att.ATT_Error as error:
            self._refuse(bearer, pdu, error.error_code, error.att_handle)
        except Exception:  # noqa: BLE001  # whatever a characteristic's code raises, the client gets an answer
            _log.exception("serving %s failed", pdu.name)
            self._refuse(bearer, pdu, att.ATT_UNLIKELY_ERROR_ERROR, getattr(pdu, "attribute_handle", 0))

    def _refuse(self, bearer: att.Bearer, pdu: att.ATT_PDU, code: int, handle: int) -> None:
        if pdu.op_code in att.ATT_REQUESTS:
            refusal = att.ATT_Error_Response(
                request_opcode_in_error=pdu.op_code, attribute_handle_in_error=handle, error_code=code
            )
            self.send_response(bearer, refusal)

    def send_response(self, bearer: att.Bearer, response: att.ATT_PDU) -> None:
        """Answer."""
        # Was: a text of each answer was built even with logging off.
        self.send_gatt_pdu(bearer, bytes(response))


class GattClient(QuickClient):
    """A GATT client whose requests end with the link."""

    def __init__(self, bearer: att.Bearer) -> None:
        self._lost = False
        super().__init__(bearer)

    def on_disconnection(self, *args: object) -> None:
        """Fail the request under way and all later ones."""
        # Was: the waiting task was cancelled, which looked as if its caller had wished it.
        self._lost = True
        if self.pending_response and not self.pending_response.done():
            self.pending_response.set_exception(LinkLostError("the link was lost"))

    def send_gatt_pdu(self, pdu: bytes) -> None:
        """Send, or raise `LinkLostError`."""
        # Was: a request on a lost link was dropped in silence and waited 30 s for its answer.
        if self._lost:
            raise LinkLostError("the link is lost")
        super().send_gatt_pdu(pdu)


class PairingSession(smp.Session):
    """One pairing, forgotten as soon as it is over."""

    async def pair(self) -> None:
        """Pair as the side that begins."""
        # Was: a peer that fell silent was waited for without end.
        try:
            async with asyncio.timeout(_SECURITY_LONGEST_S):
                await super().pair()
        finally:
            self._end()

    async def on_pairing(self) -> None:
        """Take note of its success."""
        await super().on_pairing()
        self._end()

    def on_pairing_failure(self, reason: smp.ErrorCode) -> None:
        """Take note of its failure."""
        super().on_pairing_failure(reason)
        self._end()

    def _end(self) -> None:
        # Was: it stayed until the link went, so that a second pairing on the link never ended.
        if self.manager.sessions.get(self.connection.handle) is self:
            self.on_disconnection(0)


class AddressResolver(smp.AddressResolver):
    """Knows who is behind a private address, of those that connect to us."""

    def can_resolve_to(self, address: hci.Address) -> bool:
        """Tell whether an address has to be searched for before it can be connected: never."""
        # Was: a connect to a bonded peer scanned for it first, without an end and not to be called off.
        return False


class Device(QuickDevice):
    """A Bumble device with the corrected GATT server, whose links to bonded peers are encrypted at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.smp_session_proxy = PairingSession

    async def connect_le(self, *where: Any, **how: Any) -> device.Connection:
        """Connect as central; the link is unencrypted where there is no bond or the peer has lost it.

        Raises:
            KeyMismatchError: the peer has another key; there is no link.
        """
        connection = await super().connect_le(*where, **how)
        # Was: a new link to a bonded peer stayed unencrypted until somebody asked for more.
        if self.keystore is not None and await self.keystore.get(str(connection.peer_address)):
            with contextlib.suppress(KeyMissingError):
                await self.encrypt(connection)
        return connection

    async def encrypt(self, connection: device.Connection, enable: bool = True) -> None:  # noqa: FBT001, FBT002
        """Encrypt a link with the key of its bond.

        Raises:
            KeyMissingError: the peer has forgotten the bond; the link stays.
            KeyMismatchError: it has another key, which has ended the link.
            LinkLostError: the link ended meanwhile.
            TimeoutError: the peer fell silent.
        """
        # Was: not bounded, and a link that ended meanwhile looked like a task that somebody cancelled.
        ends: list[int] = []
        connection.on(connection.EVENT_DISCONNECTION, ends.append)
        try:
            async with asyncio.timeout(_SECURITY_LONGEST_S):
                await super().encrypt(connection, enable)
        except hci.HCI_Error as error:
            if error.error_code != hci.HCI_ErrorCode.PIN_OR_KEY_MISSING_ERROR:
                raise
            raise KeyMissingError("it has forgotten the bond") from error
        except asyncio.CancelledError:
            if not ends:
                raise
            if ends[0] == hci.HCI_ErrorCode.CONNECTION_TERMINATED_DUE_TO_MIC_FAILURE_ERROR:
                raise KeyMismatchError("it has another key than the bond") from None
            raise LinkLostError("the link was lost while it was being encrypted") from None
        finally:
            connection.remove_listener(connection.EVENT_DISCONNECTION, ends.append)

    async def refresh_resolving_list(self) -> None:
        """Learn the identities of the bonded peers."""
        await super().refresh_resolving_list()
        if self.address_resolver is not None:
            self.address_resolver = AddressResolver(self.address_resolver.resolving_keys)

    @property
    def gatt_server(self) -> GattServer:
        """The server; Bumble's own, set by its constructor, is replaced."""
        return self._gatt_server

    @gatt_server.setter
    def gatt_server(self, server: Server) -> None:
        self._gatt_server = GattServer(server.device)
