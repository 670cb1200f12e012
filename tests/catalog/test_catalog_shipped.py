"""Laws that hold for every file the project ships, and what the first ones say."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from massager import catalog
from massager._resources import profiles_folder
from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Region, Side, Zone
from massager.model.ceilings import Modality, Severity
from massager.model.devices import Actuator, Carriage, DeviceProfile, Heater, Mount, StopClass
from massager.model.dose import Coupling, Weighting
from massager.model.programs import Program, Step, Technique
from massager.protocol import CODECS

FILES = sorted(profiles_folder().rglob("*.yaml"))
CLAIMS = re.compile(
    r"\b(safe|safely|therapy|therapeutic|treats?|treatment|relie\w+|heals?|cures?|proven)\b", re.IGNORECASE
)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_shipped_file_is_right(path: Path) -> None:
    kind, name = catalog.validate(path)
    assert path.match(kind.pattern)
    assert name in (path.stem, path.parent.name)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_shipped_file_claims_to_help(path: Path) -> None:
    assert not CLAIMS.search(path.read_text())


def test_every_shipped_file_is_listed() -> None:
    listed = [program.profile_hash for program in catalog.list_programs()]
    listed += [device.profile_hash for device in catalog.list_devices()]
    listed += [profile.profile_hash for profile in catalog.list_safety_profiles()]
    hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}
    assert set(listed) == hashes
    assert len(listed) == len(FILES)


def test_what_is_listed_is_what_is_loaded() -> None:
    for program in catalog.list_programs():
        assert catalog.load_program(program.name) == program
    for device in catalog.list_devices():
        assert catalog.load_device(device.name) == device
    for profile in catalog.list_safety_profiles():
        assert catalog.load_safety_profile(profile.name) == profile


def _region(zone: Zone) -> Region:
    first, end = ZONE_SPANS_PPM[zone]
    return next(region for region, (low, high) in REGION_SPANS_PPM.items() if low <= first and end <= high)


@pytest.mark.parametrize("program", catalog.list_programs(), ids=lambda program: program.name)
def test_every_shipped_program_keeps_within_a_shipped_safety_profile(program: Program) -> None:
    profile = catalog.load_safety_profile("mild-lumbar")
    assert Severity.MILD in program.severities
    assert program.seconds <= profile.session_min * 60
    for step in program.steps:
        row = profile.row(_region(step.zone), program.modality)
        assert row is not None
        assert step.strength_permille < row.intensity_permille
        assert sum(other.seconds for other in program.steps if other.zone is step.zone) <= row.zone_s


def test_every_shipped_device_has_a_codec() -> None:
    assert all(device.codec in CODECS for device in catalog.list_devices())


def test_the_chair_is_the_one_of_the_protocol() -> None:
    chair = catalog.load_device("chair")
    assert (chair.name, chair.title) == ("chair", "Reference roller chair")
    assert (chair.codec, chair.model_number, chair.firmware) == ("reference", "REF-CHAIR", ("1.0",))
    assert (chair.stop_class, chair.watchdog_ms, chair.deadline_max_s) == (StopClass.A, 1000, 1200)
    assert chair.carriage == Carriage(580, 30, 80, 40)
    assert chair.actuators == tuple(
        Actuator(f"roller_{side}", side, Modality.ROLLER, 20, 40, 10, 15) for side in Side
    )


def test_the_cushion_is_the_one_of_the_protocol() -> None:
    cushion = catalog.load_device("cushion")
    motor = Actuator(
        name="",
        side=None,
        modality=Modality.VIBRATION,
        levels=10,
        force_dn_per_level=5,
        depth_dmm_per_level=0,
        radius_mm=20,
        frequency_min_dhz=200,
        frequency_max_dhz=450,
        displacement_um=500,
        coupling=Coupling.CUSHION,
        weighting=Weighting.BACKREST_X,
        aside_mm=70,
    )
    rows = {"upper": 189, "middle": 282, "lower": 383, "seat": 485}
    assert cushion == DeviceProfile(
        name="cushion",
        title="Reference vibration and heat cushion",
        codec="reference",
        model_number="REF-CUSHION",
        firmware=("1.0",),
        stop_class=StopClass.A,
        watchdog_ms=1000,
        deadline_max_s=1200,
        carriage=None,
        actuators=tuple(
            replace(motor, name=f"{row}_{side}", side=side, along_mm=along_mm)
            for row, along_mm in rows.items()
            for side in Side
        ),
        profile_hash=cushion.profile_hash,
        heaters=tuple(Heater(f"heat_{side}", side, 5, 36, 30, 485, 80) for side in Side),
    )
    assert cushion.mount is Mount.FIXED


def test_the_handheld_is_the_one_of_the_protocol() -> None:
    handheld = catalog.load_device("handheld")
    assert (handheld.mount, handheld.heaters, handheld.deadline_max_s) == (Mount.HELD, (), 600)
    assert handheld.actuators == (
        Actuator(
            name="head",
            side=None,
            modality=Modality.PERCUSSION,
            levels=10,
            force_dn_per_level=40,
            depth_dmm_per_level=0,
            radius_mm=15,
            frequency_min_dhz=150,
            frequency_max_dhz=420,
            stroke_dmm=80,
        ),
    )


def test_gentle_lumbar_uses_the_full_minutes_of_its_zones() -> None:
    program = catalog.load_program("gentle-lumbar")
    assert program.seconds == 480
    assert (program.title, program.modality) == ("Gentle lumbar", Modality.ROLLER)
    assert program.purpose.startswith("Eight minutes of slow rolling")
    assert program.severities == (Severity.MILD,)
    assert program.steps == (Step(Zone.L4_S1, 240, 400, 8), Step(Zone.L1_L3, 240, 400, 8))


def test_paraspinal_sweep_takes_fifteen_minutes_from_below_upwards() -> None:
    program = catalog.load_program("paraspinal-sweep")
    assert program.seconds == 900
    assert program.steps == (
        Step(Zone.L4_S1, 180, 400, 10),
        Step(Zone.L1_L3, 180, 400, 10),
        Step(Zone.T9_T12, 180, 300, 10),
        Step(Zone.T5_T8, 180, 300, 10),
        Step(Zone.T1_T4, 180, 300, 10),
    )


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("evening-waves", Step(Zone.L4_S1, 120, 350, 8, curve_permille=(500, 1000, 750))),
        ("kneading-lumbar", Step(Zone.L4_S1, 120, 300, 8, technique=Technique.KNEADING)),
        ("held-lumbar", Step(Zone.L4_S1, 120, 300, 10, technique=Technique.HOLD)),
        ("gentle-cushion", Step(Zone.L4_S1, 60, 300, None, warm=True)),
        ("slow-percussion", Step(Zone.L4_S1, 15, 100, None, side=Side.LEFT, part_permille=0)),
    ],
)
def test_a_step_says_how_it_is_done(name: str, first: Step) -> None:
    assert catalog.load_program(name).steps[0] == first


def test_a_step_in_the_hand_may_be_at_the_lower_end_of_its_zone() -> None:
    parts = [step.part_permille for step in catalog.load_program("slow-percussion").steps]
    assert parts == [0, 1000, 0, 1000]


def test_the_menu_brings_in_nothing_beyond_pydantic_and_ruamel() -> None:
    code = "import sys, massager.catalog; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"pydantic", "ruamel"} <= loaded
    assert not loaded & {"asyncio", "bleak", "bumble", "fastapi", "rich", "sqlalchemy", "typer", "yaml"}
