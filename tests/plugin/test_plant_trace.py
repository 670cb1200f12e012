"""What may be asserted of a trace."""

import json

import pytest

from firmware_sim.plant_trace import PlantTrace

CHAIR = {
    "event": "device",
    "t": 0.0,
    "device": "chair-1",
    "actuators": [{"name": "left"}, {"name": "right"}],
}


def row(t, *, force_n=0.0, cause="lease", actuator="left", device="chair-1", **fields):
    base = {"t": t, "device": device, "actuator": actuator, "level": 0, "force_n": force_n, "cause": cause}
    return base | fields


def event(t, name, device="chair-1"):
    return {"t": t, "device": device, "event": name}


PRESSED = PlantTrace(
    [
        CHAIR,
        event(0.5, "session_start"),
        row(1.0, force_n=4.0, level=1),
        row(1.0, actuator="right"),
        event(2.0, "stop"),
        row(2.5, force_n=2.0, cause="stop"),
        row(3.0, cause="rest"),
    ]
)


def test_a_limit_that_is_just_reached_is_kept():
    assert PRESSED.never_above(force_n=4.0, level=1)


def test_what_is_above_is_shown_with_time_actuator_value_and_limit():
    with pytest.raises(AssertionError) as failed:
        PRESSED.never_above(level=9, force_n=1.5)
    assert str(failed.value).splitlines() == [
        "force_n was above 1.5 in 2 of 4 rows:",
        "    t in s  device      actuator  cause           force_n      limit",
        "     1.000  chair-1     left      lease             4.000      1.500",
        "     2.500  chair-1     left      stop              2.000      1.500",
    ]


def test_only_the_first_rows_are_shown():
    trace = PlantTrace([row(t, force_n=9.0) for t in range(7)])
    with pytest.raises(AssertionError, match="7 of 7 rows") as failed:
        trace.never_above(force_n=1)
    assert str(failed.value).splitlines()[-2].split()[0] == "4.000"
    assert str(failed.value).endswith("and 2 more")


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (lambda: PRESSED.never_above(forcen=1), "no field 'forcen'; there are depth_mm"),
        (lambda: PRESSED.peak("force"), "no field 'force'"),
        (PRESSED.never_above, "above what"),
        (lambda: PRESSED.of(actuator="middle"), "no actuator 'middle'; there are left, right"),
        (lambda: PRESSED.of(device="chair-2"), "no device 'chair-2'; there are chair-1"),
    ],
)
def test_a_name_that_does_not_exist_is_no_limit_kept(ask, text):
    with pytest.raises(ValueError, match=text):
        ask()


def test_one_actuator_is_looked_at_alone():
    assert PRESSED.peak("force_n") == 4.0
    right = PRESSED.of(actuator="right")
    assert right.peak("force_n") == right.peak("temp_c") == 0
    assert right.events == ["session_start", "stop"]


def test_causes_are_told_each_time_they_change():
    assert PRESSED.causes == ["lease", "stop", "rest"]


def test_rest_in_time_is_rest():
    assert PRESSED.rest_within_s(1.0, after="stop")
    assert PRESSED.rest_within_s(1.0, after=2.0)


def test_rest_too_late_is_shown():
    with pytest.raises(AssertionError, match=r"stop at 2.000 s: not at rest 0.4 s later:\n.*\n +2.500"):
        PRESSED.rest_within_s(0.4, after="stop")


def test_a_trace_that_ends_before_rest_is_no_rest():
    with pytest.raises(AssertionError, match="the trace ends before rest"):
        PlantTrace(PRESSED.rows[:-1]).rest_within_s(1.0, after="stop")


def test_a_stop_that_nobody_wrote_is_no_rest():
    with pytest.raises(AssertionError, match="no event 'link_drop' in the trace, only session_start, stop"):
        PRESSED.rest_within_s(1.0, after="link_drop")


def test_a_device_that_moves_again_without_a_session_is_not_at_rest():
    trace = PlantTrace([*PRESSED.rows, row(9.0, force_n=1.0)])
    with pytest.raises(AssertionError, match=r"not at rest 1\.0 s later"):
        trace.rest_within_s(1.0, after="stop")


def test_the_next_session_may_move():
    trace = PlantTrace([*PRESSED.rows, event(8.0, "session_start"), row(9.0, force_n=1.0)])
    assert trace.rest_within_s(1.0, after="stop")


def test_a_stop_at_rest_needs_no_rows():
    assert PlantTrace([CHAIR, event(1.0, "stop")]).rest_within_s(0, after="stop")


def test_each_device_comes_to_rest_by_itself():
    other = [event(2.0, "stop", "chair-2"), row(2.9, cause="stop", device="chair-2")]
    with pytest.raises(AssertionError, match="chair-2, stop"):
        PlantTrace([*PRESSED.rows, *other]).rest_within_s(1.0, after="stop")


def test_a_file_that_is_still_written_is_read_up_to_its_last_whole_line(tmp_path):
    file = tmp_path / "t.jsonl"
    file.write_text(json.dumps(CHAIR) + "\n" + json.dumps(event(1.0, "stop")) + '\n{"t": 2')
    assert PlantTrace.read(file).events == ["stop"]
