"""How a session ended: finished, stopped, stopped by the limits, or out of reach; and what to do now."""

import asyncio
from functools import partial
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from massager.model.decisions import Reason
from massager.session.snapshot import Ending
from massager.texts import advice_in, reason_on_page
from massager.texts.labels import Label
from massager.texts.language import Phrase
from massager.web.person.screens import Screens, is_connection, is_grave
from massager.web.rendering import length

# Chosen: the ledger has settled a session by then, unless its disk is very slow.
_SETTLED_WITHIN_S: Final = 3.0
# The end of a session is rounded up to a whole second, and so is the first question after it.
_SOON_S: Final = 2
_STEPS: Final = (Label.DO_AWAY, Label.DO_OFF, Label.DO_TELL)


async def ended_page(request: Request, screens: Screens, number: int) -> Response:
    """The screen of a session that is over."""
    desk, pages = screens.desk, screens.pages
    ending, snapshot = desk.massage.ending(number), desk.massage.snapshot(number)
    if ending is None:
        raise RuntimeError("a session that is not over has another screen")
    await _settled(screens, number)
    words, order = pages.language(request), desk.massage.basis(number).order
    known = await screens.known(snapshot.person)
    waiting = await desk.do(partial(desk.people.lockouts.follow_ups, snapshot.person))
    grave = is_grave(ending)
    moved = ending.confirmed is not None
    from_s = None
    if moved and not known.history.lockouts:
        wish = screens.wish(snapshot.person, snapshot.device, snapshot.program)
        from_s = await desk.think(partial(desk.offers.earliest_s, known, wish))
    return pages.page(
        request,
        "ended",
        person=snapshot.person,
        number=number,
        title=words.page[_title(ending)],
        grave=grave,
        reason=reason_on_page(words, ending.reason, ending.detail),
        advice=advice_in(words, ending.reason),
        rests=ending.confirmed,
        by_hand=words.phrases[Phrase.SWITCH_OFF_BY_HAND],
        alarm=ending.alarm,
        steps=[words.page[label] for label in _STEPS],
        program=order.program.title,
        used=length(words, snapshot.session_s - snapshot.left_s) if moved else "",
        from_s=from_s,
        unread=grave and number not in screens.showing.read,
        due=any(one.due_s <= known.history.now_s + _SOON_S for one in waiting),
    )


async def _settled(screens: Screens, number: int) -> None:
    """Wait until what was used is in the ledger; where that takes too long, go on without."""
    try:
        await asyncio.wait_for(screens.desk.massage.wait_settled(number), _SETTLED_WITHIN_S)
    except TimeoutError:
        return


def _title(ending: Ending) -> Label:
    if is_connection(ending):
        return Label.CONNECTION_TITLE
    if is_grave(ending):
        return Label.SAFETY_TITLE
    return Label.FINISHED_TITLE if ending.reason is Reason.FINISHED else Label.ENDED_STOPPED_TITLE
