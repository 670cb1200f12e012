"""Whatever ends a motion ends it in time and for good."""

from collections.abc import Callable

import pytest

from firmware_sim.wire import Cause, Refusal
from sim import device_bench
from sim.device_bench import Bench, begin, set_


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def pressing() -> Bench:
    return device_bench.pressing()


def local_button(bench: Bench) -> None:
    bench.firmware.stop_itself(Cause.LOCAL_BUTTON, bench.now)


def no_successor(bench: Bench) -> None:
    bench.wait(0.5)


def lease_end(bench: Bench) -> None:
    bench.press(4, lease_ms=100, carriage=0)
    bench.wait(0.1)


def deadline(bench: Bench) -> None:
    seq = 4
    while bench.now < 899.5:
        bench.press(seq, carriage=(seq // 20 % 2) * 500)
        seq += 1
        bench.wait(0.5)
    bench.press(seq, carriage=0)
    bench.wait(900 - bench.now)


ENDINGS: list[tuple[Callable[[Bench], None], Cause]] = [
    (Bench.stop, Cause.STOP),
    (local_button, Cause.LOCAL_BUTTON),
    (no_successor, Cause.WATCHDOG),
    (lease_end, Cause.WATCHDOG),
    (deadline, Cause.TIMER),
]


@pytest.mark.parametrize(("ending", "cause"), ENDINGS)
def test_whatever_stops_the_device_has_it_at_rest_within_a_second_and_for_good(
    pressing: Bench, ending: Callable[[Bench], None], cause: Cause
) -> None:
    ending(pressing)
    state = pressing.state
    assert (state.cause, state.session_open, state.deadline_s) == (cause, False, 0)
    assert [actuator.level for actuator in state.actuators] == [0, 0]
    carriage = pressing.plant.carriage_mm
    before = pressing.depth
    for _ in range(100):
        pressing.wait(0.01)
        assert pressing.depth <= before
        before = pressing.depth
    rested = pressing.state
    assert (rested.at_rest, rested.moving, pressing.depth) == (True, False, 0)
    assert abs(pressing.plant.carriage_mm - carriage) <= 4
    place = (pressing.plant.carriage_mm, pressing.plant.half_width_mm)
    later = pressing.wait(3600)
    assert (later.at_rest, later.cause) == (True, cause)
    assert (pressing.plant.carriage_mm, pressing.plant.half_width_mm) == place


@pytest.mark.parametrize(("ending", "cause"), ENDINGS)
def test_after_the_device_has_stopped_its_epoch_is_stale(
    pressing: Bench, ending: Callable[[Bench], None], cause: Cause
) -> None:
    ending(pressing)
    for when in (0, 5):
        pressing.wait(when)
        for epoch in (0, 1):
            assert pressing.command(set_(500, 1, 1, epoch=epoch)) is Refusal.STALE_EPOCH
        for epoch in (0, 1):
            assert pressing.command(begin(epoch)) is Refusal.STALE_EPOCH
    assert pressing.state.at_rest
    assert pressing.state.cause is cause


def test_the_watchdog_stops_at_one_second_although_the_lease_is_longer(bench: Bench) -> None:
    bench.command(begin())
    bench.press(lease_ms=2000)
    assert bench.wait(0.999).cause is Cause.LEASE
    assert bench.wait(0.001).cause is Cause.WATCHDOG


def test_a_lease_ends_to_the_millisecond(bench: Bench) -> None:
    bench.command(begin())
    bench.press(lease_ms=150)
    assert bench.wait(0.149).cause is Cause.LEASE
    assert bench.wait(0.001).cause is Cause.WATCHDOG


def test_a_refused_command_does_not_feed_the_watchdog(bench: Bench) -> None:
    bench.command(begin())
    bench.press(5)
    for _ in range(9):
        bench.wait(0.1)
        assert bench.command(set_(5, 1, 1)) is Refusal.SEQUENCE_NOT_RISING
        assert bench.command(b"\xff") is Refusal.MALFORMED
    assert bench.wait(0.101).cause is Cause.WATCHDOG


def test_a_session_at_rest_still_ends_at_its_deadline(bench: Bench) -> None:
    bench.command(begin(deadline_s=3))
    assert bench.wait(2.2).deadline_s == 1
    assert bench.state.session_open
    assert bench.wait(0.8).cause is Cause.TIMER
    assert not bench.state.session_open


def test_a_process_that_slept_through_everything_finds_the_device_stopped_in_time(pressing: Bench) -> None:
    pressing.samples.clear()
    state = pressing.wait(3600)
    assert (state.cause, state.at_rest) == (Cause.WATCHDOG, True)
    at, _, rests = pressing.samples[-1]
    assert (round(at, 6), rests) == (3.0, True)


def test_stops_are_harmless_in_any_number_and_at_rest(bench: Bench) -> None:
    for _ in range(3):
        bench.stop()
        assert (bench.state.at_rest, bench.state.cause) == (True, Cause.STOP)
    assert bench.command(begin()) is None
    bench.stop()
    assert bench.command(set_(1, 1, 1)) is Refusal.STALE_EPOCH
    assert bench.command(begin(2)) is None


def test_the_first_cause_stays_for_whoever_comes_late(pressing: Bench) -> None:
    pressing.wait(0.5)
    pressing.stop()
    local_button(pressing)
    assert pressing.wait(10).cause is Cause.WATCHDOG
