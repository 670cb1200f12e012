"""What can happen to a computer's clocks, and a computer to which it happens.

`true_s` is the time that really passes, sleep and being off included; nobody but the test knows it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from massager.model.history import Moment

HOUR_S, DAY_S = 3600, 24 * 3600
YEAR_S = 365 * DAY_S
BASE_S = 1_700_000_000
# Up for a while already when the story begins.
UP_S = 5_000
BOOTING_S = 20


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both clocks of a computer.

    Attributes:
        true_s: Since the story began.
        wall_off_s: What the wall clock is ahead; negative behind.
        boot: Which one.
        boot_at_s: When it began, in true time.
    """

    true_s: int = 0
    wall_off_s: int = 0
    boot: int = 1
    boot_at_s: int = -UP_S

    @property
    def now(self) -> Moment:
        """What the program can read."""
        up_s = self.true_s - self.boot_at_s
        return Moment(BASE_S + self.true_s + self.wall_off_s, 1000 * up_s, f"boot-{self.boot}")

    def later(self, seconds: int) -> "Clocks":
        """Time goes by as it should."""
        return replace(self, true_s=self.true_s + seconds)

    def to(self, true_s: int) -> "Clocks":
        """As `later`, up to a time."""
        return replace(self, true_s=true_s)


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happens to the clocks.

    Attributes:
        behind: Whether the wall clock is then so much earlier that nothing may start.
        reboots: Whether the program ends with it.
    """

    name: str
    happens: Callable[[Clocks], Clocks]
    behind: bool = False
    reboots: bool = False


def wall(seconds: int) -> Turn:
    """The wall clock is set."""
    return Turn(
        f"wall {seconds:+} s",
        lambda clocks: replace(clocks, wall_off_s=clocks.wall_off_s + seconds),
        # 2 s is what clocks may differ by.
        behind=seconds < -2,
    )


def sleep(seconds: int) -> Turn:
    """The computer sleeps and wakes with the right time."""
    return Turn(f"sleeps {seconds} s", lambda clocks: clocks.later(seconds))


def sleep_through(seconds: int) -> Turn:
    """The computer sleeps, and so does its wall clock."""

    def happens(clocks: Clocks) -> Clocks:
        return replace(clocks.later(seconds), wall_off_s=clocks.wall_off_s - seconds)

    return Turn(f"sleeps {seconds} s with its wall clock", happens)


def reboot(seconds: int) -> Turn:
    """The computer is off for a while, and does not start with a time that has not come yet.

    A clock that is ahead when the computer starts is believed: nothing else can be known then.
    """

    def happens(clocks: Clocks) -> Clocks:
        on = clocks.later(seconds)
        return replace(
            on, wall_off_s=min(0, on.wall_off_s), boot=on.boot + 1, boot_at_s=on.true_s - BOOTING_S
        )

    return Turn(f"is off for {seconds} s", happens, reboots=True)


def slew(seconds: int, ppm: int) -> Turn:
    """Network time corrects the wall clock slowly."""

    def happens(clocks: Clocks) -> Clocks:
        off_s = clocks.wall_off_s + seconds * ppm // 1_000_000
        return replace(clocks.later(seconds), wall_off_s=off_s)

    return Turn(f"slews {ppm:+} ppm for {seconds} s", happens)


def both(name: str, *turns: Turn) -> Turn:
    """One after the other."""

    def happens(clocks: Clocks) -> Clocks:
        for turn in turns:
            clocks = turn.happens(clocks)
        return clocks

    return Turn(name, happens)


STEPS_S = (1, 3, 61, HOUR_S, DAY_S, 8 * DAY_S, YEAR_S, 10 * YEAR_S)
TURNS = (
    *(wall(sign * seconds) for seconds in STEPS_S for sign in (1, -1)),
    *(sleep(seconds) for seconds in (1, 61, HOUR_S, 30 * DAY_S)),
    sleep_through(61),
    sleep_through(HOUR_S),
    reboot(40),
    reboot(1_800),
    slew(1_800, 500),
    slew(1_800, -500),
    both("an hour forth and back", wall(HOUR_S), wall(-HOUR_S)),
    both("an hour back and forth", wall(-HOUR_S), wall(HOUR_S)),
    both("a year forth, a nap, and back", wall(YEAR_S), sleep(61), wall(-YEAR_S)),
)
IN_A_SESSION = tuple(
    turn
    for turn in TURNS
    if turn.name
    in {
        "wall +1 s",
        "wall -1 s",
        "wall +3600 s",
        "wall -3600 s",
        f"wall +{10 * YEAR_S} s",
        f"wall -{10 * YEAR_S} s",
        "sleeps 1 s",
        "sleeps 61 s",
        f"sleeps {30 * DAY_S} s",
        "sleeps 3600 s with its wall clock",
        "is off for 40 s",
        "an hour back and forth",
    }
)
