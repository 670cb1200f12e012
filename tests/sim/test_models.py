"""The cushion and the hand-held massager as a controller meets them: the whole stack on virtual time."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from bleak import BleakScanner
from bleak.exc import BleakError

from firmware_sim.wire import CAPABILITIES_UUID, SERVICE_UUID
from sim.device_bench import begin, end
from sim.room import Link, Room, in_room, with_link

CEILINGS = {"cushion": (10,) * 8 + (5,) * 2, "handheld": (10,)}
MODEL = pytest.mark.parametrize("model", CEILINGS)
ROW = {"t", "device", "actuator", "modality", "level", "intensity", "force_n", "depth_mm", "cause"}


async def begun(link: Link, model: str, *, deadline_s: int = 600) -> None:
    assert await link.command(begin(5, deadline_s, CEILINGS[model])) == 0


def last_rows(room: Room) -> list[dict[str, Any]]:
    return [row for row in room.rows if "actuator" in row][-len(CEILINGS[room.model]) :]


@MODEL
def test_it_advertises_its_own_name_and_address(model: str) -> None:
    async def test(room: Room) -> None:
        radio = await room.sim.radio()
        found = await BleakScanner.discover(1, return_adv=True, backend=radio.scanner)
        kind = {"cushion": 1, "handheld": 2}[model]
        assert {address: adv.local_name for address, (_, adv) in found.items()} == {
            f"C0:DE:00:00:0{kind}:01": f"REF-{model.upper()} 01",
            f"C0:DE:00:00:0{kind}:02": f"REF-{model.upper()} 02",
        }
        assert all(adv.service_uuids == [SERVICE_UUID] for _, adv in found.values())

    room = in_room(test, count=2, model=model)
    assert [row["device"] for row in room.rows if row.get("event") == "device"] == [
        f"{model}-1",
        f"{model}-2",
    ]


@MODEL
def test_it_says_who_it_is_and_what_it_can_do(model: str) -> None:
    async def test(_: Room, link: Link) -> None:
        assert await link.client.read_gatt_char("2A24") == f"REF-{model.upper()}".encode()
        assert await link.client.read_gatt_char("2A29") == b"Open Reference"
        assert await link.client.read_gatt_char("2A26") == b"1.0"
        capabilities = await link.client.read_gatt_char(CAPABILITIES_UUID)
        assert capabilities[1] == {"cushion": 2, "handheld": 3}[model]
        assert len(capabilities) == 12 + 4 * len(CEILINGS[model])

    with_link(test, model=model)


async def stop(link: Link) -> None:
    assert await link.stop() == 0


async def silence(_: Link) -> None:
    await asyncio.sleep(0.8)  # the last SET is 0.2 s old


async def leave(link: Link) -> None:
    await link.client.disconnect()
    await asyncio.sleep(0.8)


async def finish(link: Link) -> None:
    assert await link.command(end(5)) == 0


ENDINGS = {
    "stop": (stop, "stop", ()),
    "watchdog": (silence, "watchdog", ()),
    "link lost": (leave, "watchdog", ()),
    "end": (finish, "retract", ()),
    "button": (silence, "local_button", ("local_button:3.01",)),
}


@MODEL
@pytest.mark.parametrize("ending", ENDINGS)
def test_whatever_ends_a_session_has_it_at_rest_within_300_ms_and_heat_off_at_once(
    model: str, ending: str
) -> None:
    act, cause, faults = ENDINGS[ending]

    async def test(room: Room, link: Link) -> None:
        await begun(link, model)
        assert await link.hold(3, *CEILINGS[model]) == 0
        assert all(row["intensity"] == 1 for row in last_rows(room))
        await act(link)
        await asyncio.sleep(5)

    rows = [row for row in with_link(test, *faults, model=model).rows if "actuator" in row]
    first = next(index for index, row in enumerate(rows) if row["cause"] == cause)
    ended = rows[first]["t"]
    assert ended <= 4.1
    for row in rows[first:]:
        assert row["level"] == 0
        assert row["modality"] != "heat" or row["intensity"] == 0
        if row["t"] >= ended + 0.301:
            assert (row["intensity"], row["force_n"], row["cause"]) == (0, 0, "rest")
    assert rows[-1]["cause"] == "rest"
    assert rows[-1]["t"] <= ended + 0.301


@MODEL
@pytest.mark.parametrize(("lease_ms", "ends_s"), [(150, 0.15), (2000, 1.0)])
def test_a_lease_without_a_successor_ends_by_itself_and_at_the_watchdog_at_the_latest(
    model: str, lease_ms: int, ends_s: float
) -> None:
    async def test(_: Room, link: Link) -> None:
        await begun(link, model)
        frame = b"\x02\x01\x00\x05\x00" + lease_ms.to_bytes(2, "little") + b"\xff\xff\xff\x00"
        levels = bytes(CEILINGS[model])
        assert await link.command(frame + bytes([len(levels)]) + levels) == 0
        await asyncio.sleep(3)

    rows = [row for row in with_link(test, model=model).rows if "cause" in row]
    started = next(row["t"] for row in rows if row["cause"] == "lease")
    assert next(row["t"] for row in rows if row["cause"] == "watchdog") == pytest.approx(started + ends_s)
    assert rows[-1]["t"] == pytest.approx(started + ends_s + min(ends_s, 0.3), abs=0.002)


@MODEL
def test_the_device_ends_the_session_at_its_own_deadline(model: str) -> None:
    async def test(_: Room, link: Link) -> None:
        await begun(link, model, deadline_s=4)
        assert await link.hold(6, *CEILINGS[model]) == 0x81
        await asyncio.sleep(1)

    room = with_link(test, model=model)
    began = next(row["t"] for row in room.rows if row.get("event") == "session_start")
    assert next(row["t"] for row in room.rows if row.get("cause") == "timer") == pytest.approx(began + 4)
    assert {row["cause"] for row in last_rows(room)} == {"rest"}


@MODEL
def test_rows_follow_each_other_within_100_ms_while_driven_and_none_are_written_at_rest(model: str) -> None:
    async def test(_: Room, link: Link) -> None:
        await begun(link, model)
        await link.hold(3, *CEILINGS[model])
        await link.stop()
        await asyncio.sleep(600)

    room = with_link(test, model=model)
    for name in {row["actuator"] for row in room.rows if "actuator" in row}:
        times = [row["t"] for row in room.rows_of(name)][1:]
        assert max(later - earlier for earlier, later in pairwise(times)) <= 0.1001
        assert times[-1] < 4


def test_a_motor_of_the_cushion_has_a_frequency_while_it_turns_and_a_pad_its_temperature_always() -> None:
    async def test(_: Room, link: Link) -> None:
        await begun(link, "cushion")
        await link.hold(3, 5, 0, 10, 0, 0, 0, 0, 0, 4, 0)
        await link.stop()
        await asyncio.sleep(1)

    room = with_link(test, model="cushion")
    for row in room.rows_of("upper_left"):
        assert row["modality"] == "vibration"
        assert set(row) == ROW | {"pos"} | ({"freq_hz"} if row["intensity"] else set())
        assert row["pos"]["lateral_mm"] == -70
        assert row["pos"]["radius_mm"] == 20
    assert max(row.get("freq_hz", 0) for row in room.rows_of("upper_left")) == pytest.approx(31.111)
    assert max(row.get("freq_hz", 0) for row in room.rows_of("middle_left")) == 45
    assert not any("freq_hz" in row for row in room.rows_of("upper_right"))
    warm, cold = room.rows_of("heat_left"), room.rows_of("heat_right")
    assert all(set(row) == ROW | {"pos", "temp_c"} for row in [*warm, *cold])
    assert {row["temp_c"] for row in cold} == {33}
    assert max(row["temp_c"] for row in warm) == pytest.approx(33.15, abs=0.006)
    assert {(row["intensity"], row["level"]) for row in warm} == {(0, 0), (0.8, 4)}
    assert {(row["modality"], row["force_n"], row["depth_mm"]) for row in warm} == {("heat", 0, 0)}


def test_the_trace_of_the_hand_held_massager_has_no_place() -> None:
    async def test(_: Room, link: Link) -> None:
        await begun(link, "handheld")
        await link.hold(2, 6)
        await link.stop()
        await asyncio.sleep(1)

    rows = with_link(test, model="handheld").rows_of("head")
    assert {row["modality"] for row in rows} == {"percussion"}
    assert all(set(row) == ROW | ({"freq_hz"} if row["intensity"] else set()) for row in rows)
    assert max(row["force_n"] for row in rows) == 24
    assert max(row.get("freq_hz", 0) for row in rows) == 30


def test_the_first_line_of_the_cushion_names_its_actuators() -> None:
    async def test(_: Room) -> None:
        pass

    (first, *_) = in_room(test, model="cushion").rows
    assert (first["device"], first["model"]) == ("cushion-1", "cushion")
    motor = {"modality": "vibration", "levels": 10, "radius_mm": 20}
    assert first["actuators"][0] == {"name": "upper_left", **motor}
    assert first["actuators"][9] == {"name": "heat_right", "modality": "heat", "levels": 5, "radius_mm": 30}
    assert len(first["actuators"]) == 10


@MODEL
def test_a_drift_changes_nothing_without_a_carriage(model: str) -> None:
    async def test(_: Room, link: Link) -> None:
        await begun(link, model)
        await link.hold(2, *CEILINGS[model])

    def plain(room: Room) -> list[dict[str, Any]]:
        return [row for row in room.rows if "actuator" in row]

    assert plain(with_link(test, "drift:0.5", model=model)) == plain(with_link(test, model=model))


@MODEL
def test_nonsense_is_now_shorter_and_now_longer_than_the_state(model: str) -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await begun(link, model)
        await link.hold(20, *CEILINGS[model])
        own = 13 + 3 * len(CEILINGS[model])
        lengths = {len(value) for _, value in link.heard}
        assert min(lengths) < own < max(lengths)

    with_link(test, "nonsense:1", model=model)


@MODEL
@pytest.mark.parametrize("fault", ["silent:1", "frozen:1", "refuse_writes:1", "refuse_stop:1", "link_drop:1"])
def test_a_fault_ends_no_worse_than_by_the_watchdog(model: str, fault: str) -> None:
    async def test(room: Room, link: Link) -> None:
        await link.listen()
        await begun(link, model)
        try:
            await link.hold(2, *CEILINGS[model])
        except BleakError:
            assert fault == "link_drop:1"
        await asyncio.sleep(2)
        assert {(row["cause"], row["intensity"]) for row in last_rows(room)} == {("rest", 0)}

    assert "watchdog" in {row.get("cause") for row in with_link(test, fault, model=model).rows}
