"""The shape of the files: which keys, of which type, within which bounds.

Whole numbers only; each key of a quantity ends in its unit. What the numbers mean together is judged by the
neighbours of this file, once the shape holds.
"""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from massager.catalog.document import Document, Loc, shown
from massager.model.body import Region, Side, Zone
from massager.model.ceilings import Modality
from massager.model.devices import StopClass
from massager.model.dose import Coupling, Weighting
from massager.model.programs import Technique

# A word of the project's own in place of each of pydantic's: what is wrong, and what to do.
_SAID: Final = {
    "missing": ("this is missing", "Add it."),
    "int_type": ("this must be a whole number", "Write plain digits, without quotes."),
    "string_type": ("this must be text", "Put it in quotes."),
    "bool_type": ("this must be true or false", "Write one of them, without quotes."),
    "list_type": ("this must be a list", "Start each item with '- '."),
    "model_type": ("this must hold keys", "Write 'key: value' lines below it."),
    "enum": ("this must be {expected}", "Choose one of them."),
    "literal_error": ("this must be {expected}", "Choose one of them."),
    "greater_than_equal": ("this must be at least {ge}", "Raise it."),
    "less_than_equal": ("this must be at most {le}", "Lower it."),
    "string_too_short": ("this is empty", "Write something."),
    "string_too_long": ("this must have at most {max_length} characters", "Make it shorter."),
    "too_short": ("this list must have at least {min_length}", "Add an item."),
    "too_long": ("this list must have at most {max_length}", "Leave some out."),
}

# Chosen: so that every title fits a line of the narrowest page, and a purpose a card of it.
Title = Annotated[str, Field(min_length=1, max_length=60)]
Paragraph = Annotated[str, Field(min_length=1, max_length=500)]
Word = Annotated[str, Field(min_length=1, max_length=32)]
# Enums are written as words, which strict models take only where told to.
ModalityWord = Annotated[Modality, Field(strict=False)]
RegionWord = Annotated[Region, Field(strict=False)]
SeverityWord = Literal["mild", "moderate", "severe"]
# The reference profile's widths (docs/protocol.md 3 and 5); its highest value means "not known".
Byte = Annotated[int, Field(ge=1, le=255)]
Millimetres = Annotated[int, Field(ge=0, le=254)]
Wide = Annotated[int, Field(ge=1, le=65_534)]
Positive = Annotated[int, Field(ge=1)]
Percent = Annotated[int, Field(ge=1, le=100)]
# Chosen: 200 Hz, far above what a massager shakes at.
TenthHertz = Annotated[int, Field(ge=1, le=2000)]

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
NAME_RULE: Final = "Names are small letters, digits and '-', at most 64."


