"""Values that no permit and no lease may have, and a table of ceilings that is worked out again here."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import assume, example, given
from hypothesis import strategies as st

from guardian.gate_rig import facts, permits
from guardian.rig import CALIBRATION, CHAIR, lease, permit, reading, row, setpoint
from massager.guardian.gate import check_lease
from massager.model.body import Region
from massager.model.ceilings import Modality, Severity
from massager.model.telemetry import ActuatorReading

FIGURES = {
    (Region(one["region"]), Severity[one["severity"].upper()], Modality(one["modality"])): one
    for one in json.loads((Path(__file__).parents[2] / "data" / "ceilings.json").read_text())["rows"]
}
BAND_EDGE_MM = {Region.CERVICAL: 45, Region.THORACIC: 55, Region.LUMBAR: 60}
PI = Fraction(355, 113)  # above pi by less than a ten-millionth

no_number = (
    st.booleans()
    | st.floats()
    | st.none()
    | st.text(max_size=3)
    | st.integers(0, 20).map(float)
    | st.sampled_from([Fraction(5), b"5", (5,), [5], {5}])
)
huge = st.integers(10**9, 10**30)
negative = st.integers(-(10**30), -1)


@given(
    st.sampled_from(["first_mm", "last_mm", "half_width_min_mm", "half_width_max_mm", "level_max"]), no_number
)
def test_a_row_with_an_odd_value_is_refused(name, value):
    odd = row("roller_right", **{name: value})
    assert permits(permit(rows=(row("roller_left"), odd))) is not None


@given(st.sampled_from(["ends_ms", "fence"]), no_number | negative)
def test_a_permit_with_an_odd_value_is_refused(name, value):
    assert permits(permit(**{name: value})) is not None


@given(
    st.sampled_from(["c7_mm", "psis_mm", "error_mm"]),
    st.sampled_from([float, Fraction, lambda mm: Fraction(2 * mm + 1, 2)]),
)
def test_a_permit_with_an_odd_calibration_is_refused(name, odd):
    calibration = replace(CALIBRATION, **{name: odd(getattr(CALIBRATION, name))})
    assert permits(permit(calibration=calibration)) is not None


def test_a_truth_value_is_no_landmark():
    assert permits(permit(calibration=replace(CALIBRATION, c7_mm=True, psis_mm=510))) is not None


@given(
    st.sampled_from(["last_mm", "half_width_min_mm", "level_max"]).flatmap(
        lambda name: st.tuples(st.just(name), huge)
    )
    | st.sampled_from(["first_mm", "half_width_min_mm", "half_width_max_mm", "level_max"]).flatmap(
        lambda name: st.tuples(st.just(name), negative)
    )
)
def test_a_row_out_of_all_measure_is_refused(change):
    name, value = change
    assert permits(permit(rows=(row("roller_left", **{name: value}),))) is not None


@given(st.sampled_from(["number", "epoch", "expires_ms"]), no_number | negative)
def test_a_lease_with_an_odd_value_is_refused(name, value):
    assert check_lease(replace(lease(1, 1, 0, 5), **{name: value}), facts()) is not None


@given(st.sampled_from(["epoch", "expires_ms"]), huge)
def test_a_lease_out_of_all_measure_is_refused(name, value):
    assert check_lease(replace(lease(1, 1, 0, 5), **{name: value}), facts()) is not None


@given(
    st.sampled_from(["carriage_mm", "half_width_mm", "pace_mm_s", "left", "right"]),
    no_number | negative | huge,
    st.sampled_from([0, 5]),
)
def test_a_setpoint_with_an_odd_value_is_refused(name, value, level):
    assume(not (value is None and name in {"carriage_mm", "half_width_mm"}))  # that is: stay
    levels = {"left": (value, level), "right": (level, value)}
    odd = {"levels": levels[name]} if name in levels else {name: value}
    wanted = replace(lease(1, 1, 0), setpoint=setpoint(level, **odd))
    assert check_lease(wanted, facts()) is not None


def most(figures, actuator, *, beyond):
    """What the table allows an actuator, a little too much at the very most: pi is rounded up."""
    share = Fraction(6, 10) if beyond else 1
    bounds = [share * actuator.levels * Fraction(str(figures["intensity_max"]))]
    if actuator.force_dn_per_level:
        newton = Fraction(actuator.force_dn_per_level, 10)
        area_cm2 = PI * Fraction(actuator.radius_mm, 10) ** 2
        bounds.append(figures["force_max_n"] / newton)
        bounds.append(Fraction(str(figures["pressure_max_n_cm2"])) * area_cm2 / newton)
    if actuator.modality is Modality.ROLLER and actuator.depth_dmm_per_level:
        bounds.append(Fraction(100, actuator.depth_dmm_per_level))
    return min(bounds)


actuators = st.builds(
    lambda **changes: replace(CHAIR.actuators[0], **changes),
    modality=st.sampled_from(Modality),
    levels=st.integers(1, 255),
    force_dn_per_level=st.none() | st.integers(1, 200),
    depth_dmm_per_level=st.integers(0, 30),
    radius_mm=st.integers(1, 45),
)


@given(
    actuator=actuators,
    region=st.sampled_from(Region),
    severity=st.sampled_from(Severity),
    over=st.integers(-3, 1),
    more=st.integers(-40, 1),
    beside_mm=st.integers(-2, 3),
    wider_mm=st.integers(-2, 60),
)
@example(CHAIR.actuators[0], Region.LUMBAR, Severity.MILD, 0, 0, 0, 10)
@example(CHAIR.actuators[0], Region.LUMBAR, Severity.MILD, 0, -4, 0, 11)
def test_no_level_above_the_table_passes_permit_or_lease(
    actuator, region, severity, over, more, beside_mm, wider_mm
):
    known = severity if actuator.force_dn_per_level else min(severity + 1, Severity.SEVERE)
    figures = FIGURES[region, Severity(known), actuator.modality]
    ceiling = most(figures, actuator, beyond=False)
    permitted = max(0, int(ceiling) + over)
    level = max(1, permitted + more)
    nearest_mm = actuator.radius_mm + CALIBRATION.error_mm + (figures["keepout_half_mm"] or 0)
    half_width = nearest_mm + wider_mm
    first, last = {Region.CERVICAL: (-75, 48), Region.THORACIC: (50, 282), Region.LUMBAR: (438, 633)}[region]
    profile = replace(CHAIR, actuators=(actuator,))
    only = row(
        actuator.name,
        modality=actuator.modality,
        region=region,
        severity=severity,
        first_mm=first,
        last_mm=last,
        half_width_min_mm=nearest_mm + beside_mm,
        half_width_max_mm=200,
        level_max=permitted,
    )
    answer = permits(permit(rows=(only,)), profile=profile)
    assert (answer is None) == (figures["allowed"] and permitted <= ceiling and beside_mm >= 0)
    if answer is not None:
        return
    here = reading(
        carriage_mm=(first + last) // 2, half_width_mm=half_width, actuators=(ActuatorReading(0, 0, 0),)
    )
    held = facts(permit=permit(rows=(only,)), profile=profile, reading=here)
    wanted = replace(lease(1, 1, 0), setpoint=setpoint(levels=(level,)))
    allowed = min(permitted, most(figures, actuator, beyond=half_width > BAND_EDGE_MM[region]))
    may = level <= allowed and wider_mm >= beside_mm and half_width <= 200
    assert (check_lease(wanted, held) is None) == may
