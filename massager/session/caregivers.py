"""Caregivers: who has shown to be one, and may loosen, clear and add."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from weakref import WeakSet

from massager.model.errors import AuthError, NotAllowedError
from massager.model.history import By, Moment, Role
from massager.session.passphrases import Passphrases
from massager.store import Caregivers, Store

_WHO: Final = "Sign in as a caregiver"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class SignedIn:
    """A caregiver who gave the passphrase; the service that handed it out knows it by identity."""

    name: str


class CaregiverService:
    """Signs caregivers in and keeps their list. Hashing takes time: call it from a thread.

    Every method raises `StoreError` when the store fails.
    """

    def __init__(
        self, store: Store, passphrases: Passphrases, *, now: Callable[[], Moment], door: str
    ) -> None:
        """Build it.

        Args:
            store: Where caregivers are on record.
            passphrases: Makes and checks hashes.
            now: Tells the present moment.
            door: What the journal calls somebody who did not sign in, such as "command line".
        """
        self._caregivers = Caregivers(store)
        self._passphrases = passphrases
        self._now = now
        self.anyone = By(door, Role.ANYONE)
        self._signed_in: WeakSet[SignedIn] = WeakSet()

    def names(self) -> tuple[str, ...]:
        """Those on record."""
        return self._caregivers.names()

    def sign_in(self, name: str, passphrase: str) -> SignedIn:
        """Check a passphrase; wrong ones are counted, and after some a try counts only after a wait.

        Raises:
            AuthError: It is wrong, or it is too early for another try.
            NotFoundError: There is no such caregiver.
        """
        login = self._caregivers.sign_in(name, now=self._now())
        _refuse_early(login.wait_s)
        if not self._passphrases.matches(login.password_hash, passphrase):
            self._caregivers.failed(name, now=self._now())
            raise AuthError(f"That is not the passphrase of {name}. Try again.")
        # Tries made at the same time must not escape the wait that one of them has earned.
        again = self._caregivers.sign_in(name, now=self._now())
        _refuse_early(again.wait_s)
        self._caregivers.succeeded(name, now=self._now())
        if self._passphrases.outdated(again.password_hash):
            renewed = self._passphrases.new_hash(passphrase)
            self._caregivers.renew(name, renewed, by=By(name, Role.CAREGIVER), now=self._now())
        signed_in = SignedIn(name)
        self._signed_in.add(signed_in)
        return signed_in

    def required(self, caregiver: SignedIn | None, what: str) -> By:
        """Who acts, for the journal.

        Raises:
            AuthError: Nobody has signed in here, or they were revoked since.
        """
        if caregiver is None or caregiver not in self._signed_in:
            raise AuthError(f"Only a caregiver may {what}. {_WHO}.")
        if caregiver.name not in self.names():
            raise AuthError(f"{caregiver.name} is no caregiver any more. {_WHO}.")
        return By(caregiver.name, Role.CAREGIVER)

    def add(self, name: str, passphrase: str, *, alone: bool, caregiver: SignedIn | None) -> None:
        """Add a caregiver: the first one anybody, every other one a caregiver.

        Args:
            name: What the new one signs in with.
            passphrase: Of the new one.
            alone: The person whose limits it guards holds the passphrase; the journal says so.
            caregiver: Who adds; None for the first.

        Raises:
            AuthError: Nobody has signed in, or the passphrase is too short.
            NotAllowedError: The name is taken or cannot be one.
        """
        by = self.required(caregiver, "add another caregiver") if self.names() else self.anyone
        self._caregivers.add(
            name, self._passphrases.new_hash(passphrase), alone=alone, by=by, now=self._now()
        )

    def revoke(self, name: str, *, caregiver: SignedIn | None) -> None:
        """Take the right away from a caregiver for good.

        Raises:
            AuthError: Nobody has signed in.
            NotAllowedError: It is the last one.
            NotFoundError: There is no such caregiver.
        """
        by = self.required(caregiver, "revoke a caregiver")
        self._caregivers.revoke(name, by=by, now=self._now())


def _refuse_early(wait_s: int) -> None:
    if wait_s > 0:
        raise AuthError(f"Too many wrong passphrases. Wait {wait_s} s, then try again.")


def one_line(text: str, what: str, *, longest: int = 500) -> str:
    """A text that fits into the journal and into a person's file.

    Raises:
        NotAllowedError: It is empty, too long, or has unseen characters.
    """
    found = text.strip()
    if not 0 < len(found) <= longest or not found.isprintable():
        raise NotAllowedError(f"{what} is needed: 1 to {longest} visible characters on one line.")
    return found