class Shape(BaseModel):
    """Every key is known and every value has its type, without conversion."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Cap(Shape):
    """A highest value, and where it comes from."""

    value: Positive
    source: Paragraph


class Row(Shape):
    """Caps in one region with one modality."""

    region: RegionWord
    modality: ModalityWord
    max_intensity_percent: Cap
    max_force_n: Cap
    zone_seconds: Cap
    spot_seconds: Cap


class SafetyFile(Shape):
    """Limits for one diagnosis."""

    kind: Literal["safety"]
    title: Title
    region: RegionWord
    severity: SeverityWord
    session_minutes: Cap
    rows: Annotated[list[Row], Field(min_length=1)]


class ProgramStep(Shape):
    """One zone of a program; pace from 1 to 40 mm/s (docs/protocol.md 6, the reference chair's fastest)."""

    zone: Annotated[Zone, Field(strict=False)]
    zone_seconds: Positive
    strength_percent: Percent
    curve_percent: Annotated[list[Percent], Field(min_length=2, max_length=12)] | None = None
    pace_mm_per_s: Annotated[int, Field(ge=1, le=40)] | None = None
    technique: Annotated[Technique, Field(strict=False)] = Technique.SWEEP
    warm: bool = False
    side: Annotated[Side, Field(strict=False)] | None = None
    part_percent: Annotated[int, Field(ge=0, le=100)] = 50


class ProgramFile(Shape):
    """A preset."""

    kind: Literal["program"]
    title: Title
    purpose: Paragraph
    modality: ModalityWord
    severities: Annotated[list[SeverityWord], Field(min_length=1)]
    steps: Annotated[list[ProgramStep], Field(min_length=1)]


class ActuatorEntry(Shape):
    """One actuator; null where nobody measured the force, and for what shakes or strikes more, if known."""

    name: Word
    side: Annotated[Side, Field(strict=False)] | None
    modality: ModalityWord
    levels: Byte
    force_dn_per_level: Byte | None
    depth_dmm_per_level: Annotated[int, Field(ge=0, le=255)]
    radius_mm: Byte
    frequency_min_dhz: TenthHertz | None = None
    frequency_max_dhz: TenthHertz | None = None
    displacement_um: Wide | None = None
    coupling: Annotated[Coupling, Field(strict=False)] | None = None
    weighting: Annotated[Weighting, Field(strict=False)] | None = None
    stroke_dmm: Byte | None = None
    along_mm: Wide | None = None
    aside_mm: Byte | None = None


class HeaterEntry(Shape):
    """One warm patch: level n keeps its surface at `base_c` + n °C."""

    name: Word
    side: Annotated[Side, Field(strict=False)]
    levels: Byte
    base_c: Annotated[int, Field(ge=20, le=42)]
    radius_mm: Byte
    along_mm: Wide
    aside_mm: Byte


class CarriageEntry(Shape):
    """Travel and width of the carriage."""

    travel_mm: Wide
    half_width_min_mm: Millimetres
    half_width_max_mm: Millimetres
    max_pace_mm_per_s: Byte


class DeviceFile(Shape):
    """A family of devices."""

    kind: Literal["device"]
    title: Title
    codec: Word
    model_number: Word
    firmware: Annotated[list[Word], Field(min_length=1)]
    stop_class: Annotated[StopClass, Field(strict=False)]
    watchdog_ms: Wide
    max_deadline_s: Wide
    carriage: CarriageEntry | None
    actuators: Annotated[list[ActuatorEntry], Field(min_length=1)]
    heaters: list[HeaterEntry] = []


File = TypeVar("File", bound=Shape)


def name_of(path: Path) -> str:
    """What a profile is called: its file's name, and for a device its folder's."""
    return path.parent.name if path.name == "device.yaml" else path.stem


def shaped(document: Document, model: type[File]) -> File:
    """A document's content in the shape of `model`.

    Raises:
        InvalidProfileError: It has another shape; the text lists every problem of reading and of shape.
    """
    if not NAME.fullmatch(name_of(document.path)):
        what = f"the file gives no usable name (got {shown(name_of(document.path))})"
        document.complain((1, 1), (), what, f"Rename it. {NAME_RULE}")
    return fitted(document, model)


def fitted(document: Document, model: type[File]) -> File:
    """As `shaped`, for a file whose name says nothing.

    Raises:
        InvalidProfileError: As `shaped`.
    """
    try:
        content = model.model_validate(document.value)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            _complain(document, model, problem)
        raise document.error() from error
    document.settle()
    return content


def hint(asked: object, known: list[str]) -> str:
    """A likely spelling, or everything there is."""
    close = get_close_matches(str(asked), known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known) or 'none'}."


def _complain(document: Document, model: type[Shape], problem: Any) -> None:
    loc: Loc = problem["loc"]
    if problem["type"] == "extra_forbidden":
        document.complain(document.keys[loc], loc, "this key is not known", hint(loc[-1], _known(model, loc)))
        return
    what, todo = _SAID[problem["type"]]
    got = "" if problem["type"] == "missing" else f" (got {shown(problem['input'])})"
    document.complain_at(loc, what.format(**problem.get("ctx", {})) + got, todo)


def _known(model: Any, loc: Loc) -> list[str]:
    for part in loc[:-1]:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            model = (*get_args(annotation), annotation)[0]
    return [field.alias or name for name, field in model.model_fields.items()]
