"""Remote control: off at first, switched on by a caregiver, off by anyone, told, taken along in a file."""

from massager.cli.exits import Exit

SET = ("person", "set", "anna", "--why", "lives far away", "--yes")


def test_remote_control_is_off_at_first_and_switched_on_by_a_caregiver_alone(staffed):
    assert staffed.shown()["remote"] is False
    assert staffed.run(*SET, "--remote").code is Exit.AUTH
    assert staffed.shown()["remote"] is False
    staffed.ok(*SET, "--remote")
    assert staffed.shown()["remote"] is True
    staffed.run("person", "show", "anna")
    assert "remote control" in staffed.out
    assert "switched on" in staffed.out


def test_anyone_switches_it_off_and_other_settings_leave_it_alone(staffed):
    staffed.ok(*SET, "--remote")
    assert staffed.run(*SET, "--minutes", 8).code is Exit.OK
    assert staffed.shown()["remote"] is True
    assert staffed.run(*SET, "--no-remote").code is Exit.OK
    assert "remote control: switched on -> switched off" in staffed.err
    assert staffed.shown()["remote"] is False


def test_it_goes_along_in_a_person_s_file(staffed):
    staffed.ok(*SET, "--remote")
    text = staffed.run("person", "export", "anna").out
    assert "remote: true\n" in text
    file = staffed.file("bert.yaml", text.replace('"anna"', '"bert"'))
    staffed.ok("person", "import", file)
    assert staffed.shown("bert")["remote"] is True
