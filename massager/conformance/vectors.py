"""Golden frames of a family: the codec writes and reads each as it stands."""

from typing import Any

from massager.conformance.candidate import Candidate, ConformanceError, expect
from massager.conformance.frames import nothing
from massager.model.commands import Setpoint


def vectors_hold(candidate: Candidate) -> None:
    """Every golden frame of this device is written and read byte for byte."""
    parts = len(nothing(candidate))
    vectors = candidate.vectors
    expect(vectors, "there are no vectors")
    own = [one for one in (vectors or {}).get("frames", ()) if _size(one["means"]) in {None, parts}]
    expect(len(own) > 0, f"there is no vector of a frame with {parts} parts")
    for vector in own:
        written = _written(candidate, vector["means"])
        expect(written == bytes.fromhex(vector["hex"]), f"{vector['name']}: it writes {written.hex(' ')}")
    states = [one for one in (vectors or {}).get("states", ()) if _size(one["means"]) == parts]
    expect(len(states) > 0, f"there is no vector of a state with {parts} parts")
    for vector in states:
        _told(candidate, vector)


def _size(means: dict[str, Any]) -> int | None:
    parts = means.get("ceilings", means.get("levels", means.get("actuators")))
    return None if parts is None else len(parts)


def _written(candidate: Candidate, means: dict[str, Any]) -> bytes:
    codec = candidate.codec
    match means["frame"]:
        case "begin":
            ceilings = tuple(means["ceilings"])
            return codec.begin(epoch=means["epoch"], deadline_s=means["deadline_s"], ceilings=ceilings)
        case "set":
            press, levels = len(candidate.device.actuators), tuple(means["levels"])
            targets = (means["carriage_mm"], means["half_width_mm"], means["pace_mm_s"])
            setpoint = Setpoint(levels[:press], *targets, levels[press:])
            numbers = {key: means[key] for key in ("seq", "epoch", "lease_ms")}
            return codec.set(**numbers, setpoint=setpoint)
        case "end":
            return codec.end(epoch=means["epoch"])
        case "stop":
            return codec.stop_bytes
    raise ConformanceError(f"no frame is called {means['frame']!r}")


def _told(candidate: Candidate, vector: dict[str, Any]) -> None:
    press = len(candidate.device.actuators)
    counts = {"actuators": press, "heaters": len(candidate.device.heaters)}
    found = candidate.codec.reading(bytes.fromhex(vector["hex"]), at_ms=7, **counts)
    means = vector["means"]
    for key, value in means.items():
        if key != "actuators":
            told = getattr(found, key)
            expect(told == value, f"{vector['name']}: {key} is {told}")
    told_levels = [part.level for part in found.actuators] + [heater.level for heater in found.heaters]
    expect(told_levels == [part["level"] for part in means["actuators"]], f"{vector['name']}: {told_levels}")
