"""Real envelopes of small cases, each place on the back worked out once."""

from dataclasses import fields
from functools import cache
from types import MappingProxyType

import governor_rig
from massager.model.body import Region, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.devices import Actuator
from massager.model.people import KeepOut
from massager.model.programs import ProfileRow
from massager.safety.envelope import Envelope
from samples import chair, demo, mild_lumbar, roller


class Remembering(Envelope):
    """Works every place out once: an envelope changes nothing in itself."""

    __slots__ = ("_known",)

    @classmethod
    def of(cls, envelope):
        """The same envelope."""
        one = cls(*[getattr(envelope, field.name) for field in fields(envelope)])
        object.__setattr__(one, "_known", {})
        return one

    def _once(self, name, *key, **more):
        known = (name, *[one.name if isinstance(one, Actuator) else one for one in key], *more.values())
        if known not in self._known:
            self._known[known] = getattr(Envelope, name)(self, *key, **more)
        return self._known[known]

    def cap(self, actuator, **place):
        return self._once("cap", actuator, **place)

    def limits(self, region, actuator):
        return self._once("limits", region, actuator)

    def touched(self, actuator, first_mm, last_mm):
        return self._once("touched", actuator, first_mm, last_mm)

    def force_n(self, actuator, centre_mm):
        return self._once("force_n", actuator, centre_mm)


@cache
def envelope_of(case, held=1000):
    """The real envelope of a case: the chair with its levels, the profile and the person's limits.

    Args:
        case: The case as the twin knows it.
        held: The caregiver's limit for every zone, per mille; 1000 for none.
    """
    actuators = tuple(
        roller(one.name, one.side, levels=case.levels, force_dn_per_level=10 * case.newton_per_level)
        for one in chair().actuators
    )
    severity = {Region.LUMBAR: Severity[case.severity.upper()]}
    row = ProfileRow(
        Region.LUMBAR, Modality.ROLLER, case.profile, 1000, case.zone_ms // 1000, case.spot_ms // 1000
    )
    limits = dict.fromkeys(Zone, held) if held < 1000 else {}
    limits |= {Zone(zone): min(permille, held) for zone, permille in case.zone_limit}
    span_ppm = tuple(1000 * along for along in case.keep_out)
    envelope = governor_rig.envelope(
        person=demo(
            conditions=MappingProxyType(severity),
            zone_permille=MappingProxyType(limits),
            keep_outs=(KeepOut("scar", span_ppm, -200, 200),) if span_ppm else (),
        ),
        device=chair(actuators=actuators),
        profile=mild_lumbar(conditions=MappingProxyType(severity), rows=(row,)),
        caller_permille=None if case.caller == 1000 else case.caller,
        cleared=frozenset((Region.LUMBAR, Modality.ROLLER, code) for code in Clearance),
    )
    return Remembering.of(envelope)
