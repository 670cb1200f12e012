"""What a session asks, as a screen shows it: the question, its answers, and where they go."""

from massager.drawing import Mark, back, mark
from massager.model.body import ZONE_SPANS_PPM, Side
from massager.model.preview import Patch, Preview
from massager.model.questions import PAIN_WORST, Ask, Comfort, Feeling, Prompt
from massager.texts import prompt_text
from massager.texts.labels import Label
from massager.texts.language import Language, Phrase
from massager.web.forms import about_session
from massager.web.person.checkins import Step
from massager.web.rendering import capital


def asking_for(
    words: Language, number: int, prompt: Prompt, step: Step, preview: Preview | None
) -> dict[str, object]:
    """The question that is open, and its answers."""
    if prompt.ask is Ask.CHECK_IN:
        return check_in(words, number, step, unasked=False)
    page = words.page
    is_place = prompt.ask is Ask.PLACEMENT
    yes = page[Label.IT_IS_THERE if is_place else Label.YES_GO_ON]
    return {
        "text": prompt_text(prompt, words),
        "progress": "",
        "picture": _held(words, prompt, preview) if is_place and preview is not None else None,
        "action": f"{about_session(number)}/zone",
        "name": "answer",
        "choices": [("yes", yes), ("no", page[Label.NO_LEAVE_OUT])],
        "fields": {"zone": prompt.zone},
        "kind": "short",
        "unasked": False,
        "silence": page[Label.SILENCE_ZONE],
    }


def _held(words: Language, prompt: Prompt, preview: Preview) -> str:
    """The picture with the spot where a hand shall hold it."""
    target: Mark | None = None
    if prompt.spot is not None and prompt.zone is not None:
        first, end = ZONE_SPANS_PPM[prompt.zone]
        along_ppm = first + (end - first) * prompt.spot.part_permille // 1000
        aside_mm = prompt.spot.aside_mm * (-1 if prompt.spot.side is Side.LEFT else 1)
        target = mark(Patch("target", 0, along_ppm, aside_mm), preview.column_mm)
    return back(preview, words, target=target)


def check_in(words: Language, number: int, step: Step, *, unasked: bool) -> dict[str, object]:
    """One of the three taps."""
    page = words.page
    texts = {Step.PAIN: Phrase.PAIN_NOW, Step.FEELING: Phrase.FEELING, Step.COMFORT: Phrase.COMFORT}
    choices: dict[Step, list[tuple[str, str]]] = {
        Step.PAIN: [(str(pain), str(pain)) for pain in range(PAIN_WORST + 1)],
        Step.FEELING: [(one, words.feelings[one]) for one in Feeling],
        Step.COMFORT: [(one, words.comforts[one]) for one in Comfort],
    }
    return {
        "text": words.phrases[texts[step]],
        "progress": page[Label.CHECK_IN_STEP].format(step=list(Step).index(step) + 1),
        "picture": None,
        "action": f"{about_session(number)}/say",
        "name": step,
        "choices": [(value, capital(text)) for value, text in choices[step]],
        "fields": {"unasked": "1"} if unasked else {},
        "kind": "scale" if step is Step.PAIN else "plain",
        "unasked": unasked,
        "silence": page[Label.SILENCE],
    }
