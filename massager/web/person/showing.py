"""What all screens of sessions share: the words of each, its picture, and what was tapped so far."""

import asyncio
import time
from dataclasses import dataclass

from massager.model.body import Zone
from massager.model.preview import Preview
from massager.session.massage import ENDED_KEPT
from massager.texts.language import Language
from massager.web.desk import Desk
from massager.web.person.checkins import CheckIns
from massager.web.person.shown import Shown, shown, view_of


@dataclass(frozen=True, slots=True)
class Last:
    """What a device reported last, while it still did."""

    level: int
    zone: Zone | None


class Showing:
    """Of one application.

    Attributes:
        check_ins: Taps of check-ins that are not whole yet.
        read: Numbers of sessions whose grave end somebody has read.
    """

    def __init__(self, desk: Desk) -> None:
        self.check_ins = CheckIns(time.monotonic)
        self.read: set[int] = set()
        self._desk = desk
        self._pictures: dict[int, asyncio.Future[Preview]] = {}
        self._last: dict[int, Last] = {}

    def shown(self, words: Language, number: int) -> Shown:
        """A session in words. Raises NotFoundError where there is none of that number."""
        massage = self._desk.massage
        snapshot, over = massage.snapshot(number), massage.ending(number) is not None
        if snapshot.reported is not None:
            self._last[number] = Last(snapshot.reported, snapshot.zone)
        preview = None if over else self.preview(number)
        step = self.check_ins.step(number, snapshot)
        view = view_of(snapshot, step, has_picture=preview is not None, over=over)
        return shown(words, snapshot, view=view, preview=preview)

    def last(self, number: int) -> Last | None:
        """What was reported last, as far as anybody looked."""
        return self._last.get(number)

    def keep(self, number: int, preview: asyncio.Future[Preview]) -> None:
        """Take over the picture that was made before the start."""
        self._pictures[number] = preview
        for old in list(self._pictures)[: -2 * ENDED_KEPT]:
            self._pictures.pop(old).cancel()
            self._last.pop(old, None)
            self.read.discard(old)

    def preview(self, number: int) -> Preview | None:
        """What a session was to do, for its picture; None as long as nobody has reckoned it."""
        if number not in self._pictures:
            basis = self._desk.massage.basis(number)
            self.keep(number, asyncio.ensure_future(self._desk.think(basis.preview)))
        task = self._pictures[number]
        failed = not task.done() or task.cancelled() or task.exception() is not None
        return None if failed else task.result()
