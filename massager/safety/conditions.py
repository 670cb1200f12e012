"""What a standing condition does: the table of docs/questions.md, before the first session."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from massager.model.body import COLUMN_PPM, REGION_SPANS_PPM, VERTEBRA_SPANS_PPM, Region, Span
from massager.model.ceilings import Modality, Severity
from massager.model.people import WIDEST_MM, KeepOut, Modifier, Person


@dataclass(frozen=True, slots=True)
class Share:
    """The part of strength and of time that is left; both only ever lower a limit."""

    strength_permille: int
    time_permille: int


WHOLE: Final = Share(1000, 1000)
HALF: Final = Share(500, 500)
_FOUR_FIFTHS: Final = Share(800, 800)

_EVERYTHING: Final = frozenset(Modality)
_PERCUSSION: Final = frozenset({Modality.PERCUSSION})
_NOT_VIBRATION: Final = _EVERYTHING - {Modality.VIBRATION}
_WHOLE_SPINE: Final[Span] = (0, COLUMN_PPM)
# docs/questions.md: with pressure on the cord, or a severe neck, T1 to T3 is closed with the neck.
_NECK_TO_T3: Final[Span] = (0, VERTEBRA_SPANS_PPM["T3"][1])


@dataclass(frozen=True, slots=True)
class Effect:
    """What one condition does.

    Attributes:
        forbids: Modalities that are not available at all.
        closes: Stretches of the back that nothing may touch.
        has_place: It closes the keep-out of its name; without one, the whole spine.
        needs_c: What is left needs a written clearance.
        share: What is left of strength and time.
        forbids_heat: Warmth stays off.
    """

    forbids: frozenset[Modality] = frozenset()
    closes: tuple[Span, ...] = ()
    has_place: bool = False
    needs_c: bool = False
    share: Share = WHOLE
    forbids_heat: bool = False


EFFECTS: Final[Mapping[Modifier, Effect]] = MappingProxyType(
    {
        Modifier.OSTEOPENIA: Effect(forbids=_PERCUSSION, share=HALF),
        Modifier.HYPERTENSION: Effect(share=_FOUR_FIFTHS),
        Modifier.DIABETES: Effect(share=_FOUR_FIFTHS),
        # The row of the neck holds everywhere besides: see `Envelope.limits`.
        Modifier.REGION_UNKNOWN: Effect(needs_c=True),
        Modifier.MYELOPATHY: Effect(closes=(_NECK_TO_T3,), needs_c=True),
        Modifier.SEVERE_DEFICIT: Effect(forbids=_EVERYTHING),
        Modifier.SURGERY_UNDER_6_WEEKS: Effect(forbids=_EVERYTHING),
        Modifier.SURGERY_6_TO_12_WEEKS: Effect(has_place=True, needs_c=True),
        Modifier.SURGERY_OLDER: Effect(forbids=_PERCUSSION, has_place=True, needs_c=True),
        Modifier.SPINAL_HARDWARE: Effect(forbids=_PERCUSSION, needs_c=True),
        Modifier.STIMULATOR_OR_PUMP: Effect(has_place=True),
        Modifier.FRACTURE_RECENT: Effect(has_place=True),
        Modifier.VERTEBRAL_FRACTURE: Effect(forbids=_PERCUSSION, needs_c=True),
        Modifier.OSTEOPOROSIS: Effect(forbids=_NOT_VIBRATION, needs_c=True, share=HALF),
        Modifier.BLOOD_THINNER: Effect(forbids=_NOT_VIBRATION, needs_c=True, share=HALF),
        Modifier.BLOOD_CLOT: Effect(forbids=_EVERYTHING),
        Modifier.PREGNANT: Effect(closes=(REGION_SPANS_PPM[Region.LUMBAR],), needs_c=True, forbids_heat=True),
        Modifier.PACEMAKER: Effect(
            forbids=_PERCUSSION,
            closes=(REGION_SPANS_PPM[Region.CERVICAL], REGION_SPANS_PPM[Region.THORACIC]),
            needs_c=True,
        ),
        Modifier.REDUCED_FEELING: Effect(forbids=_PERCUSSION, needs_c=True, share=HALF, forbids_heat=True),
        Modifier.CANCER: Effect(has_place=True, needs_c=True),
        Modifier.UNSTABLE_HEART: Effect(forbids=_EVERYTHING),
        Modifier.ACUTE_DISC_OR_SLIP: Effect(forbids=_EVERYTHING),
        Modifier.STABLE_SLIP_OR_SCOLIOSIS: Effect(forbids=_PERCUSSION, needs_c=True, share=HALF),
        Modifier.RHEUMATOID_NECK: Effect(closes=(REGION_SPANS_PPM[Region.CERVICAL],)),
        Modifier.AFTER_SYMPTOMS: Effect(share=HALF),
    }
)


def forbidding(person: Person, modality: Modality) -> Modifier | None:
    """A condition that does not allow a modality at all."""
    found = (modifier for modifier in sorted(person.modifiers) if modality in EFFECTS[modifier].forbids)
    return next(found, None)


def needs_c(person: Person) -> bool:
    """Whether a condition asks for a written clearance whatever the table says."""
    return any(EFFECTS[modifier].needs_c for modifier in person.modifiers)


def forbids_heat(person: Person) -> bool:
    """Whether a condition keeps warmth off."""
    return any(EFFECTS[modifier].forbids_heat for modifier in person.modifiers)


def closed(person: Person) -> Iterator[KeepOut]:
    """What conditions close of the back, across its whole width."""
    named = {keep_out.name for keep_out in person.keep_outs}
    for modifier in sorted(person.modifiers):
        effect = EFFECTS[modifier]
        spans = effect.closes
        if effect.has_place and modifier not in named:
            spans = (*spans, _WHOLE_SPINE)
        for span in spans:
            yield across(modifier, span)
    if person.severity(Region.CERVICAL) is Severity.SEVERE:
        yield across("severe-neck", _NECK_TO_T3)


def across(name: str, span: Span) -> KeepOut:
    """A stretch of the back in its whole width."""
    return KeepOut(name, span, -WIDEST_MM, WIDEST_MM)
