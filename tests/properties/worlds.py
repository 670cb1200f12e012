"""Random people, devices and days for properties, likely enough to be let in that something is tried."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import strategies as st

from massager.model.body import COLUMN_PPM, Calibration, Region, Side, Zone
from massager.model.ceilings import CEILINGS, Clearance, Modality, Severity
from massager.model.devices import Actuator, Carriage
from massager.model.people import KeepOut, Modifier, Person, ProviderClearance, StrengthLimit
from massager.model.programs import ProfileRow
from massager.model.questions import Reaction
from massager.safety.envelope import Envelope
from massager.safety.today import today
from properties.tables import CONDITIONS, World
from samples import chair, history, mild_lumbar, well

NOW_S = 1_800_000_000
DAY_S = 24 * 3600
# Of those that let something through; the others are drawn seldom, since nothing is left to look at.
_USUAL = [modifier for modifier in Modifier if len(CONDITIONS[modifier.value][0]) < 2]
_conditions = st.integers(0, 5).flatmap(lambda n: st.sampled_from(_USUAL if n else list(Modifier)))

calibrations = st.builds(
    lambda c7_mm, way_mm, error_mm: Calibration(c7_mm, c7_mm + way_mm, error_mm),
    st.integers(0, 80),
    st.integers(358, 609),
    st.integers(10, 30),
)
spans = st.lists(st.integers(0, COLUMN_PPM), min_size=2, max_size=2, unique=True).map(
    lambda ends: tuple(sorted(ends))
)
sides = st.lists(st.integers(-500, 500), min_size=2, max_size=2, unique=True).map(sorted)


def _mostly(usual, *others):
    """The usual one five times in six."""
    return st.integers(0, 6 * len(others)).map(lambda n: others[n] if n < len(others) else usual)


_names = st.sampled_from(["scar", "sore", *map(str, Modifier)])


@st.composite
def keep_outs(draw, names=_names):
    left_mm, right_mm = draw(sides)
    span = draw(spans)
    # Short ones too, so that something stays open beside them.
    end = min(COLUMN_PPM, span[0] + draw(st.sampled_from([1, 2_000, 40_000, COLUMN_PPM])))
    return KeepOut(draw(names), (span[0], min(span[1], max(end, span[0] + 1))), left_mm, right_mm)


strength_limits = st.builds(
    StrengthLimit,
    st.integers(100, 1000),
    st.integers(0, 4),
    st.integers(1, 4),
    too_strong=st.booleans(),
)


def _clearances(modality):
    given = [
        ProviderClearance(Clearance.C, "Dr. A", region, modality, NOW_S - DAY_S, NOW_S + DAY_S)
        for region in Region
    ]
    ended = [replace(one, given_s=NOW_S - 9 * DAY_S, expires_s=NOW_S) for one in given]
    weaker = [replace(one, code=Clearance.B) for one in given]
    some = st.lists(st.sampled_from([*given, *ended, *weaker]), max_size=3).map(tuple)
    return st.integers(0, 3).flatmap(lambda n: st.just(tuple(given)) if n else some)


zone_limits = st.dictionaries(st.sampled_from(Zone), st.integers(0, 1000), max_size=3).map(MappingProxyType)


@st.composite
def people(draw, modality, calibration):
    severities = _mostly(Severity.MILD, Severity.MODERATE, Severity.SEVERE)
    return Person(
        name="anna",
        conditions=MappingProxyType(
            draw(st.dictionaries(st.sampled_from(Region), severities, min_size=1, max_size=2))
        ),
        attested=draw(_mostly(True, True, True, False)),
        calibrations=MappingProxyType({"chair": calibration}),
        born=draw(_mostly(1980, 1960, 1940, None)),
        modifiers=frozenset(draw(st.lists(_conditions, max_size=draw(_mostly(0, 1, 1, 2))))),
        keep_outs=tuple(draw(st.lists(keep_outs(), max_size=draw(_mostly(1, 0, 2))))),
        clearances=draw(_clearances(modality)),
        zone_permille=draw(zone_limits),
        session_min=draw(st.sampled_from([None, None, 10, 1])),
        screened=True,
        usual_pain=draw(st.integers(0, 6)),
        strength_limits=tuple(draw(st.lists(strength_limits, max_size=2))),
    )


@st.composite
def actuators(draw, modality):
    levels = draw(st.one_of(st.integers(1, 100), st.just(20)))
    # What a real device may have: 40 to 200 N at its strongest.
    strongest_dn = draw(st.integers(40, 2000))
    moves, strikes = modality is not Modality.ROLLER, modality is Modality.PERCUSSION
    # What strikes is slower and smaller, or nothing of it would be open.
    low_dhz = draw(_mostly(200, 450, 150, None) if strikes else _mostly(450, 200, 150, None))
    one = Actuator(
        "one",
        Side.LEFT,
        modality,
        levels,
        draw(_mostly(max(1, strongest_dn // levels), None, 0)),
        draw(st.integers(0, 100 // levels + 2)) if modality is Modality.ROLLER else 0,
        draw(st.integers(5, 20 if strikes else 40)),
        frequency_min_dhz=low_dhz if moves else None,
        frequency_max_dhz=low_dhz + draw(st.sampled_from([0, 60])) if moves and low_dhz else None,
        displacement_um=draw(_mostly(100, 500, None)) if moves else None,
        stroke_dmm=draw(_mostly(80, None)) if strikes else None,
    )
    return one, replace(one, name="other", side=Side.RIGHT)


@st.composite
def profiles(draw, conditions, modality):
    rows = []
    for region in Region:
        worst = CEILINGS[region, conditions.get(region, Severity.MILD), modality]
        share = draw(st.sampled_from([1000, 1000, 700]))
        if worst.intensity_permille and draw(_mostly(True, True, False)):
            rows.append(
                ProfileRow(
                    region,
                    modality,
                    worst.intensity_permille * share // 1000,
                    worst.force_n * share // 1000,
                    worst.zone_s,
                    worst.spot_s,
                )
            )
    return mild_lumbar(conditions=conditions, rows=tuple(rows))


_modalities = st.sampled_from([Modality.ROLLER, *Modality])


@st.composite
def worlds(draw, modality=_modalities):
    how, calibration = draw(modality), draw(calibrations)
    person = draw(people(how, calibration))
    device = chair(
        actuators=draw(actuators(how)),
        carriage=Carriage(
            travel_mm=580, half_width_min_mm=20, half_width_max_mm=140, pace_max_mm_s=draw(st.integers(1, 60))
        ),
    )
    return World(
        person,
        device,
        draw(profiles(person.conditions, how)),
        calibration,
        draw(_mostly(None, 700, 300, 1000, 0)),
        well(
            pain=draw(_mostly(2, 0, 3, 4, 6, None)),
            skin=draw(_mostly(frozenset(), frozenset({Zone.T5_T8}), None)),
            reaction=draw(_mostly(Reaction.NONE, *Reaction, None)),
        ),
        history(
            now_s=NOW_S,
            sessions_ever=draw(_mostly(3, 0, 1, 2)),
            after_lockout=draw(_mostly(False, True)),
        ),
    )


def envelope_of(world):
    """The product's own limits of a world."""
    return Envelope(
        person=world.person,
        device=world.device,
        profile=world.profile,
        calibration=world.calibration,
        caller_permille=world.caller_permille,
        today=today(world.person, world.history, world.screening),
    )


def half_widths(world):
    """Distances from the midline at which something may be open."""
    carriage = world.device.carriage
    reach = world.device.actuators[0].radius_mm + world.calibration.error_mm
    edges = [min(carriage.half_width_max_mm, strip + reach) for strip in (25, 20, 19, 30, 35, 45)]
    anywhere = st.integers(carriage.half_width_min_mm, carriage.half_width_max_mm)
    return st.integers(0, 3).flatmap(lambda n: st.sampled_from(edges) if n else anywhere)
