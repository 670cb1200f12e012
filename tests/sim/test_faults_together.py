"""Many faults at once, in any mix, on any model: nothing breaks, and the same mix repeats."""

import asyncio
from random import Random
from typing import Any

import pytest
from bleak import BleakClient
from bleak.exc import BleakError

from firmware_sim.device import MODELS
from firmware_sim.fault_kinds import After, Side
from firmware_sim.faults import KINDS, parse
from firmware_sim.simulator import Simulator
from firmware_sim.virtual_time import run
from firmware_sim.wire import COMMAND_UUID, STATE_UUID, STOP_UUID
from sim.device_bench import begin, set_

CEILINGS = {"chair": (20, 20), "cushion": (10,) * 8 + (5,) * 2, "handheld": (10,)}


def some_faults(draw: Random) -> list[str]:
    """Three to eight different ones with arguments that matter within a few seconds."""
    mix = []
    for name in draw.sample(sorted(KINDS), draw.randint(3, 8)):
        kind = KINDS[name]
        values = [str(max(parameter.lowest, draw.randint(1, 40))) for parameter in kind.parameters]
        values = [value.removesuffix(".0") for value in values]
        if kind.after is After.NEEDED or (kind.after is After.OPTIONAL and draw.random() < 0.5):
            values.append(str(draw.randint(0, 8)))
        mix.append(f"{name}:{','.join(values)}" if values else name)
    return mix


def lived_through(model: str, seed: int) -> list[Any]:
    """All rows and reports of a few clumsy sessions with faults that come and go."""
    draw = Random(seed)  # noqa: S311 - repeatable
    rows: list[Any] = []
    broken: list[Any] = []

    async def once(simulator: Simulator) -> None:
        radio = await simulator.radio()
        async with BleakClient(simulator.devices[0].address, pair=True, backend=radio.client) as client:
            await client.start_notify(STATE_UUID, lambda _, value: rows.append(bytes(value)))
            epoch = draw.randint(1, 1000)
            top = CEILINGS[model]
            await client.write_gatt_char(COMMAND_UUID, begin(epoch, 600, top), response=True)
            for seq in range(1, 30):
                levels = [draw.randint(0, most) for most in top]
                await client.write_gatt_char(COMMAND_UUID, set_(seq, *levels, epoch=epoch), response=True)
                await asyncio.sleep(draw.choice([0.1, 0.2, 0.7]))
            await client.write_gatt_char(STOP_UUID, b"\0", response=True)

    async def body() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: broken.append(context))
        faults = some_faults(draw)
        async with Simulator(model=model, seed=seed, faults=faults, on_row=rows.append) as simulator:
            device = simulator.devices[0]
            for _ in range(3):
                try:
                    async with asyncio.timeout(20):
                        await once(simulator)
                except (BleakError, TimeoutError, AssertionError) as error:
                    rows.append(repr(error))
                device.press(draw.choice(["stop", "plus", "minus"]))
                if device.faults:
                    device.clear(draw.choice(device.faults).name)
                other = parse(some_faults(draw)[0])
                if other.side is not Side.HOST and other.name not in {each.name for each in device.faults}:
                    device.inject(other)
                await asyncio.sleep(3)

    run(body())
    assert broken == []
    return rows


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", range(2))
def test_any_mix_of_faults_breaks_nothing_and_repeats(model: str, seed: int) -> None:
    assert lived_through(model, seed) == lived_through(model, seed)
