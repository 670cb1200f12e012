"""What every combination of limits must keep to, as checks that a test and the long set both call."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import strategies as st

from massager.guardian.permits import check_permit, touched_rows
from massager.model.body import Zone
from massager.model.commands import Permit
from massager.model.decisions import Cap, Reason, Refusal
from massager.model.devices import DeviceProfile
from massager.model.people import Modifier
from massager.model.questions import Reaction
from massager.safety.envelope import Envelope
from properties import tables, worlds
from properties.tables import World

NOTHING = -1
PLACES = {Reason.KEEP_OUT_PERSON, Reason.KEEP_OUT_BODY, Reason.CONDITION, Reason.KEEP_OUT_TODAY}


def cap_at(found: Envelope, index: int, mm: int, half_mm: int) -> Cap | Refusal:
    """The product's answer at one place."""
    actuator = found.device.actuators[index]
    return found.cap(actuator, first_mm=mm, last_mm=mm, nearest_mm=half_mm, farthest_mm=half_mm)


def level_at(found: Envelope, index: int, mm: int, half_mm: int) -> int:
    """The product's highest level at one place; -1 where it refuses."""
    cap = cap_at(found, index, mm, half_mm)
    return NOTHING if isinstance(cap, Refusal) else cap.level


def everywhere(found: Envelope, half_mm: int, step_mm: int = 1) -> list[list[int]]:
    """The levels of each actuator along the whole travel."""
    travel = range(0, found.device.carriage.travel_mm + 1, step_mm)
    return [[level_at(found, index, mm, half_mm) for mm in travel] for index in range(2)]


def by_the_rows(found: Envelope, rows, index: int, mm: int, half_mm: int, wider_mm: int = 0) -> int:
    """The highest level at one place by permit rows alone, with the patch some mm wider than it is."""
    actuator = found.device.actuators[index]
    reach = actuator.radius_mm + found.calibration.error_mm + wider_mm
    touched = touched_rows([row for row in rows if row.actuator == actuator.name], (mm - reach, mm + reach))
    if not touched or any(not row.half_width_min_mm <= half_mm <= row.half_width_max_mm for row in touched):
        return NOTHING
    return min(row.level_max for row in touched)


def rows_agree(world: World, half_mm: int, step_mm: int = 1) -> tuple[int, int]:
    """Hold permit rows against caps at every place of the travel; how many were open, and how many closed.

    Rows are whole millimetres and a zone's or a region's border is not: within a millimetre of one either
    side's answer may be had, and nothing outside the two. A closed place is closed to the millimetre.
    """
    found, opened, closed = worlds.envelope_of(world), 0, 0
    rows = found.rows(half_mm)
    for index in range(2):
        for mm in range(0, found.device.carriage.travel_mm + 1, step_mm):
            cap = cap_at(found, index, mm, half_mm)
            level = NOTHING if isinstance(cap, Refusal) else cap.level
            low, here, high = (by_the_rows(found, rows, index, mm, half_mm, wider) for wider in (1, 0, -1))
            assert low <= level <= high, (mm, low, level, high)
            if here == NOTHING:
                assert isinstance(cap, Refusal), (mm, cap)
            if isinstance(cap, Refusal) and cap.reason in PLACES:
                assert here == NOTHING or cap.reason is Reason.CONDITION, (mm, cap, here)
            opened += level > 0
            closed += level <= 0
    return opened, closed


def table_agrees(world: World, half_mm: int, places) -> int:
    """Hold caps against the second reckoning: none is above it; how many places there were."""
    found, tried = worlds.envelope_of(world), 0
    assert found.today.share.strength_permille == 1000 * tables.strength(world)
    for index, actuator in enumerate(world.device.actuators):
        for mm in places:
            level = level_at(found, index, mm, half_mm)
            most = tables.highest(world, actuator, mm, mm, half_mm, half_mm)
            assert level <= (NOTHING if most is None else most), (mm, level, most)
            tried += 1
    return tried


def guardian_agrees(world: World, half_mm: int) -> int:
    """The guardian takes the permit, and no row of it a level above the table; how many rows there were."""
    found = worlds.envelope_of(world)
    rows = found.rows(half_mm)
    permit = _permit(world, rows)
    if not rows:
        return 0
    assert _refusal(permit, world.device) is None
    actuators = {actuator.name: actuator for actuator in world.device.actuators}
    for index, row in enumerate(rows):
        ceiling = tables.ceiling(row, actuators[row.actuator])
        assert row.level_max <= ceiling
        raised = (*rows[:index], replace(row, level_max=ceiling + 1), *rows[index + 1 :])
        assert _refusal(replace(permit, rows=raised), world.device) is not None
    return len(rows)


