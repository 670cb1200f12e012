"""Every program in examples/ runs, and so does the project there, as from outside."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from blackbox_rig import Room

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PROGRAMS = [path.read_text() for path in EXAMPLES.rglob("*.py")]


@pytest.fixture
def room(tmp_path_factory):
    room = Room(tmp_path_factory.mktemp("examples"))
    yield room
    room.close()


@pytest.mark.parametrize("script", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_every_script_runs(room, script):
    chair = room.simulator()
    program = room.start(sys.executable, str(script), chair.place)
    assert program.wait() == 0, program.said
    assert "Traceback" not in program.said
    if "massager.open" in script.read_text():
        assert "stopped-by-person; at rest: True" in program.said
        assert max(chair.trace.levels) == 1
        assert chair.trace.rests
        chair.trace.assert_limits()


def test_a_script_says_in_a_line_what_went_wrong(room):
    script = EXAMPLES / "one_session.py"
    program = room.start(sys.executable, str(script), "system")
    assert program.wait() == 1
    assert program.said.startswith("one_session: The person 'demo' exists only with the simulator")


def test_the_example_project_passes_its_own_tests():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    run = subprocess.run(command, cwd=EXAMPLES / "test-my-app", capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "6 passed" in run.stdout


@pytest.mark.parametrize("page", ["docs/api.md", "docs/simulator.md"])
def test_what_a_page_shows_of_a_program_stands_in_it(page):
    shown = re.findall(r"(?ms)^```py\n(.*?)^```$", (ROOT / page).read_text())
    assert shown
    for block in shown:
        assert any(block in program for program in PROGRAMS), block
