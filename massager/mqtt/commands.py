"""What a command says, and which are not looked at: old ones, kept ones, and whatever is no command.

A command is a bare word or number, as Home Assistant sends it, or a JSON object of the same with an `id` that
the result names and the time `at` which it was given. A stop is none of this: whatever arrives there stops.
"""

import re
from collections import deque
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from massager.mqtt.topics import Order

# docs/mqtt.md: what comes later than this was meant for another moment.
LATEST_S: Final = 5.0
# A name of a program, or a few words of JSON; what is longer the broker is told not to hand on.
LONGEST: Final = 1024
# Chosen: more than a home sends within the time in which a command is young.
_REMEMBERED: Final = 256
_NUMBER: Final = re.compile(r"(\d{1,3})(?:\.0)?")

_Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]


class _Given(BaseModel):
    """What every command may say beside what it is about."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: _Id | None = None
    at: Annotated[float | None, Field(ge=0, allow_inf_nan=False, description="seconds since 1970")] = None


class Stop(_Given):
    """Only what the answer to it names."""

    stop: Literal["STOP"] = "STOP"


class Pause(_Given):
    """Stop the device and keep the session open."""

    pause: Literal["PAUSE"] = "PAUSE"


class Level(_Given):
    """How strong it may be at most."""

    level: Annotated[int, Field(ge=0, le=100, description="percent of the device's range; 0 pauses")]


class Heat(_Given):
    """Warmth off, or as the program has it."""

    heat: Literal["ON", "OFF"]


class Program(_Given):
    """Which program the next start is about."""

    program: Annotated[str, Field(min_length=1, max_length=80)]


class Start(_Given):
    """Ask the person at the device to start."""

    start: Literal["START"] = "START"
    person: Annotated[str | None, Field(min_length=1, max_length=80)] = None


Command: TypeAlias = Stop | Pause | Level | Heat | Program | Start

_ADAPTERS: Final[dict[Order, TypeAdapter[Command]]] = {
    Order.STOP: TypeAdapter(Stop),
    Order.PAUSE: TypeAdapter(Pause),
    Order.LEVEL: TypeAdapter(Level),
    Order.HEAT: TypeAdapter(Heat),
    Order.PROGRAM: TypeAdapter(Program),
    Order.START: TypeAdapter(Start),
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as the broker handed it on.

    Attributes:
        is_retained: It was kept there for whoever comes; nobody gave it now.
        expires_s: What the broker says is left of its time; None where it has no end.
    """

    topic: str
    payload: bytes
    is_retained: bool
    expires_s: int | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """A command that is not obeyed.

    Attributes:
        why: In words.
        id: Of the command, where it could be read.
    """

    why: str
    id: str | None = None


def read(order: Order, payload: bytes) -> Command | Unfit:
    """What a payload says; a stop counts whatever it says."""
    if len(payload) > LONGEST:
        return Unfit(f"it is longer than {LONGEST} bytes")
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return Unfit("it is not UTF-8")
    adapter = _ADAPTERS[order]
    try:
        if text.startswith("{"):
            return adapter.validate_json(text)
        return adapter.validate_python({order.value: _bare(order, text)})
    except ValidationError as error:
        return Unfit(_words(order, error))


def _bare(order: Order, text: str) -> object:
    """A bare word as a field's value; a number where one is due, else the text, which no model takes."""
    number = _NUMBER.fullmatch(text) if order is Order.LEVEL and text.isascii() else None
    return int(number.group(1)) if number else text


def _words(order: Order, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or str(order)
    return f"{place}: {first['msg']}"


class Freshness:
    """Which commands are young, and given once."""

    def __init__(self) -> None:
        self._seen: deque[str] = deque(maxlen=_REMEMBERED)

    def refuses(self, arrived: Arrived, command: Command, *, wall_s: float, held_up: bool) -> Unfit | None:
        """Why a command is too old, or not the first of its id; one that is fit is remembered.

        Args:
            arrived: As it came.
            command: What it says.
            wall_s: Now, seconds since 1970.
            held_up: Whether the broker has lately kept things back, so that nobody knows how old this is.
        """
        if arrived.is_retained:
            return Unfit(
                "it is retained: it was given once and would be obeyed at every start. "
                f"Remove it: mosquitto_pub -r -n -t {arrived.topic}",
                command.id,
            )
        if arrived.expires_s is not None and arrived.expires_s <= 0:
            return Unfit("its time is over", command.id)
        if command.at is not None and abs(wall_s - command.at) > LATEST_S:
            return Unfit(
                f"it was given {wall_s - command.at:.0f} s ago by the clock of whoever gave it; more than "
                f"{LATEST_S:.0f} s is too old",
                command.id,
            )
        if held_up:
            return Unfit("the broker answered late, so it may be old. Give it again", command.id)
        if command.id is not None and command.id in self._seen:
            return Unfit("a command of this id was there before", command.id)
        if command.id is not None:
            self._seen.append(command.id)
        return None
