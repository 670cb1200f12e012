"""The live view on a real terminal: what it shows, its keys and signals, and closed outputs."""

import signal
import sys
import time

import pytest

from blackbox_rig import until

WIDE, NARROW = (24, 80), (24, 40)
# A key is read at once, the next lease is at most 100 ms away, and one level retracts in 50 ms; the rest is
# for a loaded machine.
PROMPTLY_S = 1.5
# Chosen: no reader is no person at the device's side, so a moment later than a key.
UNREAD_S = 3.0


def live(room, size=WIDE, level=1):
    """A session on a terminal, in contact; it stays at level 2 however long it waits for its turn."""
    return room.massage("--max", 10, terminal=size, level=level)


@pytest.mark.ahead(begin=live)
def test_the_live_view_shows_who_what_where_how_strongly_why_and_how_long(begun):
    for text in (
        "demo",
        "gentle-lumbar",
        "Massaging",
        "L4-S1",
        "1 of 20, ",
        "of 8:00",
        "<- here",
        "space stop",
        "p pause",
    ):
        begun.program.wait_said(text)
    why = ("rising slowly", "gentle first contact", "held by --max")
    assert any(f"of 20, {reason}" in begun.program.said for reason in why)
    begun.program.terminal.type(" ")
    begun.assert_ended(0, "Stopped. The device is at rest.")


@pytest.mark.ahead(begin=live)
def test_ctrl_c_returns_after_the_confirmed_stop_with_130_and_gives_the_terminal_back(begun):
    terminal = begun.program.terminal
    until(lambda: terminal.settings_now != terminal.settings, lambda: "single keys")
    pressed = time.time()
    terminal.type("\x03")
    begun.assert_ended(130, "Stopped. The device is at rest.")
    assert begun.trace.rest_after(pressed) <= PROMPTLY_S
    assert terminal.settings_now == terminal.settings
    assert terminal.text.count("\x1b[?25h") >= terminal.text.count("\x1b[?25l") > 0, "the cursor stays hidden"


@pytest.mark.ahead(begin=live)
def test_ctrl_c_twice_changes_nothing_about_that(begun):
    begun.program.terminal.type("\x03")
    begun.program.terminal.type("\x03")
    begun.assert_ended(130, "Stopped. The device is at rest.")
    assert begun.program.terminal.settings_now == begun.program.terminal.settings


@pytest.mark.ahead(begin=live)
def test_ctrl_c_again_and_again_does_not_break_off_the_goodbye(begun):
    end_s = time.monotonic() + 20
    while begun.program.runs and time.monotonic() < end_s:
        begun.program.terminal.type("\x03")
        begun.program._waiter.join(0.05)
    begun.assert_ended(130, "Stopped. The device is at rest.")


def in_a_shell(room):
    """A session in the foreground of an interactive shell."""
    chair = room.simulator()
    shell = room.start("bash", "--norc", "--noprofile", "-i", terminal=WIDE, env={"PS1": "ready> "})
    shell.wait_said("ready> ")
    options = f"--person demo --radio {chair.place} --yes"
    shell.terminal.type(f"{sys.executable} -m massager run gentle-lumbar {options}; echo code=$?\n")
    chair.trace.wait_level(1)
    return chair, shell


@pytest.mark.ahead(begin=in_a_shell)
def test_ctrl_z_stops_the_chair_first_and_after_fg_the_session_ends_and_never_resumes(begun, room):
    chair, shell = begun
    pressed = time.time()
    shell.terminal.type("\x1a")
    assert chair.trace.rest_after(pressed) <= 3
    shell.wait_said("Stopped")
    shell.wait_said(f"code={128 + signal.SIGSTOP}")
    resumed = time.time()
    shell.terminal.type("fg; echo then=$?\n")
    shell.wait_said("then=130")
    assert chair.trace.last_active < resumed
    chair.trace.assert_limits()
    room.wait_alone()


@pytest.mark.ahead(begin=live)
def test_a_hang_up_signal_ends_at_rest_with_130(begun):
    begun.program.send(signal.SIGHUP)
    begun.assert_ended(130, "Stopped. The device is at rest.")


@pytest.mark.ahead(begin=live)
def test_a_terminal_window_that_is_closed_ends_at_rest_with_130(begun, room):
    closed = time.time()
    begun.program.terminal.close()
    begun.assert_ended(130)
    assert begun.trace.rest_after(closed) <= PROMPTLY_S
    room.wait_alone()


@pytest.mark.ahead(begin=live)
def test_a_terminal_that_takes_no_output_stops_the_chair_within_the_lease(begun):
    frozen = time.time()
    begun.program.terminal.type("\x13")
    begun.trace.wait(lambda line: line["at"] > frozen, "a row")
    assert begun.trace.rest_after(frozen, seconds=20) <= 5
    begun.program.terminal.type("\x11")
    begun.assert_ended(6)


