"""English, put together."""

from types import MappingProxyType
from typing import Final

from massager.model.body import Side, Zone
from massager.texts.english_captions import CAPTIONS
from massager.texts.english_caregiver import CAREGIVER_LABELS
from massager.texts.english_oversight import OVERSIGHT_LABELS
from massager.texts.english_page import LABELS, PAGE_REASONS, PAGE_SOURCES
from massager.texts.english_past import PAST_LABELS
from massager.texts.english_questions import (
    ANSWERS,
    ASKS,
    COMFORTS,
    CONDITION_NAMES,
    CONDITION_QUESTIONS,
    FEELINGS,
    QUESTIONS,
    REACTIONS,
)
from massager.texts.english_reasons import ADVICE, LOCK_CAUSES, REASONS, SOURCES
from massager.texts.language import Language, Phrase

ENGLISH: Final = Language(
    phrases=MappingProxyType(
        {
            Phrase.DISCLAIMER: "This software only lowers the limits of a massager and stops it. It is not a "
            "medical device, does not diagnose, treat or prevent spinal stenosis or any disease, and has not "
            "been reviewed by a regulator or clinically tested. Talk to a healthcare provider before use.",
            Phrase.SWITCH_OFF_BY_HAND: "Switch the massager off at its own switch or pull its plug.",
            Phrase.BORN: "In which year were you born?",
            Phrase.ATTESTED: "Have you asked a healthcare provider about massage with your back?",
            Phrase.WHERE: "Where is your spine narrowed: neck, middle of the back, lower back, or not sure?",
            Phrase.SEVERITY: "How severe did a doctor call it: mild, moderate or severe? If nobody told you, "
            "answer moderate; if surgery was recommended or planned, answer severe.",
            Phrase.USUAL_PAIN: "How strong is your pain on most days, from 0 (none) to 10 (the worst)?",
            Phrase.PLACE_FROM: "Which is the uppermost vertebra of that place (C1 to S2)?",
            Phrase.PLACE_TO: "Which is the lowest vertebra of that place (C1 to S2)?",
            Phrase.PAIN_NOW: "How strong is your pain right now, from 0 (none) to 10 (the worst)?",
            Phrase.SKIN: "Where on your back is the skin unwell: rash, wound, infection, burn, bruise, "
            "shingles, or very thin skin?",
            Phrase.REACTION: "Did the last session leave anything behind?",
            Phrase.COMFORT: "How is the strength?",
            Phrase.FEELING: "Is there anything new?",
            Phrase.WORSE: "Is anything worse than before the session?",
            Phrase.UPPER_PART: "upper part",
            Phrase.MIDDLE_PART: "middle",
            Phrase.LOWER_PART: "lower part",
        }
    ),
    reasons=REASONS,
    sources=SOURCES,
    lock_causes=LOCK_CAUSES,
    advice=ADVICE,
    questions=QUESTIONS,
    answers=ANSWERS,
    reactions=REACTIONS,
    comforts=COMFORTS,
    feelings=FEELINGS,
    asks=ASKS,
    sides=MappingProxyType({Side.LEFT: "left", Side.RIGHT: "right"}),
    zones=MappingProxyType(
        {
            Zone.C3_C7: "back of the neck",
            Zone.T1_T4: "upper back, just below the neck",
            Zone.T5_T8: "upper back, between the shoulder blades",
            Zone.T9_T12: "middle of the back, below the shoulder blades",
            Zone.L1_L3: "lower back, at the waist",
            Zone.L4_S1: "lower back, just above the pelvis",
        }
    ),
    captions=CAPTIONS,
    condition_questions=CONDITION_QUESTIONS,
    condition_names=CONDITION_NAMES,
    page=LABELS,
    caregiver=CAREGIVER_LABELS,
    oversight=OVERSIGHT_LABELS,
    past=PAST_LABELS,
    page_reasons=PAGE_REASONS,
    page_sources=PAGE_SOURCES,
)
