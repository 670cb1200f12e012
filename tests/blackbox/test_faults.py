"""Devices that fail in mid-session: each ends with a clear message, its exit code, and the chair at rest."""

import signal

import pytest

# After the first BEGIN; the rollers touch after some 6 s, so the later one meets them under contact.
TRAVELLING_S, TOUCHING_S = 3, 9
# Silence is noticed after 1 s, by guardian and core; lease and watchdog are 1 s each, and run meanwhile.
REST_S = 2.0

ENDINGS = {
    "link_drop": (4, {"The Bluetooth connection was lost."}),
    "refuse_writes": (6, {"The device refused a command."}),
    "nonsense": (6, {"The device reports a fault."}),
    "silent": (6, {"The device has not reported its state in time."}),
    # The guardian knows a repeated report from none, the core only that none is new; either may be first.
    "frozen": (6, {"The device repeats an old report.", "The device has not reported its state in time."}),
    "local_button": (0, {"Somebody pressed stop on the device."}),
}


def run_with(room, fault, after_s):
    """A session with a fault, to its end."""
    massage = room.run(faults=(f"{fault}:{after_s}",))
    massage.program.wait()
    return massage


@pytest.mark.ahead(begin=run_with)
@pytest.mark.parametrize(
    ("fault", "after_s"),
    [(fault, TOUCHING_S) for fault in ENDINGS]
    + [(fault, TRAVELLING_S) for fault in ("link_drop", "refuse_writes", "silent")],
)
def test_a_fault_ends_the_session_with_its_message_and_the_chair_at_rest_in_time(begun, fault, after_s):
    code, sentences = ENDINGS[fault]
    begun.assert_ended(code)
    said = " ".join(begun.program.said.split())
    assert any(sentence in said for sentence in sentences), said
    trace = begun.trace
    assert max(trace.levels) > 0 or after_s == TRAVELLING_S, "the session had ended before the fault"
    (began,) = [line["at"] for line in trace.lines if line.get("event") == "session_start"]
    assert trace.last_active >= began + after_s - 0.2, "the session had ended before the fault"
    assert trace.rest_after(began + after_s) <= REST_S


@pytest.mark.ahead(begin=lambda room: run_with(room, "drift", TRAVELLING_S), longest=True)
def test_rollers_that_creep_away_are_stopped(begun):
    begun.assert_ended(6, "The device is not where it was sent.")


def stop_in_vain(room):
    """A chair that takes no STOP under contact, first from its controller and then from elsewhere."""
    massage = room.massage(faults=("refuse_stop:1",))
    asked = massage.program.send(signal.SIGINT)
    massage.program.wait()
    return massage, asked, room.finished("stop", "--direct")


@pytest.mark.ahead(begin=stop_in_vain, longest=True)
def test_a_chair_that_refuses_stop_rests_by_its_lease_and_the_alarm_says_how_to_switch_it_off(begun, room):
    massage, asked, stopping = begun
    said = " ".join(massage.program.said.split())
    assert massage.program.wait() == 6, said
    assert "may still press or move" in said
    assert "pull its mains plug" in said
    assert "Traceback" not in said
    assert stopping.wait() == 6, stopping.said
    assert "NOT CONFIRMED" in stopping.stdout.text
    assert "pull its plug" in stopping.stdout.text
    assert massage.trace.rest_after(asked) <= REST_S
    massage.trace.assert_place_and_force()
    room.wait_alone()


def run_slowly(room):
    """A link on which each write takes 15 ms."""
    massage = room.run("--minutes", "0.1", faults=("slow_writes:15",))
    massage.program.wait()
    return massage


@pytest.mark.ahead(begin=run_slowly)
def test_a_link_that_takes_15_ms_a_write_changes_nothing(begun):
    begun.assert_ended(0, "The program is finished. The device is at rest.")
    assert max(begun.trace.levels) == 1
