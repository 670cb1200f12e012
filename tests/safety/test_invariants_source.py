"""What no file, setting or clock can change, and what nobody takes for real (INV-04, 12, 26, 44)."""

import ast
import time
from pathlib import Path

import pytest

import massager
from massager.guardian import clock as clocks
from massager.guardian.clock import BootClock
from massager.model.body import Region
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.devices import SYSTEM_RADIO, identity
from massager.safety.conditions import EFFECTS

ROOT = Path(massager.__file__).parent
CONSTANTS = [ROOT / "model" / name for name in ("body.py", "ceilings.py", "dose.py")]
# What decides, and what stops.
CORE = [*CONSTANTS, *sorted((ROOT / "safety").glob("*.py")), ROOT / "guardian" / "stopping.py"]
OUTSIDE = {"os", "sys", "io", "pathlib", "json", "socket", "sqlite3", "logging", "time", "datetime", "random"}
ROOMS_OUTSIDE = {"catalog", "store", "session", "app", "cli", "web"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", CORE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_that_decides_or_stops_reads_a_file_a_variable_a_log_or_the_wall_clock(path):
    modules = imported(path)
    assert not {name.partition(".")[0] for name in modules} & OUTSIDE
    assert not modules & {f"massager.{room}" for room in ROOMS_OUTSIDE}
    assert not any(name.startswith(tuple(f"massager.{room}." for room in ROOMS_OUTSIDE)) for name in modules)
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "eval", "exec", "__import__", "setattr", "delattr", "globals"}


def test_no_row_of_the_ceilings_or_the_conditions_can_be_changed_while_the_program_runs():
    row = CEILINGS[Region.LUMBAR, Severity.MILD, Modality.ROLLER]
    with pytest.raises(TypeError):
        CEILINGS[Region.LUMBAR, Severity.MILD, Modality.ROLLER] = row
    with pytest.raises(AttributeError):
        row.force_n = 200
    for modifier, effect in EFFECTS.items():
        with pytest.raises(TypeError):
            EFFECTS[modifier] = effect
        with pytest.raises(AttributeError):
            effect.needs_c = False


def test_the_clock_of_core_and_guardian_counts_the_computers_sleep(monkeypatch):
    assert time.CLOCK_BOOTTIME == clocks._BOOT_CLOCK
    read = []
    monkeypatch.setattr(time, "clock_gettime_ns", lambda clock: read.append(clock) or 1_999_999)
    assert BootClock().now_ms() == 1
    assert read == [time.CLOCK_BOOTTIME]


def test_a_simulated_device_is_never_the_real_one_of_the_same_address():
    address = "C0:DE:00:00:00:01"
    radios = (SYSTEM_RADIO, "tcp:127.0.0.1:9101", "unix:air")
    assert len({identity(radio, address) for radio in radios}) == len(radios)