@pytest.mark.ahead(begin=lambda room: live(room, level=2))
def test_minus_takes_one_level_away_at_once(begun):
    pressed = time.time()
    begun.program.terminal.type("-")
    begun.trace.wait(lambda line: line.get("level") == 1, "level 1", after=pressed, seconds=PROMPTLY_S)
    begun.program.terminal.type(" ")
    begun.assert_ended(0)
    assert begun.trace.levels == [0, 1, 2, 1, 0]


@pytest.mark.ahead(begin=lambda room: live(room, level=2))
def test_plus_never_makes_it_stronger_than_the_limits_and_a_storm_of_keys_does_no_harm(begun):
    pressed = time.time()
    begun.program.terminal.type("+" * 60 + "\x1b[A\x7fqxyz\t?!09")
    begun.wait_level(1, after=pressed + 3)
    begun.program.terminal.type("- " * 30)
    begun.assert_ended(0)
    assert max(begun.trace.levels) == 2


@pytest.mark.ahead(begin=lambda room: live(room, level=2))
def test_p_pauses_at_rest_and_enter_goes_on_from_first_contact(begun):
    terminal = begun.program.terminal
    pressed = time.time()
    terminal.type("p")
    assert begun.trace.rest_after(pressed) <= PROMPTLY_S
    begun.program.wait_said("Paused - press Enter to go on")
    until(lambda: time.time() > begun.trace.last_active + 1, lambda: "a moment of rest")
    resumed = time.time()
    terminal.type("\r")
    again = begun.wait_level(1, after=resumed)
    assert again["level"] == 1
    assert begun.trace.levels == [0, 1, 2, 0, 1]
    terminal.type("p")
    begun.trace.rest_after(time.time())
    terminal.type(" ")
    begun.assert_ended(0, "Stopped. The device is at rest.")


@pytest.mark.ahead(begin=live)
def test_enter_right_after_p_does_not_end_the_session_and_moves_nothing_before_rest(begun):
    pressed = time.time()
    begun.program.terminal.type("p\r")
    # The first rest: Enter may have it begin anew at once.
    rested = begun.trace.wait(lambda line: line.get("cause") == "rest", "rest", after=pressed)
    assert rested["at"] - pressed <= PROMPTLY_S
    until(
        lambda: time.time() > begun.trace.last_active + 1 or 1 in begun.trace.levels[-1:], lambda: "a moment"
    )
    begun.program.terminal.type("\r")
    begun.wait_level(1, after=begun.trace.last_active)
    begun.program.terminal.type(" ")
    begun.assert_ended(0, "Stopped. The device is at rest.")


@pytest.mark.ahead(begin=lambda room: live(room, NARROW))
def test_forty_columns_are_enough_and_a_window_that_shrinks_further_does_no_harm(begun):
    terminal = begun.program.terminal
    begun.program.wait_said("of 20, ")
    terminal.resize((10, 30))
    shrunk = time.time()
    begun.wait_level(1, after=shrunk + 1)
    terminal.type("\x03")
    begun.assert_ended(130)
    lines = [line.rstrip() for line in terminal.plain.replace("\r", "\n").splitlines()]
    assert all(len(line) <= NARROW[1] for line in lines), max(lines, key=len)
    for text in ("gentle-lumbar", "L4-S1", "1 of 20", "space stop", "pause"):
        assert any(text in line for line in lines), f"{text!r} is cut off"


def piped_to_head(room):
    """As `massager run ... --json | head -n 1`."""
    massage = room.run("--json", into=("head", "-n", "1"))
    massage.program.wait()
    return massage


@pytest.mark.ahead(begin=piped_to_head)
def test_json_into_head_ends_at_rest_with_130(begun, room):
    begun.assert_ended(130)
    assert begun.program.stdout.text.count("\n") == 1
    assert "BrokenPipe" not in begun.program.said
    room.wait_alone()


# At level 1 for the whole session, in which nothing changes that would have to be written.
@pytest.mark.ahead(begin=lambda room: room.massage("--max", 5, "--json"))
def test_json_that_nobody_reads_any_more_ends_at_rest_with_130(begun):
    closed = time.time()
    begun.program.stdout.close()
    assert begun.trace.rest_after(closed, seconds=10) <= UNREAD_S
    begun.assert_ended(130)


@pytest.mark.ahead(begin=lambda room: room.massage("--max", 5))
def test_lines_that_nobody_reads_any_more_end_at_rest_with_130(begun):
    closed = time.time()
    begun.program.stdout.close()
    assert begun.trace.rest_after(closed, seconds=10) <= UNREAD_S
    begun.assert_ended(130)
