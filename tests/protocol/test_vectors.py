"""The golden vectors of docs/protocol.md hold the codec, and the guardian's check of its bytes.

The simulator is held to the same file by tests/sim/test_wire.py.
"""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from massager.guardian.frames import BeginFrame, EndFrame, SetFrame, check_bytes
from massager.model.ceilings import Modality
from massager.model.commands import Setpoint
from massager.model.errors import MalformedFrameError
from massager.model.telemetry import ActuatorReading, Cause, HeaterReading, Reading
from massager.protocol.codec import ActuatorCapability, Capabilities
from massager.protocol.reference import ReferenceCodec

VECTORS: dict[str, list[dict[str, Any]]] = YAML(typ="safe").load(
    Path(__file__).parents[2] / "docs" / "vectors" / "reference.yaml"
)
CODEC = ReferenceCodec()
# How many of a model's actuators press, and how many are heaters; the cushion's last two are its pads.
PARTS = {1: (1, 0), 2: (2, 0), 10: (8, 2)}
HEAT = 4
MODALITIES = {1: Modality.ROLLER, 2: Modality.VIBRATION, 3: Modality.PERCUSSION, HEAT: None}
# What every link carries of a notification: the smallest ATT MTU of 23, less 3.
SMALLEST = 20


def named(vectors: str) -> Any:
    return pytest.mark.parametrize("vector", VECTORS[vectors], ids=lambda vector: vector["name"])


def setpoint(means: dict[str, Any]) -> Setpoint:
    levels = means["levels"]
    press, _ = PARTS[len(levels)]
    targets = (means["carriage_mm"], means["half_width_mm"], means["pace_mm_s"])
    return Setpoint(tuple(levels[:press]), *targets, tuple(levels[press:]))


def encoded(means: dict[str, Any]) -> bytes:
    match means["frame"]:
        case "begin":
            ceilings = tuple(means["ceilings"])
            return CODEC.begin(epoch=means["epoch"], deadline_s=means["deadline_s"], ceilings=ceilings)
        case "set":
            numbers = {key: means[key] for key in ("seq", "epoch", "lease_ms")}
            return CODEC.set(**numbers, setpoint=setpoint(means))
        case "end":
            return CODEC.end(epoch=means["epoch"])
    return CODEC.stop_bytes


def permitted(means: dict[str, Any]) -> BeginFrame | SetFrame | EndFrame:
    match means["frame"]:
        case "begin":
            return BeginFrame(means["epoch"], means["deadline_s"], tuple(means["ceilings"]))
        case "set":
            return SetFrame(means["seq"], means["epoch"], means["lease_ms"], setpoint(means))
    return EndFrame(means["epoch"])


def decoded(data: bytes, parts: tuple[int, int]) -> Reading:
    return CODEC.reading(data, at_ms=7, actuators=parts[0], heaters=parts[1])


def expected(means: dict[str, Any]) -> Reading:
    same = {key: value for key, value in means.items() if key not in {"cause", "actuators"}}
    press, _ = PARTS[len(means["actuators"])]
    return Reading(
        at_ms=7,
        cause=Cause(means["cause"]),
        actuators=tuple(ActuatorReading(**part) for part in means["actuators"][:press]),
        # The byte says steps of 0.2 °C, the reading 0.1 °C.
        heaters=tuple(
            HeaterReading(pad["level"], 2 * pad["depth_dmm"]) for pad in means["actuators"][press:]
        ),
        **same,
    )


def test_there_are_vectors_of_each_kind_of_frame_and_of_each_model() -> None:
    assert {vector["means"]["frame"] for vector in VECTORS["frames"]} == {"begin", "set", "end", "stop"}
    for vectors in ("states", "capabilities"):
        assert {len(vector["means"]["actuators"]) for vector in VECTORS[vectors]} == set(PARTS)


@named("frames")
def test_the_codec_writes_a_golden_frame_byte_for_byte(vector: dict[str, Any]) -> None:
    assert encoded(vector["means"]) == bytes.fromhex(vector["hex"])


@named("states")
def test_the_codec_reads_a_golden_state_as_what_it_means(vector: dict[str, Any]) -> None:
    means = vector["means"]
    assert decoded(bytes.fromhex(vector["hex"]), PARTS[len(means["actuators"])]) == expected(means)


def test_a_warm_pad_is_read_in_tenths_of_a_degree() -> None:
    warm = next(each for each in VECTORS["states"] if each["name"] == "ten actuators, two of them warm")
    reading = decoded(bytes.fromhex(warm["hex"]), PARTS[10])
    assert [(pad.level, pad.surface_dc) for pad in reading.heaters] == [(5, 410), (0, 330)]


def test_each_cause_is_read_from_its_number() -> None:
    whole = bytes.fromhex(VECTORS["states"][0]["hex"])
    names = ["rest", "lease", "stop", "watchdog", "timer", "local_button", "fault", "retract"]
    read = [decoded(whole[:3] + bytes([number]) + whole[4:], PARTS[2]).cause for number in range(8)]
    assert read == [Cause(name) for name in names]


