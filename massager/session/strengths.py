"""What a person's diagnosis leaves of strength and time, for whoever sets limits below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from massager.catalog import safety_profile_for
from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Region, Zone
from massager.model.ceilings import CEILINGS, Modality
from massager.model.errors import NotFoundError
from massager.model.people import Person
from massager.model.programs import SafetyProfile


@dataclass(frozen=True, slots=True)
class Strength:
    """In one region with one kind of massage, of a device's range; 0 where it is not offered.

    Attributes:
        built_in_permille: The ceiling that nothing at run time changes.
        base_permille: Of the safety profile; None where none fits what is on record.
        session_min: Minutes of the ceiling's.
    """

    built_in_permille: int
    base_permille: int | None
    session_min: int


@dataclass(frozen=True, slots=True)
class Strengths:
    """Everywhere; age, conditions and first sessions lower it further.

    Attributes:
        session_min: Longest session of the safety profile; None without one.
    """

    by_region: Mapping[Region, Mapping[Modality, Strength]]
    session_min: int | None


def strengths(person: Person, profiles: Path | None) -> Strengths:
    """Of a person.

    Raises:
        InvalidProfileError: One of the safety profiles is wrong.
    """
    base = _base(person, profiles)

    def strength(region: Region, modality: Modality) -> Strength:
        ceiling = CEILINGS[region, person.severity(region), modality]
        row = None if base is None else base.row(region, modality)
        return Strength(
            ceiling.intensity_permille,
            None if base is None else 0 if row is None else row.intensity_permille,
            ceiling.session_min,
        )

    found = {region: {modality: strength(region, modality) for modality in Modality} for region in Region}
    return Strengths(found, None if base is None else base.session_min)


def _base(person: Person, profiles: Path | None) -> SafetyProfile | None:
    try:
        return safety_profile_for(person.conditions, profiles)
    except NotFoundError:
        # Nothing starts then; the limits must be open to whoever puts that right.
        return None


def region_of(zone: Zone) -> Region:
    """The region that a zone lies in."""
    first, _end = ZONE_SPANS_PPM[zone]
    return next(region for region, (begin, end) in REGION_SPANS_PPM.items() if begin <= first < end)
