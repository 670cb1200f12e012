"""Caregivers' passphrases: only a hash of one is ever kept, and none is ever logged."""

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from massager.model.errors import AuthError, StoreError

# Chosen: with the waits between tries, and about a fifth of a second a try for whoever has stolen the hash,
# ten characters outlast guessing.
SHORTEST: Final = 10
# Chosen, so that nobody keeps the controller busy with a book.
LONGEST: Final = 1000


def usual_hasher() -> PasswordHasher:
    """Argon2id with the second choice of RFC 9106, section 4: 3 passes over 64 MiB."""
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


class Passphrases:
    """Makes and checks hashes. Each takes a fifth of a second: not for an event loop."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher

    def new_hash(self, passphrase: str) -> str:
        """The hash to keep of a passphrase.

        Raises:
            AuthError: It is too short or too long.
        """
        if not SHORTEST <= len(passphrase) <= LONGEST:
            raise AuthError(
                f"A passphrase has {SHORTEST} to {LONGEST} characters. Four or five words make a good one."
            )
        return self._hasher.hash(_same_everywhere(passphrase))

    def matches(self, kept: str, passphrase: str) -> bool:
        """Whether it is the passphrase of a hash.

        Raises:
            StoreError: The hash is none.
        """
        try:
            return self._hasher.verify(kept, _same_everywhere(passphrase[: LONGEST + 1]))
        except VerifyMismatchError:
            return False
        except (InvalidHashError, VerificationError) as error:
            raise StoreError(
                "The hash of a passphrase in the store is damaged. Put a backup in the store's place."
            ) from error

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than a new one would be."""
        return self._hasher.check_needs_rehash(kept)


def _same_everywhere(passphrase: str) -> bytes:
    # Keyboards write one letter as one or as two code points. Lone surrogates are what an odd terminal sent.
    return unicodedata.normalize("NFC", passphrase).encode(errors="surrogateescape")
