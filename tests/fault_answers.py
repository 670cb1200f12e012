"""What massager does about each fault of the simulator: the system tests and the page are held to it."""

from dataclasses import dataclass
from enum import StrEnum

from massager.model.decisions import Reason


class Answer(StrEnum):
    """How a session with a fault ends; the page's words."""

    STOPS = "stops"
    """It ends for that reason, and the device rests within the published bound after the fault sets in."""

    ALARMS = "alarms"
    """Likewise, but nobody could confirm that it rests, and the alarm stands."""

    BY_HAND = "alarms; only a hand helps"
    """The alarm stands and the device still does what it did."""

    CARRIES_ON = "carries on"
    """It runs its whole time inside every limit."""

    STARTS_NOTHING = "starts nothing"
    """Nothing has moved."""


@dataclass(frozen=True, slots=True)
class Case:
    """One session.

    Attributes:
        faults: As on the command line; the first is what the case is about.
        sets_in_s: When the first one has an effect, in s after the first BEGIN.
        session_s: How long it is meant to be; None for what the program says.
        stopped_s: When the person presses stop; None for never.
        alarm: Whether an alarm was raised on the way, though it ended well.
    """

    faults: tuple[str, ...]
    answer: Answer
    reason: Reason = Reason.FINISHED
    model: str = "chair"
    sets_in_s: float = 8
    session_s: int | None = 45
    stopped_s: float | None = None
    alarm: bool = False

    @property
    def name(self) -> str:
        """Of the fault it is about."""
        return self.faults[0].partition(":")[0]


def _case(faults: str, answer: Answer, *more: Reason, **options: object) -> Case:
    return Case(tuple(faults.split()), answer, *more, **options)  # type: ignore[arg-type]


