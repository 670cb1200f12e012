"""Random sessions on the shipped devices, and where their patches come on the back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from hypothesis import strategies as st

from geometry.back import Back, back_of
from massager.catalog import list_devices, list_programs, safety_profile_for
from massager.model.body import ERROR_BY_HAND_MM, Calibration, Region, Side, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.decisions import Refusal
from massager.model.devices import Actuator, DeviceProfile, Mount
from massager.model.people import KeepOut, Modifier, Person, ProviderClearance
from massager.model.programs import Program, Step, Technique, Timeline
from massager.routine.timeline import compile_program
from massager.safety.envelope import Envelope
from massager.safety.today import today
from massager.session.preparation import Order, Prepared
from massager.session.preview import preview
from properties import worlds
from properties.tables import CONDITIONS
from samples import history, well

PAST = history(now_s=worlds.NOW_S)
DEVICES, PROGRAMS = list_devices(), list_programs()
# Where regions, zones and the body's own keep-outs begin.
_EDGES_PPM = (0, 50_000, 176_000, 307_333, 439_000, 570_000, 722_400, 824_000, 861_000)
# Conditions that close a place of the back, but not all that there is.
_CLOSING = [{Modifier(name)} for name, effect in CONDITIONS.items() if effect[3] and effect[3] != "place"]


@cache
def _profile(conditions):
    return safety_profile_for(dict(conditions))


@st.composite
def scars(draw):
    """Small ones beside the spine, where patches go."""
    first = draw(st.integers(0, 990_000) | st.sampled_from(_EDGES_PPM))
    left = draw(st.integers(-160, 150))
    high = draw(st.sampled_from([1, 3_000, 40_000, 100_000]))
    wide = draw(st.sampled_from([1, 30, 90]))
    return KeepOut("scar", (first, min(1_000_000, first + high)), left, left + wide)


@st.composite
def programs(draw, modality):
    """A program of a few short steps, or a shipped one."""
    shipped = [program for program in PROGRAMS if program.modality is modality]
    if draw(st.integers(0, 2)) == 0:
        return draw(st.sampled_from(shipped))
    zones = st.sampled_from(Zone)
    if modality is Modality.PERCUSSION:
        zones |= st.sampled_from([Zone.T5_T8, Zone.L4_S1])
    steps = []
    for zone in draw(st.lists(zones, min_size=1, max_size=3)):
        step = Step(zone, draw(st.integers(8, 14)), draw(st.sampled_from([200, 300])), None)
        if modality is Modality.ROLLER:
            how, pace = draw(st.sampled_from(Technique)), draw(st.sampled_from([4, 8, 20, 40]))
            step = replace(step, seconds=24, technique=how, pace_mm_s=pace)
        elif modality is Modality.PERCUSSION:
            side, part = draw(st.sampled_from(Side)), draw(st.sampled_from([0, 300, 500, 1000]))
            step = replace(step, side=side, part_permille=part)
        else:
            step = replace(step, warm=draw(st.booleans()))
        steps.append(step)
    return Program("any", "Any", "For tests.", modality, tuple(Severity), tuple(steps), "any")


@st.composite
def orders(draw):
    """Somebody who wants something on one of the devices, on a day when much is allowed."""
    device = draw(st.sampled_from(DEVICES))
    modality = device.actuators[0].modality
    c7_mm, way_mm = draw(st.integers(0, 80)), draw(st.integers(358, 609))
    calibration = Calibration(c7_mm, c7_mm + way_mm, draw(st.integers(10, 30)))
    severities = [Severity.MILD, Severity.MILD, Severity.MODERATE, Severity.SEVERE]
    mostly = st.sampled_from([Region.LUMBAR, Region.LUMBAR, Region.THORACIC, Region.CERVICAL])
    conditions = draw(st.dictionaries(mostly, st.sampled_from(severities), min_size=1, max_size=2))
    keep_outs = scars() if draw(st.integers(0, 3)) else worlds.keep_outs()
    person = Person(
        name="anna",
        conditions=MappingProxyType(conditions),
        attested=True,
        calibrations=MappingProxyType({device.name: calibration}),
        born=1980,
        modifiers=frozenset(draw(st.sampled_from(_CLOSING)) if draw(st.integers(0, 4)) == 0 else ()),
        keep_outs=tuple(draw(st.lists(keep_outs, max_size=2))),
        clearances=tuple(
            ProviderClearance(Clearance.C, "Dr. A", region, modality, PAST.now_s - 1, PAST.now_s + 1)
            for region in Region
        ),
        screened=True,
        usual_pain=2,
    )
    skin = draw(st.sampled_from([set(), set(), set(), {Zone.T5_T8}, {Zone.T1_T4}]))
    return Order(
        program=draw(programs(modality)),
        person=person,
        device=device,
        profile=_profile(tuple(sorted(conditions.items()))),
        seconds=None,
        caller_permille=None,
        screening=well(skin=frozenset(skin)),
    )


def calibrated(order: Order) -> Calibration:
    """As the record says, with the error that the page asks for on this device."""
    found = order.person.calibrations[order.device.name]
    by_hand = 0 if order.device.carriage is not None else ERROR_BY_HAND_MM
    return replace(found, error_mm=max(by_hand, found.error_mm))


@dataclass(frozen=True)
class Judge:
    """Asks the second geometry about the patches of one session; see `judge_of`."""

    backs: Mapping[str, Back]
    error_mm: int

    def touched(self, actuator: Actuator, along_mm: float, lateral_mm: float) -> str | None:
        """What a patch touches there; on both sides for what a hand holds."""
        both = {lateral_mm, -lateral_mm} if actuator.side is None else {lateral_mm}
        back = self.backs[actuator.name]
        found = [back.touched(along_mm, each, actuator.radius_mm, self.error_mm) for each in both]
        return next((name for name in found if name is not None), None)


def pads_of(device: DeviceProfile) -> tuple[Actuator, ...]:
    """Warm pads as if they were motors that lie there."""
    return tuple(
        replace(
            device.actuators[0],
            name=heater.name,
            side=heater.side,
            radius_mm=heater.radius_mm,
            along_mm=heater.along_mm,
            aside_mm=heater.aside_mm,
        )
        for heater in device.heaters
    )


def judge_of(order: Order) -> Judge:
    """The judge of a session."""
    calibration = calibrated(order)
    backs = {
        one.name: back_of(order.person, one, calibration, order.screening)
        for one in (*order.device.actuators, *pads_of(order.device))
    }
    return Judge(backs, calibration.error_mm)


def compiled(order: Order, half_width_mm: int | None = None) -> Timeline | Refusal:
    """The program on the back, at a distance of one's own if any; nothing but geometry is asked."""
    calibration, device = calibrated(order), order.device
    found = Envelope(
        person=order.person,
        device=device,
        profile=order.profile,
        calibration=calibration,
        caller_permille=None,
        today=today(order.person, PAST, order.screening),
    )
    aside_mm = found.half_width_mm(step.zone for step in order.program.steps)
    if half_width_mm is not None and device.mount is not Mount.FIXED:
        aside_mm = half_width_mm
    if isinstance(aside_mm, Refusal):
        return aside_mm
    rows = found.rows(aside_mm)
    return compile_program(
        order.program, device=device, calibration=calibration, half_width_mm=aside_mm, rows=rows
    )


