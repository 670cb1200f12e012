"""The permitted region: ceiling, device, safety profile and caller, met at a place on the back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Calibration, Region, Side, Span, Zone
from massager.model.ceilings import (
    BAND_EDGE_MM,
    BEYOND_BAND_PERMILLE,
    CEILINGS,
    CeilingRow,
    Clearance,
    Modality,
    Severity,
    stricter,
)
from massager.model.commands import PermitRow
from massager.model.decisions import Cap, Reason, Refusal, Source
from massager.model.devices import Actuator, DeviceProfile
from massager.model.people import WHOLE_PERMILLE, KeepOut, Modifier, Person
from massager.model.programs import ProfileRow, SafetyProfile
from massager.safety.conditions import WHOLE, Share, forbidding, needs_c
from massager.safety.physical import device_caps, force_caps, known, unfit
from massager.safety.today import Today

# docs/limits.md, modifiers: less than this of the device's range counts as blocked.
LEAST_PERMILLE: Final = 50
_SOURCE_ORDER: Mapping[Source, int] = {source: order for order, source in enumerate(Source)}


def meet(caps: Iterable[Cap]) -> Cap:
    """The lowest cap; where several are equal, the one that `Source` lists first."""
    return min(caps, key=lambda cap: (cap.level, _SOURCE_ORDER[cap.source]))


def share_of(levels: int, permille: int) -> int:
    """A share of the levels, rounded down; 0 for a share that is none."""
    return levels * permille // 1000 if type(permille) is int and 0 <= permille <= WHOLE_PERMILLE else 0


@dataclass(frozen=True, slots=True)
class RegionLimits:
    """What holds in one region for one modality: the built-in row, the safety profile's, and what is left."""

    ceiling: CeilingRow
    profile: ProfileRow
    share: Share

    @property
    def zone_ms(self) -> int:
        """Contact time per zone and side."""
        return self.share.time_permille * min(self.ceiling.zone_s, self.profile.zone_s)

    @property
    def spot_ms(self) -> int:
        """Contact time on one spot."""
        return self.share.time_permille * min(self.ceiling.spot_s, self.profile.spot_s)

    @property
    def force_n(self) -> int:
        """Highest force, rounded down."""
        return self.share.strength_permille * min(self.ceiling.force_n, self.profile.force_n) // 1000


