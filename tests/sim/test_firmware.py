"""What the firmware accepts and what it reports."""

from itertools import pairwise
from math import inf

import pytest

from firmware_sim.defects import Defects
from firmware_sim.wire import Cause, Refusal
from sim import device_bench
from sim.device_bench import Bench, begin, end, set_


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def pressing() -> Bench:
    return device_bench.pressing()


def test_end_retracts_and_no_set_is_accepted_until_the_next_begin(pressing: Bench) -> None:
    assert pressing.command(end()) is None
    assert (pressing.state.cause, pressing.state.session_open) == (Cause.RETRACT, False)
    assert pressing.command(set_(90, 1, 1)) is Refusal.NO_SESSION
    state = pressing.wait(1)
    assert (state.at_rest, state.cause) == (True, Cause.REST)
    assert pressing.command(set_(91, 1, 1)) is Refusal.NO_SESSION
    assert pressing.command(begin(2)) is None


def test_end_is_accepted_once_for_each_begin_even_after_a_stop(pressing: Bench) -> None:
    assert pressing.command(end(7)) is Refusal.NO_SESSION
    pressing.stop()
    assert pressing.command(end()) is None
    assert pressing.state.cause is Cause.STOP
    assert pressing.command(end()) is Refusal.NO_SESSION


def test_without_a_session_nothing_can_be_set_or_ended(bench: Bench) -> None:
    assert bench.command(set_(1, 1, 1)) is Refusal.NO_SESSION
    assert bench.command(end(0)) is Refusal.NO_SESSION
    assert bench.state.at_rest


def test_begin_needs_rest_and_an_epoch_above_all_seen(pressing: Bench) -> None:
    assert pressing.command(begin(2)) is Refusal.NOT_AT_REST
    pressing.stop()
    assert pressing.command(begin(2)) is Refusal.NOT_AT_REST
    pressing.wait(1)
    assert pressing.command(begin(1)) is Refusal.STALE_EPOCH
    assert pressing.command(begin(9)) is None
    assert pressing.command(begin(8)) is Refusal.STALE_EPOCH
    assert pressing.state.epoch == 9


def test_epoch_zero_can_never_begin(bench: Bench) -> None:
    assert bench.command(begin(0)) is Refusal.STALE_EPOCH


def test_a_new_begin_starts_the_sequence_anew_and_clears_the_cause(pressing: Bench) -> None:
    pressing.stop()
    pressing.wait(1)
    assert pressing.command(begin(2)) is None
    state = pressing.state
    assert (state.cause, state.seq, state.deadline_s, state.session_open) == (Cause.REST, 0, 900, True)
    pressing.press(1, 5, epoch=2)
    assert pressing.state.seq == 1


def test_the_sequence_rises_strictly_and_does_not_wrap(bench: Bench) -> None:
    bench.command(begin())
    bench.press(65534, 1)
    for seq in (65534, 65533, 0):
        assert bench.command(set_(seq, 1, 1)) is Refusal.SEQUENCE_NOT_RISING
    bench.press(65535, 1)
    assert bench.command(set_(0, 1, 1)) is Refusal.SEQUENCE_NOT_RISING


def test_a_level_above_the_ceiling_is_refused_whole(bench: Bench) -> None:
    assert bench.command(begin(ceilings=(5, 3))) is None
    assert bench.command(set_(1, 5, 4, carriage=0)) is Refusal.ABOVE_CEILING
    assert bench.state.at_rest
    assert bench.state.seq == 0
    assert bench.command(set_(1, 5, 3)) is None


def test_a_ceiling_above_the_highest_level_is_refused(bench: Bench) -> None:
    assert bench.command(begin(ceilings=(21, 20))) is Refusal.ABOVE_CEILING
    assert not bench.state.session_open
    assert bench.command(begin(ceilings=(20, 20))) is None


@pytest.mark.parametrize(
    "field", [{"carriage": 581}, {"carriage": 65534}, {"width": 29}, {"width": 81}, {"width": 254}]
)
def test_a_target_outside_the_travel_is_refused_and_nothing_moves(
    bench: Bench, field: dict[str, int]
) -> None:
    bench.command(begin())
    assert bench.command(set_(1, 5, 5, **field)) is Refusal.OUTSIDE_TRAVEL
    assert bench.state.at_rest


def test_a_refused_command_leaves_the_running_lease_as_it_was(pressing: Bench) -> None:
    before = pressing.state
    for wrong in (set_(99, 21, 20), set_(99, 5, 5, carriage=600), set_(99, 5, 5, epoch=3), begin(5), b""):
        assert pressing.command(wrong) is not None
    assert pressing.state == before


