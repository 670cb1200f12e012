"""Safety profiles: caps for one diagnosis, none above the built-in ceiling, and the tightest of several."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from massager.catalog.ceilings import at_most
from massager.catalog.document import Document
from massager.catalog.schema import SafetyFile, name_of, shaped
from massager.catalog.shelf import Kind, pick, shelf
from massager.catalog.yaml_source import read
from massager.model.body import Region
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.errors import NotFoundError
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
    """The tightest of all safety profiles made for one of these conditions.

    A file of `extra` for the same diagnosis as a built-in one therefore lowers it, and cannot raise it.

    Raises:
        InvalidProfileError: One of the profiles is wrong.
        NotFoundError: None fits, or no condition is given: limits made for a diagnosis say nothing about a
            person whose diagnosis is not known.
    """
    if not conditions:
        raise NotFoundError(
            "no diagnosis is recorded for this person, so no safety profile fits. "
            "Record the region and severity that a clinician named."
        )
    profiles = list_safety_profiles(extra)
    return tightest(part for one in sorted(conditions.items()) for part in _made_for(one, profiles))


def _made_for(condition: tuple[Region, Severity], profiles: Sequence[SafetyProfile]) -> list[SafetyProfile]:
    fitting = [profile for profile in profiles if tuple(profile.conditions.items()) == (condition,)]
    if not fitting:
        there = ", ".join(
            f"{profile.name} ({_spoken(*one)})" for profile in profiles for one in profile.conditions.items()
        )
        raise NotFoundError(f"there is no safety profile for {_spoken(*condition)}; there are: {there}.")
    return fitting


def _spoken(region: Region, severity: Severity) -> str:
    return f"{severity.name.lower()} {region} stenosis"


def tightest(profiles: Iterable[SafetyProfile]) -> SafetyProfile:
    """What profiles for different regions allow together; neither order nor repetition makes a difference.

    In a region that one of them is made for, that one decides what there is, and each other lowers what it
    has a row for. Where none is made for a region, all of them must have the row.
    """
    parts = sorted({profile.name: profile for profile in profiles}.values(), key=lambda part: part.name)
    if len(parts) == 1:
        return parts[0]
    met = (_met(region, modality, parts) for region in Region for modality in Modality)
    return SafetyProfile(
        name=" + ".join(part.name for part in parts),
        title=" + ".join(part.title for part in parts),
        conditions=MappingProxyType(
            {region: part.conditions[region] for part in parts for region in part.conditions}
        ),
        session_min=min(part.session_min for part in parts),
        rows=tuple(row for row in met if row is not None),
        profile_hash=sha256("".join(part.profile_hash for part in parts).encode()).hexdigest(),
    )


def _met(region: Region, modality: Modality, parts: Sequence[SafetyProfile]) -> ProfileRow | None:
    deciding = [part for part in parts if region in part.conditions] or parts
    if any(part.row(region, modality) is None for part in deciding):
        return None
    rows = [row for part in parts if (row := part.row(region, modality)) is not None]
    return ProfileRow(
        region=region,
        modality=modality,
        intensity_permille=min(row.intensity_permille for row in rows),
        force_n=min(row.force_n for row in rows),
        zone_s=min(row.zone_s for row in rows),
        spot_s=min(row.spot_s for row in rows),
    )


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
    return SafetyProfile(
        name=name_of(document.path),
        title=content.title,
        conditions=MappingProxyType({content.region: severity}),
        session_min=content.session_minutes.value,
        rows=rows,
        profile_hash=document.sha256,
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
