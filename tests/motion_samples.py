"""A vibrating pad and a percussion head, by hand, and any that a test may think of."""

from hypothesis import strategies as st

from massager.model.body import Side
from massager.model.ceilings import Modality
from massager.model.devices import Actuator
from massager.model.dose import Coupling, Weighting


def pad(**changes) -> Actuator:
    fields = {
        "modality": Modality.VIBRATION,
        "levels": 20,
        "force_dn_per_level": 10,
        "depth_dmm_per_level": 0,
        "radius_mm": 30,
        "frequency_min_dhz": 200,
        "frequency_max_dhz": 450,
        "displacement_um": 500,
        "coupling": Coupling.CUSHION,
        "weighting": Weighting.BACKREST_X,
    }
    return Actuator("pad", Side.LEFT, **(fields | changes))


def steady(frequency_dhz: int, displacement_um: int, **changes) -> Actuator:
    """One frequency, so that a level is an amplitude; 100 levels, so that it is a percentage too."""
    fields = {
        "levels": 100,
        "frequency_min_dhz": frequency_dhz,
        "frequency_max_dhz": frequency_dhz,
        "displacement_um": displacement_um,
    }
    return pad(**(fields | changes))


def hammer(**changes) -> Actuator:
    fields = {
        "modality": Modality.PERCUSSION,
        "levels": 5,
        "frequency_min_dhz": 180,
        "frequency_max_dhz": 300,
        "displacement_um": None,
        "coupling": None,
        "weighting": None,
        "stroke_dmm": 90,
    }
    return pad(**(fields | changes))


def any_pad() -> st.SearchStrategy[Actuator]:
    """Everything known of it, within what a device file may say."""
    return st.tuples(st.integers(1, 2000), st.integers(1, 2000), st.integers(1, 255)).flatmap(
        lambda drawn: st.builds(
            pad,
            levels=st.just(drawn[2]),
            frequency_min_dhz=st.just(min(drawn[:2]) if drawn[2] > 1 else max(drawn[:2])),
            frequency_max_dhz=st.just(max(drawn[:2])),
            displacement_um=st.integers(1, 5000),
            coupling=st.sampled_from(Coupling),
            weighting=st.sampled_from(Weighting),
            force_dn_per_level=st.integers(1, 255),
            radius_mm=st.integers(1, 60),
        )
    )
