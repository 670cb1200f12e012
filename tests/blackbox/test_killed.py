"""Each program killed or frozen in mid-session: the chair comes to rest within the published time."""

import signal

import pytest

from blackbox_rig import Massage, Room, is_alive, kill

LEASE_S = WATCHDOG_S = 1.0


@pytest.mark.ahead(begin=Room.massage)
def test_when_the_core_is_killed_the_chair_is_at_rest_within_a_second_and_the_guardian_leaves(begun, room):
    assert is_alive(begun.guardian)
    killed = begun.program.send(signal.SIGKILL)
    assert begun.trace.rest_after(killed) <= 1.0
    assert begun.trace.wait(lambda line: line.get("event") == "stop", "a stop", after=killed)
    room.wait_alone()
    begun.trace.assert_limits()


@pytest.mark.ahead(begin=Room.run)
def test_a_core_killed_while_the_rollers_only_travel_leaves_the_chair_at_rest_within_a_second(begun, room):
    begun.trace.wait(lambda line: line.get("cause") == "retract", "the way to the start", alive=begun.alive)
    killed = begun.program.send(signal.SIGKILL)
    assert begun.trace.rest_after(killed) <= 1.0
    room.wait_alone()
    begun.trace.assert_limits()


@pytest.mark.ahead(begin=Room.massage)
def test_when_the_guardian_is_killed_the_chair_rests_and_a_new_guardians_first_write_is_stop(begun, room):
    killed = kill(begun.guardian)
    begun.assert_ended(6, "The process that owns the radio ended.")
    assert begun.trace.rest_after(killed) <= LEASE_S + WATCHDOG_S
    events = begun.trace.events
    second = len(events) - events[::-1].index("connect")
    assert events.count("connect") == 2
    assert events[second] == "stop"
    assert "session_start" not in events[second:]
    room.wait_alone()


@pytest.mark.ahead(begin=Room.massage)
def test_when_guardian_and_core_are_killed_the_chair_stops_itself(begun, room):
    kill(begun.guardian)
    killed = begun.program.send(signal.SIGKILL)
    assert begun.trace.rest_after(killed) <= LEASE_S + WATCHDOG_S + 0.5
    room.wait_alone()
    begun.trace.assert_limits()


@pytest.mark.ahead(begin=Room.massage)
def test_a_frozen_core_stops_the_chair_within_its_lease_and_thawed_it_ends_without_moving_again(begun, room):
    frozen = begun.program.send(signal.SIGSTOP)
    assert begun.trace.rest_after(frozen) <= LEASE_S + 1.0
    thawed = begun.program.send(signal.SIGCONT)
    begun.assert_ended(6, "The device is at rest.")
    assert begun.trace.last_active < thawed
    room.wait_alone()


@pytest.mark.ahead(begin=Room.massage)
def test_the_guardian_is_deaf_to_signals_that_end_programs(begun):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGTSTP, signal.SIGPIPE):
        sent = kill(begun.guardian, number)
    begun.wait_level(1, after=sent + LEASE_S + WATCHDOG_S)
    assert is_alive(begun.guardian)
    begun.program.send(signal.SIGINT)
    begun.assert_ended(130)


def freeze_the_guardian(room):
    """Ends only after the core has waited for an answer; so all of it is done ahead."""
    massage = room.massage()
    frozen = kill(massage.guardian, signal.SIGSTOP)
    massage.program.wait()
    return massage, frozen


@pytest.mark.ahead(begin=freeze_the_guardian, longest=True)
def test_when_the_guardian_freezes_the_chair_stops_itself_and_the_core_does_not_wait_for_ever(begun, room):
    massage, frozen = begun
    assert massage.trace.rest_after(frozen) <= LEASE_S + WATCHDOG_S
    massage.assert_ended(6)
    assert not is_alive(massage.guardian)
    room.wait_alone()


@pytest.mark.ahead(begin=Room.massage)
def test_a_core_that_is_asked_to_end_does_so_with_130_once_the_chair_rests(begun):
    asked = begun.program.send(signal.SIGTERM)
    begun.assert_ended(130, "Stopped. The device is at rest.")
    assert begun.trace.rest_after(asked) <= 1.0


def lose_the_simulator(room):
    """The guardian tries for a while; so all of it is done ahead."""
    massage = room.massage()
    massage.simulator.program.send(signal.SIGKILL)
    massage.program.wait()
    return massage


@pytest.mark.ahead(begin=lose_the_simulator, longest=True)
def test_a_simulator_that_dies_is_a_lost_connection_and_says_how_to_switch_off_by_hand(begun, room):
    assert begun.program.wait() == 4, begun.program.said
    said = begun.program.said
    assert "The Bluetooth connection was lost." in said
    assert "has not confirmed that it rests" in said
    assert "Switch the massager off at its own switch or pull its plug." in said
    assert "Traceback" not in said
    room.wait_alone()


def kill_and_begin_again(room):
    """The second session is stopped under contact."""
    massage = room.massage()
    killed = massage.program.send(signal.SIGKILL)
    massage.trace.rest_after(killed)
    room.wait_alone()
    place = massage.simulator.place
    again = room.massager("run", "gentle-lumbar", "--person", "demo", "--radio", place, "--yes")
    Massage(massage.simulator, again).wait_level(1, after=massage.trace.last_active)
    again.send(signal.SIGINT)
    again.wait()
    return massage, again


@pytest.mark.ahead(begin=kill_and_begin_again, longest=True)
def test_after_a_core_was_killed_the_next_session_begins_with_first_contact(begun):
    massage, again = begun
    assert again.wait() == 130, again.said
    massage.trace.assert_limits()
    assert massage.trace.levels[-2:] == [1, 0]
    assert massage.trace.events.count("session_start") == 2
    assert massage.trace.rest_after(again.ended_at) == 0
