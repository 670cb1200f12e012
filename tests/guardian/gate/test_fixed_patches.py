"""The gate for patches that stay where they are, and for their warmth."""

from dataclasses import replace

import pytest

from guardian.gate_rig import (
    CUSHION,
    permits,
    still_facts,
    still_lease,
    still_permit,
    still_reading,
    still_setpoint,
)
from massager.guardian.frames import BeginFrame, SetFrame, check_bytes
from massager.guardian.gate import check_lease
from massager.guardian.reported import check_capabilities, check_reading
from massager.guardian.told import OpenSession
from massager.model.body import Side
from massager.model.ceilings import Modality, Severity
from massager.model.decisions import Reason
from massager.model.telemetry import ActuatorReading
from massager.protocol import codec_for
from massager.protocol.codec import ActuatorCapability, Capabilities
from samples import BY_HAND, cushion, heater

# In the order of the profile: middle, lower, seat, the left one first.
LOW = (0, 0, 1, 1, 1, 1)
COLD, WARM = (0, 0), (5, 5)
CODEC = codec_for("reference")
PERMIT = still_permit(CUSHION)


def without(*names):
    """The permit without rows of these motors."""
    return replace(PERMIT, rows=tuple(row for row in PERMIT.rows if row.actuator not in names))


def lease_passes(lease, **changes):
    return check_lease(lease, still_facts(CUSHION, **changes)) is None


# Permits


def allowed(given, profile=CUSHION, **options):
    return permits(given, profile=profile, **options) is None


def test_a_permit_at_the_ceiling_with_all_its_warmth_passes():
    assert allowed(PERMIT)
    assert allowed(replace(PERMIT, warmth=COLD))


def test_what_is_placed_by_hand_has_an_error_of_20_mm_at_least():
    exact = replace(BY_HAND, error_mm=19)
    assert not allowed(replace(PERMIT, calibration=exact))


def test_an_odd_calibration_is_refused():
    odd = replace(BY_HAND, error_mm=20.5)
    assert not allowed(replace(PERMIT, calibration=odd))


@pytest.mark.parametrize("warmth", [(), (5,), (5, 5, 5), (6, 5), (5, -1), (True, 5), (5, 5.0), (5, "5")])
def test_warmth_that_the_pads_do_not_have_is_refused(warmth):
    assert not allowed(replace(PERMIT, warmth=warmth))


@pytest.mark.parametrize(
    ("severity", "most"), [(Severity.MILD, 5), (Severity.MODERATE, 4), (Severity.SEVERE, 3)]
)
def test_no_pad_is_permitted_warmer_than_its_row(severity, most):
    rows = tuple(
        replace(row, severity=severity, level_max=0, half_width_min_mm=75, half_width_max_mm=75)
        for row in PERMIT.rows
    )
    profile = cushion(heaters=tuple(heater(f"heat_{side}", side, aside_mm=85) for side in Side))
    assert allowed(replace(PERMIT, rows=rows, warmth=(most, most)), profile)
    for warmth in ((most + 1, 0), (0, most + 1)):
        assert not allowed(replace(PERMIT, rows=rows, warmth=warmth), profile)


def test_beside_a_motor_of_unknown_force_a_pad_takes_the_row_one_severity_stricter():
    profile = replace(
        CUSHION, actuators=tuple(replace(one, force_dn_per_level=None) for one in CUSHION.actuators)
    )
    rows = tuple(replace(row, level_max=2) for row in PERMIT.rows)
    assert allowed(replace(PERMIT, rows=rows, warmth=(4, 4)), profile)
    assert not allowed(replace(PERMIT, rows=rows, warmth=(5, 5)), profile)


def test_a_pad_is_permitted_where_a_row_of_its_side_covers_all_of_it():
    # The pad at 485 mm reaches from 435 to 535 mm.
    for first_mm, last_mm, passes in ((435, 535, True), (436, 535, False), (435, 534, False)):
        rows = tuple(replace(row, first_mm=first_mm, last_mm=last_mm) for row in PERMIT.rows)
        assert allowed(replace(PERMIT, rows=rows)) is passes
        assert allowed(replace(PERMIT, rows=rows, warmth=COLD))


