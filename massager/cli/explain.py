"""`massager explain`: what a session would do and why not more, in words and as a picture; nothing moves."""

import json
import math
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from massager.app.opening import script_of
from massager.app.place import surroundings
from massager.app.preview import preview_session
from massager.cli.exits import Exit
from massager.drawing import Ink, clock, heads, letter, picture, sections, svg, title, warm_words
from massager.model.decisions import Refusal
from massager.model.errors import MassagerError
from massager.model.preview import Clamp, Preview, Visit
from massager.session.advising import advice_on
from massager.session.massage import Wish
from massager.session.outlook import WELL
from massager.texts import LANGUAGES, reason_text, source_text, zone_text

# Chosen: as wide as most windows, where nobody says how wide the output is.
_WIDTH: Final = 100
_WORDS: Final = LANGUAGES["en"]


def explain_program(
    *,
    program: str,
    person: str,
    device: str | None,
    data: str | None,
    profiles: Path | None,
    answers: Path | None,
    seconds: float | None,
    caller_percent: int | None,
    drawing: Path | None,
    as_json: bool,
) -> Exit:
    """Show what a session would do if it began now, or why it would not begin.

    Without answers of the day, every question counts as answered well. The picture goes into `drawing`.

    Raises:
        MassagerError: A name is unknown, a file invalid, the store cannot be read, the picture not written.
    """
    script = script_of(person, answers)
    wish = Wish(
        program=program,
        person=person,
        device=device,
        seconds=None if seconds is None else max(1, math.floor(seconds)),
        caller_percent=caller_percent,
        interactive=False,
        screening=WELL if script is None else script.before,
    )
    found = preview_session(wish, surroundings(radio="", data=data, profiles=profiles))
    if isinstance(found, Refusal):
        _tell_refusal(found, wish, as_json=as_json)
        return Exit.REFUSED
    if drawing is not None:
        _write(drawing, svg(found, _WORDS))
    if as_json:
        print(json.dumps(_facts(found)))
    else:
        for line in _lines(found):
            print(line)
    if drawing is not None:
        print(f"{drawing} holds the picture.", file=sys.stderr)
    return Exit.OK


def _tell_refusal(refusal: Refusal, wish: Wish, *, as_json: bool) -> None:
    text = reason_text(refusal.reason, refusal.detail)
    told = advice_on(refusal, wish.screening)
    if as_json:
        facts = {"event": "refused", "reason": refusal.reason, "detail": refusal.detail}
        print(json.dumps({**facts, "text": text, "advice": told, "exit": Exit.REFUSED}))
        return
    print(f"It would not start. {text}")
    if told is not None:
        print(told, file=sys.stderr)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MassagerError(f"The picture cannot be written to {path}: {error.strerror}.") from error


# In words.


def _lines(preview: Preview) -> Iterator[str]:
    yield title(preview, _WORDS)
    yield from heads(preview, _WORDS)
    yield ""
    yield from _table(preview)
    yield from warm_words(preview, _WORDS)
    yield ""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH
    yield from picture(preview, _WORDS, width=width, ink=Ink.for_encoding(sys.stdout.encoding))
    # The first, the places in their order, is the table above.
    for section in sections(preview, _WORDS)[1:]:
        yield ""
        yield f"{section.heading}:"
        yield from (f"  {line}" for line in section.lines)


def _table(preview: Preview) -> Iterator[str]:
    yield f"{'from':>6}{'to':>8}{'seconds':>9}{'asked':>7}{'given':>7}"
    for index, visit in enumerate(preview.visits):
        where = f"{letter(index)} {visit.zone}, {zone_text(visit.zone)}"
        if visit.side is not None:
            where += f", {visit.side}"
        given = f"to {visit.reached}"
        yield _row(visit.from_ms, visit.to_ms, visit.asked, given, where)
        for clamp in _during(visit, preview):
            first, last = clamp.first_level, clamp.last_level
            given = str(first) if first == last else f"{first}-{last}"
            yield _row(clamp.from_ms, clamp.to_ms, None, given, f"  {source_text(clamp.source)}")


def _row(from_ms: int, to_ms: int, asked: int | None, given: str, words: str) -> str:
    seconds = (to_ms - from_ms + 500) // 1000
    wanted = "" if asked is None else asked
    return f"{clock(from_ms):>6}{clock(to_ms):>8}{seconds:>9}{wanted:>7}{given:>7}  {words}"


def _during(visit: Visit, preview: Preview) -> Iterator[Clamp]:
    for clamp in preview.clamps:
        if visit.from_ms <= clamp.from_ms < visit.to_ms:
            yield clamp


# As JSON.


def _facts(preview: Preview) -> dict[str, Any]:
    return {
        "event": "preview",
        "program": preview.program,
        "title": preview.title,
        "person": preview.person,
        "device": preview.device,
        "levels": preview.levels,
        "highest": preview.highest,
        "unmeasured": preview.unmeasured,
        "program_seconds": preview.program_s,
        "today_seconds": preview.today_s,
        "session_seconds": preview.session_s,
        "visits": [
            {
                "zone": visit.zone,
                "from_ms": visit.from_ms,
                "to_ms": visit.to_ms,
                "program_seconds": visit.program_s,
                "today_seconds": visit.today_s,
                "side": visit.side,
                "asked": visit.asked,
                "reached": visit.reached,
            }
            for visit in preview.visits
        ],
        "clamps": [
            {
                "from_ms": clamp.from_ms,
                "to_ms": clamp.to_ms,
                "zone": clamp.zone,
                "first_level": clamp.first_level,
                "last_level": clamp.last_level,
                "asked": clamp.asked,
                "source": clamp.source,
                "text": source_text(clamp.source),
            }
            for clamp in preview.clamps
        ],
        "warm": [
            {
                "name": one.name,
                "from_ms": one.from_ms,
                "to_ms": one.to_ms,
                "celsius": one.celsius,
                "place_ppm": one.along_ppm,
                "lateral_mm": one.lateral_mm,
            }
            for one in preview.warmths
        ],
        "closed": [
            {
                "name": one.name,
                "reason": one.reason,
                "from_ppm": one.span_ppm[0],
                "to_ppm": one.span_ppm[1],
                "left_mm": one.left_mm,
                "right_mm": one.right_mm,
                "text": reason_text(one.reason),
            }
            for one in preview.closed
        ],
        "questions": [{"at_ms": one.t_ms, "ask": one.ask, "zone": one.zone} for one in preview.askings],
        "left_out": [
            {"zone": one.zone, "reason": one.reason, "text": reason_text(one.reason)}
            for one in preview.left_out
        ],
        "timeline": [
            {
                "t_ms": one.t_ms,
                "zone": one.zone,
                "asked": one.asked,
                "level": one.cap.level if one.cap else 0,
                "limited_by": one.cap.source if one.cap else None,
                "patches": [
                    {
                        "actuator": patch.name,
                        "level": patch.level,
                        "place_ppm": patch.along_ppm,
                        "lateral_mm": patch.lateral_mm,
                    }
                    for patch in one.patches
                ],
            }
            for one in preview.instants
        ],
        "ending": preview.ending,
        "text": "\n".join(heads(preview, _WORDS)),
    }
