"""What may be a name, and whom it means."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from massager.model.errors import NotAllowedError, NotFoundError
from massager.store import seal
from massager.store.tables import PERSON

# Chosen, because it fits on one line of a narrow screen.
_NAME_LONGEST: Final = 60


def require_name(name: str) -> None:
    """Let a name pass that people can read and type.

    Raises:
        NotAllowedError: It is empty, too long, or has unseen characters or spaces at its ends.
    """
    if not 0 < len(name) <= _NAME_LONGEST or not name.isprintable() or name != name.strip():
        raise NotAllowedError(
            f"{name!r} cannot be a name. Use 1 to {_NAME_LONGEST} visible characters, none of them a space "
            "at either end."
        )


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Names as a list shows them: by the alphabet, capitals beside small letters."""
    return tuple(sorted(names, key=lambda name: (name.casefold(), name)))


def person_names(connection: Connection) -> tuple[str, ...]:
    """Everybody on record, in order."""
    return in_order(connection.execute(select(PERSON.c.name).where(PERSON.c.name.is_not(None))).scalars())


def person_row(connection: Connection, name: str) -> Row[Any]:
    """The row of a person.

    Raises:
        NotFoundError: Nobody has that name; the text lists the names.
        StoreError: The row was altered from outside.
    """
    row = connection.execute(select(PERSON).where(PERSON.c.name == name)).one_or_none()
    if row is None:
        known = ", ".join(person_names(connection)) or "none yet"
        raise NotFoundError(f"There is no person {name!r}. People on record: {known}.")
    return seal.check(PERSON, row)
