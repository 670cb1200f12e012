"""docs/programs.md: its tables are what the presets do today, and enough of them run to their end."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import programs_page
from docs.programs_page import PAGE, PAST, admitted, written
from massager.catalog import list_devices, list_programs, load_safety_profile
from massager.model.ceilings import Severity
from massager.model.decisions import Reason, Refusal
from massager.session.preview import preview

TEXT = PAGE.read_text(encoding="utf-8")
# What the radio, the way into a zone and the last lease take of a session on an ideal device.
LATE_MS = 3_000


def test_the_tables_are_what_the_presets_do_today():
    assert written(TEXT) == TEXT, "run: python tests/docs/programs_page.py"


def test_the_script_writes_both_tables_anew():
    bare = re.sub(r"(<!-- (?:presets|shares) -->\n).*?(<!-- end -->)", r"\1\2", TEXT, flags=re.DOTALL)
    assert bare != TEXT
    assert written(bare) == TEXT
    assert written(bare.replace("<!-- presets -->\n", "<!-- presets -->\nold\n")) == TEXT


def test_the_script_can_be_run_from_anywhere(tmp_path):
    script = Path(programs_page.__file__)
    code = f"import runpy; print(len(runpy.run_path({str(script)!r})['presets']()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 500


@pytest.mark.parametrize("program", list_programs(), ids=lambda program: program.name)
def test_every_preset_says_why_it_is_built_so(program):
    told = TEXT.partition(f"\n### {program.name}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    assert len(told.split()) >= 30, program.name


def test_no_preset_is_told_that_does_not_exist():
    chapter = TEXT.partition("## 3.")[2].partition("## 4.")[0]
    assert re.findall(r"(?m)^### (.+)$", chapter) == [program.name for program in list_programs()]


def full_runs(diagnosis: str) -> set[str]:
    """The presets that run every step to its end, and all their minutes, on the device that they are for."""
    profile, found = load_safety_profile(diagnosis), set()
    for program in list_programs():
        for device in list_devices():
            prepared = admitted(program, profile, device)
            if isinstance(prepared, Refusal):
                continue
            shown = preview(prepared, PAST)
            worked_ms = sum(visit.to_ms - visit.from_ms for visit in shown.visits)
            assert prepared.session_ms == 1000 * program.seconds
            if (shown.ending, shown.left_out) == (Reason.FINISHED, ()) and all(
                visit.reached for visit in shown.visits
            ):
                assert worked_ms >= 1000 * program.seconds - LATE_MS * len(shown.visits)
                found.add(program.name)
    return found


def test_six_presets_and_more_run_their_full_minutes_with_mild_narrowing():
    mild = {program.name for program in list_programs() if Severity.MILD in program.severities}
    assert full_runs("mild-lumbar") == mild
    assert len(mild) >= 6


def test_three_presets_and_more_run_their_full_minutes_with_moderate_narrowing_and_its_clearance():
    moderate = {program.name for program in list_programs() if Severity.MODERATE in program.severities}
    assert full_runs("moderate-lumbar") == moderate
    assert len(moderate) >= 3
