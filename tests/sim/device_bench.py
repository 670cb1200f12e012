"""A device's firmware on its own: time is what each call says, no loop and no radio."""

import struct

from firmware_sim.chair import Chair
from firmware_sim.firmware import Firmware
from firmware_sim.plant import Plant
from firmware_sim.wire import Cause, CommandError, Refusal, State

STAY, STAY_WIDE = 0xFFFF, 0xFF


def begin(epoch: int = 1, deadline_s: int = 900, ceilings: tuple[int, ...] = (20, 20)) -> bytes:
    return struct.pack("<BHHB", 1, epoch, deadline_s, len(ceilings)) + bytes(ceilings)


def set_(
    seq: int,
    *levels: int,
    epoch: int = 1,
    lease_ms: int = 2000,
    carriage: int = STAY,
    width: int = STAY_WIDE,
    pace: int = 40,
) -> bytes:
    head = struct.pack("<BHHHHBBB", 2, seq, epoch, lease_ms, carriage, width, pace, len(levels))
    return head + bytes(levels)


def end(epoch: int = 1) -> bytes:
    return struct.pack("<BH", 3, epoch)


class Bench:
    """A device's firmware with its samples and notifications written down; `now` moves it on."""

    def __init__(self, plant: Plant | None = None) -> None:
        self.now = 0.0
        self.plant = plant or Chair()
        self.samples: list[tuple[float, Cause, bool]] = []
        self.notified: list[tuple[float, State]] = []
        self.firmware = Firmware(
            self.plant,
            now_s=0,
            on_sample=lambda at, cause: self.samples.append((at, cause, self.plant.at_rest)),
            on_notify=lambda at: self.notified.append((at, self.firmware.state())),
        )

    def wait(self, seconds: float) -> State:
        self.now += seconds
        self.firmware.advance(self.now)
        return self.firmware.state()

    def command(self, frame: bytes, *, link: int = 1) -> Refusal | None:
        try:
            self.firmware.write_command(link, frame, self.now)
        except CommandError as error:
            return error.refusal
        return None

    def press(self, seq: int = 1, level: int = 20, **fields: int) -> None:
        assert self.command(set_(seq, level, level, **fields)) is None

    def hold(self, seq: int, seconds: float, *levels: int) -> int:
        """Keep levels up, renewing the lease every half second; return the next free sequence number."""
        for _ in range(round(seconds / 0.5)):
            assert self.command(set_(seq, *levels)) is None
            seq += 1
            self.wait(0.5)
        return seq

    def stop(self) -> None:
        self.firmware.write_stop(self.now)

    @property
    def depth(self) -> float:
        return max(reading.depth_mm for reading in self.plant.readings())

    @property
    def state(self) -> State:
        return self.firmware.state()


def pressing() -> Bench:
    """Fully out and sweeping up the back, half a second into the present lease."""
    bench = Bench()
    assert bench.command(begin()) is None
    for seq in (1, 2, 3):
        bench.press(seq, carriage=0, width=80)
        bench.wait(0.5)
    assert bench.depth == 20
    return bench
