"""Bytes of the few packets that nearly all traffic on a link is made of.

Bumble takes each of them through its general parser and back, on every floor of either side; that was most of
what a session cost. What is not one of these packets is None here, and goes Bumble's way. Layouts: Core
Specification, volume 4 part E 5.4 (HCI), volume 3 part A 3.1 (L2CAP) and part F 3.4 (ATT).
"""

import struct
from typing import Final

from bumble import att, hci

_ACL: Final = struct.Struct("<BHH")
_ACL_AND_L2CAP: Final = struct.Struct("<BHHHH")
_COMPLETED: Final = struct.Struct("<4sHH")
_HANDLE: Final = struct.Struct("<H")
_ONE_COMPLETED: Final = bytes((hci.HCI_EVENT_PACKET, hci.HCI_NUMBER_OF_COMPLETED_PACKETS_EVENT, 5, 1))
_BOUNDARY_SHIFT: Final = 12
_CONTINUES: Final = 0b01  # a piece of a PDU that began in an earlier packet
_FROM_CONTROLLER: Final = 0b10
_L2CAP_HEADER: Final = 4
_VALUE_AT: Final = 3  # in a write and in a notification: after the opcode and the handle


def packet_to_controller(handle: int, channel: int, payload: bytes) -> bytes:
    """Wrap what a channel sends into one packet from a host."""
    size = len(payload)
    head = _ACL_AND_L2CAP.pack(hci.HCI_ACL_DATA_PACKET, handle, size + _L2CAP_HEADER, size, channel)
    return head + payload


def packet_to_host(handle: int, pdu: bytes) -> bytes:
    """Wrap an L2CAP PDU, its header included, into one packet from a controller."""
    head = handle | _FROM_CONTROLLER << _BOUNDARY_SHIFT
    return _ACL.pack(hci.HCI_ACL_DATA_PACKET, head, len(pdu)) + pdu


def whole_pdu(packet: bytes) -> tuple[int, bytes] | None:
    """The connection and the L2CAP PDU of a data packet that carries one whole."""
    if packet[0] != hci.HCI_ACL_DATA_PACKET or len(packet) < _ACL_AND_L2CAP.size:
        return None
    _, head, length, size, _channel = _ACL_AND_L2CAP.unpack_from(packet)
    continues = head >> _BOUNDARY_SHIFT & 0b11 == _CONTINUES
    if continues or length != size + _L2CAP_HEADER or len(packet) != _ACL.size + length:
        return None
    return head & 0xFFF, packet[_ACL.size :]


def att_payload(pdu: bytes) -> bytes | None:
    """What an L2CAP PDU carries for the attribute protocol."""
    return pdu[_L2CAP_HEADER:] if _HANDLE.unpack_from(pdu, 2)[0] == att.ATT_CID else None


def one_completed(handle: int) -> bytes:
    """Tell a host that one packet of a connection is on its way."""
    return _COMPLETED.pack(_ONE_COMPLETED, handle, 1)


def completed(packet: bytes) -> tuple[int, int] | None:
    """The one connection of which an event says that packets are on their way, and how many."""
    if len(packet) != _COMPLETED.size or packet[: len(_ONE_COMPLETED)] != _ONE_COMPLETED:
        return None
    _, handle, count = _COMPLETED.unpack(packet)
    return handle, count


def att_pdu(payload: bytes) -> att.ATT_PDU | None:
    """Read a write request, its answer or a notification."""
    pdu: att.ATT_PDU
    match payload[:1]:
        case b"\x12" if len(payload) >= _VALUE_AT:
            pdu = att.ATT_Write_Request(_HANDLE.unpack_from(payload, 1)[0], payload[_VALUE_AT:])
        case b"\x13":
            pdu = att.ATT_Write_Response()
        case b"\x1b" if len(payload) >= _VALUE_AT:
            pdu = att.ATT_Handle_Value_Notification(_HANDLE.unpack_from(payload, 1)[0], payload[_VALUE_AT:])
        case _:
            return None
    pdu.payload = payload[1:]
    return pdu


def att_bytes(pdu: att.ATT_PDU) -> bytes:
    """Lay out any PDU; one with a value without the general encoder."""
    match pdu:
        case att.ATT_Write_Request() | att.ATT_Handle_Value_Notification():
            return bytes((pdu.op_code,)) + _HANDLE.pack(pdu.attribute_handle) + pdu.attribute_value
        case _:
            return bytes(pdu)
