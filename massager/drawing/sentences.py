"""The whole picture in sentences: for whoever cannot see it, and below it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from massager.drawing.marks import Held, groups, held
from massager.drawing.words import Words, capital, clock, length, letter, visit_words
from massager.model.body import ZONE_SPANS_PPM, Zone
from massager.model.captions import Caption
from massager.model.decisions import Reason
from massager.model.preview import Clamp, Preview
from massager.model.questions import Ask

_ASKED: Final = {
    Ask.CHECK_IN: Caption.ASKS_FEELING,
    Ask.ZONE: Caption.ASKS_ZONE,
    Ask.PLACEMENT: Caption.ASKS_PLACE,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what belongs to it."""

    heading: str
    lines: tuple[str, ...]


def title(preview: Preview, words: Words) -> str:
    """What it is a picture of."""
    return words.captions[Caption.TITLE].format(program=preview.title, person=preview.person)


def heads(preview: Preview, words: Words) -> tuple[str, ...]:
    """The sentences below the title: how long, how strong at most, and what makes it less."""
    say = words.captions
    lines = [
        say[Caption.LENGTH].format(
            length=length(preview.session_s),
            device=preview.device,
            highest=preview.highest,
            levels=preview.levels,
        ),
    ]
    if preview.today_s < preview.program_s:
        wanted, left = length(preview.program_s), length(preview.today_s)
        lines.append(say[Caption.LESS_TODAY].format(wanted=wanted, length=left))
    if preview.session_s < preview.today_s:
        lines.append(say[Caption.LESS_ASKED].format(wanted=length(preview.today_s)))
    if preview.unmeasured:
        lines.append(say[Caption.UNMEASURED])
    if preview.ending is not Reason.FINISHED:
        lines.append(say[Caption.ENDS_EARLY].format(reason=words.reasons[preview.ending]))
    lines += [
        say[Caption.LEFT_OUT].format(zone=capital(words.zones[one.zone]), reason=words.reasons[one.reason])
        for one in preview.left_out
    ]
    return (*lines, say[Caption.PREVIEW])


def warm_words(preview: Preview, words: Words) -> tuple[str, ...]:
    """What is warm and when, left and right as one."""
    say = words.captions
    lines = []
    for warmth in preview.warmths:
        place = min(ZONE_SPANS_PPM, key=partial(_distance_ppm, warmth.along_ppm))
        time = say[Caption.VISIT_TIME].format(start=clock(warmth.from_ms), end=clock(warmth.to_ms))
        lines.append(say[Caption.WARM_AT].format(zone=words.zones[place], time=time, celsius=warmth.celsius))
    return tuple(dict.fromkeys(lines))


def _distance_ppm(along_ppm: int, zone: Zone) -> int:
    return abs(sum(ZONE_SPANS_PPM[zone]) // 2 - along_ppm)


def held_words(one: Held, words: Words) -> str:
    """A bound on one line: its number, what it is, and when it holds."""
    return f"{one.number}. {capital(one.why)}: {'; '.join(_clamp_words(one.clamps, words))}."


def asking_words(preview: Preview, words: Words) -> tuple[str, ...]:
    """What is asked, and when."""
    lines = []
    for ask, caption in _ASKED.items():
        times = [clock(one.t_ms) for one in preview.askings if one.ask is ask]
        if times:
            lines.append(words.captions[caption].format(times=", ".join(times)))
    say = words.captions
    return (*lines, say[Caption.SILENCE]) if lines else (say[Caption.NO_QUESTION],)


def sections(preview: Preview, words: Words) -> tuple[Section, ...]:
    """The whole picture in words."""
    say = words.captions
    visits = []
    for index, visit in enumerate(preview.visits):
        time, strength = visit_words(visit, words)
        visits.append(
            say[Caption.VISIT].format(
                letter=letter(index),
                zone=capital(words.zones[visit.zone]),
                code=visit.zone,
                time=time,
                strength=strength,
            )
        )
    visits += warm_words(preview, words)
    closed = [f"{capital(group.label)}. {group.why}".strip() for group in groups(preview, words)]
    why = [held_words(one, words) for one in held(preview, words)]
    return (
        Section(say[Caption.PLACES], tuple(visits)),
        Section(say[Caption.CLOSED], tuple(closed)),
        Section(say[Caption.HELD], tuple(why) or (say[Caption.NOT_HELD],)),
        Section(say[Caption.QUESTIONS], asking_words(preview, words)),
    )


def _clamp_words(clamps: Iterable[Clamp], words: Words) -> Iterable[str]:
    for clamp in clamps:
        caption = Caption.HELD_ONE if clamp.first_level == clamp.last_level else Caption.HELD_CHANGING
        yield words.captions[caption].format(
            start=clock(clamp.from_ms),
            end=clock(clamp.to_ms),
            level=clamp.first_level,
            first=clamp.first_level,
            last=clamp.last_level,
            asked=clamp.asked,
        )
