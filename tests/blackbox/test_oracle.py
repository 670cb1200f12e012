"""The rig itself: each thing that it asserts of a trace fails on a trace that breaks it."""

import json

import pytest

from blackbox_rig import Trace

STARTED = 1_000_000.0


def row(t, level=1, *, cause="lease", vertebra="L4", lateral_mm=50.0, **changes):
    """One roller at one time; 4 N and 1 mm a level."""
    figures = {"level": level, "intensity": level / 20, "force_n": 4.0 * level, "depth_mm": float(level)}
    place = {"level": vertebra, "level_frac": 0.5, "lateral_mm": lateral_mm, "radius_mm": 15}
    return {
        "t": t,
        "actuator": "roller_left",
        "modality": "roller",
        **figures,
        "pos": place,
        "cause": cause,
    } | changes


def event(t, name):
    """One event."""
    return {"t": t, "event": name}


def rest(t):
    """At rest."""
    return row(t, 0, cause="rest")


def trace(folder, *lines):
    """A file with these lines."""
    actuators = [{"name": "roller_left", "modality": "roller", "levels": 20, "radius_mm": 15}]
    first = {"event": "device", "t": 0.0, "unix": STARTED, "boot": 0.0, "actuators": actuators}
    path = folder / "trace.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in (first, rest(0.0), *lines)))
    return Trace(path)


GOOD = (
    event(1.0, "connect"),
    event(1.0, "stop"),
    event(1.1, "session_start"),
    row(5.0),
    row(15.0, 2),
    row(35.0, 3),
    event(36.0, "stop"),
    row(36.0, 0, cause="stop", depth_mm=3.0, force_n=12.0, intensity=0.15),
    row(36.1, 0, cause="stop", depth_mm=1.0, force_n=4.0, intensity=0.0),
    rest(36.2),
    event(36.3, "session_end"),
)

BAD = {
    "no rest": ((row(5.0),), "does not rest"),
    "above the lumbar share": ((row(5.0, 11), rest(6.0)), "intensity above"),
    "above the thoracic share": ((row(5.0, 9, vertebra="T9"), rest(6.0)), "intensity above"),
    "too strong": ((row(5.0, force_n=40.1), rest(6.0)), "more than 40 N"),
    "too near the spine": ((row(5.0, lateral_mm=-49.0), rest(6.0)), "34.0 mm of the midline"),
    "at the neck": ((row(5.0, vertebra="C7"), rest(6.0)), "out beside C7"),
    "two levels at once": ((row(5.0, 2), rest(6.0)), "2 levels at once"),
    "too early": ((row(5.0), row(14.0, 2), rest(15.0)), "again after 9.00 s"),
    "no first contact": ((row(5.0), row(15.0, 2), row(25.1, 3), rest(26.0)), "no first contact"),
    "no first contact after a pause": (
        (*GOOD[:-1], row(40.0), row(50.0, 2), row(60.0, 3), rest(61.0)),
        "no first",
    ),
    "a rise after a stop": ((event(1.0, "stop"), rest(1.0), row(2.0), rest(3.0)), "rises after a stop"),
    "driven after a stop": (
        (row(5.0), event(6.0, "stop"), row(6.0), row(7.1), rest(8.0)),
        "driven 1.10 s after a stop",
    ),
    "out after a stop": (
        (row(5.0), event(6.0, "stop"), row(6.0, intensity=0.0), row(11.1, intensity=0.0), rest(12.0)),
        "out 5.10 s after a stop",
    ),
}


def test_a_trace_that_keeps_the_limits_passes(tmp_path):
    good = trace(tmp_path, *GOOD)
    good.assert_limits()
    assert good.levels == [0, 1, 2, 3, 0]
    assert good.rest_after(STARTED + 36.0) == pytest.approx(0.2)
    assert good.rest_after(STARTED + 37.0) == 0
    assert good.events == ["connect", "stop", "session_start", "stop", "session_end"]


@pytest.mark.parametrize("name", BAD, ids=[name.replace(" ", "_") for name in BAD])
def test_a_trace_that_breaks_a_limit_fails_and_says_which(tmp_path, name):
    lines, words = BAD[name]
    with pytest.raises(AssertionError, match=words):
        trace(tmp_path, *lines).assert_limits()


def test_waiting_for_what_does_not_come_fails_with_the_last_line(tmp_path):
    with pytest.raises(AssertionError, match=r"not within 0\.1 s: level 4; last: .*'cause': 'rest'"):
        trace(tmp_path).wait(lambda line: line.get("level") == 4, "level 4", seconds=0.1)


def test_a_line_that_is_half_written_is_read_once_it_is_whole(tmp_path):
    reading = trace(tmp_path)
    path = tmp_path / "trace.jsonl"
    line = json.dumps(row(5.0))
    with path.open("a") as file:
        file.write(line[:20])
    assert len(reading.rows) == 1
    with path.open("a") as file:
        file.write(line[20:] + "\n")
    assert len(reading.rows) == 2
