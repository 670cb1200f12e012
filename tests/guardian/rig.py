"""The reference chair, a permit for it, a device by hand, and the core's end of a guardian."""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from massager.guardian.client import InProcessGuardian
from massager.guardian.clock import LoopClock
from massager.guardian.link import Identity, LinkFactory, Sighting, Written
from massager.guardian.messages import Delivery, GiveLease, GivePermit, Outcome, Permitted, Ready, Up
from massager.model.body import Calibration, Region, Side
from massager.model.ceilings import Modality, Severity
from massager.model.commands import Lease, Permit, PermitRow, Setpoint
from massager.model.devices import Actuator, Carriage, DeviceProfile, StopClass
from massager.model.errors import LinkError
from massager.model.telemetry import ActuatorReading, Cause, Reading

CALIBRATION = Calibration(c7_mm=40, psis_mm=549, error_mm=10)


def roller(name: str, side: Side) -> Actuator:
    return Actuator(name, side, Modality.ROLLER, 20, 40, 10, 15)


CHAIR = DeviceProfile(
    name="chair",
    title="Reference roller chair",
    codec="reference",
    model_number="REF-CHAIR",
    firmware=("1.0",),
    stop_class=StopClass.A,
    watchdog_ms=1000,
    deadline_max_s=1200,
    carriage=Carriage(travel_mm=580, half_width_min_mm=30, half_width_max_mm=80, pace_max_mm_s=40),
    actuators=(roller("roller_left", Side.LEFT), roller("roller_right", Side.RIGHT)),
    profile_hash="x",
)


def row(actuator: str, **changes: Any) -> PermitRow:
    lumbar = PermitRow(actuator, Modality.ROLLER, Region.LUMBAR, Severity.MILD, 329, 633, 50, 60, 10)
    return replace(lumbar, **changes)


def permit(now_ms: int = 0, **changes: Any) -> Permit:
    rows = tuple(row(actuator.name) for actuator in CHAIR.actuators)
    whole = Permit("chair", "REF-CHAIR", "1.0", now_ms + 600_000, CALIBRATION, rows, 1)
    return replace(whole, **changes)


def setpoint(level: int = 0, **changes: Any) -> Setpoint:
    return replace(Setpoint((level, level), None, None, 20), **changes)


def lease(number: int, epoch: int, now_ms: int, level: int = 0, **changes: Any) -> Lease:
    return Lease(number, epoch, now_ms + 500, setpoint(level, **changes))


def reading(**changes: Any) -> Reading:
    resting = Reading(
        at_ms=0,
        counter=1,
        session_open=True,
        at_rest=True,
        moving=False,
        fault=False,
        cause=Cause.REST,
        epoch=1,
        seq=0,
        carriage_mm=450,
        half_width_mm=55,
        deadline_s=600,
        actuators=(ActuatorReading(0, 0, 0), ActuatorReading(0, 0, 0)),
    )
    return replace(resting, **changes)


class FakeLink:
    """A device at the end of a link, by hand: what it was told, when, and what it reports."""

    def __init__(self, air: "FakeAir", on_lost: Callable[[str], None]) -> None:
        self._air = air
        self._on_lost = on_lost
        self._on_state: Callable[[bytes, int], None] | None = None

    async def scan(self, address: str | None) -> tuple[Sighting, ...]:
        await asyncio.sleep(0.1)
        return tuple(self._air.sightings)

    async def connect(self, sighting: Sighting) -> None:
        if self._air.unreachable:
            raise LinkError("out of reach")
        self._air.link = self
        self._air.log.append("connect")

    async def subscribe(self, on_state: Callable[[bytes, int], None]) -> None:
        self._air.log.append("subscribe")
        self._on_state = on_state
        self._air.report()

    async def identify(self) -> Identity:
        return Identity("C0:DE", *self._air.identity, "SIM-1", self._air.capabilities)

    async def write_command(self, data: bytes) -> Written:
        self._air.log.append(data.hex())
        await asyncio.sleep(self._air.write_s)
        written = self._air.command_answer
        if written.outcome is Outcome.CONFIRMED and self._air.link is self:
            self._air.obey(data)
        return written

    async def write_stop(self) -> Written:
        self._air.log.append("stop")
        await asyncio.sleep(self._air.write_s)
        if self._air.stop_answer.outcome is Outcome.CONFIRMED and self._air.link is self:
            self._air.stop()
        return self._air.stop_answer

    async def disconnect(self) -> None:
        if self._air.link is self:
            self._air.log.append("disconnect")
            self._air.link = None

    def lose(self) -> None:
        self._air.link = None
        self._on_lost("pulled away")

    def report(self, data: bytes) -> None:
        if self._on_state is not None and self._air.link is self:
            self._on_state(data, LoopClock().now_ms())


