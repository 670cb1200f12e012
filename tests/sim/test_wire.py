from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from firmware_sim.chair import Chair
from firmware_sim.cushion import Cushion
from firmware_sim.handheld import Handheld
from firmware_sim.wire import (
    ActuatorCapability,
    ActuatorState,
    Begin,
    Capabilities,
    Cause,
    CommandError,
    End,
    Modality,
    Refusal,
    Set,
    State,
    decode_command,
    encode_capabilities,
    encode_state,
)

VECTORS: dict[str, list[dict[str, Any]]] = YAML(typ="safe").load(
    Path(__file__).parents[2] / "docs" / "vectors" / "reference.yaml"
)
CHAIR = Chair.capabilities
CUSHION = Cushion.capabilities
HANDHELD = Handheld.capabilities
BEGIN = bytes.fromhex("01 05 00 84 03 02 0A 0A")
SET = bytes.fromhex("02 01 00 05 00 E8 03 F4 01 32 0A 02 02 02")
END = bytes.fromhex("03 05 00")


def named(vectors: str) -> Any:
    return pytest.mark.parametrize("vector", VECTORS[vectors], ids=lambda vector: vector["name"])


@named("frames")
def test_a_golden_frame_is_read_as_what_it_means(vector: dict[str, Any]) -> None:
    means = dict(vector["means"])
    kind = means.pop("frame")
    if kind == "stop":
        return  # any write is a stop, so there is nothing to read
    actuators = len(means.get("ceilings", means.get("levels", (0, 0))))
    model = {len(each.actuators): each for each in (CHAIR, CUSHION, HANDHELD)}[actuators]
    expected = {"begin": Begin, "set": Set, "end": End}[kind](
        **{key: tuple(value) if isinstance(value, list) else value for key, value in means.items()}
    )
    assert decode_command(bytes.fromhex(vector["hex"]), model) == expected


@named("states")
def test_a_golden_state_is_laid_out_byte_for_byte(vector: dict[str, Any]) -> None:
    means = dict(vector["means"])
    means["cause"] = Cause[means["cause"].upper()]
    means["actuators"] = tuple(ActuatorState(**actuator) for actuator in means["actuators"])
    assert encode_state(State(**means)) == bytes.fromhex(vector["hex"])


@named("capabilities")
def test_golden_capabilities_are_laid_out_byte_for_byte(vector: dict[str, Any]) -> None:
    means = dict(vector["means"])
    means["actuators"] = tuple(
        ActuatorCapability(**{**actuator, "modality": Modality(actuator["modality"])})
        for actuator in means["actuators"]
    )
    assert encode_capabilities(Capabilities(**means)) == bytes.fromhex(vector["hex"])


@pytest.mark.parametrize(
    ("name", "capabilities"),
    [("roller chair", CHAIR), ("vibration and heat cushion", CUSHION), ("hand-held percussion", HANDHELD)],
)
def test_each_model_has_the_capabilities_of_its_golden_vector(name: str, capabilities: Capabilities) -> None:
    golden = next(vector["hex"] for vector in VECTORS["capabilities"] if vector["name"] == name)
    assert encode_capabilities(capabilities) == bytes.fromhex(golden)


def test_the_frames_of_ten_actuators_are_as_long_as_the_page_says_of_the_mtu() -> None:
    lengths = {vector["name"]: len(bytes.fromhex(vector["hex"])) for vector in VECTORS["frames"]}
    states = {vector["name"]: len(bytes.fromhex(vector["hex"])) for vector in VECTORS["states"]}
    assert lengths["set with ten actuators"] == 22
    assert states["ten actuators, two of them warm"] + 3 == 16 + 3 * 10


def test_each_cause_has_its_number() -> None:
    names = ["rest", "lease", "stop", "watchdog", "timer", "local_button", "fault", "retract"]
    assert [Cause(number).name.lower() for number in range(8)] == names


@pytest.mark.parametrize("frame", [BEGIN, SET, END], ids=["begin", "set", "end"])
def test_a_frame_cut_short_or_with_a_tail_is_malformed(frame: bytes) -> None:
    for wrong in [*(frame[:length] for length in range(len(frame))), frame + b"\0", frame * 20]:
        assert refusal_of(wrong) is Refusal.MALFORMED


def test_every_unknown_opcode_is_malformed_at_every_length() -> None:
    for opcode in {*range(256)} - {1, 2, 3}:
        for tail in (b"", END[1:], BEGIN[1:], SET[1:]):
            assert refusal_of(bytes([opcode]) + tail) is Refusal.MALFORMED


@pytest.mark.parametrize("n", [0, 1, 3, 255])
def test_another_n_is_malformed_even_with_as_many_levels(n: int) -> None:
    for frame, at in ((BEGIN, 5), (SET, 11)):
        assert refusal_of(frame[:at] + bytes([n]) + frame[at + 1 :]) is Refusal.MALFORMED
        assert refusal_of(frame[:at] + bytes([n]) + bytes(n)) is Refusal.MALFORMED


@pytest.mark.parametrize(
    ("frame", "at", "size", "good", "bad"),
    [
        (BEGIN, 3, 2, [1, 1200], [0, 1201, 65535]),
        (SET, 5, 2, [1, 2000], [0, 2001, 65535]),
        (SET, 10, 1, [1, 40], [0, 41, 255]),
    ],
    ids=["deadline", "lease", "pace"],
)
def test_a_field_outside_its_range_is_malformed(
    frame: bytes, at: int, size: int, good: list[int], bad: list[int]
) -> None:
    def with_value(value: int) -> bytes:
        return frame[:at] + value.to_bytes(size, "little") + frame[at + size :]

    for value in good:
        decode_command(with_value(value), CHAIR)
    for value in bad:
        assert refusal_of(with_value(value)) is Refusal.MALFORMED


def test_a_model_without_a_carriage_ignores_the_pace() -> None:
    for pace in (0, 255):
        frame = SET[:10] + bytes([pace, 10]) + bytes(10)
        assert isinstance(decode_command(frame, CUSHION), Set)


def refusal_of(frame: bytes) -> Refusal:
    with pytest.raises(CommandError) as caught:
        decode_command(frame, CHAIR)
    return caught.value.refusal
