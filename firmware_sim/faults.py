"""Every fault of the simulated devices, by name; `NAME[:ARGUMENT[,ARGUMENT]]` on the command line.

AFTER_S counts from the first accepted BEGIN of a device, so that a fault meets a session wherever it starts;
of a fault that is injected while the device runs it counts from the injection. Where it may be left out and
is, the fault is there from the start. When each sets in is in `fault_plan`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from firmware_sim.fault_kinds import After, Kind, Parameter, Side


def _of(sentence: str, *parameters: Parameter, side: Side = Side.DEVICE, after: After = After.NEEDED) -> Kind:
    return Kind(side, parameters, after, sentence)


def _host(sentence: str) -> Kind:
    return Kind(Side.HOST, (), After.NONE, sentence)


_MS: Final = Parameter("MS")
_PERCENT: Final = Parameter("PERCENT", highest=100)

KINDS: Final = {
    # What it does with writes.
    "slow_writes": _of(
        "Each write to Command or Stop takes MS ms to take effect, one after another.", _MS, after=After.NONE
    ),
    "refuse_writes": _of("Writes to Command are answered with error 88 hex; stop still works."),
    "ignored_writes": _of("Writes to Command are accepted and do nothing; stop still works."),
    "refuse_stop": _of("Writes to Stop are refused and stop nothing."),
    "repeated_stop": _of(
        "Only every TIMES-th write to Stop stops; the others are accepted and do nothing.",
        Parameter("TIMES", lowest=1, whole=True),
        after=After.OPTIONAL,
    ),
    "refuse_above": _of(
        "A SET with a level above LEVEL is refused with error 83 hex.",
        Parameter("LEVEL", whole=True),
        after=After.OPTIONAL,
    ),
    "never_off": _of("Level 0 in a SET leaves on at level 1 what is on; END and stop switch off."),
    # What it does by itself.
    "local_button": _of("Somebody presses the device's own stop button."),
    "local_plus": _of("Somebody presses its plus button: a level more until the next SET, to the ceiling."),
    "local_minus": _of("Somebody presses its minus button: a level less until the next SET, to level 1."),
    "early_timer": _of("The device's own timer ends the session before its deadline."),
    "error_shutdown": _of(
        "The device finds an error: all off, fault flag and cause, error 88 hex until the fault is cleared."
    ),
    "power_cut": _of(
        "The mains fail for OFF_S s: springs draw rollers back; then it knows no epoch.", Parameter("OFF_S")
    ),
    # What it tells.
    "nonsense": _of("State notifications become random bytes of random length."),
    "silent": _of("State notifications cease."),
    "frozen": _of("State notifications repeat the same bytes."),
    "lost_notifications": _of(
        "Each state notification is lost with a chance of PERCENT.", _PERCENT, after=After.OPTIONAL
    ),
    "duplicate_notifications": _of(
        "Each state notification comes twice with a chance of PERCENT.", _PERCENT, after=After.OPTIONAL
    ),
    "reordered_notifications": _of(
        "Each state notification comes after the next one with a chance of PERCENT.",
        _PERCENT,
        after=After.OPTIONAL,
    ),
    "late_notifications": _of("State notifications come MS ms late.", _MS, after=After.OPTIONAL),
    "stale_state": _of(
        "For S s of each new link the state is the last one of the link before.",
        Parameter("S"),
        after=After.NONE,
    ),
    "frozen_position": _of("The state repeats place and width of the carriage; the rest is live."),
    "frozen_load": _of("The state repeats every load; the rest is live."),
    "frozen_temperature": _of("The state repeats the temperature of every pad; the rest is live."),
    "lying_level": _of(
        "What is on is driven LEVELS levels above the level it tells; its sensors tell the truth.",
        Parameter("LEVELS", whole=True),
    ),
    # Its radio.
    "link_drop": _of("The device drops all its links, once."),
    "link_lost": _of(
        "Nothing gets through any more either way; after TIMEOUT_S s both sides see the links lost.",
        Parameter("TIMEOUT_S"),
    ),
    "link_kept": _of(
        "All links are lost and the device does not notice for KEPT_S s: who drove it still does.",
        Parameter("KEPT_S"),
    ),
    "drop_in_write": _of("The next write to Command takes effect and the link goes before its answer, once."),
    "idle_drop": _of(
        "All links are dropped once nothing was written, subscribed or read from State for IDLE_S s.",
        Parameter("IDLE_S", lowest=0.1),
        after=After.NONE,
    ),
    "few_connections": _of(
        "After COUNT connections it advertises no more until a power cut.",
        Parameter("COUNT", lowest=1, whole=True),
        after=After.NONE,
    ),
    "slow_advertising": _of("It advertises every MS ms.", Parameter("MS", lowest=20), after=After.NONE),
    "mtu_23": _of("It grants no MTU above 23.", after=After.NONE),
    "pairing_refused": _of("It refuses to pair.", after=After.OPTIONAL),
    "bond_lost": _of("It forgets all its bonds, once; links stay as they are."),
    # Its mechanics.
    "drift": _of("The carriage creeps toward the top by itself while it presses."),
    "carriage_slip": _of(
        "The carriage slips by MM mm toward the top while it presses, and its sensor does not see it.",
        Parameter("MM"),
    ),
    "stuck_motor": _of(
        "Rollers and motors stay as they are driven; not even stop or a power cut moves them."
    ),
    "runaway_motor": _of("Rollers and motors that are on go to their highest level; off is obeyed."),
    "overheating": _of("Pads that are on heat on to 48 °C whatever their level; off is obeyed."),
    "battery_sag": _of(
        "The battery falls to 5 % within 50 s of use, and all force of the hand-held with it."
    ),
    # Around it.
    "stands_up": _of("The person stands up: what presses presses nobody.", side=Side.WORLD),
    "namesake": _of(
        "Another device of the same model and name is on the air.", side=Side.WORLD, after=After.OPTIONAL
    ),
    # The controller's own radio.
    "adapter_unplugged": _of("The Bluetooth adapter is pulled and stays away.", side=Side.HOST),
    "bluez_in_progress": _host(
        "A write while another to the same place is unanswered fails: org.bluez.Error.InProgress."
    ),
    "bluez_reconnect": _host(
        "Disconnecting takes 2 s; connecting within 0.5 s of a link fails: scan again before the next try."
    ),
    "bluez_two_advertisements": _host("To connect takes two advertisements."),
    "bluez_after_pairing": _host("The first request after the first pairing fails: Not connected."),
    "bluez_unpair": _host("To disconnect after unpairing is an AssertionError."),
    "bluez_no_agent": _host("Pairing fails: org.bluez.Error.AuthenticationFailed."),
    "bluez_bond_lost": _host("To connect to a device that does not prove its bond is a TimeoutError."),
    "bluez_mtu": _host("The MTU is said to be 23, whatever it is."),
}


class FaultError(ValueError):
    """A fault that does not exist here or has other arguments; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault with its arguments.

    Attributes:
        name: in `KINDS`.
        values: its own arguments, in the order of its kind's parameters.
        after_s: when it sets in; None for from the start on.
    """

    name: str
    values: tuple[float, ...] = ()
    after_s: float | None = None

    @property
    def side(self) -> Side:
        """Of what it is one."""
        return KINDS[self.name].side


def parse(text: str) -> Fault:
    """Read `NAME[:ARGUMENT[,ARGUMENT]]`.

    Raises:
        FaultError: with the names that exist, or how this one is written.
    """
    name, _, rest = text.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        raise FaultError(f"no fault {name!r}; there are {', '.join(KINDS)}")
    texts = rest.split(",") if rest else []
    wanted = list(kind.parameters)
    if kind.after is After.NEEDED or (kind.after is After.OPTIONAL and len(texts) > len(wanted)):
        wanted.append(Parameter("AFTER_S"))
    try:
        numbers = [parameter.read(each) for each, parameter in zip(texts, wanted, strict=True)]
    except ValueError as error:
        raise FaultError(
            f"{name} is written {written(name)}, with numbers from 0 up, not {text!r}"
        ) from error
    own = len(kind.parameters)
    return Fault(name, tuple(numbers[:own]), numbers[own] if len(numbers) > own else None)


def written(name: str) -> str:
    """How a fault is written."""
    arguments = KINDS[name].arguments
    if arguments.startswith("["):
        return f"{name}[:AFTER_S]"
    return f"{name}:{arguments}" if arguments else name


def distinct(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Let several faults be together, each once.

    Raises:
        FaultError: one is there twice.
    """
    several = tuple(faults)
    names = [fault.name for fault in several]
    for name in names:
        if names.count(name) > 1:
            raise FaultError(f"the fault {name} is given twice; each may be there once")
    return several


def table() -> str:
    """Every fault with its arguments, of what it is one and what it does, a line each."""
    width = max(len(written(name)) for name in KINDS)
    return "\n".join(
        f"{written(name):{width}}  {kind.side:6}  {kind.sentence}" for name, kind in KINDS.items()
    )


def for_a_process(faults: Iterable[Fault], *, attached: bool) -> tuple[Fault, ...]:
    """Let the faults pass that a simulator in a process of its own can have.

    Args:
        faults: on its command line.
        attached: whether it is one device on somebody else's air.

    Raises:
        FaultError: one is of a radio or an air that is not here, or is there twice.
    """
    several = distinct(faults)
    for fault in several:
        if fault.side is Side.HOST:
            raise FaultError(
                f"{fault.name} is a fault of the controller's own radio, which is not in this process; "
                "it needs both in one process, as in docs/simulator.md"
            )
        if fault.name == "namesake" and attached:
            raise FaultError("namesake needs an air of its own: --listen, not --attach")
    return several