def test_rows_of_the_other_side_permit_no_warmth():
    left_only = without(*(one.name for one in CUSHION.actuators if one.side is Side.RIGHT))
    assert not allowed(left_only)
    assert not allowed(replace(left_only, warmth=(0, 1)))
    assert allowed(replace(left_only, warmth=(5, 0)))


@pytest.mark.parametrize(("aside_mm", "passes"), [(74, False), (75, True)])
def test_a_pad_near_the_midline_is_permitted_no_warmth(aside_mm, passes):
    profile = cushion(heaters=tuple(heater(f"heat_{side}", side, aside_mm=aside_mm) for side in Side))
    assert allowed(PERMIT, profile) is passes
    assert allowed(replace(PERMIT, warmth=COLD), profile)


def test_no_pad_is_permitted_beside_percussion():
    striking = tuple(replace(one, modality=Modality.PERCUSSION) for one in CUSHION.actuators)
    profile = replace(CUSHION, actuators=striking)
    rows = tuple(
        replace(row, modality=Modality.PERCUSSION, first_mm=438, level_max=0, half_width_min_mm=75)
        for row in (replace(one, half_width_max_mm=75) for one in PERMIT.rows)
    )
    far = tuple(replace(one, along_mm=500) for one in CUSHION.heaters)
    warm = replace(PERMIT, rows=rows)
    assert not allowed(warm, replace(profile, heaters=far))
    assert allowed(replace(warm, warmth=COLD), replace(profile, heaters=far))


def test_a_tighter_permit_is_not_warmer():
    cooler = replace(PERMIT, warmth=(3, 5))
    assert allowed(cooler, previous=PERMIT)
    assert allowed(cooler, previous=cooler)
    assert not allowed(PERMIT, previous=cooler)
    assert not allowed(replace(PERMIT, warmth=(2, 5)), previous=replace(PERMIT, warmth=(5, 4)))


# Leases


def test_a_lease_for_some_of_the_motors_with_warmth_passes():
    assert lease_passes(still_lease(*LOW, warmth=WARM))
    assert lease_passes(still_lease(*LOW, warmth=COLD))
    assert lease_passes(still_lease(0, 0, 0, 0, 0, 0, warmth=COLD), reading=None)


def test_a_motor_without_a_row_gets_no_lease_and_the_others_do():
    assert not lease_passes(still_lease(1, 0, 0, 0, 0, 0, warmth=COLD))  # beside the chest
    scarred = without("seat_left")
    assert not lease_passes(still_lease(*LOW, warmth=COLD), permit=scarred)
    assert lease_passes(still_lease(0, 0, 1, 1, 0, 1, warmth=COLD), permit=scarred)


@pytest.mark.parametrize(("level", "passes"), [(3, True), (4, False)])
def test_a_motor_beyond_the_band_has_six_tenths_of_the_ceiling(level, passes):
    assert lease_passes(still_lease(0, 0, 0, 0, level, 0, warmth=COLD)) is passes


def test_a_motor_is_lowered_though_it_still_runs_higher_than_the_edge_of_it_may():
    # The motor at 485 mm reaches from 445 mm on.
    rows = [row for row in PERMIT.rows if row.actuator == "seat_left"]
    both = (replace(rows[0], last_mm=445, level_max=1), replace(rows[0], first_mm=446))
    running = still_reading(CUSHION, 0, 0, 0, 0, 3, 0)
    held = {"permit": replace(PERMIT, rows=both), "reading": running}
    assert lease_passes(still_lease(0, 0, 0, 0, 1, 0, warmth=COLD), **held)
    assert not lease_passes(still_lease(0, 0, 0, 0, 2, 0, warmth=COLD), **held)


@pytest.mark.parametrize("odd", [{"carriage_mm": 470}, {"half_width_mm": 70}, {"pace_mm_s": 1}])
@pytest.mark.parametrize("level", [0, 1])
def test_a_lease_that_moves_what_has_no_carriage_is_refused(odd, level):
    assert not lease_passes(still_lease(0, 0, 0, 0, level, level, warmth=COLD, **odd))


