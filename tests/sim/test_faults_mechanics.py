"""Faults of a device's mechanics: what the trace tells beside what the state tells, on virtual time."""

import asyncio
from typing import Any

import pytest

from firmware_sim.actuators import Heater, Motor
from firmware_sim.battery import Battery
from firmware_sim.chair import Chair
from firmware_sim.cushion import Cushion
from firmware_sim.defects import SOUND, Defects
from firmware_sim.drives import Ramp
from firmware_sim.handheld import Handheld
from firmware_sim.wire import Set
from sim.device_bench import begin
from sim.room import BEGIN, Link, Room, with_link

PADS_ON = (0,) * 8 + (2, 2)
CUSHION = begin(5, ceilings=(10,) * 8 + (5,) * 2)


def last(room: Room, actuator: str) -> dict[str, Any]:
    return room.rows_of(actuator)[-1]


def test_stuck_rollers_stay_out_whatever_is_done_and_the_chair_never_says_that_it_rests() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.press(1, level=6)
        await asyncio.sleep(0.6)
        await link.press(2, level=2)
        await asyncio.sleep(0.5)
        assert room.force_n == 24
        await link.stop()
        await asyncio.sleep(3)
        flags, cause = (await link.state())[2:4]
        assert (room.force_n, flags & 2, cause) == (24, 0, 2)
        assert (await link.state())[13:15] == bytes([0, 60])

    with_link(test, "stuck_motor:0.5")


def test_a_stuck_motor_can_be_freed() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.press(1, level=6)
        await asyncio.sleep(0.6)
        await link.stop()
        await asyncio.sleep(1)
        room.sim.devices[0].clear("stuck_motor")
        await asyncio.sleep(0.4)
        assert room.force_n == 0
        assert (await link.state())[2] & 2

    with_link(test, "stuck_motor:0.5")


def test_a_motor_that_is_stuck_at_rest_never_starts() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(begin(5, 600, ceilings=(10,)))
        assert await link.hold(1, 8) == 0
        assert (last(room, "head")["level"], last(room, "head")["force_n"]) == (8, 0)

    with_link(test, "stuck_motor:0", model="handheld")


@pytest.mark.parametrize(
    ("model", "frame", "levels", "actuator", "most_n"),
    [
        ("chair", begin(5), (3, 0), "roller_left", 80),
        ("handheld", begin(5, 600, ceilings=(10,)), (3,), "head", 40),
        ("cushion", CUSHION, (1,) + (0,) * 9, "upper_left", 5),
    ],
)
def test_a_runaway_motor_goes_to_its_highest_level_while_it_is_on_and_obeys_off(
    model: str, frame: bytes, levels: tuple[int, ...], actuator: str, most_n: float
) -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(frame)
        assert await link.hold(2, *levels) == 0
        assert (last(room, actuator)["level"], last(room, actuator)["force_n"]) == (max(levels), most_n)
        assert (await link.state())[13] == max(levels)
        await link.stop()
        await asyncio.sleep(1.1)
        assert last(room, actuator)["force_n"] == 0

    room = with_link(test, "runaway_motor:0.5", model=model)
    others = {row["actuator"] for row in room.rows if row.get("force_n")} - {actuator}
    assert others == set()


def test_a_firmware_that_lies_of_its_level_presses_more_and_its_sensors_tell() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.press(1, level=4)
        await asyncio.sleep(0.6)
        assert (await link.state())[13:16] == bytes([4, 70, 28])
        assert (room.force_n, room.rows[-1]["level"]) == (28, 4)
        await link.press(2, level=0)
        await asyncio.sleep(0.6)
        assert room.force_n == 0

    with_link(test, "lying_level:3,0.2")


def test_a_lie_goes_no_further_than_the_device_can() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.keep_pressing(1.5)
        assert room.force_n == 80

    with_link(test, "lying_level:99,0")


def test_an_overheating_pad_heats_on_to_48_degrees_and_cools_once_it_is_off() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(CUSHION)
        assert await link.hold(200, *PADS_ON) == 0
        assert last(room, "heat_left")["temp_c"] == pytest.approx(38)
        assert await link.hold(250, *PADS_ON, seq=2000) == 0
        assert last(room, "heat_left")["temp_c"] == 48
        assert (await link.state())[-2] == 240
        await link.stop()
        await asyncio.sleep(60)
        assert (await link.state())[-2] == pytest.approx(225, abs=1)

    with_link(test, "overheating:205", model="cushion")


def test_the_slipped_carriage_is_not_where_it_says_it_is() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.keep_pressing(9)  # to 300 mm, with the rollers out
        told_mm = int.from_bytes((await link.state())[8:10], "little")
        assert told_mm == 300
        await link.keep_pressing(9, seq=200)
        assert int.from_bytes((await link.state())[8:10], "little") == told_mm

    whole, slipped = with_link(test), with_link(test, "carriage_slip:40,0")
    assert last(whole, "roller_left")["pos"] == {
        "level": "T11",
        "level_frac": pytest.approx(0.76, abs=0.01),
        "lateral_mm": -50.0,
        "radius_mm": 15,
    }
    assert last(slipped, "roller_left")["pos"]["level"] == "T10"
    assert last(slipped, "roller_left")["force_n"] == last(whole, "roller_left")["force_n"]


