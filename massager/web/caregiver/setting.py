"""Whom set-up is for and on which massager; what its screens begin with."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from massager.model.errors import MassagerError
from massager.session.offers import Known, Massager
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.caregiver.set_up import SET_UP
from massager.web.forms import from_address, in_address

ADDRESS: Final = f"{SET_UP}/people/{{part}}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One person on one massager.

    Attributes:
        on: None where there is none to choose, or several and none was chosen.
        wrong: Why nobody knows which there are, or what else went wrong.
    """

    name: str
    known: Known
    massagers: tuple[Massager, ...]
    on: Massager | None
    wrong: str

    def address(self, more: str = "", **asked: str) -> str:
        """Of a screen of it."""
        asked |= {} if self.on is None else {"on": self.on.name}
        return f"{SET_UP}/people/{in_address(self.name)}{more}?{urlencode(asked)}"


async def setting_of(screens: CaregiverScreens, part: str, on: str) -> Setting:
    """Who is set up, and on what: the massager of that name, or the only one. Raises NotFoundError."""
    name, desk = from_address(part), screens.desk
    known = await screens.massages.known(name)
    try:
        massagers, wrong = await desk.massagers(), ""
    except MassagerError as error:
        massagers, wrong = (), str(error)
    taken = next((one for one in massagers if on == one.name or len(massagers) == 1), None)
    return Setting(name, known, massagers, taken, wrong)
