"""A running session in the words of the page: the same for a page that is drawn and for a live frame."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from massager.drawing import mark
from massager.model.decisions import Source
from massager.model.preview import Preview
from massager.model.questions import Ask, Prompt
from massager.session.snapshot import Snapshot, Stage
from massager.texts import source_on_page
from massager.texts.labels import Label
from massager.texts.language import Language
from massager.web.rendering import capital, clock

# Of the bar that shows the strength.
BAR: Final = 1000
_LAST_MINUTES: Final = ((60, Label.LEFT_1), (300, Label.LEFT_5))


class Kind(StrEnum):
    """Which screen a session has now."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    LINK_LOST = "link-lost"
    ENDED = "ended"


_KINDS: Final = {
    Stage.PAUSED: Kind.PAUSED,
    Stage.LINK_LOST: Kind.LINK_LOST,
    Stage.STOPPING: Kind.STOPPING,
    # Until its guardian has left it is not over.
    Stage.ENDED: Kind.STOPPING,
}
_STAGES: Final = {
    Stage.CONNECTING: Label.STAGE_CONNECTING,
    Stage.PLACING: Label.STAGE_PLACING,
    Stage.RUNNING: Label.STAGE_RUNNING,
    Stage.PAUSED: Label.STAGE_PAUSED,
    Stage.LINK_LOST: Label.STAGE_LINK_LOST,
    Stage.STOPPING: Label.STAGE_STOPPING,
    Stage.ENDED: Label.STAGE_ENDED,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of a session just now.

    Attributes:
        view: Which screen it is; a page that shows another one is drawn anew.
        weaker: Whether the button does anything now.
        stronger: The same.
        bar: Widths, of `BAR`.
        marks: Where the device is on the picture.
    """

    view: str
    stage: str
    announce: str
    left: str
    strength: str
    most: str
    why: str
    why_not: str
    where: str
    time: str
    weaker: bool
    stronger: bool
    bar: dict[str, int]
    marks: list[dict[str, Any]]


def kind_of(snapshot: Snapshot) -> Kind:
    """Which screen."""
    return _KINDS.get(snapshot.stage, Kind.RUNNING)


def asked_now(snapshot: Snapshot) -> Prompt | None:
    """The question that a screen asks, if any; the check-in before all others."""
    return next(iter(snapshot.prompts), None)


def view_of(snapshot: Snapshot, step: str, *, has_picture: bool, over: bool) -> str:
    """A name for the screen, another one as soon as more than its figures changes."""
    if over:
        return Kind.ENDED
    prompt = asked_now(snapshot)
    parts: list[str] = [kind_of(snapshot)]
    if prompt is not None:
        parts += [str(prompt.number), step if prompt.ask is Ask.CHECK_IN else prompt.ask]
    if has_picture:
        parts.append("picture")
    return "-".join(parts)


def shown(words: Language, snapshot: Snapshot, *, view: str, preview: Preview | None) -> Shown:
    """All of it."""
    page = words.page
    stage = page[_STAGES[snapshot.stage]]
    wanted, sent = snapshot.wanted or 0, snapshot.sent.level if snapshot.sent else 0
    top = max(preview.highest if preview else snapshot.levels, wanted, 1)
    stronger, why_not = _stronger(words, snapshot)
    return Shown(
        view=view,
        stage=stage,
        announce=_announced(words, snapshot, stage),
        left=clock(snapshot.left_s),
        strength=page[Label.NOT_KNOWN] if snapshot.reported is None else str(snapshot.reported),
        most=_most(words, snapshot),
        why=_why(words, snapshot),
        why_not=why_not if sent != 1 else f"{page[Label.NOT_WEAKER]} {why_not}",
        where=_where(words, snapshot),
        time=f"{datetime.now().astimezone():%H:%M:%S}",
        weaker=sent > 1,
        stronger=stronger,
        bar={"wanted": BAR * wanted // top, "given": BAR * min(top, snapshot.reported or 0) // top},
        marks=_marks(snapshot, preview),
    )


def _announced(words: Language, snapshot: Snapshot, stage: str) -> str:
    """What a screen reader says by itself: another stage, and the last minutes."""
    for seconds, label in _LAST_MINUTES:
        if snapshot.stage is Stage.RUNNING and snapshot.left_s <= seconds < snapshot.session_s:
            return f"{stage}. {words.page[label]}."
    return stage


def _most(words: Language, snapshot: Snapshot) -> str:
    if not snapshot.wanted:
        return ""
    text = words.page[Label.STRENGTH_OF].format(wanted=snapshot.wanted)
    if snapshot.sent is not None and snapshot.reported not in {None, snapshot.sent.level}:
        text += f", {words.page[Label.ASKED_FOR].format(level=snapshot.sent.level)}"
    return text


def _held(words: Language, snapshot: Snapshot) -> str:
    """Why the strength is what it is."""
    source = snapshot.sent.source if snapshot.sent else Source.ASKED
    if source is not Source.ASKED:
        return source_on_page(words, source)
    is_weaker = (snapshot.asked or 0) < (snapshot.wanted or 0)
    return words.page[Label.WHY_WEAKER if is_weaker else Label.WHY_AS_ASKED]


def _why(words: Language, snapshot: Snapshot) -> str:
    if not snapshot.sent or not snapshot.wanted:
        return ""
    return words.page[Label.WHY_STRENGTH].format(why=_held(words, snapshot))


def _stronger(words: Language, snapshot: Snapshot) -> tuple[bool, str]:
    """Whether a step can be taken back, and what that would do, or why not."""
    page, sent = words.page, snapshot.sent
    if sent is None or not snapshot.wanted or snapshot.asked is None:
        return False, page[Label.NOT_STRONGER_NOW]
    if sent.level < snapshot.asked:
        return False, page[Label.NOT_STRONGER_HELD].format(why=_held(words, snapshot))
    if snapshot.asked < snapshot.wanted:
        return True, page[Label.STRONGER_ONE]
    return False, page[Label.NOT_STRONGER_PROGRAM]


def _where(words: Language, snapshot: Snapshot) -> str:
    if snapshot.zone is None:
        return words.page[Label.NOT_KNOWN]
    label = Label.WHERE_PRESSING if snapshot.reported else Label.WHERE_AWAY
    return words.page[label].format(zone=capital(words.zones[snapshot.zone]))


def _marks(snapshot: Snapshot, preview: Preview | None) -> list[dict[str, Any]]:
    if preview is None:
        return []
    marks = (mark(patch, preview.column_mm) for patch in snapshot.patches)
    return [{"name": one.name, "x": one.x, "y": one.y, "presses": one.presses} for one in marks]
