"""A command from the broker to the session it is about, and an answer to whoever gave it.

Nothing here waits before it has obeyed. A stop is obeyed as it arrives, whatever it says and whatever came
before it; of strengths the newest counts, one a control period.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from massager.mqtt.answers import Answers
from massager.mqtt.commands import (
    Arrived,
    Command,
    Freshness,
    Heat,
    Level,
    Pause,
    Program,
    Start,
    Unfit,
    read,
)
from massager.mqtt.levels import NOTHING_RUNS, OVER_MQTT, Done
from massager.mqtt.station import Massager, Station
from massager.mqtt.stops import Stops
from massager.mqtt.strengths import Strengths
from massager.mqtt.topics import RESULT, Order, commanded
from massager.session.offers import Massager as ToChoose
from massager.session.requests import Request

_ORDERS: Final = frozenset(map(str, Order))


@dataclass(slots=True)
class Judging:
    """What a command is judged by.

    Attributes:
        wall_s: Seconds since 1970.
        held_up: Whether the broker has lately kept things back.
        log: Takes a line, and never waits.
    """

    wall_s: Callable[[], float]
    held_up: Callable[[], bool]
    log: Callable[[str], None]
    freshness: Freshness = field(default_factory=Freshness)


class Obeying:
    """Takes what arrives for the massagers of this core.

    Attributes:
        massagers: Those it obeys for, by id; whoever else's commands pass by.
        chosen: Name of the program that the next start is about, by the massager's id.
    """

    def __init__(self, station: Station, answers: Answers, judging: Judging) -> None:
        self.massagers: Mapping[str, Massager] = {}
        self.chosen: dict[str, str] = {}
        self._station = station
        self._massage = station.massage
        self._answers = answers
        self._by = judging
        self._stops = Stops(station.massage, answers)
        self._strengths = Strengths(station.massage, answers)
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._warned: set[str] = set()

    def connected(self) -> None:
        """Another connection has begun: what lies retained there is warned of once more."""
        self._warned.clear()

    def take(self, arrived: Arrived, *, is_copy: bool = False) -> None:
        """Obey a message, or say why not; returns at once. A copy of a stop is obeyed, and not answered."""
        found = commanded(arrived.topic)
        if found is None or found[1] == RESULT:
            return
        massager = self.massagers.get(found[0])
        if massager is None:
            return
        if arrived.is_retained:
            self._warn(arrived)
        if found[1] == Order.STOP:
            self._stops.stop(massager, _id_of(arrived.payload), is_copy=is_copy)
            self._strengths.forget(massager)
            if massager.id in self._asking:
                self._asking[massager.id].cancel()
        elif found[1] in _ORDERS:
            self._look_at(massager, Order(found[1]), arrived)
        else:
            self._answers.refuse(massager, None, "there is no such command")

    def _look_at(self, massager: Massager, order: Order, arrived: Arrived) -> None:
        command, by = read(order, arrived.payload), self._by
        if not isinstance(command, Unfit):
            unfit = by.freshness.refuses(arrived, command, wall_s=by.wall_s(), held_up=by.held_up())
            if unfit is None:
                self._obey(massager, command)
                return
            command = unfit
        self._answers.refuse(massager, command.id, command.why)

    def _warn(self, arrived: Arrived) -> None:
        if arrived.topic not in self._warned:
            self._warned.add(arrived.topic)
            self._by.log(
                f"a retained command lies at {arrived.topic}; only a stop is obeyed. "
                f"Remove it: mosquitto_pub -r -n -t {arrived.topic}"
            )

    def _obey(self, massager: Massager, command: Command) -> None:
        match command:
            case Level():
                self._strengths.want(massager, command)
            case Pause():
                self._answers.give(massager, command.id, self._pause(massager))
            case Heat():
                self._answers.give(massager, command.id, self._heat(massager, command))
            case Program():
                self._answers.give(massager, command.id, self._choose(massager, command))
            case Start():
                self._start(massager, command)

    def _pause(self, massager: Massager) -> Done:
        session = self._massage.on_device(massager.name)
        if session is None:
            return NOTHING_RUNS
        self._massage.session(session).pause(OVER_MQTT)
        return Done(accepted=True, applied="paused", why="")

    def _heat(self, massager: Massager, command: Heat) -> Done:
        session = self._massage.on_device(massager.name)
        if session is None:
            return NOTHING_RUNS
        if not massager.profile.heaters:
            return Done(accepted=False, applied=None, why="this massager does not warm")
        restraint = self._massage.session(session).restraint
        if command.heat == "OFF":
            restraint.cool()
            return Done(accepted=True, applied="OFF", why="")
        if restraint.is_cool and not self._massage.snapshot(session).remote:
            why = "remote control is not switched on for this person: only they switch it on"
            return Done(accepted=False, applied="OFF", why=why, limited=True)
        restraint.warm()
        return Done(accepted=True, applied="ON", why="it warms as far as the program asks for it")

    def _choose(self, massager: Massager, command: Program) -> Done:
        for program in self._station.programs(massager):
            if command.program in {program.name, program.title}:
                self.chosen[massager.id] = program.name
                return Done(accepted=True, applied=program.name, why="")
        return Done(accepted=False, applied=None, why="this massager has no program of that name")

    def _start(self, massager: Massager, command: Start) -> None:
        program = self.chosen.get(massager.id)
        if program is None:
            self._answers.refuse(massager, command.id, "no program is chosen: see cmd/program")
        elif massager.id in self._asking:
            self._answers.refuse(massager, command.id, "a start is being asked for already")
        else:
            asking = asyncio.create_task(self._ask(massager, command, program))
            self._asking[massager.id] = asking
            asking.add_done_callback(lambda _: self._asking.pop(massager.id))

    async def _ask(self, massager: Massager, command: Start, program: str) -> None:
        where = ToChoose(massager.name, massager.profile)
        asked = await self._station.remote.ask(where, program, command.person)
        if isinstance(asked, Request):
            why = "it waits for the person at the massager, who starts it or not"
            self._answers.give(massager, command.id, Done(accepted=True, applied="waits", why=why))
        else:
            self._answers.refuse(massager, command.id, asked.text)

    async def close(self) -> None:
        """Leave what still waits for rest or for an answer; the stops themselves were given long ago."""
        self._strengths.close()
        await self._stops.close()
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


def _id_of(payload: bytes) -> str | None:
    """The id of a stop, if it names one that an answer can carry."""
    found = read(Order.STOP, payload)
    return None if isinstance(found, Unfit) else found.id