@named("capabilities")
def test_the_codec_reads_golden_capabilities_as_what_they_mean(vector: dict[str, Any]) -> None:
    means = vector["means"]
    assert CODEC.capabilities(bytes.fromhex(vector["hex"])) == Capabilities(
        watchdog_ms=means["watchdog_ms"],
        deadline_max_s=means["max_deadline_s"],
        travel_mm=means["travel_mm"],
        half_width_min_mm=means["half_width_min_mm"],
        half_width_max_mm=means["half_width_max_mm"],
        pace_max_mm_s=means["max_pace_mm_s"],
        actuators=tuple(
            ActuatorCapability(
                MODALITIES[part["modality"]],
                part["levels"],
                part["force_dn"],
                part["radius_mm"],
                heats=part["modality"] == HEAT,
            )
            for part in means["actuators"]
        ),
    )


# What is not allowed.


@named("states")
def test_a_state_of_any_other_length_is_malformed(vector: dict[str, Any]) -> None:
    whole, parts = bytes.fromhex(vector["hex"]), PARTS[len(vector["means"]["actuators"])]
    for length in {*range(len(whole) + 20)} - {len(whole)}:
        with pytest.raises(MalformedFrameError):
            decoded((whole + bytes(20))[:length], parts)


@named("states")
def test_a_state_of_another_model_is_malformed(vector: dict[str, Any]) -> None:
    whole = bytes.fromhex(vector["hex"])
    for count in set(PARTS) - {len(vector["means"]["actuators"])}:
        with pytest.raises(MalformedFrameError):
            decoded(whole, PARTS[count])


@named("states")
def test_every_unknown_flag_and_cause_is_malformed(vector: dict[str, Any]) -> None:
    whole, parts = bytes.fromhex(vector["hex"]), PARTS[len(vector["means"]["actuators"])]
    for value in range(256):
        flags = whole[:2] + bytes([value]) + whole[3:]
        cause = whole[:3] + bytes([value]) + whole[4:]
        for wrong, known in ((flags, value < 16), (cause, value < 8)):
            if known:
                decoded(wrong, parts)
                continue
            with pytest.raises(MalformedFrameError):
                decoded(wrong, parts)


@named("states")
def test_a_notification_that_a_small_mtu_cut_is_told_from_other_nonsense(vector: dict[str, Any]) -> None:
    whole, parts = bytes.fromhex(vector["hex"]), PARTS[len(vector["means"]["actuators"])]
    for length in range(len(whole)):
        with pytest.raises(MalformedFrameError) as refused:
            decoded(whole[:length], parts)
        assert (f"MTU below {len(whole) + 3}" in str(refused.value)) is (length >= SMALLEST)


@named("capabilities")
def test_capabilities_of_another_version_length_or_number_are_malformed(vector: dict[str, Any]) -> None:
    whole = bytes.fromhex(vector["hex"])
    count = whole[11]
    lengths = [(whole + bytes(20))[:length] for length in {*range(len(whole) + 20)} - {len(whole)}]
    versions = [bytes([version]) + whole[1:] for version in {*range(256)} - {1}]
    counts = [whole[:11] + bytes([number]) + whole[12:] for number in {*range(256)} - {count}]
    for wrong in (*lengths, *versions, *counts):
        with pytest.raises(MalformedFrameError):
            CODEC.capabilities(wrong)


# The guardian's second reading.

CHECKED = [vector for vector in VECTORS["frames"] if vector["means"]["frame"] != "stop"]
checked = pytest.mark.parametrize("vector", CHECKED, ids=lambda vector: vector["name"])


@checked
def test_the_guardian_lets_a_golden_frame_through_as_what_it_means(vector: dict[str, Any]) -> None:
    assert check_bytes(bytes.fromhex(vector["hex"]), permitted(vector["means"]), codec="reference") is None


@checked
def test_the_guardian_refuses_a_golden_frame_with_any_byte_raised_or_of_another_length(
    vector: dict[str, Any],
) -> None:
    whole, frame = bytes.fromhex(vector["hex"]), permitted(vector["means"])
    wrong = [whole[:at] + bytes([(byte + 1) % 256]) + whole[at + 1 :] for at, byte in enumerate(whole)]
    for data in (*wrong, *(whole[:length] for length in range(len(whole))), whole + b"\0"):
        assert check_bytes(data, frame, codec="reference") is not None, data.hex(" ")


@checked
def test_the_guardian_refuses_every_other_golden_frame_in_its_place(vector: dict[str, Any]) -> None:
    for other in CHECKED:
        if other is not vector:
            refusal = check_bytes(bytes.fromhex(other["hex"]), permitted(vector["means"]), codec="reference")
            assert refusal is not None, other["name"]
