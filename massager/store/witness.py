"""A small file outside the data folder that remembers how far the store had come.

A backup that is put back whole is a flawless store with less use and fewer locks in it; only something
outside can tell. The file is replaced whole after each transaction that changed something, but not forced to
the disk: it guards against an older store, not against a power cut. A power cut may bring back an older
witness, and a store ahead of its witness is in order; or leave an empty one, which counts as none.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from massager.model.errors import RestoredError, StoreError
from massager.store import seal
from massager.store.seal import Meta
from massager.store.tables import JOURNAL

_WHAT_TO_DO: Final = (
    "Nothing starts until a caregiver accepts it: massager caregiver accept-backup. Everybody is locked then "
    "for eight days, because as much may have been lost"
)


class Witness:
    """The file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")

    def read(self) -> Meta | None:
        """What it says; None when there is none.

        Raises:
            RestoredError: It is there and cannot be made out.
            StoreError: It is there and cannot be read.
        """
        try:
            content = self._path.read_bytes().strip(b"\0")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(
                f"The file {self._path} cannot be read: {error.strerror}. Make file and folder readable."
            ) from error
        if not content:
            return None
        try:
            said = json.loads(content)
            meta = Meta(**said)
        except (ValueError, TypeError) as error:
            raise self._unreadable(error) from error
        if any(type(getattr(meta, field.name)) is not field.type for field in fields(Meta)):
            raise self._unreadable("it says something else")
        return meta

    def _unreadable(self, why: object) -> RestoredError:
        return RestoredError(
            f"The file {self._path}, which tells an older backup from the newest store, cannot be read "
            f"({why}). {_WHAT_TO_DO}."
        )

    def require_none(self) -> None:
        """Called before a new store is made.

        Raises:
            StoreError: There was a store, and it is gone.
        """
        with suppress(RestoredError):  # what cannot be read knew a store once
            if self.read() is None:
                return
        raise StoreError(
            f"The store is gone, and {self._path} knows of one. Put the store or its backup back. "
            f"Only to begin anew, without any history, remove that file."
        )

    def compare(self, connection: Connection) -> None:
        """Hold the store against it.

        Raises:
            RestoredError: The store is another one, or older, or the file cannot be made out.
            StoreError: The file cannot be read.
        """
        said = self.read()
        if said is None:
            return
        found = seal.meta(connection)
        at_that_row = select(JOURNAL.c.hash).where(JOURNAL.c.seq == said.journal_seq)
        if said.store_id != found.store_id:
            what = "Another store was put in the place of the one used here before"
        elif found.changes < said.changes or (
            said.journal_seq > 0 and connection.execute(at_that_row).scalar() != said.journal_hash
        ):
            what = "An older backup of the store was restored"
        else:
            return
        raise RestoredError(f"{what}. {_WHAT_TO_DO}.")

    def write(self, meta: Meta) -> None:
        """Replace the file.

        Raises:
            StoreError: It cannot be written; the store itself has what was to be written.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._draft.write_text(json.dumps(asdict(meta), sort_keys=True) + "\n")
            self._draft.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                self._draft.unlink()
            raise StoreError(
                f"The file {self._path} cannot be written: {error.strerror}. The store itself was written. "
                "Make the folder one that you may write to, with room on its disk."
            ) from error