@pytest.mark.parametrize("warmth", [(), (1,), (1, 1, 1), (6, 0), (0, -1), (0, True), (1.0, 0)])
def test_a_lease_with_warmth_that_the_pads_do_not_have_is_refused(warmth):
    assert not lease_passes(still_lease(*LOW, warmth=warmth))


def test_a_lease_is_not_warmer_than_its_permit():
    cooler = replace(PERMIT, warmth=(3, 4))
    assert lease_passes(still_lease(*LOW, warmth=(3, 4)), permit=cooler)
    assert not lease_passes(still_lease(*LOW, warmth=(4, 4)), permit=cooler)
    assert not lease_passes(still_lease(*LOW, warmth=(3, 5)), permit=cooler)


@pytest.mark.parametrize("warmth", [(1, 0), (0, 1)])
def test_there_is_no_warmth_without_massage(warmth):
    assert not lease_passes(still_lease(0, 0, 0, 0, 0, 0, warmth=warmth))


# Reports


def trip(*levels, highest=LOW, warmest=WARM, given=PERMIT, **changes):
    found = check_reading(
        still_reading(CUSHION, *levels, **changes),
        permit=given,
        profile=CUSHION,
        epoch=1,
        seq=4,
        highest=highest,
        warmest=warmest,
    )
    return found and found.reason


def test_a_cushion_that_does_what_it_was_told_does_not_trip():
    assert trip(*LOW, warmth=WARM, surface_dc=429) is None


def test_a_motor_that_runs_and_was_not_told_to_trips():
    for running in range(6):
        levels = tuple(1 if each == running else 0 for each in range(6))
        assert trip(*levels, highest=(0,) * 6) is Reason.ABOVE_COMMANDED


def test_a_motor_that_runs_where_there_is_no_row_trips():
    assert trip(1, 0, 0, 0, 0, 0, highest=(1,) * 6) is Reason.OUT_OF_PLACE
    assert trip(*LOW, given=without("lower_right")) is Reason.OUT_OF_PLACE


@pytest.mark.parametrize("warmth", [COLD, WARM])
def test_a_pad_that_is_too_hot_stops_everything_here_too(warmth):
    assert trip(warmth=warmth, surface_dc=429) is None
    assert trip(warmth=warmth, surface_dc=430) is Reason.TOO_HOT


@pytest.mark.parametrize("warmth", [(1, 0), (0, 1)])
def test_a_pad_that_nobody_switched_on_trips(warmth):
    assert trip(*LOW, warmest=COLD, warmth=warmth) is Reason.ABOVE_COMMANDED
    assert trip(*LOW, warmest=warmth, warmth=warmth) is None


def test_a_report_of_another_number_of_pads_is_not_taken_for_a_whole_one():
    with pytest.raises(ValueError, match="longer"):
        trip(*LOW, warmth=(1,))


def test_what_a_pad_was_told_is_believed_of_it_for_the_settle_time():
    session = OpenSession(PERMIT, epoch=1)
    assert session.warmest(0, 2) == COLD
    session.take(still_lease(*LOW, warmth=(5, 2)), 0)
    session.take(replace(still_lease(*LOW, warmth=(1, 3)), number=2), 500)
    assert [session.warmest(now_ms, 2) for now_ms in (500, 1500, 1501)] == [(5, 3), (5, 3), (1, 3)]


# What the device says of itself, and what is written to it

STATED = Capabilities(
    watchdog_ms=1000,
    deadline_max_s=1200,
    travel_mm=0,
    half_width_min_mm=0,
    half_width_max_mm=0,
    pace_max_mm_s=0,
    actuators=(
        *(ActuatorCapability(one.modality, 10, 5, 20) for one in CUSHION.actuators),
        *(ActuatorCapability(None, 5, 0, 30, heats=True) for _pad in CUSHION.heaters),
    ),
)


def test_the_cushion_of_the_profile_is_taken():
    assert check_capabilities(STATED, CUSHION) is None


@pytest.mark.parametrize("name", ["travel_mm", "half_width_min_mm", "half_width_max_mm", "pace_max_mm_s"])
def test_a_cushion_that_says_it_has_a_carriage_is_not_taken(name):
    assert check_capabilities(replace(STATED, **{name: 1}), CUSHION) is not None