def test_a_second_link_can_only_stop_until_the_first_is_gone(pressing: Bench) -> None:
    for frame in (begin(2), set_(99, 0, 0), end(), b"garbage"):
        assert pressing.command(frame, link=2) is Refusal.OTHER_LINK_DRIVES
    assert pressing.state.cause is Cause.LEASE
    pressing.stop()
    pressing.wait(1)
    assert pressing.command(begin(2), link=2) is Refusal.OTHER_LINK_DRIVES
    pressing.firmware.disconnected(1)
    assert pressing.command(begin(2), link=2) is None
    assert pressing.command(begin(3), link=1) is Refusal.OTHER_LINK_DRIVES


def test_the_first_link_drives_even_if_its_first_write_was_refused(bench: Bench) -> None:
    assert bench.command(b"nonsense", link=7) is Refusal.MALFORMED
    assert bench.command(begin(), link=8) is Refusal.OTHER_LINK_DRIVES


def test_a_lost_driver_leaves_the_device_running_until_the_watchdog(pressing: Bench) -> None:
    pressing.firmware.disconnected(1)
    assert pressing.wait(0.4).cause is Cause.LEASE
    assert pressing.wait(0.1).cause is Cause.WATCHDOG


def test_a_set_of_all_levels_zero_retracts_and_comes_to_rest_under_its_lease(pressing: Bench) -> None:
    pressing.press(4, 0)
    assert pressing.state.cause is Cause.RETRACT
    pressing.wait(0.9)
    pressing.press(5, 0)
    state = pressing.wait(0.5)
    assert (state.at_rest, state.cause, state.session_open) == (True, Cause.REST, True)


def test_depth_and_load_are_rounded_up_and_the_deadline_too(bench: Bench) -> None:
    bench.command(begin())
    bench.press(1, 10)
    state = bench.wait(0.1021)
    assert state.actuators[0].depth_dmm == 21
    assert state.actuators[0].load_n == 9
    assert state.deadline_s == 900


def test_a_resting_device_without_listeners_wants_never_to_be_called(bench: Bench) -> None:
    assert bench.firmware.next_deadline() == inf
    bench.command(begin())
    bench.press()
    bench.stop()
    bench.wait(5)
    assert bench.firmware.next_deadline() == inf


def test_notifications_come_every_100_ms_while_active_and_every_second_at_rest(bench: Bench) -> None:
    bench.firmware.subscribe(0, anybody=True)
    bench.wait(3.05)
    assert [round(at, 6) for at, _ in bench.notified] == [0, 1, 2, 3]
    bench.notified.clear()
    bench.command(begin())
    bench.press(lease_ms=350)
    bench.wait(0.95)
    times = [round(at - 3.05, 6) for at, _ in bench.notified]
    assert times == [0, 0.1, 0.2, 0.3, 0.35, 0.45, 0.55, 0.65, 0.75]
    assert bench.notified[4][1].cause is Cause.WATCHDOG
    assert bench.notified[-1][1].at_rest


def test_the_notification_counter_rises_by_one_and_wraps(bench: Bench) -> None:
    bench.firmware.subscribe(0, anybody=True)
    bench.wait(65540)
    counters = [state.counter for _, state in bench.notified]
    assert counters[:3] == [1, 2, 3]
    assert counters[65534:65537] == [65535, 0, 1]


def test_nobody_subscribed_means_no_notification(pressing: Bench) -> None:
    assert pressing.notified == []
    pressing.firmware.subscribe(pressing.now, anybody=True)
    pressing.wait(0)
    assert len(pressing.notified) == 1
    pressing.firmware.subscribe(pressing.now, anybody=False)
    pressing.wait(10)
    assert len(pressing.notified) == 1


def test_the_trace_is_owed_a_row_at_least_every_100_ms_while_active_and_one_at_rest(pressing: Bench) -> None:
    pressing.wait(60)
    times = [at for at, _, _ in pressing.samples if at >= 0]
    assert max(later - earlier for earlier, later in pairwise(times[1:])) <= 0.1 + 1e-9
    assert [rests for _, _, rests in pressing.samples].count(True) == 2  # at power-up and at the end
    assert pressing.samples[-1][2]


def test_a_drifting_carriage_is_reported_where_it_really_is(pressing: Bench) -> None:
    pressing.press(4)
    pressing.wait(0.2)
    pressing.plant.suffer(Defects(creeping=True))
    before = pressing.state.carriage_mm
    pressing.press(5)
    state = pressing.wait(0.8)
    assert before is not None
    assert state.carriage_mm == before - 4
    assert not state.moving
