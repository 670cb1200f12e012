"""What nothing touches: off the map, whole regions, the strip along the spine, and single places."""

from massager.model.body import COLUMN_PPM, REGION_SPANS_PPM, ZONE_SPANS_PPM, Region
from massager.model.decisions import Reason, Refusal
from massager.model.people import WIDEST_MM, KeepOut
from massager.model.preview import Closed
from massager.safety.envelope import Envelope


def closed_places(envelope: Envelope) -> tuple[Closed, ...]:
    """All of it for one person, device and day."""
    calibration = envelope.calibration
    reach_mm = calibration.error_mm + max(actuator.radius_mm for actuator in envelope.device.actuators)
    reach_ppm = -(-reach_mm * COLUMN_PPM // calibration.column_mm)
    zones = list(ZONE_SPANS_PPM.values())
    # A patch's centre stays on the map; its edge may reach beyond.
    off = ((0, zones[0][0] - reach_ppm), (zones[-1][1] + reach_ppm, COLUMN_PPM))
    found = [
        *(Closed("", Reason.OFF_THE_SPINE, span, -WIDEST_MM, WIDEST_MM) for span in off),
        *(_in_region(envelope, region) for region in Region),
        *(
            Closed(place.name, reason, place.span_ppm, place.left_mm, place.right_mm)
            for reason, place in _single(envelope)
        ),
    ]
    return tuple(one for one in found if not any(_covers(other, one) for other in found if other is not one))


def _in_region(envelope: Envelope, region: Region) -> Closed:
    """The strip along the spine, or the whole region where nothing may press at all."""
    strips_mm, refused = [], Reason.OFF_THE_SPINE
    for actuator in envelope.device.actuators:
        limits = envelope.limits(region, actuator)
        if isinstance(limits, Refusal):
            refused = limits.reason
        else:
            reach_mm = actuator.radius_mm + envelope.calibration.error_mm
            strips_mm.append(envelope.keepout_mm(region, limits, actuator) - reach_mm)
    if not strips_mm:
        return Closed(region, refused, REGION_SPANS_PPM[region], -WIDEST_MM, WIDEST_MM)
    return Closed(region, Reason.KEEP_OUT_MIDLINE, REGION_SPANS_PPM[region], -max(strips_mm), max(strips_mm))


def _single(envelope: Envelope) -> dict[tuple[Reason, KeepOut], None]:
    """What any actuator may not touch, everybody's places first, each once."""
    found = {each: None for actuator in envelope.device.actuators for each in envelope.places(actuator)}
    return dict.fromkeys(sorted(found, key=lambda each: each[0] is not Reason.KEEP_OUT_BODY))


def _covers(outer: Closed, inner: Closed) -> bool:
    """Whether a place that is nobody's own lies wholly in another, so that it adds nothing."""
    return (
        inner.reason in {Reason.OFF_THE_SPINE, Reason.KEEP_OUT_BODY}
        and outer.span_ppm[0] <= inner.span_ppm[0]
        and inner.span_ppm[1] <= outer.span_ppm[1]
        and outer.left_mm <= inner.left_mm
        and inner.right_mm <= outer.right_mm
    )
