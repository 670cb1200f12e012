"""What must be on record of a person before a part of the back may be massaged in some way."""

from collections.abc import Mapping
from types import MappingProxyType

from massager.model.body import Region
from massager.model.ceilings import CEILINGS, Clearance, Modality
from massager.model.people import Modifier, Person
from massager.safety.conditions import forbidding, needs_c


def needed(person: Person) -> Mapping[tuple[Region, Modality], Clearance]:
    """The clearance code by part and modality, for a device whose force is known (docs/limits.md)."""
    return MappingProxyType(
        {(region, modality): _code(person, region, modality) for region in Region for modality in Modality}
    )


def _code(person: Person, region: Region, modality: Modality) -> Clearance:
    if forbidding(person, modality) is not None:
        return Clearance.X
    # Where nobody knows which part is narrow the neck's row holds, as the limits have it.
    is_unknown = Modifier.REGION_UNKNOWN in person.modifiers
    row_of = Region.CERVICAL if is_unknown else region
    severity = person.worst if is_unknown else person.severity(region)
    code = CEILINGS[row_of, severity, modality].clearance
    return Clearance.C if code is not Clearance.X and needs_c(person) else code
