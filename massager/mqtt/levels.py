"""A strength that somebody asks for over MQTT: it falls as far as asked, and rises by a step at most."""

from dataclasses import dataclass
from typing import Final

from massager.mqtt.words import told_source
from massager.session.loop import ControlLoop
from massager.session.snapshot import Snapshot

WHOLE: Final = 100
# What the records say of a stop or a pause that came this way; the broker does not tell from whom.
OVER_MQTT: Final = "over MQTT"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command.

    Attributes:
        accepted: It was obeyed, wholly or as far as the limits let it.
        applied: What holds now: a percentage, a word; None where nothing was changed.
        why: In words; empty where it was obeyed wholly.
        limited: A limit held it lower than asked.
    """

    accepted: bool
    applied: int | str | None
    why: str
    limited: bool = False


NOTHING_RUNS: Final = Done(accepted=False, applied=None, why="nothing runs on this massager")


def percent(level: int, levels: int) -> int:
    """A level as a share of the device's range, rounded down."""
    return WHOLE * level // levels


def level_at_most(wanted: int, levels: int) -> int:
    """The highest level that is no more than a percentage of the device's range."""
    return wanted * levels // WHOLE


def apply_level(loop: ControlLoop, now: Snapshot, wanted: int) -> Done:
    """Hold a session to a percentage of the device's range; 0, and what is less than the first level, pauses.

    Nothing here goes above what the program asks for, nor that above the limits.
    """
    level = level_at_most(wanted, now.levels)
    if level == 0:
        loop.pause(OVER_MQTT)
        return Done(accepted=True, applied=0, why="paused; it goes on at the device or on its page")
    if now.at_most is not None and level > now.at_most:
        return _raise(loop, now, level)
    loop.restraint.lower_to(level)
    sent = now.sent
    if sent is not None and sent.level < level:
        return Done(
            accepted=True,
            applied=percent(sent.level, now.levels),
            why=f"no more than {wanted} % from now on; it is less already: {told_source(sent.source).text}",
            limited=True,
        )
    return Done(accepted=True, applied=percent(level, now.levels), why="")


def _raise(loop: ControlLoop, now: Snapshot, level: int) -> Done:
    """One step, where remote control is switched on for the person."""
    held = now.at_most or 0
    if not now.remote:
        return Done(
            accepted=False,
            applied=percent(held, now.levels),
            why="remote control is not switched on for this person: only they make it stronger",
            limited=True,
        )
    loop.restraint.stronger()
    whole = level == held + 1
    return Done(
        accepted=True,
        applied=percent(held + 1, now.levels),
        why="" if whole else "it rises one step a command",
        limited=not whole,
    )
