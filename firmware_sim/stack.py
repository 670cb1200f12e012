"""Bumble's host stack, corrected.

Each correction says in one line what was wrong in 0.0.236; its test is in tests/sim/test_air.py.
"""

import logging
from typing import Any

from bumble import att, core, device, gatt_client, hci, host, utils
from bumble.gatt_server import Server

_log = logging.getLogger(__name__)


class LinkLostError(core.BaseBumbleError):
    """The link ended before the peer answered, or was gone already."""


class Host(host.Host):
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
    """A GATT server that answers every request."""

    def on_gatt_pdu(self, bearer: att.Bearer, att_pdu: att.ATT_PDU) -> None:
        """Serve one PDU, in a task of its own."""
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


class GattClient(gatt_client.Client):
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


class Device(device.Device):
    """A Bumble device with the corrected GATT server."""

    @property
    def gatt_server(self) -> GattServer:
        """The server; Bumble's own, set by its constructor, is replaced."""
        return self._gatt_server

    @gatt_server.setter
    def gatt_server(self, server: Server) -> None:
        self._gatt_server = GattServer(server.device)
