"""English: what is written on the picture of a session to come."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from massager.model.captions import Caption

CAPTIONS: Final[Mapping[Caption, str]] = MappingProxyType(
    {
        Caption.TITLE: "{program} for {person}",
        Caption.LENGTH: "{length} minutes on the {device}, strength {highest} of {levels} at most.",
        Caption.PREVIEW: "A preview: nothing has moved. A session goes like this if every question is "
        "answered well.",
        Caption.LESS_TODAY: "The program asks for {wanted} minutes; age, conditions, today's answers or "
        "first sessions leave {length} of them.",
        Caption.LESS_ASKED: "The whole program would take {wanted} minutes.",
        Caption.UNMEASURED: "Nobody has measured how hard or how fast this device works, so the limits for a "
        "narrowing one step more severe hold.",
        Caption.ENDS_EARLY: "It would end early. {reason}",
        Caption.BACK: "Where it touches the back",
        Caption.LEFT: "left side",
        Caption.RIGHT: "right side",
        Caption.NOT_VISITED: "not in this session",
        Caption.VISIT: "{letter}. {zone} ({code}): {time}, {strength}.",
        Caption.VISIT_TIME: "minute {start} to {end}",
        Caption.VISIT_SIDE: "{start} to {end}, {side}",
        Caption.VISIT_STRENGTH: "strength up to {reached}",
        Caption.WARM: "warm",
        Caption.WARM_AT: "Warm at the {zone}: {time}, {celsius} \N{DEGREE SIGN}C at most.",
        Caption.PLACES: "The places, one after the other",
        Caption.CLOSED: "Never touched",
        Caption.CLOSED_SPINE: "the spine itself, a strip {width} cm wide",
        Caption.CLOSED_SPINE_VARIES: "the spine itself, a strip {width} to {widest} cm wide",
        Caption.CLOSED_TAILBONE: "tailbone and below",
        Caption.CLOSED_SKULL: "head and top of the neck",
        Caption.CLOSED_NECK: "the neck",
        Caption.CLOSED_THORACIC: "the upper and middle back",
        Caption.CLOSED_LUMBAR: "the lower back",
        Caption.CLOSED_SKIN: "sore skin: {zone}",
        Caption.LEFT_OUT: "{zone} would be left out. {reason}",
        Caption.LEGEND: "What the patterns mean: the highest strength at each place",
        Caption.STRENGTH: "strength {level}",
        Caption.STRENGTHS: "strength {low} to {high}",
        Caption.CHART: "How strong, from minute to minute",
        Caption.MINUTES: "minutes",
        Caption.ASKED: "what the program asks for",
        Caption.ASKS: "question",
        Caption.GIVEN: "what the body gets",
        Caption.PLACE: "place",
        Caption.WHY: "why weaker",
        Caption.STRENGTH_AXIS: "strength",
        Caption.HELD: "Why it is weaker than the program asks",
        Caption.HELD_ONE: "minute {start} to {end}: strength {level} instead of {asked}",
        Caption.HELD_CHANGING: "minute {start} to {end}: strength {first} to {last} instead of {asked}",
        Caption.NOT_HELD: "It is never weaker than the program asks.",
        Caption.QUESTIONS: "What it asks on the way",
        Caption.ASKS_FEELING: "How is it? Pain, strength, anything new: minute {times}.",
        Caption.ASKS_PLACE: "Is it held at its place? Minute {times}.",
        Caption.ASKS_ZONE: "May it go on to the next place? Minute {times}.",
        Caption.SILENCE: "A question about how it is must be answered: without an answer it grows weaker and "
        "then stops. Without a yes it does not go on to the next place.",
        Caption.NO_QUESTION: "It is too short for a question.",
    }
)