def patches_of(device: DeviceProfile, timeline: Timeline) -> Iterator[tuple[Actuator, int, int]]:
    """Every place to the millimetre that a timeline lets a patch come to: legs, and the ways between them."""
    legs = timeline.legs
    for leg, following in pairwise((*legs, legs[-1])):
        for actuator in device.actuators:
            if leg.works is not None and actuator.name not in leg.works:
                continue
            if actuator.along_mm is not None and actuator.aside_mm is not None:
                yield actuator, actuator.along_mm, _signed(actuator.side, actuator.aside_mm)
                continue
            first_mm, last_mm = leg.first_mm, leg.last_mm
            if device.carriage is not None:
                first_mm, last_mm = min(first_mm, following.first_mm), max(last_mm, following.last_mm)
            for along_mm in {*range(first_mm, last_mm + 1), *leg.stops_mm}:
                for aside_mm in {timeline.half_width_mm, timeline.half_width_mm + leg.swing_mm}:
                    yield actuator, along_mm, _signed(actuator.side or leg.side, aside_mm)


def _signed(side, aside_mm: int) -> int:
    return -aside_mm if side is Side.LEFT else aside_mm


def no_leg_touches(order: Order, timeline: Timeline) -> int:
    """Hold every place of a timeline against the second geometry; how many there were."""
    judge, places = judge_of(order), 0
    for actuator, along_mm, lateral_mm in patches_of(order.device, timeline):
        found = judge.touched(actuator, along_mm, lateral_mm)
        assert found is None, (found, actuator.name, along_mm, lateral_mm, timeline)
        places += 1
    return places


def no_instant_touches(order: Order, prepared: Prepared) -> int:
    """Run a session through with the real Governor, and hold every moment of it against the second geometry.

    Returns:
        How many patches worked or were warm, moment by moment.
    """
    judge, shown = judge_of(order), preview(prepared, PAST)
    parts = {one.name: one for one in (*order.device.actuators, *pads_of(order.device))}
    worked = [
        (patch.name, patch.along_ppm, patch.lateral_mm)
        for instant in shown.instants
        for patch in instant.patches
        if patch.level
    ]
    worked += [(warm.name, warm.along_ppm, warm.lateral_mm) for warm in shown.warmths]
    for name, along_ppm, lateral_mm in worked:
        # Rounded down to a millionth of the column; the device knows whole millimetres.
        along_mm = round(judge.backs[name].mm_of(along_ppm / 1_000_000))
        found = judge.touched(parts[name], along_mm, lateral_mm)
        assert found is None, (found, name, along_mm, lateral_mm, prepared.timeline)
    return len(worked)