@pytest.mark.parametrize("changes", [{"heats": False}, {"levels": 4}, {"levels": 6}, {"radius_mm": 31}])
@pytest.mark.parametrize("which", [6, 7])
def test_each_pad_is_the_profiles(which, changes):
    parts = list(STATED.actuators)
    parts[which] = replace(parts[which], **changes)
    assert check_capabilities(replace(STATED, actuators=tuple(parts)), CUSHION) is not None


@pytest.mark.parametrize("count", [6, 7, 9])
def test_another_number_of_pads_is_named(count):
    parts = (*STATED.actuators, STATED.actuators[-1])[:count]
    said = check_capabilities(replace(STATED, actuators=parts), CUSHION)
    assert said == f"number of actuators is {count}, the profile says 8"


def test_a_begin_tells_the_device_the_permits_warmth_after_its_levels():
    session = OpenSession(replace(PERMIT, warmth=(3, 4)), epoch=1)
    assert session.begin_frame(CUSHION, 0).ceilings == (5,) * 6 + (3, 4)


def encoded(levels, warmth):
    wanted = still_setpoint(*levels, warmth=warmth)
    return CODEC.set(seq=3, epoch=9, lease_ms=800, setpoint=wanted)


@pytest.mark.parametrize(
    ("warmth", "passes"), [((3, 2), True), ((0, 0), True), ((4, 2), False), ((3, 3), False), ((3,), False)]
)
def test_a_codec_that_writes_more_warmth_is_caught_on_the_bytes(warmth, passes):
    permitted = SetFrame(seq=3, epoch=9, left_ms=800, setpoint=still_setpoint(*LOW, warmth=(3, 2)))
    assert (check_bytes(encoded(LOW, warmth), permitted, codec="reference") is None) is passes


def test_a_codec_that_permits_the_device_more_warmth_is_caught_on_the_bytes():
    permitted = BeginFrame(epoch=9, deadline_s=600, ceilings=(5,) * 6 + (3, 2))
    for last, passes in ((2, True), (3, False)):
        data = CODEC.begin(epoch=9, deadline_s=600, ceilings=(5,) * 6 + (3, last))
        assert (check_bytes(data, permitted, codec="reference") is None) is passes


@pytest.mark.parametrize(
    ("force_dn", "most", "load_n", "reason"),
    [
        (5, 1, 2, None),
        (5, 1, 3, Reason.ABOVE_FORCE),
        (5, 3, 4, None),
        (5, 3, 5, Reason.ABOVE_FORCE),
        (5, 10, 11, None),
        (5, 10, 12, Reason.ABOVE_FORCE),
        (5, 0, 1, Reason.ABOVE_COMMANDED),
        # Nobody knows how hard a level of it presses, but level 0 does not.
        (None, 1, 200, None),
        (None, 0, 1, Reason.ABOVE_COMMANDED),
    ],
)
def test_a_motor_that_presses_twice_as_hard_as_its_level_trips(force_dn, most, load_n, reason):
    running = next(i for i, level in enumerate(LOW) if level)
    motors = [ActuatorReading(0, 0, 0)] * 6
    motors[running] = ActuatorReading(0, 0, load_n)
    highest = tuple(most if i == running else 0 for i in range(6))
    actuators = tuple(replace(one, force_dn_per_level=force_dn) for one in CUSHION.actuators)
    found = check_reading(
        replace(still_reading(CUSHION), actuators=tuple(motors)),
        permit=PERMIT,
        profile=replace(CUSHION, actuators=actuators),
        epoch=1,
        seq=4,
        highest=highest,
        warmest=WARM,
    )
    assert (found and found.reason) is reason


def test_a_load_without_a_level_still_presses():
    motors = (ActuatorReading(0, 0, 1), *(ActuatorReading(0, 0, 0),) * 5)
    found = check_reading(
        replace(still_reading(CUSHION), actuators=motors),
        permit=PERMIT,
        profile=CUSHION,
        epoch=1,
        seq=4,
        highest=(1,) * 6,
        warmest=WARM,
    )
    assert found.reason is Reason.OUT_OF_PLACE
