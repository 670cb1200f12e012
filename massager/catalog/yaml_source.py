"""Reads the part of YAML 1.2 that the files here need, and remembers where everything stands.

Text, whole numbers, true, false, null, lists and mappings; nothing that lets one line change the meaning of
another (anchors, aliases, merge keys, tags, directives), and no key twice: the last of two caps must not win.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from massager.model.errors import InvalidProfileError, NotFoundError

Loc = tuple[int | str, ...]
Place = tuple[int, int]

# Chosen: the longest shipped file is below 8 KiB and nests four deep.
LARGEST_BYTES: Final = 256 * 1024
DEEPEST: Final = 8

_START: Final[Place] = (1, 1)
_LONGEST_SHOWN: Final = 40
_REFUSED: Final = "?"
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WORDS: Final[dict[str, bool | None]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")
# What the core schema of YAML 1.2 takes for a number (its chapter 10.3.2).
_NUMBER: Final = re.compile(
    r"0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


def shown(value: object) -> str:
    """A value as a message may quote it: short, on one line, and nothing that a terminal would obey."""
    if isinstance(value, dict | list):
        return "keys" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "..."


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


def read(path: Path) -> Document:
    """The content of a file; what is not allowed in it stands in the document's problems.

    Raises:
        InvalidProfileError: It is too large, not UTF-8, not YAML, empty, nested too deeply, or several
            documents in one.
        NotFoundError: It cannot be opened.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror}.") from error
    document = Document(path, hashlib.sha256(data).hexdigest())
    events = iter(_events(document, _text(document, data)))
    next(events)  # start of the stream
    begin = next(events)
    if isinstance(begin, StreamEndEvent):
        document.refuse(_START, "the file is empty", "Write the profile, or remove the file.")
    if begin.version or begin.tags:
        document.refuse(
            _place(begin), "directives are not used here", "Remove the lines that start with '%'."
        )
    document.value = _Composer(document, events).value(next(events), ())
    next(events)  # end of the document
    after = next(events)
    if not isinstance(after, StreamEndEvent):
        document.refuse(_place(after), "a second document begins here", "Keep one document in a file.")
    return document


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _end_of(text: str) -> Place:
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _text(document: Document, data: bytes) -> str:
    if len(data) > LARGEST_BYTES:
        document.refuse(_START, f"the file is larger than {LARGEST_BYTES} bytes", "Make it smaller.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _end_of(data[: error.start].decode("utf-8-sig"))
        document.refuse(place, f"this is not UTF-8 (got byte {data[error.start]:#04x})", "Save it as UTF-8.")
    for index, character in enumerate(text):
        if not (character.isprintable() or character in "\t\r\n"):
            what = f"a character that cannot be seen (got {shown(character)})"
            document.refuse(_end_of(text[:index]), what, "Remove it.")
    return text


def _events(document: Document, text: str) -> list[Any]:
    events: list[Any] = []
    try:
        # Extended one at a time: the last one tells the place where the parser itself gives none.
        events.extend(YAML(typ="safe", pure=True).parse(text))
    # The last two are the parser's own failures, over "\U99999999" and `%YAML 999...9.1`.
    except (YAMLError, ArithmeticError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or events[-1].end_mark
        what = f"this is not YAML ({getattr(error, 'problem', 'a number is too large')})"
        document.refuse((mark.line + 1, mark.column + 1), what, "Mend the text here or just above.")
    return events


class _Composer:
    """Turns parser events into plain values, and notes in the document what is not allowed."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self._document = document
        self._events = events

    def value(self, event: Any, loc: Loc) -> object:
        """The value that begins with an event."""
        self._document.places.setdefault(loc, _place(event))
        if isinstance(event, AliasEvent):
            self._complain(event, loc, "aliases are not used here", "Write the value out.")
            return None
        self._refuse_extras(event, loc)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, loc)
        if len(loc) == DEEPEST:
            self._document.refuse(_place(event), f"this nests more than {DEEPEST} deep", "Make it flatter.")
        return self._list(loc) if isinstance(event, SequenceStartEvent) else self._mapping(loc)

    def _complain(self, event: Any, loc: Loc, what: str, todo: str) -> None:
        self._document.complain(_place(event), loc, what, todo)

    def _refuse_extras(self, event: Any, loc: Loc) -> None:
        if event.anchor is not None:
            self._complain(event, loc, "anchors are not used here", f"Remove '&{event.anchor}'.")
        if event.ctag is not None:
            self._complain(event, loc, "tags are not used here", "Remove the word that starts with '!'.")

    def _list(self, loc: Loc) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self.value(event, (*loc, len(items))))
        return items

    def _mapping(self, loc: Loc) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, loc, mapping)
            content = self.value(next(self._events), (*loc, key))
            if key != _REFUSED:
                mapping[key] = content
        return mapping

    def _key(self, event: Any, loc: Loc, mapping: dict[str, object]) -> str:
        if not isinstance(event, ScalarEvent):
            self._document.refuse(_place(event), "a key must be one word", "Write a word before the colon.")
        key: str = event.value
        self._refuse_extras(event, (*loc, key))
        if not _KEY.fullmatch(key):
            what = f"this is no key (got {shown(key)})"
            self._complain(event, (*loc, _REFUSED), what, "Keys are small letters, digits and '_'.")
            return _REFUSED
        if key in mapping:
            self._complain(event, (*loc, key), "this key stands here twice", "Keep one of them.")
            return _REFUSED
        self._document.keys[*loc, key] = _place(event)
        return key

    def _scalar(self, event: Any, loc: Loc) -> object:
        text: str = event.value
        if not text.isprintable():
            what = f"a character that cannot be seen (got {shown(text)})"
            self._complain(event, loc, what, "Keep it on one line; '>-' folds several lines into one.")
            return None
        if event.style is not None:
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _WHOLE.fullmatch(text):
            return int(text)
        if _NUMBER.fullmatch(text):
            what = f"this is not a plain whole number (got {text[:_LONGEST_SHOWN]})"
            self._complain(event, loc, what, "Write whole digits such as 40; put text in quotes.")
            return None
        return text
