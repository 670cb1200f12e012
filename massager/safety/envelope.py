"""The permitted region: ceiling, device, safety profile and caller, met at a place on the back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from massager.model.devices import Actuator, DeviceProfile, Heater, Mount
from massager.model.keepouts import BODY_KEEP_OUTS
from massager.model.people import WHOLE_PERMILLE, KeepOut, Modifier, Person
from massager.model.programs import ProfileRow, SafetyProfile
from massager.safety.conditions import WHOLE, Share, forbidding, forbids_heat, needs_c
from massager.safety.patches import Way
from massager.safety.physical import device_caps, force_caps, heat_cap_c, known, unfit
from massager.safety.today import Today

# docs/limits.md, modifiers: less than this of the device's range counts as blocked.
LEAST_PERMILLE: Final = 50
# docs/limits.md, body map: beyond 100 mm from the midline lie the ribs; what is held stays nearer.
HELD_WIDEST_MM: Final = 100
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
        """Regions that the patch ± error meets on the centre's way; None where it leaves the spine.

        For what a hand holds also those of the zones beside the one it is in.
        """
        reach = actuator.radius_mm + self.calibration.error_mm
        regions = self.calibration.regions_touched(first_mm - reach, last_mm + reach)
        if regions is not None and actuator.side is None:
            regions |= self.calibration.regions_beside(first_mm, last_mm)
        return None if regions is None else tuple(region for region in Region if region in regions)

    def cap(
        self,
        actuator: Actuator,
        *,
        first_mm: int,
        last_mm: int,
        nearest_mm: int,
        farthest_mm: int,
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
        for reason, place in self.places(actuator):
            if any(self._meets(place, along, each) for each in across):
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

    def cap_on(self, way: Way) -> Cap | Refusal:
        """Highest level on a patch's way; see `cap`."""
        return self.cap(
            way.actuator,
            first_mm=way.first_mm,
            last_mm=way.last_mm,
            nearest_mm=way.nearest_mm,
            farthest_mm=way.farthest_mm,
        )

    @property
    def warmth(self) -> tuple[int, ...]:
        """Highest level of each heater: off where its patch may not touch, or where warmth is kept off."""
        return tuple(self._warmth(heater) for heater in self.device.heaters)

    def _warmth(self, heater: Heater) -> int:
        # For places and rows a heater counts as an actuator of the device's kind that lies there.
        patch = replace(self.device.actuators[0], side=heater.side, radius_mm=heater.radius_mm)
        along_mm, aside_mm = heater.along_mm, heater.aside_mm
        place = Way(patch, along_mm, along_mm, aside_mm, aside_mm)
        if self.calibration.zone_at(along_mm) is None or isinstance(self.cap_on(place), Refusal):
            return 0
        caps_c = [
            heat_cap_c(limits.ceiling, oldest=self.today.oldest, forbidden=forbids_heat(self.person))
            for region in self.touched(patch, along_mm, along_mm) or ()
            if isinstance(limits := self.limits(region, patch), RegionLimits)
        ]
        return min(heater.levels, max(0, min(caps_c) - heater.base_c))

    def _across(self, actuator: Actuator, nearest_mm: int, farthest_mm: int) -> list[Span]:
        """What the patch ± error covers sideways, left negative, with its centre between two distances.

        On both sides for what a hand holds: the hand may be on the wrong one.
        """
        reach = actuator.radius_mm + self.calibration.error_mm
        near, far = nearest_mm - reach, farthest_mm + reach
        sides = {Side.LEFT: (-far, -near), Side.RIGHT: (near, far)}
        return list(sides.values()) if actuator.side is None else [sides[actuator.side]]

    def places(self, actuator: Actuator) -> tuple[tuple[Reason, KeepOut], ...]:
        """Every rectangle that it may not touch: this person's today, and everybody's."""
        body = (
            (Reason.KEEP_OUT_BODY, place)
            for place, modalities in BODY_KEEP_OUTS
            if actuator.modality in modalities
        )
        return (*self.today.places, *body)

    def _closes_outward(self, region: Region, actuator: Actuator, aside_mm: int, farthest_mm: int) -> bool:
        """Whether a patch farther out than it is would touch what it may not."""
        first, end = REGION_SPANS_PPM[region]
        here = self._across(actuator, aside_mm, aside_mm)
        outward = self._across(actuator, aside_mm, farthest_mm)
        return any(
            place.span_ppm[0] <= end
            and first <= place.span_ppm[1]
            and _lies_in(place, outward)
            and not _lies_in(place, here)
            for _reason, place in self.places(actuator)
        )

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

    def half_width_mm(self, zones: Iterable[Zone]) -> int | Refusal | None:
        """The distance nearest to the midline that serves all zones, or why nothing serves one of them.

        None where each patch has its own.
        """
        carriage = self.device.carriage
        if self.device.mount is Mount.FIXED:
            return None
        nearest, widest = 0, HELD_WIDEST_MM
        if carriage is not None:
            nearest, widest = carriage.half_width_min_mm, carriage.half_width_max_mm
        for zone in zones:
            first_mm, last_mm = self.calibration.span_inside_mm(ZONE_SPANS_PPM[zone])
            for actuator in self.device.actuators:
                touched = self.touched(actuator, first_mm, last_mm) or ()
                answers = {region: self.limits(region, actuator) for region in touched}
                found = [
                    self.keepout_mm(region, limits, actuator)
                    for region, limits in answers.items()
                    if isinstance(limits, RegionLimits)
                ]
                if not found:
                    refused = (limits for limits in answers.values() if isinstance(limits, Refusal))
                    return next(refused, Refusal(Reason.NO_ROOM, zone))
                nearest = max(nearest, *found)
        if nearest > widest:
            return Refusal(Reason.NO_ROOM, f"{nearest} mm from the midline")
        return nearest

    def rows(self, half_width_mm: int | None) -> tuple[PermitRow, ...]:
        """One row per actuator and region in which it may press: at this half width, or in its own place.

        A row reaches outward to the edge of the treatable band, where the same levels hold.
        """
        rows = []
        for actuator in self.device.actuators:
            aside_mm = half_width_mm if actuator.aside_mm is None else actuator.aside_mm
            if aside_mm is None:
                continue
            open_in = {
                region: limits
                for region in Region
                if isinstance(limits := self.limits(region, actuator), RegionLimits)
                and aside_mm >= self.keepout_mm(region, limits, actuator)
            }
            closed = [
                self.calibration.span_touched_mm(span)
                for region, span in REGION_SPANS_PPM.items()
                if region not in open_in
            ]
            for region, limits in open_in.items():
                level, farthest_mm = meet(self._caps(limits, actuator)).level, BAND_EDGE_MM[region]
                if aside_mm > farthest_mm:
                    level, farthest_mm = level * BEYOND_BAND_PERMILLE // 1000, aside_mm
                if self._closes_outward(region, actuator, aside_mm, farthest_mm):
                    farthest_mm = aside_mm
                for first_mm, last_mm, permille in self._stretches(region, actuator, aside_mm, closed):
                    rows.append(
                        PermitRow(
                            actuator=actuator.name,
                            modality=actuator.modality,
                            region=region,
                            severity=self.person.severity(region),
                            first_mm=first_mm,
                            last_mm=last_mm,
                            half_width_min_mm=aside_mm,
                            half_width_max_mm=farthest_mm,
                            level_max=min(level, actuator.levels * permille // 1000),
                        )
                    )
        return tuple(rows)

    def _stretches(
        self, region: Region, actuator: Actuator, half_width_mm: int, closed: Sequence[Span]
    ) -> Iterator[tuple[int, int, int]]:
        """A region without what is closed, cut where the caregiver's strength changes."""
        across = self._across(actuator, half_width_mm, half_width_mm)
        gaps = [
            *closed,
            *(
                self.calibration.span_outside_mm(place.span_ppm)
                for _reason, place in self.places(actuator)
                if _lies_in(place, across)
            ),
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


def _lies_in(place: KeepOut, across: Iterable[Span]) -> bool:
    """Whether a place lies in what patches cover sideways."""
    return any(first <= place.right_mm and place.left_mm <= last for first, last in across)
