"""The services behind the commands about people, and how somebody signs in at a terminal.

A passphrase comes from a terminal, unseen, or from a file that only its owner can read; never from the
arguments or the environment, which others on the machine can see.
"""

import getpass
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from massager.app.moments import moment
from massager.app.store_place import data_place, open_store
from massager.model.errors import AuthError, NotFoundError
from massager.session.caregivers import CaregiverService, SignedIn
from massager.session.passphrases import LONGEST, Passphrases, usual_hasher
from massager.session.people import PeopleService
from massager.store import Ledger, Store

DOOR: Final = "command line"
_PRIVATE: Final = 0o077


@dataclass(frozen=True, slots=True)
class Identity:
    """How somebody wishes to sign in: as whom, and with which file."""

    caregiver: str | None
    file: Path | None

    @property
    def is_told(self) -> bool:
        """Whether somebody asked to sign in, needed or not."""
        return self.caregiver is not None or self.file is not None


@contextmanager
def office(data: str | None) -> Iterator[PeopleService]:
    """The services on the store that `--data` names.

    Raises:
        StoreError: It cannot be opened.
        NotFoundError: `--data` names no store.
    """
    with open_store(data_place(data)) as store:
        yield services(store)


@contextmanager
def ledger_office(data: str | None) -> Iterator[tuple[PeopleService, Ledger]]:
    """As `office`, with the ledger of the same store."""
    with open_store(data_place(data)) as store:
        yield services(store), Ledger(store)


def services(store: Store) -> PeopleService:
    """The services on an open store."""
    caregivers = CaregiverService(store, Passphrases(usual_hasher()), now=moment, door=DOOR)
    return PeopleService(store, caregivers, now=moment)


def sign_in(caregivers: CaregiverService, identity: Identity) -> SignedIn:
    """Sign a caregiver in.

    Raises:
        AuthError: There is no caregiver, nobody to ask, or the passphrase is wrong or comes too early.
        NotFoundError: There is no such caregiver, or several and none was named.
    """
    names = caregivers.names()
    if not names:
        raise AuthError(
            "This needs a caregiver, and there is none yet. Begin with: massager caregiver add NAME"
        )
    if identity.caregiver is None and len(names) > 1:
        raise NotFoundError(
            f"Which caregiver? Say --caregiver NAME. Caregivers on record: {', '.join(names)}."
        )
    name = identity.caregiver or names[0]
    if name not in names:
        raise NotFoundError(f"There is no caregiver {name!r}. Caregivers on record: {', '.join(names)}.")
    return caregivers.sign_in(name, _given(f"Passphrase of {name}: ", identity.file, "--passphrase-file"))


def new_passphrase(name: str, file: Path | None) -> str:
    """A new passphrase, asked for twice, or from a file.

    Raises:
        AuthError: There is nobody to ask, the file cannot be used, or the two differ.
    """
    option = "--new-passphrase-file"
    first = _given(f"New passphrase of {name}: ", file, option)
    if file is None and _given("The same again: ", None, option) != first:
        raise AuthError("The two passphrases differ. Nothing was changed; try again.")
    return first


def agreed(question: str, *, yes: bool) -> bool:
    """Whether somebody at the terminal agrees, or did so beforehand with `--yes`."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody to ask; confirm with --yes")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _given(prompt: str, file: Path | None, option: str) -> str:
    if file is not None:
        return read_secret(file)
    elsewhere = f"Run this at a terminal, or name a file with {option}."
    if not sys.stdin.isatty():
        raise AuthError(f"This needs a caregiver's passphrase, and there is nobody to ask. {elsewhere}")
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise AuthError(f"No passphrase was given. {elsewhere}") from None


def read_secret(path: Path) -> str:
    """What a file holds that its owner alone can read, without the line's end.

    Raises:
        AuthError: Others can read it, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_uid not in {os.getuid(), 0}:
                raise AuthError(
                    f"{path} is no file of your own. Make one with: install -m 600 /dev/null FILE"
                )
            if stat.S_IMODE(found.st_mode) & _PRIVATE:
                raise AuthError(f"Others can read {path}. Run: chmod 600 {path}")
            # A character is four bytes at most; one byte more shows that there is more.
            return file.read(4 * LONGEST + 1).decode().removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise AuthError(f"The file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise AuthError(f"The file {path} is not UTF-8. Save it as UTF-8.") from error
