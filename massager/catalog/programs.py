"""Programs: steps along the back, none beyond the built-in ceilings."""

from collections import Counter
from pathlib import Path
from typing import Final

from massager.catalog.ceilings import at_most
from massager.catalog.document import Document
from massager.catalog.schema import ProgramFile, name_of, shaped
from massager.catalog.shelf import Kind, pick, shelf
from massager.catalog.yaml_source import read
from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Region, Zone
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.programs import Program, Step

# No percussion over the kidneys, T11 to L3 (docs/limits.md, zone exclusions, and 5.3).
KIDNEY_ZONES: Final = frozenset({Zone.T9_T12, Zone.L1_L3})


def load_program(name: str, extra: Path | None = None) -> Program:
    """The program of that name.

    Raises:
        InvalidProfileError: Its file is wrong, or a file of `extra` takes a built-in name.
        NotFoundError: There is none; the text names what there is.
    """
    return read_program(read(pick(Kind.PROGRAM, name, extra)))


def list_programs(extra: Path | None = None) -> tuple[Program, ...]:
    """All programs, by name.

    Raises:
        InvalidProfileError: One of them is wrong.
        NotFoundError: The folder `extra` does not exist.
    """
    return tuple(read_program(read(path)) for path in shelf(Kind.PROGRAM, extra).values())


def read_program(document: Document) -> Program:
    """The program in a document.

    Raises:
        InvalidProfileError: It is wrong; the text lists what and where.
    """
    content = shaped(document, ProgramFile)
    severities = tuple(Severity[word.upper()] for word in content.severities)
    # A program must keep within the row of every severity it names; the highest has the lowest row.
    _check(document, content, max(severities))
    document.settle()
    steps = tuple(
        Step(step.zone, step.zone_seconds, step.strength_percent * 10, step.pace_mm_per_s)
        for step in content.steps
    )
    return Program(
        name=name_of(document.path),
        title=content.title,
        purpose=content.purpose,
        modality=content.modality,
        severities=severities,
        steps=steps,
        profile_hash=document.sha256,
    )


def _region_of(zone: Zone) -> Region:
    begin = ZONE_SPANS_PPM[zone][0]
    return next(region for region, (first, end) in REGION_SPANS_PPM.items() if first <= begin < end)


def _check(document: Document, content: ProgramFile, severity: Severity) -> None:
    used_s: Counter[Zone] = Counter()
    longest_min = []
    for index, step in enumerate(content.steps):
        ceiling = CEILINGS[_region_of(step.zone), severity, content.modality]
        longest_min.append(ceiling.session_min)
        used_s[step.zone] += step.zone_seconds
        loc = ("steps", index)
        at_most(document, (*loc, "strength_percent"), step.strength_percent, ceiling.intensity_permille // 10)
        at_most(document, (*loc, "zone_seconds"), used_s[step.zone], ceiling.zone_s)
        if content.modality is Modality.PERCUSSION and step.zone in KIDNEY_ZONES:
            what = f"percussion is not offered from T11 to L3, over the kidneys (got {step.zone.value!r})"
            document.complain_at((*loc, "zone"), what, "Choose another zone or another modality.")
    at_most(document, ("steps",), used_s.total(), min(longest_min) * 60)
