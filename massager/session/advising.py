"""What to do now, where a session was refused for an answer."""

from massager.model.decisions import Reason, Refusal
from massager.model.questions import Question, Screening
from massager.texts import advice


def advice_on(refusal: Refusal, screening: Screening) -> str | None:
    """Advice for what somebody said; None for a silence, which refuses as well and is no symptom."""
    if refusal.reason is Reason.LASTING_REACTION:
        said = screening.reaction is not None
    else:
        asked = [question for question in Question if question == refusal.detail]
        said = all(question in screening.answers for question in asked)
    return advice(refusal.reason) if said else None