STOPS, ALARMS, CARRIES_ON = Answer.STOPS, Answer.ALARMS, Answer.CARRIES_ON
CASES = (
    _case("slow_writes:100", CARRIES_ON),
    _case("slow_writes:1500", Answer.STARTS_NOTHING, Reason.WRITE_REFUSED),
    _case("refuse_writes:8", STOPS, Reason.WRITE_REFUSED),
    _case("ignored_writes:8", STOPS, Reason.DEVICE_STOPPED),
    _case("refuse_stop:8", ALARMS, Reason.STOPPED_BY_PERSON, stopped_s=12, sets_in_s=12),
    _case("repeated_stop:5", STOPS, Reason.STOPPED_BY_PERSON, stopped_s=12, sets_in_s=12),
    _case("refuse_above:0,8", STOPS, Reason.WRITE_REFUSED),
    _case("never_off:8", CARRIES_ON),
    _case("never_off:8", STOPS, Reason.ABOVE_COMMANDED, model="cushion", session_s=None, sets_in_s=59.2),
    _case("local_button:8", STOPS, Reason.LOCAL_BUTTON),
    _case("local_plus:8.05", STOPS, Reason.ABOVE_COMMANDED),
    _case("local_plus:8", CARRIES_ON),
    _case("local_minus:35", CARRIES_ON),
    _case("early_timer:8", STOPS, Reason.DEVICE_STOPPED),
    _case("error_shutdown:8", STOPS, Reason.DEVICE_FAULT),
    _case("power_cut:4,8", STOPS, Reason.LINK_LOST, alarm=True),
    _case("power_cut:60,8", ALARMS, Reason.LINK_LOST),
    _case("nonsense:8", ALARMS, Reason.DEVICE_FAULT),
    _case("silent:8", ALARMS, Reason.STALE_READING),
    _case("frozen:8", ALARMS, Reason.FROZEN_COUNTER),
    _case("lost_notifications:50", CARRIES_ON),
    _case("lost_notifications:100,8", ALARMS, Reason.STALE_READING),
    _case("duplicate_notifications:50", CARRIES_ON),
    _case("reordered_notifications:50", CARRIES_ON),
    _case("late_notifications:300", CARRIES_ON),
    _case("late_notifications:1500,8", STOPS, Reason.STALE_READING),
    _case("stale_state:3 link_drop:8", STOPS, Reason.LINK_LOST, alarm=True),
    _case("frozen_position:8", CARRIES_ON),
    _case("frozen_position:8", STOPS, Reason.OUT_OF_PLACE, session_s=None, sets_in_s=36),
    _case("frozen_load:8", ALARMS),
    _case("frozen_temperature:8", CARRIES_ON, model="cushion", session_s=None),
    _case("lying_level:2,8", STOPS, Reason.ABOVE_COMMANDED),
    _case("link_drop:8", STOPS, Reason.LINK_LOST),
    _case("link_lost:2,8", STOPS, Reason.LEASE_LAPSED),
    _case("link_lost:32,8", ALARMS, Reason.LEASE_LAPSED),
    _case("link_kept:20,8", STOPS, Reason.LINK_LOST),
    _case("drop_in_write:8", STOPS, Reason.LINK_LOST),
    _case("idle_drop:2", CARRIES_ON),
    _case("few_connections:1", CARRIES_ON),
    _case("few_connections:1 link_drop:8", ALARMS, Reason.LINK_LOST),
    _case("slow_advertising:1000", CARRIES_ON),
    _case("mtu_23", CARRIES_ON),
    _case("mtu_23", Answer.STARTS_NOTHING, Reason.LINK_LOST, model="cushion", session_s=None),
    _case("pairing_refused", Answer.STARTS_NOTHING, Reason.NOT_PAIRED),
    _case("bond_lost:8", CARRIES_ON),
    _case("bond_lost:8 link_drop:10", STOPS, Reason.LINK_LOST, sets_in_s=10),
    _case("drift:20", STOPS, Reason.OUT_OF_PLACE, sets_in_s=20),
    _case("carriage_slip:30,8", CARRIES_ON),
    _case("stuck_motor:8", Answer.BY_HAND),
    _case("stuck_motor:8", Answer.BY_HAND, Reason.ABOVE_COMMANDED, model="cushion", session_s=None),
    _case("runaway_motor:8", STOPS, Reason.ABOVE_COMMANDED),
    _case("runaway_motor:8", STOPS, Reason.ABOVE_FORCE, model="cushion", session_s=None),
    _case("runaway_motor:8", STOPS, Reason.ABOVE_FORCE, model="handheld", session_s=None),
    _case("overheating:0", CARRIES_ON, model="cushion", session_s=None),
    _case("battery_sag:0", CARRIES_ON, model="handheld", session_s=None),
    _case("stands_up:8", CARRIES_ON),
    _case("namesake", Answer.STARTS_NOTHING, Reason.DEVICE_NOT_FOUND),
    _case("namesake:4 link_drop:8", STOPS, Reason.LINK_LOST),
    _case("adapter_unplugged:8", ALARMS, Reason.LINK_LOST),
    _case("bluez_in_progress", CARRIES_ON),
    _case("bluez_in_progress slow_writes:300", STOPS, Reason.STOPPED_BY_PERSON, stopped_s=12, sets_in_s=12),
    _case("bluez_reconnect link_drop:8", STOPS, Reason.LINK_LOST),
    _case("bluez_two_advertisements slow_advertising:1000 link_drop:8", STOPS, Reason.LINK_LOST, alarm=True),
    _case("bluez_after_pairing", CARRIES_ON),
    _case("bluez_unpair", CARRIES_ON),
    _case("bluez_no_agent", Answer.STARTS_NOTHING, Reason.NOT_PAIRED),
    _case("bluez_bond_lost", CARRIES_ON),
    _case("bluez_bond_lost bond_lost:8 link_drop:10", ALARMS, Reason.LINK_LOST, sets_in_s=10),
    _case("bluez_mtu", CARRIES_ON),
)
