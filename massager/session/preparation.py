"""From names to a session that may begin: program, person, device and limits put together and admitted."""

from dataclasses import dataclass, replace
from datetime import datetime

from massager.model.body import ERROR_BY_HAND_MM
from massager.model.decisions import Reason, Refusal
from massager.model.devices import DeviceProfile
from massager.model.history import History, Moment
from massager.model.people import Person
from massager.model.programs import Program, SafetyProfile, Timeline
from massager.model.questions import Screening
from massager.routine.timeline import compile_program
from massager.safety.envelope import Envelope
from massager.safety.governor import Governor
from massager.safety.interlocks import MATCH, PERSON, PLAN, Applicant, Match, Plan, first_refusal
from massager.safety.screening import pain_now
from massager.safety.state import Before
from massager.safety.today import places, today
from massager.store import Ledger


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants.

    Attributes:
        seconds: Contact time wanted, None for the program's own; longer than the program is the program's.
        caller_permille: The caller's own lower limit.
        screening: The answers before this session.
    """

    program: Program
    person: Person
    device: DeviceProfile
    profile: SafetyProfile
    seconds: int | None
    caller_permille: int | None
    screening: Screening


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
    history = ledger.history(person, now, local_min=0, year=0)
    # In ledger time, which no clock that is set forward takes along.
    local = datetime.fromtimestamp(history.now_s).astimezone()
    return replace(history, local_min=60 * local.hour + local.minute, year=local.year)


def prepare(order: Order, history: History) -> Prepared | Refusal:
    """Admit a session, or say why not: today's limits, and the program laid on the person's back."""
    person = order.person
    refusal = first_refusal(PERSON, Applicant(person, history, order.screening))
    if refusal:
        return refusal
    calibration = person.calibrations.get(order.device.name)
    if calibration is None:
        return Refusal(Reason.NOT_CALIBRATED, order.device.name)
    if order.device.carriage is None:
        calibration = replace(calibration, error_mm=max(ERROR_BY_HAND_MM, calibration.error_mm))
    envelope = Envelope(
        person=person,
        device=order.device,
        profile=order.profile,
        calibration=calibration,
        caller_permille=order.caller_permille,
        today=today(person, history, order.screening),
    )
    timeline = _lay_out(envelope, order.program)
    if isinstance(timeline, Refusal):
        return timeline
    if order.seconds is not None and type(order.seconds) is not int:
        return Refusal(Reason.ODD_VALUE, f"seconds {order.seconds!r}")
    planned_s = timeline.seconds if order.seconds is None else min(order.seconds, timeline.seconds)
    refusal = first_refusal(PLAN, Plan(envelope, timeline, planned_s, history))
    return refusal or Prepared(order, envelope, timeline, 1000 * planned_s)


def _lay_out(envelope: Envelope, program: Program) -> Timeline | Refusal:
    """The program on this person's back."""
    refusal = first_refusal(MATCH, Match(envelope, program))
    if refusal:
        return refusal
    half_width_mm = envelope.half_width_mm(step.zone for step in program.steps)
    if isinstance(half_width_mm, Refusal):
        return half_width_mm
    return compile_program(
        program,
        device=envelope.device,
        calibration=envelope.calibration,
        half_width_mm=half_width_mm,
        rows=envelope.rows(half_width_mm),
        time_permille=envelope.today.share.time_permille,
    )


def tightened(envelope: Envelope, person: Person, screening: Screening) -> Envelope:
    """The envelope with another record of its person; whether that is tighter is for the Governor to see."""
    day = replace(envelope.today, places=places(person, screening))
    return replace(envelope, person=person, today=day)


def begin(prepared: Prepared, history: History) -> Governor:
    """The Governor of a session that was admitted; its start has agreed to the first zone."""
    before = Before(
        zones=frozenset({prepared.timeline.legs[0].zone}),
        pain=pain_now(prepared.order.screening),
        pain_stops=history.pain_stops,
        sessions_ever=history.sessions_ever,
    )
    return Governor.begin(envelope=prepared.envelope, session_ms=prepared.session_ms, before=before)
