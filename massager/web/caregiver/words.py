"""What is on record of a person, in words: what each piece is called, and what it says."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from massager.model.body import VERTEBRA_SPANS_PPM, Calibration, Region, Zone
from massager.model.ceilings import Modality, Severity
from massager.model.people import WIDEST_MM, KeepOut, Modifier, ProviderClearance, StrengthLimit
from massager.session.changes import Piece
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.labels import Label
from massager.texts.language import Language

REGIONS: Final[Mapping[Region, CaregiverLabel]] = MappingProxyType(
    {
        Region.CERVICAL: CaregiverLabel.REGION_NECK,
        Region.THORACIC: CaregiverLabel.REGION_MIDDLE,
        Region.LUMBAR: CaregiverLabel.REGION_LOWER,
    }
)
SEVERITIES: Final[Mapping[Severity | None, CaregiverLabel]] = MappingProxyType(
    {
        None: CaregiverLabel.NOT_NARROWED,
        Severity.MILD: CaregiverLabel.SEVERITY_MILD,
        Severity.MODERATE: CaregiverLabel.SEVERITY_MODERATE,
        Severity.SEVERE: CaregiverLabel.SEVERITY_SEVERE,
    }
)
MODALITIES: Final[Mapping[Modality, CaregiverLabel]] = MappingProxyType(
    {
        Modality.ROLLER: CaregiverLabel.ROLLER,
        Modality.VIBRATION: CaregiverLabel.VIBRATION,
        Modality.PERCUSSION: CaregiverLabel.PERCUSSION,
    }
)
_FIELDS: Final[Mapping[str, CaregiverLabel]] = MappingProxyType(
    {
        "attested": CaregiverLabel.FIELD_ATTESTED,
        "born": CaregiverLabel.FIELD_BORN,
        "stature_mm": CaregiverLabel.FIELD_STATURE,
        "clearances": CaregiverLabel.FIELD_CLEARANCES,
        "session_min": CaregiverLabel.FIELD_MINUTES,
        "programs": CaregiverLabel.FIELD_PROGRAMS,
        "hours": CaregiverLabel.FIELD_HOURS,
        "screened": CaregiverLabel.FIELD_SCREENED,
        "usual_pain": CaregiverLabel.FIELD_PAIN,
        "strength_limits": CaregiverLabel.FIELD_OWN_STRENGTH,
        "remote": CaregiverLabel.FIELD_REMOTE,
    }
)
# What nothing on record means where it is more than nothing.
_ABSENT: Final[Mapping[str, CaregiverLabel]] = MappingProxyType(
    {
        "conditions": CaregiverLabel.NOT_NARROWED,
        "born": CaregiverLabel.BORN_UNKNOWN,
        "zone_permille": CaregiverLabel.NO_OWN_LIMIT,
        "session_min": CaregiverLabel.NO_OWN_LIMIT,
        "programs": CaregiverLabel.ALL_PROGRAMS,
        "hours": CaregiverLabel.ANY_TIME,
    }
)


def called(words: Language, piece: Piece) -> str:
    """What a piece of a record is."""
    of, key = words.caregiver, piece.key
    if key is None:
        return of[_FIELDS[piece.field]]
    if piece.field == "conditions":
        return of[CaregiverLabel.FIELD_SEVERITY].format(region=of[REGIONS[Region(key)]])
    if piece.field == "zone_permille":
        return of[CaregiverLabel.FIELD_STRENGTH].format(zone=words.zones[Zone(key)], code=key)
    if piece.field == "modifiers":
        return of[CaregiverLabel.FIELD_CONDITION].format(condition=words.condition_names[Modifier(key)])
    if piece.field == "calibrations":
        return of[CaregiverLabel.FIELD_MEASURED].format(device=key)
    return of[CaregiverLabel.FIELD_KEEP_OUT].format(name=place_name(words, key))


def told(words: Language, piece: Piece, titles: Mapping[str, str]) -> str:
    """What it says.

    Args:
        words: Of the language.
        piece: Of the record.
        titles: Of programs, by their name.
    """
    found = _told(words, piece, titles)
    if found is None or found == "":
        absent = _ABSENT.get(piece.field)
        if absent is None:
            is_number = piece.field == "stature_mm"
            return words.page[Label.NOT_KNOWN] if is_number else words.caregiver[CaregiverLabel.NONE]
        return words.caregiver[absent]
    return found


def _told(words: Language, piece: Piece, titles: Mapping[str, str]) -> str | None:
    value = piece.value
    if value is None:
        return None
    if isinstance(value, bool):
        return words.caregiver[CaregiverLabel.YES if value else CaregiverLabel.NO]
    if piece.field == "programs":
        return _listed(titles.get(name, name) for name in sorted(value))
    return _SAYS.get(piece.field, _plain)(words, value)


def _plain(_words: Language, value: object) -> str:
    return str(value)


def _listed(parts: Iterable[Any]) -> str:
    return "; ".join(parts)


def percent(words: Language, permille: int) -> str:
    """A share of a massager's range."""
    return words.caregiver[CaregiverLabel.PERCENT].format(percent=f"{permille / 10:g}")