@dataclass(frozen=True, slots=True)
class Envelope:
    """All standing limits of one person on one device.

    Attributes:
        caller_permille: The caller's own lower limit (`--max`), None without one.
        today: What age, conditions, answers and the last sessions leave.
    """

    person: Person
    device: DeviceProfile
    profile: SafetyProfile
    calibration: Calibration
    caller_permille: int | None
    today: Today

    def severity(self, region: Region, actuator: Actuator) -> Severity:
        """The severity whose row binds: one stricter where too little is known of the device."""
        severity = self.person.worst if self._is_unknown else self.person.severity(region)
        return severity if known(actuator) else stricter(severity)

    @property
    def _is_unknown(self) -> bool:
        """Nobody knows which part is narrow: the neck's row holds everywhere (docs/questions.md)."""
        return Modifier.REGION_UNKNOWN in self.person.modifiers

    def limits(self, region: Region, actuator: Actuator) -> RegionLimits | Refusal:
        """The rows that bind in a region, or why nothing may press there."""
        condition = forbidding(self.person, actuator.modality)
        if condition is not None:
            return Refusal(Reason.CONDITION, condition)
        refusal = unfit(actuator)
        if refusal:
            return refusal
        row_of = Region.CERVICAL if self._is_unknown else region
        ceiling = CEILINGS[row_of, self.severity(region, actuator), actuator.modality]
        clearance = ceiling.clearance
        if clearance is not Clearance.X and needs_c(self.person):
            clearance = Clearance.C
        match clearance:
            case Clearance.A if not self.person.attested:
                return Refusal(Reason.NOT_ATTESTED, region)
            case Clearance.B if not self._cleared(region, actuator.modality, Clearance.B, Clearance.C):
                return Refusal(Reason.CLEARANCE_B, region)
            case Clearance.C if not self._cleared(region, actuator.modality, Clearance.C):
                return Refusal(Reason.CLEARANCE_C, region)
            case Clearance.X:
                return Refusal(Reason.BLOCKED, region)
            case _:
                profile = self.profile.row(region, actuator.modality)
        if profile is None:
            return Refusal(Reason.NO_PROFILE_ROW, region)
        share = self.today.share
        if share.strength_permille * ceiling.intensity_permille // 1000 < LEAST_PERMILLE:
            return Refusal(Reason.MODIFIERS, region)
        return RegionLimits(ceiling, profile, share)

    def _cleared(self, region: Region, modality: Modality, *codes: Clearance) -> bool:
        """Whether somebody attested, and a provider's clearance of one of these codes holds."""
        return self.person.attested and any((region, modality, code) in self.today.cleared for code in codes)

    def keepout_mm(self, region: Region, limits: RegionLimits, actuator: Actuator) -> int:
        """Nearest distance of a patch's centre from the midline: strip, patch and error."""
        own = CEILINGS[region, self.severity(region, actuator), actuator.modality]
        strip_mm = max(limits.ceiling.keepout_half_mm or 0, own.keepout_half_mm or 0)
        return strip_mm + actuator.radius_mm + self.calibration.error_mm

    def touched(self, actuator: Actuator, first_mm: int, last_mm: int) -> tuple[Region, ...] | None:
        """Regions that the patch ± error meets on the centre's way; None where it leaves the spine."""
        reach = actuator.radius_mm + self.calibration.error_mm
        regions = self.calibration.regions_touched(first_mm - reach, last_mm + reach)
        return None if regions is None else tuple(region for region in Region if region in regions)

    def cap(
        self, actuator: Actuator, *, first_mm: int, last_mm: int, nearest_mm: int, farthest_mm: int
    ) -> Cap | Refusal:
        """Highest level while the patch's centre stays in a rectangle of the back.

        Args:
            actuator: Which one presses.
            first_mm: Upper end of the centre's path along the travel.
            last_mm: Lower end.
            nearest_mm: Least distance of the centre from the midline.
            farthest_mm: Greatest distance.
        """
        regions = self.touched(actuator, first_mm, last_mm)
        if regions is None:
            return Refusal(Reason.OFF_THE_SPINE)
        reach = actuator.radius_mm + self.calibration.error_mm
        along = (first_mm - reach, last_mm + reach)
        across = self._across(actuator, nearest_mm, farthest_mm)
        for reason, place in self.today.places:
            if self._meets(place, along, across):
                return Refusal(reason, place.name)
        caps = [Cap(actuator.levels, Source.DEVICE)]
        caps += [
            Cap(share_of(actuator.levels, self.person.zone_permille[zone]), Source.CAREGIVER)
            for zone in self.person.zone_permille
            if zone in self.calibration.zones_touched(*along)
        ]
        for region in regions:
            limits = self.limits(region, actuator)
            if isinstance(limits, Refusal):
                return limits
            if nearest_mm < self.keepout_mm(region, limits, actuator):
                return Refusal(Reason.KEEP_OUT_MIDLINE, region)
            bound = meet(self._caps(limits, actuator))
            caps.append(bound)
            if farthest_mm > BAND_EDGE_MM[region]:
                caps.append(Cap(bound.level * BEYOND_BAND_PERMILLE // 1000, Source.BAND_EDGE))
        return meet(caps)

    def _across(self, actuator: Actuator, nearest_mm: int, farthest_mm: int) -> Span:
        """What the patch ± error covers sideways, left negative, with its centre between two distances."""
        reach = actuator.radius_mm + self.calibration.error_mm
        near, far = nearest_mm - reach, farthest_mm + reach
        return (-far, -near) if actuator.side is Side.LEFT else (near, far)

    def _meets(self, keep_out: KeepOut, along: Span, across: Span) -> bool:
        """Whether a rectangle of the travel, ends included, meets a person's keep-out."""
        first_mm, last_mm = self.calibration.span_outside_mm(keep_out.span_ppm)
        return (
            along[0] <= last_mm
            and first_mm <= along[1]
            and across[0] <= keep_out.right_mm
            and keep_out.left_mm <= across[1]
        )

    def force_n(self, actuator: Actuator, centre_mm: int) -> int:
        """Highest force on the body at a place; 0 where nothing may press."""
        found = [
            self.limits(region, actuator) for region in self.touched(actuator, centre_mm, centre_mm) or ()
        ]
        forces = [limits.force_n for limits in found if not isinstance(limits, Refusal)]
        return min(forces) if found and len(forces) == len(found) else 0

    def _caps(self, limits: RegionLimits, actuator: Actuator) -> list[Cap]:
        ceiling, profile, levels = limits.ceiling, limits.profile, actuator.levels
        caps = [
            Cap(
                levels * ceiling.intensity_permille // 1000,
                Source.CEILING if known(actuator) else Source.UNKNOWN_FORCE,
            ),
            Cap(levels * profile.intensity_permille // 1000, Source.SAFETY_PROFILE),
            *force_caps(actuator, ceiling, profile.force_n),
        ]
        # The share that is left is one of the row, not of what the device is.
        if limits.share != WHOLE:
            caps.append(Cap(meet(caps).level * limits.share.strength_permille // 1000, Source.MODIFIERS))
        caps += device_caps(actuator, ceiling)
        caps.append(Cap(levels * self.today.permille // 1000, Source.PERSONAL))
        if self.caller_permille is not None:
            caps.append(Cap(share_of(levels, self.caller_permille), Source.CALLER))
        return caps

    def half_width_mm(self, zones: Iterable[Zone]) -> int | Refusal:
        """The distance nearest to the midline that serves all zones, or the zone that nothing serves."""
        nearest = self.device.carriage.half_width_min_mm
        for zone in zones:
            first_mm, last_mm = self.calibration.span_inside_mm(ZONE_SPANS_PPM[zone])
            for actuator in self.device.actuators:
                found = [
                    self.keepout_mm(region, limits, actuator)
                    for region in self.touched(actuator, first_mm, last_mm) or ()
                    if isinstance(limits := self.limits(region, actuator), RegionLimits)
                ]
                if not found:
                    return Refusal(Reason.NO_ROOM, zone)
                nearest = max(nearest, *found)
        if nearest > self.device.carriage.half_width_max_mm:
            return Refusal(Reason.NO_ROOM, f"{nearest} mm from the midline")
        return nearest

    def rows(self, half_width_mm: int) -> tuple[PermitRow, ...]:
        """One row per actuator and region in which it may press with its centre at this half width.

        A row reaches outward to the edge of the treatable band, where the same levels hold.
        """
        rows = []
        for actuator in self.device.actuators:
            for region in Region:
                limits = self.limits(region, actuator)
                if isinstance(limits, Refusal) or half_width_mm < self.keepout_mm(region, limits, actuator):
                    continue
                level, farthest_mm = meet(self._caps(limits, actuator)).level, BAND_EDGE_MM[region]
                if half_width_mm > farthest_mm:
                    level, farthest_mm = level * BEYOND_BAND_PERMILLE // 1000, half_width_mm
                if self.today.places:
                    farthest_mm = half_width_mm
                for first_mm, last_mm, permille in self._stretches(region, actuator, half_width_mm):
                    rows.append(
                        PermitRow(
                            actuator=actuator.name,
                            modality=actuator.modality,
                            region=region,
                            severity=self.person.severity(region),
                            first_mm=first_mm,
                            last_mm=last_mm,
                            half_width_min_mm=half_width_mm,
                            half_width_max_mm=farthest_mm,
                            level_max=min(level, actuator.levels * permille // 1000),
                        )
                    )
        return tuple(rows)

    def _stretches(
        self, region: Region, actuator: Actuator, half_width_mm: int
    ) -> Iterator[tuple[int, int, int]]:
        """A region without the places that are closed, cut where the caregiver's strength changes."""
        across = self._across(actuator, half_width_mm, half_width_mm)
        gaps = [
            self.calibration.span_outside_mm(place.span_ppm)
            for _reason, place in self.today.places
            if across[0] <= place.right_mm and place.left_mm <= across[1]
        ]
        held = [
            (self.calibration.span_inside_mm(ZONE_SPANS_PPM[zone]), permille)
            for zone, permille in self.person.zone_permille.items()
        ]
        first_mm, last_mm = self.calibration.span_outside_mm(REGION_SPANS_PPM[region])
        cuts = {first_mm, last_mm + 1}
        for low, high in [*gaps, *(span for span, _permille in held)]:
            cuts |= {cut for cut in (low, high + 1) if first_mm < cut <= last_mm}
        for low, end in pairwise(sorted(cuts)):
            if not any(gap[0] <= low <= gap[1] for gap in gaps):
                here = [permille for span, permille in held if span[0] <= low <= span[1]]
                yield low, end - 1, min(here, default=1000)
