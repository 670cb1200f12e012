"""What a picture marks: closed places that are one thing to a person, and bounds with their numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from massager.drawing.words import Words
from massager.model.body import Region, Zone
from massager.model.captions import Caption
from massager.model.decisions import Reason
from massager.model.people import Modifier
from massager.model.preview import Clamp, Closed, Preview

_REGIONS: Final = {
    Region.CERVICAL: Caption.CLOSED_NECK,
    Region.THORACIC: Caption.CLOSED_THORACIC,
    Region.LUMBAR: Caption.CLOSED_LUMBAR,
}


@dataclass(frozen=True, slots=True)
class Group:
    """Closed places that are one thing to a person.

    Attributes:
        label: A few words.
        why: A sentence; empty where the label says it all.
    """

    label: str
    why: str
    places: tuple[Closed, ...]

    @property
    def largest(self) -> Closed:
        """The longest of its places; of two alike the right one."""
        return max(self.places, key=lambda place: (place.span_ppm[1] - place.span_ppm[0], place.right_mm))


@dataclass(frozen=True, slots=True)
class Held:
    """All stretches that one bound holds.

    Attributes:
        number: By which they are marked, from 1 on.
        why: What holds them.
    """

    number: int
    why: str
    clamps: tuple[Clamp, ...]


def groups(preview: Preview, words: Words) -> tuple[Group, ...]:
    """What is never touched, each thing once, from above downwards."""
    strip = [one for one in preview.closed if one.reason is Reason.KEEP_OUT_MIDLINE]
    found: dict[str, list[Closed]] = {}
    for one in preview.closed:
        label = _strip_words(strip, words) if one in strip else _closed_words(one, words)
        found.setdefault(label, []).append(one)
    made = [Group(label, _why(places[0], words), tuple(places)) for label, places in found.items()]
    return tuple(sorted(made, key=lambda group: sum(group.largest.span_ppm)))


def held(preview: Preview, words: Words) -> tuple[Held, ...]:
    """What holds the strength lower, each bound once, in the order in which they come."""
    sources = list(dict.fromkeys(clamp.source for clamp in preview.clamps))
    return tuple(
        Held(
            number=index + 1,
            why=words.sources[source],
            clamps=tuple(_joined(clamp for clamp in preview.clamps if clamp.source is source)),
        )
        for index, source in enumerate(sources)
    )


def _joined(clamps: Iterable[Clamp]) -> Iterable[Clamp]:
    """Stretches at one level that follow each other through several places, as one."""
    last: Clamp | None = None
    for clamp in clamps:
        if last is not None and last.to_ms == clamp.from_ms and _steady(last) == _steady(clamp) is not None:
            last = replace(last, to_ms=clamp.to_ms)
            continue
        if last is not None:
            yield last
        last = clamp
    if last is not None:
        yield last


def _steady(clamp: Clamp) -> tuple[int, int] | None:
    """The level that is kept and the one asked for; None where it changes."""
    return (clamp.first_level, clamp.asked) if clamp.first_level == clamp.last_level else None


def _strip_words(strip: list[Closed], words: Words) -> str:
    widths_cm = sorted((one.right_mm - one.left_mm) / 10 for one in strip)
    low, high = f"{widths_cm[0]:g}", f"{widths_cm[-1]:g}"
    caption = Caption.CLOSED_SPINE if low == high else Caption.CLOSED_SPINE_VARIES
    return words.captions[caption].format(width=low, widest=high)


def _closed_words(closed: Closed, words: Words) -> str:
    """A closed place in a few words: a person's own are theirs."""
    say = words.captions
    if closed.name in set(Modifier):
        return words.condition_names[Modifier(closed.name)]
    if closed.reason is Reason.KEEP_OUT_TODAY and closed.name in set(Zone):
        return say[Caption.CLOSED_SKIN].format(zone=words.zones[Zone(closed.name)])
    if closed.name in set(Region):
        return say[_REGIONS[Region(closed.name)]]
    if closed.reason is Reason.CONDITION:
        # A severe neck: the one condition that is no modifier.
        return say[Caption.CLOSED_NECK]
    if closed.name:
        return closed.name
    return say[Caption.CLOSED_SKULL if closed.span_ppm[0] == 0 else Caption.CLOSED_TAILBONE]


def _why(closed: Closed, words: Words) -> str:
    """The reason, where the label does not say it."""
    is_said = closed.name not in set(Region) or closed.reason is Reason.KEEP_OUT_MIDLINE
    return "" if is_said else words.reasons[closed.reason]
