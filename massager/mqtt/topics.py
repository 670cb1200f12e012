"""Where things are on the broker: one tree for all gateways of a home, a branch a massager (docs/mqtt.md)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ROOT: Final = "massager/v1"
HA_STATUS: Final = "homeassistant/status"
# The gateway of a home that has one.
USUAL_GATEWAY: Final = "bridge"
RESULT: Final = "result"

ONLINE: Final = "online"
OFFLINE: Final = "offline"


class Order(StrEnum):
    """What may be commanded; the last part of the topic."""

    STOP = "stop"
    PAUSE = "pause"
    LEVEL = "level"
    HEAT = "heat"
    PROGRAM = "program"
    START = "start"


@dataclass(frozen=True, slots=True)
class Topics:
    """The names of a gateway's topics; `massager` is always the id of one.

    Attributes:
        gateway: Of several on one broker each has a name of its own.
    """

    gateway: str = USUAL_GATEWAY

    @property
    def status(self) -> str:
        """Whether this gateway is there; the broker says so itself where it was cut off."""
        return f"{ROOT}/{self.gateway}/status"

    @property
    def info(self) -> str:
        """What this gateway is."""
        return f"{ROOT}/{self.gateway}/info"

    def live(self, massager: str) -> str:
        """What it does, several times a second."""
        return f"{ROOT}/{massager}/live"

    def availability(self, massager: str) -> str:
        """Whether it is linked."""
        return f"{ROOT}/{massager}/availability"

    def remote_start(self, massager: str) -> str:
        """Whether a start may be asked for now."""
        return f"{ROOT}/{massager}/remote_start"

    def state(self, massager: str) -> str:
        """What it does."""
        return f"{ROOT}/{massager}/state"

    def attributes(self, massager: str) -> str:
        """What limits it, and why."""
        return f"{ROOT}/{massager}/session/attributes"

    def event(self, massager: str) -> str:
        """What has just happened; never retained."""
        return f"{ROOT}/{massager}/event"

    def diag(self, massager: str) -> str:
        """How well it is heard."""
        return f"{ROOT}/{massager}/diag"

    def command(self, massager: str, order: str) -> str:
        """Where it is commanded; with `+` for the order, all of them."""
        return f"{ROOT}/{massager}/cmd/{order}"

    def result(self, massager: str) -> str:
        """What became of each command."""
        return self.command(massager, RESULT)

    def config(self, massager: str) -> str:
        """What Home Assistant discovers."""
        return f"homeassistant/device/{massager}/config"


def commanded(topic: str) -> tuple[str, str] | None:
    """The massager's id and the order of a command's topic; None where it is none."""
    parts = topic.removeprefix(f"{ROOT}/").split("/")
    if len(parts) != 3 or parts[1] != "cmd" or not topic.startswith(ROOT):  # noqa: PLR2004 - id, cmd, order
        return None
    return parts[0], parts[2]
