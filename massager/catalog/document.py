"""A file's content with the places of its parts, and the problems found in it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from massager.model.errors import InvalidProfileError

Loc = tuple[int | str, ...]
Place = tuple[int, int]

LONGEST_SHOWN: Final = 40


def shown(value: object) -> str:
    """A value as a message may quote it: short, on one line, and nothing that a terminal would obey."""
    if isinstance(value, dict | list):
        return "keys" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."


@dataclass(slots=True)
class Document:
    """A file's content, where each part of it stands, and what is wrong with it so far.

    Attributes:
        places: Line and column of each value, counted from 1.
        keys: The same of each key.
    """

    path: Path
    sha256: str
    value: Any = None
    places: dict[Loc, Place] = field(default_factory=dict)
    keys: dict[Loc, Place] = field(default_factory=dict)
    problems: dict[tuple[Place, Loc], str] = field(default_factory=dict)

    def place(self, loc: Loc) -> Place:
        """Where a value stands; for one that is not there, where the mapping that lacks it begins."""
        while loc not in self.places:
            loc = loc[:-1]
        return self.places[loc]

    def complain(self, place: Place, loc: Loc, what: str, todo: str) -> None:
        """Notes a problem; of several at one place with one key the first is kept."""
        where = ".".join(str(part) for part in loc)
        start = f"{self.path}:{place[0]}:{place[1]}: "
        self.problems.setdefault((place, loc), f"{start}{where + ': ' if where else ''}{what}. {todo}")

    def complain_at(self, loc: Loc, what: str, todo: str) -> None:
        """Notes a problem with the value of a key."""
        self.complain(self.place(loc), loc, what, todo)

    def error(self) -> InvalidProfileError:
        """All problems noted, one a line, in the order of the file."""
        in_order = sorted(self.problems.items(), key=lambda item: item[0][0])
        return InvalidProfileError("\n".join(text for _, text in in_order))

    def settle(self) -> None:
        """Ends here when something is wrong.

        Raises:
            InvalidProfileError: A problem has been noted.
        """
        if self.problems:
            raise self.error()

    def refuse(self, place: Place, what: str, todo: str) -> NoReturn:
        """Ends here with a problem that makes the rest of the file unreadable.

        Raises:
            InvalidProfileError: Always.
        """
        self.complain(place, (), what, todo)
        raise self.error()
