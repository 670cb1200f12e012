"""The demo person, the reference devices and the mild lumbar profile, by hand, for tests of pure rooms."""

from types import MappingProxyType

from massager.model.body import Calibration, Region, Side, Zone
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.devices import Actuator, Carriage, DeviceProfile, Heater, StopClass
from massager.model.dose import Coupling, Weighting
from massager.model.history import History
from massager.model.people import Person
from massager.model.programs import ProfileRow, Program, SafetyProfile, Step
from massager.model.questions import Answer, Question, Reaction, Screening
from massager.model.telemetry import ActuatorReading, Cause, Reading

CALIBRATION = Calibration(c7_mm=40, psis_mm=549, error_mm=10)
BY_HAND = Calibration(c7_mm=40, psis_mm=549, error_mm=20)


def chair(**changes) -> DeviceProfile:
    fields = {
        "name": "chair",
        "title": "Reference roller chair",
        "codec": "reference",
        "model_number": "REF-CHAIR",
        "firmware": ("1.0",),
        "stop_class": StopClass.A,
        "watchdog_ms": 1000,
        "deadline_max_s": 1200,
        "carriage": Carriage(travel_mm=580, half_width_min_mm=30, half_width_max_mm=80, pace_max_mm_s=40),
        "actuators": (roller("roller_left", Side.LEFT), roller("roller_right", Side.RIGHT)),
        "profile_hash": "chair",
    }
    return DeviceProfile(**(fields | changes))


def roller(name: str, side: Side, **changes) -> Actuator:
    fields = {
        "modality": Modality.ROLLER,
        "levels": 20,
        "force_dn_per_level": 40,
        "depth_dmm_per_level": 10,
        "radius_mm": 15,
    }
    return Actuator(name, side, **(fields | changes))


def cushion(**changes) -> DeviceProfile:
    """Motors beside T9 to T12, L2 and L5, and warm pads with the lowest ones."""
    fields = {
        "name": "cushion",
        "model_number": "REF-CUSHION",
        "carriage": None,
        "actuators": tuple(
            motor(f"{place}_{side}", side, along_mm)
            for place, along_mm in (("middle", 282), ("lower", 383), ("seat", 485))
            for side in Side
        ),
        "heaters": tuple(heater(f"heat_{side}", side) for side in Side),
    }
    return chair(**(fields | changes))


def motor(name: str, side: Side, along_mm: int, **changes) -> Actuator:
    fields = {
        "modality": Modality.VIBRATION,
        "levels": 10,
        "force_dn_per_level": 5,
        "depth_dmm_per_level": 0,
        "radius_mm": 20,
        "frequency_min_dhz": 200,
        "frequency_max_dhz": 450,
        "displacement_um": 500,
        "coupling": Coupling.CUSHION,
        "weighting": Weighting.BACKREST_X,
        "along_mm": along_mm,
        "aside_mm": 70,
    }
    return Actuator(name, side, **(fields | changes))


def heater(name: str, side: Side, **changes) -> Heater:
    fields = {"levels": 5, "base_c": 36, "radius_mm": 30, "along_mm": 485, "aside_mm": 80}
    return Heater(name, side, **(fields | changes))


def handheld(**changes) -> DeviceProfile:
    """A percussion head, changed as told."""
    fields = {
        "modality": Modality.PERCUSSION,
        "levels": 10,
        "force_dn_per_level": 40,
        "depth_dmm_per_level": 0,
        "radius_mm": 15,
        "frequency_min_dhz": 150,
        "frequency_max_dhz": 420,
        "stroke_dmm": 80,
    }
    head = Actuator("head", None, **(fields | changes))
    return chair(name="handheld", model_number="REF-HANDHELD", carriage=None, actuators=(head,))


def held_pad(**changes) -> DeviceProfile:
    """Held by hand too, and vibrates."""
    fields = {"modality": Modality.VIBRATION, "displacement_um": 100, "stroke_dmm": None}
    return handheld(**(fields | {"frequency_min_dhz": 200, "coupling": Coupling.APPLICATOR} | changes))


def demo(**changes) -> Person:
    fields = {
        "name": "demo",
        "conditions": MappingProxyType({Region.LUMBAR: Severity.MILD}),
        "attested": True,
        "calibrations": MappingProxyType({"chair": CALIBRATION}),
        "born": 1980,
        "screened": True,
        "usual_pain": 2,
    }
    return Person(**(fields | changes))


def mild_lumbar(**changes) -> SafetyProfile:
    rows = tuple(
        ProfileRow(region, modality, row.intensity_permille, row.force_n, row.zone_s, row.spot_s)
        for (region, severity, modality), row in CEILINGS.items()
        if region is not Region.CERVICAL and severity is Severity.MILD
    )
    fields = {
        "name": "mild-lumbar",
        "title": "Mild lumbar stenosis",
        "conditions": MappingProxyType({Region.LUMBAR: Severity.MILD}),
        "session_min": 15,
        "rows": rows,
        "profile_hash": "mild",
    }
    return SafetyProfile(**(fields | changes))


def well(*, answers=None, **changes) -> Screening:
    """Every question before a session, answered well but for the changes."""
    good = dict.fromkeys(Question, Answer.NO) | {Question.STOP_REACHABLE: Answer.YES}
    fields = {"pain": 2, "skin": frozenset(), "reaction": Reaction.NONE}
    return Screening(answers=MappingProxyType(good | (answers or {})), **(fields | changes))


def sweep(*steps: Step) -> Program:
    return Program(
        name="sweep",
        title="Sweep",
        purpose="For tests.",
        modality=Modality.ROLLER,
        severities=(Severity.MILD,),
        steps=steps
        or (
            Step(Zone.L4_S1, 180, 400, 10),
            Step(Zone.L1_L3, 180, 400, 10),
            Step(Zone.T9_T12, 180, 300, 10),
            Step(Zone.T5_T8, 180, 300, 10),
            Step(Zone.T1_T4, 180, 300, 10),
        ),
        profile_hash="sweep",
    )


def reading(**changes) -> Reading:
    fields = {
        "at_ms": 0,
        "counter": 0,
        "session_open": False,
        "at_rest": True,
        "moving": False,
        "fault": False,
        "cause": Cause.REST,
        "epoch": 0,
        "seq": 0,
        "carriage_mm": 500,
        "half_width_mm": 50,
        "deadline_s": 0,
        "actuators": (ActuatorReading(0, 0, 0), ActuatorReading(0, 0, 0)),
    }
    return Reading(**(fields | changes))


def history(**changes) -> History:
    fields = {
        "now_s": 1_800_000_000,
        "behind": False,
        "past": (),
        "sessions_ever": 2,
        "after_lockout": False,
        "lockouts": (),
        "follow_ups": (),
        "local_min": 600,
        "year": 2027,
    }
    return History(**(fields | changes))
