"""What every screen of a person needs, and what several of them say."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from massager.model.decisions import OUT_OF_REACH, WISHED, Reason
from massager.model.history import Lockout
from massager.session.massage import Wish
from massager.session.offers import Known
from massager.session.outlook import WELL
from massager.session.snapshot import Ending
from massager.texts import lock_advice_in
from massager.texts.language import Language
from massager.web.desk import Desk
from massager.web.door import Door
from massager.web.person.showing import Showing
from massager.web.person.visits import Visits
from massager.web.rendering import Pages

_CONNECTION: Final = OUT_OF_REACH | {Reason.DEVICE_BUSY}


@dataclass(frozen=True, slots=True)
class Screens:
    """Of one application."""

    pages: Pages
    desk: Desk
    door: Door
    showing: Showing
    visits: Visits

    async def known(self, name: str) -> Known:
        """What the store knows of a person now. Raises NotFoundError where nobody has that name."""
        return await self.desk.do(partial(self.desk.offers.known, name))

    def wish(self, person: str, device: str | None, program: str = "") -> Wish:
        """What a person wants, within what this core starts at most; no question is answered yet."""
        wish = Wish(
            program=program,
            person=person,
            device=device,
            seconds=None,
            caller_percent=None,
            interactive=True,
            screening=WELL,
        )
        host = self.desk.massage.host
        return wish if host is None else host.bounds.on(wish)

    def running(self, person: str | None = None) -> list[dict[str, object]]:
        """Sessions that have not ended, of one person or of all."""
        return [
            {"number": number, "person": one.person}
            for number, one in self.desk.massage.running().items()
            if person in {None, one.person}
        ]

    def unread(self, person: str) -> int | None:
        """A session of theirs that ended gravely, which nobody has read about yet."""
        for number, snapshot, ending in reversed(self.desk.massage.snapshots()):
            if snapshot.person == person and ending is not None and number not in self.showing.read:
                return number if is_grave(ending) else None
        return None


def is_grave(ending: Ending) -> bool:
    """Whether an end is one that a person must have read about before the next start."""
    unconfirmed = ending.confirmed is False
    return unconfirmed or ending.alarm is not None or ending.reason not in WISHED | _CONNECTION


def is_connection(ending: Ending) -> bool:
    """Whether it ended because the device could not be reached."""
    return ending.reason in _CONNECTION


def lockout_words(words: Language, lockouts: tuple[Lockout, ...]) -> list[dict[str, str | None]]:
    """What bars somebody, and what to do now."""
    return [
        {"cause": words.lock_causes[one.cause], "advice": lock_advice_in(words, one.cause)}
        for one in lockouts
    ]
