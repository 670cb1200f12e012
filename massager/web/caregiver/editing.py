"""A form about a person's record, and the record that it asks for: what is filled in, and what is wrong."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from massager.model.people import Person
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.language import Language
from massager.web.desk import Desk
from massager.web.forms import Form

_PERCENT: Final = re.compile(r"(\d{1,3})(?:[.,](\d))?")
_MOST_PERMILLE: Final = 1000


@dataclass(slots=True)
class Reading:
    """A form on its way to a record.

    Attributes:
        wrong: What is wrong, by the name of the field that it stands beside.
    """

    form: Form
    words: Language
    wrong: dict[str, str] = field(default_factory=dict)

    def object_to(self, name: str, label: CaregiverLabel, **gaps: object) -> None:
        """Say what is wrong with a field."""
        self.wrong[name] = self.words.caregiver[label].format(**gaps)

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number; None where nothing is written."""
        text = self.form.one(name).strip()
        if not text:
            return None
        if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or not least <= int(text) <= most:
            self.object_to(name, CaregiverLabel.WRONG_NUMBER, least=least, most=most)
            return None
        return int(text)

    def permille(self, name: str) -> int | None:
        """A share that is written in percent; None where nothing is written."""
        text = self.form.one(name).strip()
        if not text:
            return None
        found = _PERCENT.fullmatch(text)
        if found is None or not text.isascii() or _permille(found) > _MOST_PERMILLE:
            self.object_to(name, CaregiverLabel.WRONG_PERCENT)
            return None
        return _permille(found)


def _permille(found: re.Match[str]) -> int:
    return 10 * int(found[1]) + int(found[2] or 0)


@dataclass(frozen=True, slots=True)
class Editor:
    """One screen on which a part of a record is changed; it has one address on each side.

    Attributes:
        name: Last part of the addresses, and the template's.
        title: What the part is called.
        filled: The form as the record fills it in.
        read: The record that a form asks for; where something is wrong, the old value stays.
        shown: What else the template shows. Raises as the services do.
    """

    name: str
    title: CaregiverLabel
    filled: Callable[[Person], Form]
    read: Callable[[Reading, Person], Person]
    shown: Callable[[Desk, Person, Language], Awaitable[dict[str, Any]]]