class FakeAir:
    """One chair that obeys at once; each field may be changed in the middle of a test."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.sightings = [Sighting("C0:DE", "REF-CHAIR 01")]
        self.identity = ("REF-CHAIR", "1.0")
        self.capabilities = CAPABILITIES
        self.unreachable = False
        self.write_s = 0.002
        self.command_answer = Written(Outcome.CONFIRMED)
        self.stop_answer = Written(Outcome.CONFIRMED)
        self.silent = False
        self.link: FakeLink | None = None
        self.state = {"flags": 2, "cause": 0, "epoch": 7, "seq": 0, "carriage": 450, "width": 55, "level": 0}
        self.depth = 0
        self._counter = 0
        self._reporting = asyncio.create_task(self._report_always())

    def links(self, on_lost: Callable[[str], None]) -> FakeLink:
        return FakeLink(self, on_lost)

    def obey(self, data: bytes) -> None:
        if data[0] == 1:
            self.state |= {"epoch": int.from_bytes(data[1:3], "little"), "seq": 0, "cause": 0}
        elif data[0] == 2:
            level = data[12]
            self.state |= {"seq": int.from_bytes(data[1:3], "little"), "level": level}
            self.state |= {"flags": 1 if level else 3, "cause": 1 if level else 7}
            self.depth = level * 10

    def stop(self) -> None:
        self.state |= {"level": 0, "flags": 2, "cause": 2}
        self.depth = 0

    def report(self) -> None:
        if self.silent or self.link is None:
            return
        self._counter += 1
        state = self.state
        head = struct.pack(
            "<HBBHHHBH",
            self._counter,
            *(state[name] for name in ("flags", "cause", "epoch", "seq", "carriage", "width")),
            600,
        )
        self.link.report(head + bytes((state["level"], self.depth, self.depth // 3)) * 2)

    async def _report_always(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            self.report()


CAPABILITIES = struct.pack("<BBHHHBBBB", 1, 1, 1000, 1200, 580, 30, 80, 40, 2) + bytes((1, 20, 40, 15)) * 2


class Core:
    """The core's end of a guardian in process: remembers everything it was told."""

    def __init__(self, links: LinkFactory, **options: Any) -> None:
        self.clock = LoopClock()
        self.client = InProcessGuardian(links=links, profile=CHAIR, clock=self.clock, **options)
        self.told: list[Up] = []
        self.gone = False
        self.epoch = 0
        self._number = 0
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while (message := await self.client.receive()) is not None:
            self.told.append(message)
        self.gone = True

    def heard(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.told if isinstance(message, kind)]

    async def hear(self, kind: type[Any], count: int = 1) -> Any:
        await until(lambda: len(self.heard(kind)) >= count)
        return self.heard(kind)[-1]

    async def open(self, given: Permit | None = None) -> int:
        await self.hear(Ready)
        self.client.send(GivePermit(given or permit(self.clock.now_ms())))
        self.epoch = (await self.hear(Permitted, len(self.heard(Permitted)) + 1)).epoch
        return self.epoch

    def lease(self, level: int = 0, **changes: Any) -> int:
        self._number += 1
        self.client.send(GiveLease(lease(self._number, self.epoch, self.clock.now_ms(), level, **changes)))
        return self._number

    async def press(self, level: int = 5) -> None:
        number = self.lease(level)
        await until(lambda: any(each.number == number for each in self.heard(Delivery)))


async def until(holds: Callable[[], Any], *, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - whatever a test waits for
            await asyncio.sleep(0.001)
