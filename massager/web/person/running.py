"""A session on its one address: running, asking, paused, connection lost, and at last how it ended."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.drawing import back, key, mark
from massager.model.devices import DeviceProfile, StopClass
from massager.model.preview import Preview
from massager.session.snapshot import Snapshot
from massager.texts.labels import Label
from massager.texts.language import Language, Phrase
from massager.web.api import Number
from massager.web.person.asking import asking_for, check_in
from massager.web.person.ended import ended_page
from massager.web.person.screens import Screens
from massager.web.person.shown import Kind, asked_now, kind_of


def serve_running(router: APIRouter, screens: Screens) -> None:
    """Its one address."""
    massage = screens.desk.massage

    @router.get("/sessions/{number}")
    async def session(request: Request, number: Number, say: str = "") -> Response:
        if massage.ending(number) is not None:
            return await ended_page(request, screens, number)
        return _running_page(request, screens, number, unasked=bool(say))


def _running_page(request: Request, screens: Screens, number: int, *, unasked: bool) -> Response:
    massage, pages = screens.desk.massage, screens.pages
    words, snapshot = pages.language(request), massage.snapshot(number)
    preview, shown = screens.showing.preview(number), screens.showing.shown(words, number)
    prompt, kind = asked_now(snapshot), kind_of(snapshot)
    if prompt is None and not unasked:
        screens.showing.check_ins.forget(number)
    step = screens.showing.check_ins.step(number, snapshot)
    asking = None
    if prompt is not None:
        asking = asking_for(words, number, prompt, step, preview)
    elif unasked and kind in {Kind.RUNNING, Kind.PAUSED}:
        asking = check_in(words, number, step, unasked=True)
    last = screens.showing.last(number)
    told = () if preview is None else key(preview, words)[:3]
    return pages.page(
        request,
        "session",
        person=snapshot.person,
        number=number,
        shown=shown,
        kind=kind,
        alarm=snapshot.alarm,
        asking=asking,
        picture=None
        if preview is None or (asking and asking["picture"])
        else _picture(words, snapshot, preview),
        told=told,
        by_hand=words.phrases[Phrase.SWITCH_OFF_BY_HAND],
        stops_in_s=_stops_in_s(massage.basis(number).order.device),
        last_strength=words.page[Label.NOT_KNOWN] if last is None else last.level,
        last_where=words.page[Label.NOT_KNOWN]
        if last is None or last.zone is None
        else words.zones[last.zone],
    )


def _picture(words: Language, snapshot: Snapshot, preview: Preview) -> str:
    return back(preview, words, marks=[mark(patch, preview.column_mm) for patch in snapshot.patches])


def _stops_in_s(device: DeviceProfile) -> str | None:
    """After how long without a command it stops by itself; None where it does not."""
    return f"{device.watchdog_ms / 1000:g}" if device.stop_class is StopClass.A else None
