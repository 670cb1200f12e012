"""What a device's file may say of shaking and striking."""

from collections.abc import Callable
from pathlib import Path

import pytest

from massager.catalog import Kind, load_device, validate
from massager.model.ceilings import Modality
from massager.model.dose import Coupling, Weighting

Write = Callable[[str | bytes], Path]

RIGHT = (Path(__file__).parent / "right" / "massagers.yaml").read_text()


def test_frequency_displacement_and_stroke_are_read_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "devices" / "pad" / "device.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(RIGHT)
    pad, hammer = load_device("pad", tmp_path).actuators
    assert (pad.frequency_min_dhz, pad.frequency_max_dhz, pad.displacement_um) == (200, 450, 500)
    assert (pad.coupling, pad.weighting, pad.stroke_dmm) == (Coupling.CUSHION, Weighting.BACKREST_X, None)
    assert (hammer.modality, hammer.stroke_dmm) == (Modality.PERCUSSION, 90)
    assert (hammer.displacement_um, hammer.coupling, hammer.weighting) == (None, None, None)


def test_the_chair_says_nothing_of_shaking_and_loads() -> None:
    for roller in load_device("chair").actuators:
        assert roller.frequency_dhz(1) is None
        assert (roller.displacement_um, roller.stroke_dmm) == (None, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("frequency_min_dhz: 200", "frequency_min_dhz: 450"),
        ("frequency_min_dhz: 200", "frequency_min_dhz: 1"),
        ("frequency_max_dhz: 450", "frequency_max_dhz: 2000"),
        ("displacement_um: 500", "displacement_um: 65534"),
        ("displacement_um: 500", "displacement_um: null"),
        ("    displacement_um: 500\n", ""),
        ("    frequency_min_dhz: 200\n    frequency_max_dhz: 450\n    displacement_um: 500\n", ""),
        ("coupling: cushion", "coupling: platform"),
        ("weighting: backrest-x", "weighting: seat-z"),
        ("stroke_dmm: 90", "stroke_dmm: 255"),
        ("    stroke_dmm: 90\n", ""),
        ("levels: 10\n", "levels: 2\n"),
    ],
)
def test_what_is_not_known_is_left_out_and_the_edges_are_allowed(write: Write, old: str, new: str) -> None:
    assert old in RIGHT
    assert validate(write(RIGHT.replace(old, new, 1))) == (Kind.DEVICE, "mine")


def test_a_single_level_may_have_its_single_frequency(write: Write) -> None:
    text = RIGHT.replace("levels: 10", "levels: 1").replace(
        "frequency_min_dhz: 200", "frequency_min_dhz: 450"
    )
    assert validate(write(text)) == (Kind.DEVICE, "mine")
