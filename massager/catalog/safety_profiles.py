"""Safety profiles: caps for one diagnosis, none above the built-in ceiling."""

from collections.abc import Mapping
from pathlib import Path

from massager.catalog.ceilings import at_most
from massager.catalog.document import Document
from massager.catalog.schema import SafetyFile, name_of, shaped
from massager.catalog.shelf import Kind, pick, shelf
from massager.catalog.yaml_source import read
from massager.model.body import Region
from massager.model.ceilings import CEILINGS, Severity
from massager.model.errors import InvalidProfileError, NotFoundError
from massager.model.programs import ProfileRow, SafetyProfile


def load_safety_profile(name: str, extra: Path | None = None) -> SafetyProfile:
    """The safety profile of that name.

    Raises:
        InvalidProfileError: Its file is wrong, or a file of `extra` takes a built-in name.
        NotFoundError: There is none; the text names what there is.
    """
    return read_safety_profile(read(pick(Kind.SAFETY, name, extra)))


def list_safety_profiles(extra: Path | None = None) -> tuple[SafetyProfile, ...]:
    """All safety profiles, by name.

    Raises:
        InvalidProfileError: One of them is wrong.
        NotFoundError: The folder `extra` does not exist.
    """
    return tuple(read_safety_profile(read(path)) for path in shelf(Kind.SAFETY, extra).values())


def safety_profile_for(conditions: Mapping[Region, Severity], extra: Path | None = None) -> SafetyProfile:
    """The one safety profile made for exactly these conditions.

    Raises:
        InvalidProfileError: One of the profiles is wrong, or more than one fits.
        NotFoundError: None fits, or no condition is given: limits made for a diagnosis say nothing about a
            person whose diagnosis is not known.
    """
    if not conditions:
        raise NotFoundError(
            "no diagnosis is recorded for this person, so no safety profile fits. "
            "Record the region and severity that a clinician named."
        )
    profiles = list_safety_profiles(extra)
    fitting = [profile for profile in profiles if {profile.region: profile.severity} == dict(conditions)]
    if not fitting:
        asked = " and ".join(_spoken(region, severity) for region, severity in sorted(conditions.items()))
        there = ", ".join(
            f"{profile.name} ({_spoken(profile.region, profile.severity)})" for profile in profiles
        )
        raise NotFoundError(f"there is no safety profile for {asked}; there are: {there}.")
    if len(fitting) > 1:
        path = pick(Kind.SAFETY, fitting[1].name, extra)
        what = f"this safety profile and {fitting[0].name} are for the same diagnosis"
        raise InvalidProfileError(f"{path}:1:1: {what}. Keep one of them.")
    return fitting[0]


def _spoken(region: Region, severity: Severity) -> str:
    return f"{severity.name.lower()} {region} stenosis"


def read_safety_profile(document: Document) -> SafetyProfile:
    """The safety profile in a document.

    Raises:
        InvalidProfileError: It is wrong; the text lists what and where.
    """
    content = shaped(document, SafetyFile)
    severity = Severity[content.severity.upper()]
    _check(document, content, severity)
    document.settle()
    rows = tuple(
        ProfileRow(
            row.region,
            row.modality,
            row.max_intensity_percent.value * 10,
            row.max_force_n.value,
            row.zone_seconds.value,
            row.spot_seconds.value,
        )
        for row in content.rows
    )
    minutes = content.session_minutes.value
    return SafetyProfile(
        name_of(document.path), content.title, content.region, severity, minutes, rows, document.sha256
    )


def _check(document: Document, content: SafetyFile, severity: Severity) -> None:
    seen = set()
    longest_min = []
    for index, row in enumerate(content.rows):
        # A region without stenosis takes the mild row (docs/limits.md).
        row_severity = severity if row.region is content.region else Severity.MILD
        ceiling = CEILINGS[row.region, row_severity, row.modality]
        longest_min.append(ceiling.session_min)
        highest = {
            "max_intensity_percent": ceiling.intensity_permille // 10,
            "max_force_n": ceiling.force_n,
            "zone_seconds": ceiling.zone_s,
            "spot_seconds": ceiling.spot_s,
        }
        for key, most in highest.items():
            at_most(document, ("rows", index, key, "value"), getattr(row, key).value, most)
        if (row.region, row.modality) in seen:
            what = f"a second row for {row.region} and {row.modality}"
            document.complain_at(("rows", index), what, "Keep one of them.")
        seen.add((row.region, row.modality))
    at_most(document, ("session_minutes", "value"), content.session_minutes.value, max(longest_min))
