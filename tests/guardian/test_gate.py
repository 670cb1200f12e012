"""The gate's checks of permits and leases, against the tables' figures and a millimetre twin."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.rig import CALIBRATION, CHAIR, lease, permit, reading, row, setpoint
from massager.guardian.gate import Facts, check_lease
from massager.guardian.permits import check_permit
from massager.model.body import REGION_SPANS_PPM, Calibration, Region
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.telemetry import ActuatorReading, Cause

PRESSING = (ActuatorReading(5, 50, 20), ActuatorReading(5, 50, 20))


def permits(changed, *, now_ms=0, previous=None, firmware="1.0", profile=CHAIR):
    return check_permit(changed, profile=profile, firmware=firmware, now_ms=now_ms, previous=previous)


def with_rows(**changes):
    return permit(rows=tuple(row(actuator.name, **changes) for actuator in CHAIR.actuators))


def facts(**changes):
    whole = Facts(
        permit=permit(), profile=CHAIR, epoch=1, reading=reading(), after_number=0, recent=(), now_ms=0
    )
    return replace(whole, **changes)


def test_a_permit_at_the_ceiling_passes():
    assert permits(permit()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"device": "other"},
        {"model_number": "OTHER"},
        {"firmware": "2.0"},
        {"ends_ms": 0},
        {"ends_ms": -1},
        {"ends_ms": 20 * 60_000 + 5_001},
        {"ends_ms": True},
        {"rows": ()},
        {"fence": 0},
        {"fence": True},
    ],
)
def test_a_permit_of_another_device_or_time_is_refused(changes):
    assert permits(permit(**changes)) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"level_max": 11},
        {"level_max": True},
        {"level_max": -1},
        {"half_width_min_mm": 49},
        {"half_width_max_mm": 49},
        {"first_mm": 327},
        {"last_mm": 636},
        {"first_mm": 500, "last_mm": 499},
        {"actuator": "seat"},
        {"modality": Modality.VIBRATION},
        {"region": Region.THORACIC},
        {"severity": Severity.MODERATE},
        {"severity": Severity.SEVERE},
    ],
)
def test_a_row_beyond_what_table_anatomy_and_profile_allow_is_refused(changes):
    assert permits(permit(rows=(replace(row("roller_left"), **changes),))) is not None


def test_a_blocked_row_is_refused_at_level_zero_too():
    blocked = row(
        "roller_left",
        region=Region.CERVICAL,
        severity=Severity.SEVERE,
        first_mm=0,
        last_mm=40,
        level_max=0,
    )
    assert "blocked" in permits(permit(rows=(blocked,)))


def test_an_unknown_force_takes_the_row_one_severity_stricter():
    unknown = replace(CHAIR, actuators=tuple(replace(a, force_dn_per_level=None) for a in CHAIR.actuators))
    assert permits(with_rows(level_max=10, half_width_min_mm=55), profile=unknown) is not None
    assert permits(with_rows(level_max=5, half_width_min_mm=55), profile=unknown) is None
    assert permits(with_rows(level_max=5, half_width_min_mm=54), profile=unknown) is not None


def test_a_strong_device_is_held_by_force_a_pointed_one_by_pressure_and_a_deep_one_by_depth():
    def highest(**changes):
        profile = replace(CHAIR, actuators=tuple(replace(a, **changes) for a in CHAIR.actuators))
        reach = profile.actuators[0].radius_mm + 35
        allowed = [
            n
            for n in range(21)
            if permits(with_rows(level_max=n, half_width_min_mm=reach), profile=profile) is None
        ]
        return max(allowed)

    assert highest() == 10
    assert highest(force_dn_per_level=100) == 4  # 40 N
    assert highest(force_dn_per_level=40, radius_mm=3) == 0  # 13.1 N/cm² on 0.28 cm² is 3.7 N
    assert highest(depth_dmm_per_level=30) == 3  # 10 mm


def test_percussion_from_t11_to_l3_is_refused():
    hammer = replace(
        CHAIR, actuators=tuple(replace(a, modality=Modality.PERCUSSION) for a in CHAIR.actuators)
    )
    rows = {"modality": Modality.PERCUSSION, "level_max": 4, "half_width_min_mm": 60}
    assert permits(with_rows(**rows, first_mm=438), profile=hammer) is None
    assert "kidneys" in permits(with_rows(**rows, first_mm=436), profile=hammer)


@given(
    c7=st.integers(0, 100),
    length=st.integers(358, 609),
    region=st.sampled_from(list(Region)),
    first=st.integers(-120, 900),
    extent=st.integers(0, 700),
)
def test_a_row_covers_no_more_than_its_region_and_a_millimetre_of_rounding(c7, length, region, first, extent):
    calibration = Calibration(c7, c7 + length, 20)
    ceiling = CEILINGS[region, Severity.MILD, Modality.ROLLER]
    half = ceiling.keepout_half_mm + 35
    only = row(
        "roller_left",
        region=region,
        first_mm=first,
        last_mm=first + extent,
        level_max=0,
        half_width_min_mm=half,
        half_width_max_mm=half,
    )
    start, end = REGION_SPANS_PPM[region]
    scale = length / 717_000
    low, high = c7 + (start - 163_000) * scale, c7 + (end - 163_000) * scale
    beyond = max(low - first, first + extent - high)
    answer = permits(permit(rows=(only,), calibration=calibration))
    if beyond > 1.001:
        assert answer is not None
    elif beyond < 0.999 and extent:
        assert answer is None


@pytest.mark.parametrize(
    "changes",
    [
        {"first_mm": 328},
        {"last_mm": 634},
        {"level_max": 10},
        {"half_width_min_mm": 50},
        {"half_width_max_mm": 60},
    ],
)
def test_a_permit_looser_in_one_respect_does_not_replace_a_tighter_one(changes):
    tight = {
        "first_mm": 335,
        "last_mm": 600,
        "level_max": 8,
        "half_width_min_mm": 52,
        "half_width_max_mm": 58,
    }
    before = with_rows(**tight)
    assert permits(before, previous=permit()) is None
    assert permits(with_rows(**(tight | changes)), previous=before) is not None


def test_a_tighter_permit_ends_no_later_and_is_of_the_same_person():
    assert permits(permit(ends_ms=600_001), previous=permit()) is not None
    assert permits(permit(fence=2), previous=permit()) is not None
    other = replace(CALIBRATION, error_mm=11)
    looser = with_rows(half_width_min_mm=51)
    assert permits(replace(looser, calibration=other), previous=looser) is not None


def test_a_lease_in_the_middle_passes():
    assert check_lease(lease(1, 1, 0, 10, carriage_mm=480), facts()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": 0},
        {"epoch": 2},
        {"number": 0},
        {"number": True},
        {"expires_ms": 0},
        {"expires_ms": 2001},
        {"expires_ms": True},
        {"expires_ms": 1.5},
    ],
)
def test_a_lease_of_another_epoch_number_or_time_is_refused(changes):
    assert check_lease(replace(lease(1, 1, 0, 5), **changes), facts()) is not None


def test_a_lease_may_not_outlive_its_permit():
    late = facts(permit=permit(ends_ms=400))
    assert check_lease(lease(1, 1, 0, 5), late) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"levels": (5,)},
        {"levels": (5, 5, 5)},
        {"levels": (True, 5)},
        {"levels": (5, -1)},
        {"levels": (5, 21)},
        {"levels": (5, 5.0)},
        {"levels": (5, "5")},
        {"levels": (0, 11)},
        {"pace_mm_s": 0},
        {"pace_mm_s": 41},
        {"pace_mm_s": True},
        {"carriage_mm": -1},
        {"carriage_mm": 581},
        {"carriage_mm": True},
        {"half_width_mm": 29},
        {"half_width_mm": 81},
        {"half_width_mm": 49},
        {"half_width_mm": 61},
    ],
)
def test_an_odd_or_forbidden_setpoint_is_refused(changes):
    odd = replace(lease(1, 1, 0), setpoint=setpoint(5, **changes))
    assert check_lease(odd, facts()) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"at_ms": -1001},
        {"at_ms": 1},
        {"fault": True},
        {"carriage_mm": None},
        {"half_width_mm": None},
        {"half_width_mm": 49},
        {"actuators": (ActuatorReading(0, 0, 0),)},
    ],
)
def test_nothing_presses_on_a_report_that_does_not_carry_it(changes):
    assert check_lease(lease(1, 1, 0, 5), facts(reading=reading(**changes))) is not None
    assert check_lease(lease(1, 1, 0, 5), facts(reading=None)) is not None


def test_retracting_in_place_needs_no_report_at_all():
    assert check_lease(lease(1, 1, 0, 0), facts(reading=None)) is None


def test_a_move_with_all_levels_zero_needs_everything_retracted():
    move = lease(1, 1, 0, 0, carriage_mm=0)
    assert check_lease(move, facts()) is None
    assert check_lease(move, facts(reading=reading(actuators=PRESSING))) is not None
    assert check_lease(move, facts(recent=(setpoint(5),))) is not None  # under way out, not yet reported
    assert check_lease(move, facts(reading=None)) is not None


def test_latency_widens_where_the_patch_may_be():
    edge = reading(carriage_mm=329 + 25 + 3)  # 20 mm/s for 100 ms are 2 mm, and 1 mm
    assert check_lease(lease(1, 1, 0, 5), facts(reading=edge)) is None
    assert check_lease(lease(1, 1, 0, 5), facts(reading=replace(edge, at_ms=-50))) is not None
    assert (
        check_lease(lease(1, 1, 0, 5), facts(reading=edge, recent=(setpoint(5, pace_mm_s=40),))) is not None
    )


def test_a_width_still_under_way_to_the_last_target_counts():
    assert check_lease(lease(1, 1, 0, 5), facts(recent=(setpoint(0, half_width_mm=40),))) is not None


def test_a_gap_between_rows_is_forbidden():
    gapped = permit(
        rows=tuple(
            row(a.name, **stretch)
            for a in CHAIR.actuators
            for stretch in ({"last_mm": 480}, {"first_mm": 482})
        )
    )
    across = lease(1, 1, 0, 5, carriage_mm=520)
    assert "no row" in check_lease(across, facts(permit=gapped))
    joined = replace(gapped, rows=tuple(replace(r, first_mm=min(r.first_mm, 481)) for r in gapped.rows))
    assert check_lease(across, facts(permit=joined)) is None


def test_beyond_the_treatable_band_six_tenths_remain():
    wide = facts(permit=with_rows(half_width_max_mm=80), reading=reading(half_width_mm=61))
    assert check_lease(lease(1, 1, 0, 6), wide) is None
    assert check_lease(lease(1, 1, 0, 7), wide) is not None
    assert check_lease(lease(1, 1, 0, 7), replace(wide, reading=reading(half_width_mm=60))) is None


def test_a_roller_is_not_carried_deep_into_a_stricter_stretch():
    rows = tuple(
        row(a.name, **stretch)
        for a in CHAIR.actuators
        for stretch in ({"last_mm": 500}, {"first_mm": 501, "level_max": 4})
    )
    deep = reading(actuators=PRESSING)
    two = facts(permit=permit(rows=rows), reading=deep)
    assert "deeper" in check_lease(lease(1, 1, 0, 4, carriage_mm=520), two)
    assert check_lease(lease(1, 1, 0, 4), two) is None  # sinking in place
    sunk = replace(two, reading=reading(actuators=(ActuatorReading(4, 40, 16),) * 2))
    assert check_lease(lease(1, 1, 0, 4, carriage_mm=520), sunk) is None


def twin_allows(permit_, reading_, wanted):
    """Every place a patch may touch has a row, and the strictest row there allows it."""
    drift = -(-wanted.pace_mm_s * (0 - reading_.at_ms + 100) // 1000) + 1
    target = reading_.carriage_mm if wanted.carriage_mm is None else wanted.carriage_mm
    width = reading_.half_width_mm if wanted.half_width_mm is None else wanted.half_width_mm
    centres = range(min(reading_.carriage_mm - drift, target), max(reading_.carriage_mm + drift, target) + 1)
    widths = range(min(width, reading_.half_width_mm), max(width, reading_.half_width_mm) + 1)
    for actuator, level in zip(CHAIR.actuators, wanted.levels, strict=True):
        if level == 0:
            continue
        for mm in {centre + off for centre in centres for off in range(-25, 26)}:
            here = [r for r in permit_.rows if r.actuator == actuator.name and r.first_mm <= mm <= r.last_mm]
            if not here:
                return False
            for each in here:
                beyond = widths[-1] > 60
                if level > min(each.level_max, 6 if beyond else 10):
                    return False
                if not each.half_width_min_mm <= widths[0] <= widths[-1] <= each.half_width_max_mm:
                    return False
    return True


stretches = st.lists(
    st.builds(
        lambda name, first, length, level, low, extent: row(
            name,
            first_mm=first,
            last_mm=min(633, first + length),
            level_max=level,
            half_width_min_mm=low,
            half_width_max_mm=low + extent,
        ),
        st.sampled_from(["roller_left", "roller_right"]),
        st.integers(329, 620),
        st.integers(60, 304),
        st.integers(3, 10),
        st.integers(50, 52),
        st.integers(0, 20),
    ),
    min_size=2,
    max_size=6,
)


@given(
    rows=stretches,
    position=st.integers(350, 580),
    at_ms=st.integers(-1000, 0),
    half_width=st.integers(48, 70),
    levels=st.tuples(st.integers(0, 12), st.integers(0, 12)),
    target=st.none() | st.integers(340, 580),
    target_width=st.none() | st.integers(48, 70),
    pace=st.integers(1, 40),
)
def test_the_gate_and_the_millimetre_twin_agree(
    rows, position, at_ms, half_width, levels, target, target_width, pace
):
    given_permit = permit(rows=tuple(rows))
    assert permits(given_permit) is None
    here = reading(carriage_mm=position, half_width_mm=half_width, at_ms=at_ms, cause=Cause.LEASE)
    wanted = setpoint(levels=levels, carriage_mm=target, half_width_mm=target_width, pace_mm_s=pace)
    if not any(levels):
        return
    answer = check_lease(replace(lease(1, 1, 0), setpoint=wanted), facts(permit=given_permit, reading=here))
    assert (answer is None) == twin_allows(given_permit, here, wanted), answer
