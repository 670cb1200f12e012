"""Reads the part of YAML 1.2 that the files here need, and remembers where everything stands.

Text, whole numbers, true, false, null, lists and mappings; nothing that lets one line change the meaning of
another (anchors, aliases, merge keys, tags, directives), and no key twice: the last of two caps must not win.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from massager.catalog.document import LONGEST_SHOWN, Document, Loc, Place, shown
from massager.model.errors import NotFoundError

# Chosen: the longest shipped file is below 8 KiB and nests four deep.
LARGEST_BYTES: Final = 256 * 1024
DEEPEST: Final = 8

_START: Final[Place] = (1, 1)
_REFUSED: Final = "?"
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WORDS: Final[dict[str, bool | None]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")
# What the core schema of YAML 1.2 takes for a number (its chapter 10.3.2).
_NUMBER: Final = re.compile(
    r"0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


def read(path: Path) -> Document:
    """The content of a file; what is not allowed in it stands in the document's problems.

    Raises:
        InvalidProfileError: As `parse`.
        NotFoundError: It cannot be opened.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror}.") from error
    return parse(path, data)


def parse(path: Path, data: bytes) -> Document:
    """The content of what stands, or shall stand, at a path.

    Raises:
        InvalidProfileError: It is too large, not UTF-8, not YAML, empty, nested too deeply, or several
            documents in one.
    """
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
        # The error's own bytes: they begin after a byte order mark.
        place = _end_of(error.object[: error.start].decode())
        what = f"this is not UTF-8 (got byte {error.object[error.start]:#04x})"
        document.refuse(place, what, "Save it as UTF-8.")
    for index, character in enumerate(text):
        if not (character.isprintable() or character in "\t\r\n"):
            what = f"a character that cannot be seen (got {shown(character)})"
            document.refuse(_end_of(text[:index]), what, "Remove it.")
    return text


def _events(document: Document, text: str) -> list[Any]:
    events: list[Any] = []
    depth = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            events.append(event)
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            # Here and not later: the parser's time grows with the square of the depth.
            if depth > DEEPEST:
                document.refuse(_place(event), f"this nests more than {DEEPEST} deep", "Make it flatter.")
    # The last two are the parser's own failures, over "\U99999999" and `%YAML 999...9.1`.
    except (YAMLError, ArithmeticError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or events[-1].end_mark
        what = f"this is not YAML ({getattr(error, 'problem', 'a number is too large')})"
        document.refuse((mark.line + 1, mark.column + 1), what, "Mend the text near here.")
    return events


class _Composer:
    """Turns parser events into plain values, and notes in the document what is not allowed."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self._document = document
        self._events = events

    def value(self, event: Any, loc: Loc) -> object:
        """The value that begins with an event."""
        # A value that is not there has no place; the parser would name the next line.
        empty = isinstance(event, ScalarEvent) and event.style is None and not event.value
        place = self._document.keys.get(loc) if empty else None
        self._document.places.setdefault(loc, place or _place(event))
        if isinstance(event, AliasEvent):
            self._complain(event, loc, "aliases are not used here", "Write the value out.")
            return None
        self._refuse_extras(event, loc)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, loc)
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
            odd = next(character for character in text if not character.isprintable())
            what = f"a character that cannot be seen (got {shown(odd)})"
            self._complain(event, loc, what, "Keep it on one line; '>-' folds several lines into one.")
            return None
        if event.style is not None:
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _WHOLE.fullmatch(text):
            return int(text)
        if _NUMBER.fullmatch(text):
            what = f"this is not a plain whole number (got {text[:LONGEST_SHOWN]})"
            self._complain(event, loc, what, "Write whole digits such as 40; put text in quotes.")
            return None
        return text