def test_a_carriage_slips_while_it_presses_only_and_slips_back_at_its_end_stop() -> None:
    chair = Chair()
    chair.suffer(Defects(slip_mm=30))
    chair.step(20)
    home = chair.readings()[0].place
    chair.apply(setpoint(5, 5, carriage_mm=10))
    for _ in range(400):
        chair.step(0.1)
    at_the_stop = chair.readings()[0].place
    chair.apply(setpoint(5, 5, carriage_mm=0))
    chair.step(5)
    assert chair.readings()[0].place == at_the_stop  # 10 mm above its end already
    chair.stop()
    chair.step(1)
    chair.apply(setpoint(0, 0, carriage_mm=580))
    for _ in range(400):
        chair.step(0.1)
    assert chair.readings()[0].place == home  # it slipped back all the way


def test_a_sagging_battery_takes_the_force_with_it_and_the_service_tells_its_charge() -> None:
    async def test(room: Room, link: Link) -> None:
        told: list[int] = []
        await link.client.start_notify("2A19", lambda _, value: told.append(value[0]))
        await link.listen()
        await link.command(begin(5, 600, ceilings=(10,)))
        assert await link.hold(1, 10) == 0
        assert last(room, "head")["force_n"] == pytest.approx(40, abs=0.01)
        assert await link.hold(25, 10, seq=100) == 0
        assert last(room, "head")["force_n"] == pytest.approx(20, abs=1)
        assert await link.hold(40, 10, seq=300) == 0
        assert last(room, "head")["force_n"] == pytest.approx(2, abs=0.3)
        assert (await link.client.read_gatt_char("2A19"))[0] <= 5
        assert told == sorted(told, reverse=True)
        assert len(told) > 80

    with_link(test, "battery_sag:1", model="handheld")


def test_the_battery_of_a_handheld_falls_slowly_with_use_and_that_of_the_others_never() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(begin(5, 600, ceilings=(10,)))
        assert await link.hold(300, 10) == 0
        assert await link.client.read_gatt_char("2A19") == bytes([96])
        assert last(room, "head")["force_n"] == 40

    with_link(test, model="handheld")
    chair, cushion = Chair(), Cushion()
    assert (chair.battery_percent, cushion.battery_percent) == (100, 100)


def test_a_battery_used_up_drives_nothing() -> None:
    massager = Handheld()
    massager.apply(setpoint(10))
    massager.step(7000)
    assert (massager.battery_percent, massager.readings()[0].force_n) == (1, 40)
    massager.step(300)
    assert massager.readings()[0].force_n == 0


def test_a_battery_takes_the_same_charge_in_one_step_as_in_many() -> None:
    one, many = Handheld(), Handheld()
    for level in (10, 3, 0):
        for massager, steps in ((one, 1), (many, 1000)):
            massager.apply(setpoint(level))
            for _ in range(steps):
                massager.step(600 / steps)
    assert one._battery._charge == pytest.approx(many._battery._charge, abs=1e-9)


def test_what_a_ramp_comes_to_is_the_area_under_it() -> None:
    ramp = Ramp(0.0, rate_per_s=10)
    ramp.target = 5.0
    assert ramp.sum_over(0.5) == pytest.approx(1.25)
    assert ramp.sum_over(2.5) == pytest.approx(1.25 + 10)
    ramp.step(9)
    ramp.target = 0.0
    assert ramp.sum_over(0.1) == pytest.approx(0.45)


def test_what_is_broken_changes_nothing_before_it_breaks_and_is_whole_once_mended() -> None:
    chair = Chair()
    chair.apply(setpoint(4, 4))
    chair.step(1)
    chair.suffer(Defects(runaway=True))
    chair.step(1)
    assert chair.readings()[0].force_n == 80
    chair.suffer(SOUND)
    chair.step(1)
    assert chair.readings()[0].force_n == 16


def test_a_weak_cell_is_weak_only_once_it_is() -> None:
    battery = Battery()
    battery.use(100, 100)
    assert battery.strength == 1
    battery.weak = True
    battery.use(10, 10)
    assert battery.strength == pytest.approx(0.8, abs=0.02)


def test_each_level_of_a_lying_motor_or_pad_is_within_what_it_has() -> None:
    can = Cushion.capabilities.actuators
    place = Cushion().readings()[0].place
    assert place
    motor, pad = Motor(can[0], slowest_hz=20, fastest_hz=45, place=place), Heater(can[8], place=place)
    for actuator in (motor, pad):
        actuator.suffer(Defects(extra_levels=4))
        actuator.head_for(3)
        actuator.step(1000)
    assert motor.reading().force_n == 3.5
    assert pad.reading().temp_c == 41  # level 5 is its highest


def setpoint(*levels: int, carriage_mm: int | None = None) -> Set:
    return Set(
        seq=1,
        epoch=1,
        lease_ms=2000,
        carriage_mm=carriage_mm,
        half_width_mm=None,
        pace_mm_s=40,
        levels=levels,
    )
