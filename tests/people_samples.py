"""People of every kind, for Hypothesis and for tests of the rules about them."""

from types import MappingProxyType

from hypothesis import strategies as st

from massager.model.body import VERTEBRA_SPANS_PPM, Calibration, Region, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.people import (
    CLEARANCE_LONGEST_S,
    DAY_MIN,
    KeepOut,
    Modifier,
    Person,
    ProviderClearance,
    StrengthLimit,
)

DAY_S = 24 * 3600
DEVICES = ("chair", "bed")
NAMES = ("Dr Ames", "scar", Modifier.SURGERY_OLDER.value)
PROGRAMS = ("gentle-lumbar", "paraspinal-sweep")


@st.composite
def keep_outs(draw, names) -> KeepOut:
    spans = list(VERTEBRA_SPANS_PPM.values())
    first = draw(st.integers(0, len(spans) - 1))
    last = draw(st.integers(first, len(spans) - 1))
    left = draw(st.integers(-5, 4)) * 20
    right = draw(st.integers(left // 20 + 1, 5)) * 20
    return KeepOut(draw(names), (spans[first][0], spans[last][1]), left, right)


@st.composite
def clearances(draw, providers) -> ProviderClearance:
    code = draw(st.sampled_from([Clearance.B, Clearance.C]))
    given = 20_000 + draw(st.integers(0, 3))
    days = draw(st.sampled_from([1, 2, CLEARANCE_LONGEST_S[code] // DAY_S]))
    return ProviderClearance(
        code,
        draw(providers),
        draw(st.sampled_from([Region.LUMBAR, Region.CERVICAL])),
        draw(st.sampled_from([Modality.ROLLER, Modality.VIBRATION])),
        given * DAY_S,
        (given + days) * DAY_S,
    )


def calibrations():
    return st.builds(
        Calibration,
        c7_mm=st.integers(30, 32),
        psis_mm=st.sampled_from([500, 549]),
        error_mm=st.sampled_from([10, 20]),
    )


def strength_limits():
    return st.builds(
        StrengthLimit,
        permille=st.sampled_from([0, 225, 500]),
        after_sessions=st.integers(0, 2),
        for_sessions=st.integers(1, 4),
        too_strong=st.booleans(),
    )


def frozen(mapping):
    return mapping.map(MappingProxyType)


MINUTES = st.sampled_from([0, 1, 540, 720, 1230, DAY_MIN - 1])


def people(**fields):
    """People called anna from few values of each field, so that two of them are often alike."""
    known = {
        "name": st.just("anna"),
        "conditions": frozen(st.dictionaries(st.sampled_from(Region), st.sampled_from(Severity), max_size=3)),
        "attested": st.booleans(),
        "calibrations": frozen(st.dictionaries(st.sampled_from(DEVICES), calibrations(), max_size=2)),
        "born": st.none() | st.sampled_from([1940, 1955, 1990, 2007, 2008, 2015]),
        # Both fit all landmarks above.
        "stature_mm": st.none() | st.sampled_from([1600, 1780]),
        "modifiers": st.frozensets(st.sampled_from(Modifier)),
        "keep_outs": st.lists(keep_outs(st.sampled_from(NAMES)), max_size=2).map(tuple),
        "clearances": st.lists(clearances(st.sampled_from(NAMES)), max_size=2).map(tuple),
        "zone_permille": frozen(
            st.dictionaries(st.sampled_from(list(Zone)[:3]), st.sampled_from([0, 100, 300, 1000]), max_size=2)
        ),
        "session_min": st.none() | st.sampled_from([1, 5, 15]),
        "programs": st.none() | st.frozensets(st.sampled_from(PROGRAMS)),
        "hours": st.none() | st.tuples(MINUTES, MINUTES | st.just(DAY_MIN)).filter(lambda h: h[0] != h[1]),
        "screened": st.booleans(),
        "usual_pain": st.integers(0, 10),
        "strength_limits": st.lists(strength_limits(), max_size=2).map(tuple),
        "remote": st.booleans(),
    }
    return st.builds(Person, **(known | fields))
