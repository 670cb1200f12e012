"""What a person is told to do is as strong as the sources of docs/questions.md, word for word."""

import pytest

from massager import texts
from massager.model.decisions import Reason
from massager.model.history import LockCause

EMERGENCY = "all your emergency number now (112 / 999 / 911)"

# A second copy, typed from the review of the sources and not from the product.
STRENGTH = {
    Reason.RED_FLAG_SPINE: (
        "Do not use the massager. This can be a spinal emergency.",
        "emergency. Go to an emergency department now or call your emergency number (112 / 999 / 911).",
    ),
    Reason.RED_FLAG_CORD: (
        "Do not use the massager. Contact a doctor today; if it came on suddenly",
        "today; if it came on suddenly or is getting worse quickly, go to an emergency department.",
    ),
    Reason.RED_FLAG_STROKE: (EMERGENCY,),
    Reason.RED_FLAG_CHEST: (EMERGENCY,),
    Reason.CALF: ("See a doctor today", EMERGENCY),
    Reason.INJURY: ("urgent doctor's appointment", "after a serious accident", "emergency department"),
    Reason.LIMB_SYMPTOM: (
        "Stop using",
        "see your healthcare provider before the next use",
        "24 hours",
        "weakness",
        "the same day",
    ),
    Reason.SHOOTING_PAIN: ("stays left out until a healthcare provider has looked at it",),
    Reason.DIZZINESS: ("Lie down", "If it persists, call a doctor", "neck", EMERGENCY),
    Reason.BURNING: ("look at your skin",),
    Reason.UNCLEAR_SYMPTOM: ("See your healthcare provider before the next use",),
    Reason.LASTING_REACTION: ("See your healthcare provider before the next use",),
}


@pytest.mark.parametrize("reason", STRENGTH)
def test_advice_is_as_strong_as_its_source(reason):
    for words in STRENGTH[reason]:
        assert words in texts.advice(reason)


@pytest.mark.parametrize("cause", [cause for cause in LockCause if cause in set(Reason)])
def test_a_lockout_gives_the_advice_of_its_reason(cause):
    assert texts.lock_advice(cause) == texts.advice(Reason(cause)) is not None


def test_a_second_stop_for_pain_asks_to_show_the_log():
    assert "Please show the log to your healthcare provider" in texts.lock_advice(LockCause.REPEATED_PAIN)


def test_worse_afterwards_gives_the_advice_that_was_given_at_once():
    assert texts.lock_advice(LockCause.WORSE_AFTERWARDS) == texts.SEE_A_PROVIDER


def test_what_is_about_the_record_and_not_about_the_body_gives_no_advice():
    assert texts.lock_advice(LockCause.SET_BY_HAND) is texts.lock_advice(LockCause.OLD_BACKUP) is None
    assert texts.advice(Reason.COOL_DOWN) is None
