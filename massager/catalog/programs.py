"""Programs: steps along the back, none beyond the built-in ceilings."""

from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import Final

from massager.catalog.ceilings import at_most
from massager.catalog.document import Document, Loc
from massager.catalog.schema import ProgramFile, ProgramStep, name_of, shaped
from massager.catalog.shelf import Kind, pick, shelf
from massager.catalog.yaml_source import read
from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Region, Zone
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.programs import Program, Step

# No percussion over the kidneys, T11 to L3 (docs/limits.md, zone exclusions, and 5.3).
KIDNEY_ZONES: Final = frozenset({Zone.T9_T12, Zone.L1_L3})

# Keys of a step that only some kinds of massage have.
_BELONGS: Final = MappingProxyType(
    {
        Modality.ROLLER: frozenset({"pace_mm_per_s", "technique"}),
        Modality.VIBRATION: frozenset({"warm"}),
        Modality.PERCUSSION: frozenset({"side", "part_percent"}),
    }
)
_SOME: Final = frozenset().union(*_BELONGS.values())


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
        Step(
            zone=step.zone,
            seconds=step.zone_seconds,
            strength_permille=step.strength_percent * 10,
            pace_mm_s=step.pace_mm_per_s,
            technique=step.technique,
            curve_permille=tuple(10 * percent for percent in step.curve_percent or ()),
            warm=step.warm,
            side=step.side,
            part_permille=10 * step.part_percent,
        )
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
        _check_belongs(document, loc, content.modality, step)
        if content.modality is Modality.PERCUSSION and step.zone in KIDNEY_ZONES:
            what = f"percussion is not offered from T11 to L3, over the kidneys (got {step.zone.value!r})"
            document.complain_at((*loc, "zone"), what, "Choose another zone or another modality.")
    at_most(document, ("steps",), used_s.total(), min(longest_min) * 60)


def _check_belongs(document: Document, loc: Loc, modality: Modality, step: ProgramStep) -> None:
    """A step says what its kind of massage needs, and nothing of another's."""
    for key in sorted(step.model_fields_set & (_SOME - _BELONGS[modality])):
        document.complain_at((*loc, key), f"this does not belong to {modality}", "Leave it out.")
    if modality is Modality.ROLLER and step.pace_mm_per_s is None:
        document.complain_at((*loc, "zone"), "a roller's step has a pace", "Add pace_mm_per_s.")
    if modality is Modality.PERCUSSION and step.side is None:
        document.complain_at((*loc, "zone"), "what a hand holds is on one side", "Add side: left or right.")
