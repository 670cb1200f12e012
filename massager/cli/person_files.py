"""`massager person export` and `import`: a person as a file."""

import os
import sys
from pathlib import Path

from massager.catalog.people import load_person
from massager.catalog.person_writing import person_text
from massager.cli.exits import Exit
from massager.cli.signing import Identity, office, sign_in
from massager.model.errors import MassagerError, NotFoundError


def export_person(name: str, output: Path | None, data: str | None) -> Exit:
    """Write a person's file, with the recent past."""
    with office(data) as people:
        text = person_text(*people.take_along(name))
    if output is None:
        print(text, end="")
        return Exit.OK
    try:
        # For the owner alone: it is about somebody's health.
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise NotFoundError(
            f"{output} exists already, and nothing is overwritten. Choose another file."
        ) from None
    except OSError as error:
        raise MassagerError(f"{output} cannot be written: {error.strerror}.") from error
    print(f"{output} holds {name}.", file=sys.stderr)
    return Exit.OK


def import_person(file: Path, identity: Identity, data: str | None) -> Exit:
    """Put the person of a file on record, with the past they bring along."""
    person, carried = load_person(file)
    with office(data) as people:
        people.refuse_name(person.name)
        people.add(person, carried, caregiver=sign_in(people.caregivers, identity))
    print(f"{person.name} is on record.")
    return Exit.OK