def _permit(world: World, rows) -> Permit:
    return Permit(
        device=world.device.name,
        model_number=world.device.model_number,
        firmware="1.0",
        ends_ms=900_000,
        calibration=world.calibration,
        rows=rows,
        fence=1,
    )


def _refusal(permit: Permit, device: DeviceProfile, previous: Permit | None = None) -> str | None:
    return check_permit(permit, profile=device, firmware="1.0", now_ms=0, previous=previous)


def never_raises(before: World, after: World, half_mm: int, step_mm: int = 1) -> None:
    """Another bound raises nothing anywhere, and opens nothing; nor does it lengthen any clock."""
    one, other = worlds.envelope_of(before), worlds.envelope_of(after)
    for old, new in zip(everywhere(one, half_mm, step_mm), everywhere(other, half_mm, step_mm), strict=True):
        assert all(later <= earlier for earlier, later in zip(old, new, strict=True))
    for actuator in before.device.actuators:
        for region in tables.REGIONS:
            old, new = one.limits(region, actuator), other.limits(region, actuator)
            if isinstance(new, Refusal):
                continue
            assert not isinstance(old, Refusal)
            assert new.zone_ms <= old.zone_ms
            assert new.spot_ms <= old.spot_ms
            assert new.force_n <= old.force_n


def guardian_takes_it_as_tighter(before: World, after: World, half_mm: int) -> None:
    """Limits that became tighter in a session make a permit that may replace the one in force."""
    rows = [worlds.envelope_of(world).rows(half_mm) for world in (before, after)]
    if all(rows):
        old, new = (_permit(before, each) for each in rows)
        assert _refusal(new, before.device, old) is None


def shuffled(world: World, random) -> World:
    """The same with everything that has an order in another one."""
    person = world.person

    def mixed(several):
        return random.sample(list(several), len(several))

    return replace(
        world,
        person=replace(
            person,
            conditions=MappingProxyType(dict(mixed(person.conditions.items()))),
            keep_outs=tuple(mixed(person.keep_outs)),
            clearances=tuple(mixed(person.clearances)),
            strength_limits=tuple(mixed(person.strength_limits)),
            zone_permille=MappingProxyType(dict(mixed(person.zone_permille.items()))),
        ),
        profile=replace(world.profile, rows=tuple(mixed(world.profile.rows))),
    )


# What may be added to a record while a session runs; the rest is asked or looked up before it.
IN_A_SESSION = ("keep-out", "zone")
BOUNDS = (*IN_A_SESSION, "condition", "own", "caller", "skin", "pain", "reaction", "age", "clearance")


@st.composite
def tighter(draw, world: World, bounds=BOUNDS):
    """The same with one bound more."""
    person, screening = world.person, world.screening
    match draw(st.sampled_from(bounds)):
        case "keep-out":
            more = draw(worlds.keep_outs(names=st.just("scar")))
            return replace(world, person=replace(person, keep_outs=(*person.keep_outs, more)))
        case "condition":
            more = draw(st.sampled_from(Modifier))
            return replace(world, person=replace(person, modifiers=person.modifiers | {more}))
        case "zone":
            zone = draw(st.sampled_from(Zone))
            most = draw(st.integers(0, person.zone_permille.get(zone, 1000)))
            limits = MappingProxyType({**person.zone_permille, zone: most})
            return replace(world, person=replace(person, zone_permille=limits))
        case "own":
            more = draw(worlds.strength_limits)
            limits = (*person.strength_limits, more)
            return replace(world, person=replace(person, strength_limits=limits))
        case "caller":
            most = 1000 if world.caller_permille is None else world.caller_permille
            return replace(world, caller_permille=draw(st.integers(0, most)))
        case "skin":
            sore = None if screening.skin is None else screening.skin | {draw(st.sampled_from(Zone))}
            return replace(world, screening=replace(screening, skin=sore))
        case "pain":
            return replace(world, screening=replace(screening, pain=None))
        case "reaction":
            return replace(world, screening=replace(screening, reaction=Reaction.LASTING))
        case "age":
            return replace(world, person=replace(person, born=None))
        case _:
            return replace(world, person=replace(person, clearances=person.clearances[1:]))
