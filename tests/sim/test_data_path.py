"""The short way for data: what it does to bytes and to their order is what Bumble's own way does."""

import pytest
from bumble import att, hci
from bumble.l2cap import L2CAP_PDU

from firmware_sim import data_path
from sim.room import BEGIN, Room, in_room

VALUES = (b"", b"\x00", bytes(range(20)), bytes(range(256)))
PDUS = [
    *(att.ATT_Write_Request(attribute_handle=0x0102, attribute_value=value) for value in VALUES),
    *(att.ATT_Handle_Value_Notification(attribute_handle=9, attribute_value=value) for value in VALUES),
    att.ATT_Write_Response(),
]
OTHERS = [
    att.ATT_Read_Request(attribute_handle=3),
    att.ATT_Write_Command(attribute_handle=3, attribute_value=b"x"),
    att.ATT_Error_Response(request_opcode_in_error=0x12, attribute_handle_in_error=3, error_code=0x80),
]


@pytest.mark.parametrize("pdu", PDUS, ids=lambda pdu: f"{pdu.name}-{len(pdu.payload)}")
def test_a_pdu_reads_as_bumble_reads_it(pdu: att.ATT_PDU) -> None:
    found = data_path.att_pdu(bytes(pdu))
    theirs = att.ATT_PDU.from_bytes(bytes(pdu))
    assert type(found) is type(theirs)
    assert found == theirs
    assert (found.op_code, found.payload) == (theirs.op_code, theirs.payload)


@pytest.mark.parametrize("pdu", [*PDUS, *OTHERS], ids=lambda pdu: f"{pdu.name}-{len(pdu.payload)}")
def test_a_pdu_is_laid_out_as_bumble_lays_it_out(pdu: att.ATT_PDU) -> None:
    assert data_path.att_bytes(pdu) == bytes(pdu)


@pytest.mark.parametrize("payload", [bytes(pdu) for pdu in OTHERS] + [b"", b"\x12\x01", b"\x1b\x01"])
def test_what_it_does_not_know_or_what_is_cut_off_is_left_to_bumble(payload: bytes) -> None:
    assert data_path.att_pdu(payload) is None


@pytest.mark.parametrize("payload", VALUES)
def test_data_packets_are_bumbles_in_both_directions(payload: bytes) -> None:
    pdu = bytes(L2CAP_PDU(4, payload))
    down = bytes(hci.HCI_AclDataPacket(0x123, 0, 0, len(pdu), pdu))
    up = bytes(hci.HCI_AclDataPacket(0x123, 2, 0, len(pdu), pdu))
    assert data_path.packet_to_controller(0x123, 4, payload) == down
    assert data_path.packet_to_host(0x123, pdu) == up
    assert data_path.whole_pdu(down) == data_path.whole_pdu(up) == (0x123, pdu)
    assert data_path.att_payload(pdu) == payload
    assert data_path.att_payload(bytes(L2CAP_PDU(5, payload))) is None


def test_a_piece_of_a_pdu_is_left_to_bumble() -> None:
    pdu = bytes(L2CAP_PDU(4, bytes(40)))
    pieces = [
        hci.HCI_AclDataPacket(1, 0, 0, 20, pdu[:20]),
        hci.HCI_AclDataPacket(1, 1, 0, 24, pdu[20:]),
        hci.HCI_AclDataPacket(1, 1, 0, 6, bytes(L2CAP_PDU(4, b"xy"))),
    ]
    assert [data_path.whole_pdu(bytes(piece)) for piece in pieces] == [None] * 3
    whole = bytes(hci.HCI_AclDataPacket(1, 0, 0, len(pdu), pdu))
    assert [data_path.whole_pdu(odd) for odd in (whole[:-1], whole + b"\0", whole[:6])] == [None] * 3


def test_the_event_of_one_packet_is_bumbles_and_no_other_event_is_taken_for_it() -> None:
    event = hci.HCI_Number_Of_Completed_Packets_Event(connection_handles=[0x123], num_completed_packets=[1])
    two = hci.HCI_Number_Of_Completed_Packets_Event(connection_handles=[1, 2], num_completed_packets=[1, 1])
    reset = bytes.fromhex("040e0401030c00")
    assert data_path.one_completed(0x123) == bytes(event)
    assert data_path.completed(bytes(event)) == (0x123, 1)
    assert [data_path.completed(other) for other in (bytes(two), reset, bytes(event)[:-1])] == [None] * 3


def test_a_session_hears_and_does_the_same_at_the_same_times_by_either_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def session() -> tuple[object, ...]:
        heard: list[tuple[float, bytes]] = []
        errors: list[int] = []

        async def body(room: Room) -> None:
            async with room.link() as link:
                await link.listen()
                errors.extend((await link.press(1), await link.command(BEGIN), await link.keep_pressing(3)))
                errors.extend((await link.stop(), await link.command(bytes(100)), await link.press(100)))
            heard.extend(link.heard)

        return heard, in_room(body).rows, errors

    quick = session()
    for name in ("whole_pdu", "completed", "att_pdu"):
        monkeypatch.setattr(data_path, name, lambda *_: None)
    assert session() == quick
    assert quick[2] == [0x82, 0, 0, 0, 0x80, 0x81]
