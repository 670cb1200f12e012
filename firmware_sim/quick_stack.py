"""Bumble's classes with a short way for data; what `data_path` does not know goes Bumble's own.

Was: a general parser on each floor, an event in between, and a coloured text of each PDU with logging off. A
test holds both ways to the same bytes and the same order: tests/sim/test_data_path.py.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from bumble import att, controller, core, device, gatt, gatt_client, host

from firmware_sim import data_path


class QuickController(controller.Controller):
    """Takes data from its host and hands data to it."""

    def send_bytes(self, packet: bytes) -> None:
        """Send one packet up, in the order of the calls."""
        if self.host:
            asyncio.get_running_loop().call_soon(self.host.on_packet, packet)

    def on_packet(self, packet: bytes) -> None:
        """Take one packet from the host."""
        if found := data_path.whole_pdu(packet):
            handle, pdu = found
            for end in self.le_connections.values():
                if end.handle == handle:
                    end.on_acl_pdu(pdu)
                    self.send_bytes(data_path.one_completed(handle))
                    return
        super().on_packet(packet)


class QuickHost(host.Host):
    """Takes data from its controller and sends data to it.

    Attributes:
        on_att: takes what a connection brings for the attribute protocol.
    """

    on_att: Callable[[int, bytes], None] | None = None

    def on_packet(self, packet: bytes) -> None:
        """Take one packet from the controller."""
        if not self.ready or not self._took(packet):
            super().on_packet(packet)

    def _took(self, packet: bytes) -> bool:
        if found := data_path.whole_pdu(packet):
            handle, pdu = found
            payload = data_path.att_payload(pdu)
            if payload and self.on_att is not None and handle in self.connections:
                self.on_att(handle, payload)
                return True
        elif done := data_path.completed(packet):
            handle, count = done
            if queue := self.get_data_packet_queue(handle):
                queue.on_packets_completed(count, handle)
                return True
        return False

    def send_l2cap_pdu(self, connection_handle: int, cid: int, pdu: bytes) -> None:
        """Send what a channel has to say."""
        queue = self.get_data_packet_queue(connection_handle)
        if queue is None or len(pdu) > queue.max_packet_size - 4:
            super().send_l2cap_pdu(connection_handle, cid, pdu)
            return
        packet = data_path.packet_to_controller(connection_handle, cid, pdu)
        queue.enqueue(packet, connection_handle)  # type: ignore[arg-type]  # nothing but its bytes is used


class QuickDevice(device.Device):
    """Knows which server or client a PDU is for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.host, QuickHost):
            self.host.on_att = self._on_att

    def _on_att(self, handle: int, payload: bytes) -> None:
        connection, pdu = self.connections.get(handle), data_path.att_pdu(payload)
        match pdu:
            case att.ATT_Write_Request() if connection is not None:
                connection.gatt_server.on_gatt_pdu(connection, pdu)
            case att.ATT_PDU() if connection is not None and connection.gatt_client is not None:
                connection.gatt_client.on_gatt_pdu(pdu)
            case _:
                self.on_gatt_pdu(handle, payload)


class QuickClient(gatt_client.Client):
    """Asks one thing at a time and waits for the answer."""

    async def send_request(self, request: att.ATT_PDU) -> Any:
        """Send a request and return its answer, which may be a refusal.

        Raises:
            core.TimeoutError: the peer did not answer.
        """
        async with self.request_semaphore:
            self.pending_request = request
            self.pending_response = asyncio.get_running_loop().create_future()
            try:
                self.send_gatt_pdu(data_path.att_bytes(request))
                return await asyncio.wait_for(self.pending_response, gatt.GATT_REQUEST_TIMEOUT)
            except TimeoutError as error:
                raise core.TimeoutError(f"no answer to {request.name}") from error
            finally:
                self.pending_request = None
                self.pending_response = None

    def on_gatt_pdu(self, att_pdu: att.ATT_PDU) -> None:
        """Take an answer or something that nobody asked for."""
        waiting = self.pending_response
        match att_pdu:
            case att.ATT_Handle_Value_Notification():
                self.on_att_handle_value_notification(att_pdu)
            case att.ATT_Write_Response() if waiting and isinstance(
                self.pending_request, att.ATT_Write_Request
            ):
                waiting.set_result(att_pdu)
            case _:
                super().on_gatt_pdu(att_pdu)
