"""A person and what their past sessions used up."""

from collections.abc import Mapping
from dataclasses import dataclass

from massager.model.body import Calibration, Region
from massager.model.ceilings import Severity


@dataclass(frozen=True, slots=True)
class Person:
    """Whose limits hold.

    Attributes:
        conditions: Severity by region as a clinician called it; a region without stenosis is absent and
            takes the mild row (docs/limits.md).
        attested: A healthcare provider was consulted (clearance code A).
        calibrations: Landmarks by device profile name.
    """

    name: str
    conditions: Mapping[Region, Severity]
    attested: bool
    calibrations: Mapping[str, Calibration]

    def severity(self, region: Region) -> Severity:
        """The severity whose row holds in a region."""
        return self.conditions.get(region, Severity.MILD)

    @property
    def worst(self) -> Severity:
        """The strictest severity of all regions."""
        return max(self.conditions.values(), default=Severity.MILD)


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session that has been debited: wall-clock seconds since the epoch, and the seconds it used."""

    started_s: int
    ended_s: int
    used_s: int
