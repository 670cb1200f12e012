"""From names to a session that may begin: program, person, device and limits put together and admitted."""

from dataclasses import dataclass
from datetime import datetime

from massager.model.decisions import Reason, Refusal
from massager.model.devices import DeviceProfile
from massager.model.history import History, Moment
from massager.model.people import Person
from massager.model.programs import Program, SafetyProfile, Timeline
from massager.routine.timeline import compile_program
from massager.safety.admission import Request, admit, fitness
from massager.safety.envelope import Envelope
from massager.safety.modifiers import cleared, share
from massager.store import Ledger


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants.

    Attributes:
        seconds: Contact time wanted, None for the program's own; longer than the program is the program's.
        caller_permille: The caller's own lower limit.
    """

    program: Program
    person: Person
    device: DeviceProfile
    profile: SafetyProfile
    seconds: int | None
    caller_permille: int | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a session is made of."""

    order: Order
    envelope: Envelope
    timeline: Timeline
    session_ms: int


def known_of(ledger: Ledger, person: str, now: Moment) -> History:
    """What the ledger knows of a person now, with the hour and the year of this computer's place.

    Raises:
        NotFoundError: Nobody has that name.
        StoreError: The ledger cannot be read.
    """
    local = datetime.fromtimestamp(now.wall_s).astimezone()
    return ledger.history(person, now, local_min=60 * local.hour + local.minute, year=local.year)


def lay_out(order: Order, history: History) -> tuple[Envelope, Timeline] | Refusal:
    """Put today's limits together and lay the program on the person's back."""
    calibration = order.person.calibrations.get(order.device.name)
    if calibration is None:
        return Refusal(Reason.NOT_CALIBRATED, order.device.name)
    left = share(order.person, history)
    if isinstance(left, Refusal):
        return left
    envelope = Envelope(
        person=order.person,
        device=order.device,
        profile=order.profile,
        calibration=calibration,
        caller_permille=order.caller_permille,
        share=left,
        cleared=cleared(order.person, history.now_s),
    )
    refusal = fitness(envelope, order.program)
    if refusal:
        return refusal
    half_width_mm = envelope.half_width_mm(step.zone for step in order.program.steps)
    if isinstance(half_width_mm, Refusal):
        return half_width_mm
    timeline = compile_program(
        order.program,
        device=order.device,
        calibration=calibration,
        half_width_mm=half_width_mm,
        rows=envelope.rows(half_width_mm),
        time_permille=left.time_permille,
    )
    return timeline if isinstance(timeline, Refusal) else (envelope, timeline)


def prepare(order: Order, history: History) -> Prepared | Refusal:
    """Admit a session, or say why not."""
    laid_out = lay_out(order, history)
    if isinstance(laid_out, Refusal):
        return laid_out
    envelope, timeline = laid_out
    planned_s = timeline.seconds if order.seconds is None else min(order.seconds, timeline.seconds)
    request = Request(program=order.program, timeline=timeline, planned_s=planned_s, history=history)
    session_ms = admit(envelope, request)
    if isinstance(session_ms, Refusal):
        return session_ms
    return Prepared(order, envelope, timeline, session_ms)
