"""What is said to be needed is what the limits ask for."""

from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from governor_rig import envelope
from massager.model.body import Region
from massager.model.ceilings import Clearance, Severity
from massager.model.decisions import Reason, Refusal
from massager.model.people import Modifier
from massager.session.clearances import needed
from samples import chair, cushion, demo, handheld

DEVICES = (chair(), cushion(), handheld())
ASKS = {
    Clearance.B: {Reason.CLEARANCE_B},
    Clearance.C: {Reason.CLEARANCE_C},
    Clearance.X: {Reason.BLOCKED, Reason.CONDITION},
}


@given(
    st.dictionaries(st.sampled_from(Region), st.sampled_from(Severity), min_size=1),
    st.frozensets(st.sampled_from(Modifier), max_size=3),
    st.sampled_from(DEVICES),
    st.sampled_from(Region),
)
def test_without_a_clearance_the_limits_ask_for_the_one_that_is_needed(conditions, modifiers, device, region):
    person = demo(conditions=MappingProxyType(conditions), modifiers=modifiers)
    actuator = device.actuators[0]
    found = envelope(person=person, device=device).limits(region, actuator)
    reason = found.reason if isinstance(found, Refusal) else None
    code = needed(person)[region, actuator.modality]
    if code is Clearance.A:
        assert reason not in set().union(*ASKS.values())
    else:
        assert reason in ASKS[code]
