"""The picture on docs/explain.md is what the command draws today."""

from pathlib import Path

from massager.cli.exits import Exit
from massager.cli.explain import explain_program

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "paraspinal-sweep.svg"


def test_the_picture_is_the_one_that_the_command_draws(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    drawn = tmp_path / "back.svg"
    code = explain_program(
        program="paraspinal-sweep",
        person="demo",
        device="chair",
        data=None,
        profiles=None,
        answers=None,
        seconds=None,
        caller_percent=None,
        drawing=drawn,
        as_json=False,
    )
    assert code is Exit.OK
    # Made anew by: massager explain paraspinal-sweep --person demo --device chair --svg FILE
    assert drawn.read_bytes() == PICTURE.read_bytes()