def hours(words: Language, minutes: tuple[int, int]) -> str:
    """From when until when, local time."""
    first, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in minutes)
    return words.caregiver[CaregiverLabel.HOURS_BETWEEN].format(first=first, end=end)


def place_name(words: Language, name: str) -> str:
    """What a keep-out is called: a condition's words where it is named after one."""
    return words.condition_names[Modifier(name)] if is_of_condition(name) else name


def is_of_condition(name: str) -> bool:
    """Whether a keep-out of that name says which condition somebody has."""
    return name in {modifier.value for modifier in Modifier}


def extent(words: Language, place: KeepOut) -> str:
    """Where a keep-out lies."""
    return f"{_stretch(words, place)}, {_width(words, place)}"


def _stretch(words: Language, place: KeepOut) -> str:
    first_ppm, end_ppm = place.span_ppm
    first = next((name for name, span in VERTEBRA_SPANS_PPM.items() if span[0] == first_ppm), None)
    last = next((name for name, span in VERTEBRA_SPANS_PPM.items() if span[1] == end_ppm), None)
    if first is None or last is None:
        text = words.caregiver[CaregiverLabel.STRETCH_PERCENT]
        return text.format(first=f"{first_ppm / 10_000:g}", last=f"{end_ppm / 10_000:g}")
    return first if first == last else words.caregiver[CaregiverLabel.STRETCH].format(first=first, last=last)


def _width(words: Language, place: KeepOut) -> str:
    of = words.caregiver
    if (place.left_mm, place.right_mm) == (-WIDEST_MM, WIDEST_MM):
        return of[CaregiverLabel.WHOLE_WIDTH]

    def edge(mm: int) -> str:
        if mm == 0:
            return of[CaregiverLabel.THE_MIDDLE]
        return of[CaregiverLabel.MM_LEFT if mm < 0 else CaregiverLabel.MM_RIGHT].format(mm=abs(mm))

    return of[CaregiverLabel.EDGES].format(left=edge(place.left_mm), right=edge(place.right_mm))


def clearance(words: Language, one: ProviderClearance) -> str:
    """A provider's agreement on one line."""
    of = words.caregiver
    return of[CaregiverLabel.ONE_CLEARANCE].format(
        code=one.code,
        region=of[REGIONS[one.region]],
        modality=of[MODALITIES[one.modality]],
        provider=one.provider,
        given=day(one.given_s),
        expires=day(one.expires_s),
    )


def day(unix_s: int) -> str:
    """A day of a clearance, which is counted in UTC."""
    return f"{datetime.fromtimestamp(unix_s, UTC):%Y-%m-%d}"


def _own_strength(words: Language, one: StrengthLimit) -> str:
    last = one.after_sessions + one.for_sessions
    share = percent(words, one.permille)
    return words.caregiver[CaregiverLabel.OWN_STRENGTH].format(percent=share, last=last)


def _landmarks(words: Language, at: Calibration) -> str:
    text = words.caregiver[CaregiverLabel.LANDMARKS]
    return text.format(c7=at.c7_mm, psis=at.psis_mm, error=at.error_mm)


_SAYS: Final[Mapping[str, Callable[[Language, Any], str]]] = MappingProxyType(
    {
        "conditions": lambda words, value: words.caregiver[SEVERITIES[value]],
        "calibrations": _landmarks,
        "stature_mm": lambda words, value: words.caregiver[CaregiverLabel.CENTIMETRES].format(
            cm=f"{value / 10:g}"
        ),
        "zone_permille": percent,
        "session_min": lambda words, value: words.page[Label.MANY_MINUTES].format(minutes=value),
        "hours": hours,
        "keep_outs": lambda words, value: _listed(extent(words, place) for place in value),
        "clearances": lambda words, value: _listed(clearance(words, one) for one in value),
        "strength_limits": lambda words, value: _listed(_own_strength(words, one) for one in value),
    }
)
