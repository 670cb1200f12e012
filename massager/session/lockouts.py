"""What bars the next start: lockouts, which nothing ends by itself, and how it went after a session."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from massager.model.body import ZONE_SPANS_PPM
from massager.model.errors import NotAllowedError, NotFoundError
from massager.model.history import Authority, FollowUp, History, LockCause, Lockout, Moment
from massager.model.people import Person
from massager.model.questions import PAIN_WORST, Answer, Feeling, Screening
from massager.safety.conditions import across
from massager.safety.responses import Consequence, locked, of_feeling, of_screening
from massager.session.caregivers import CaregiverService, SignedIn, one_line
from massager.session.preparation import known_of
from massager.store import FollowUps, Ledger, Lockouts, Store, leave_behind


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer: the questions it answered, and the lockouts it led to."""

    questions: tuple[FollowUp, ...]
    lockouts: tuple[Lockout, ...]


class LockoutService:
    """Keeps lockouts and answers. Every method raises `StoreError` when the store fails.

    Those that take a name raise `NotFoundError` when nobody has it.
    """

    def __init__(self, store: Store, caregivers: CaregiverService, *, now: Callable[[], Moment]) -> None:
        self._store = store
        self._caregivers = caregivers
        self._ledger = Ledger(store)
        self._lockouts = Lockouts(store)
        self._follow_ups = FollowUps(store)
        self._now = now

    def history(self, name: str) -> History:
        """What the ledger knows of a person now."""
        return known_of(self._ledger, name, self._now())

    def of(self, name: str) -> tuple[Lockout, ...]:
        """Open ones."""
        return self._lockouts.of(name)

    def add(self, name: str, note: str, *, caregiver: SignedIn | None = None) -> Lockout:
        """Lock a person out; anyone may, and only a caregiver can undo it.

        Raises:
            AuthError: A caregiver is named who has not signed in.
            NotAllowedError: There is no note.
        """
        by = self._caregivers.anyone
        if caregiver is not None:
            by = self._caregivers.required(caregiver, "lock out by that name")
        return self._lockouts.add(
            name,
            cause=LockCause.SET_BY_HAND,
            authority=Authority.CAREGIVER,
            wait_s=0,
            note=one_line(note, "A note why"),
            by=by,
            now=self._now(),
        )

    def lock(self, name: str, consequence: Consequence, note: str) -> Lockout | None:
        """Make a consequence last: the lockout, if it has one, and the stricter record, both or neither.

        Anyone may, in a session too. Done again it locks out again, and the record stays as strict.

        Args:
            name: Whose.
            consequence: Of something that was said.
            note: What that was, for whoever clears the lockout.
        """
        return leave_behind(
            self._store,
            name,
            cause=consequence.cause,
            authority=consequence.authority,
            wait_s=consequence.wait_s,
            changed=lambda person, sessions_over: _stricter(person, consequence, sessions_over),
            note=one_line(note, "What was said"),
            by=self._caregivers.anyone,
            now=self._now(),
        )

    def warned(self, name: str, screening: Screening) -> Lockout | None:
        """Put a warning sign among the answers before a session on record: the lockout, if there is one."""
        said = of_screening(screening)
        return None if said is None else self.lock(name, said, "before a session")

    def require_clearable(self, name: str, number: int, *, provider: str | None) -> None:
        """Whether a caregiver could clear a lockout; ask before anybody signs in.

        Raises:
            NotAllowedError: It is too early, or it takes a provider and none is named.
            NotFoundError: There is no open lockout of that number.
        """
        found = {one.number: one for one in self.of(name)}
        if number not in found:
            known = ", ".join(map(str, found)) or "none"
            raise NotFoundError(f"{name} has no open lockout {number}. Open ones: {known}.")
        lockout = found[number]
        if lockout.authority is Authority.PROVIDER and provider is None:
            raise NotAllowedError(
                f"Lockout {number} of {name} ends only after a healthcare provider was consulted. "
                "Name the provider."
            )
        if self.history(name).now_s < lockout.not_before_s:
            until = f"{datetime.fromtimestamp(lockout.not_before_s).astimezone():%Y-%m-%d %H:%M}"
            raise NotAllowedError(
                f"Lockout {number} of {name} cannot be cleared before {until}. Wait until then."
            )

    def clear(
        self, name: str, number: int, *, why: str, provider: str | None, caregiver: SignedIn | None
    ) -> None:
        """End a lockout.

        Args:
            name: Whose.
            number: Which.
            why: The reason, in the caregiver's words.
            provider: The healthcare provider who was consulted; some lockouts need one.
            caregiver: Who clears.

        Raises:
            AuthError: Nobody has signed in.
            NotAllowedError: It is too early, or it takes a provider and none is named.
            NotFoundError: There is no open lockout of that number.
        """
        by = self._caregivers.required(caregiver, "clear a lockout")
        why = one_line(why, "A reason")
        self.require_clearable(name, number, provider=provider)
        if provider is not None:
            why = f"{one_line(provider, 'The name of the provider')} was consulted: {why}"
        self._lockouts.clear(name, number, by=by, why=why, now=self._now())

    def follow_ups(self, name: str) -> tuple[FollowUp, ...]:
        """Questions without an answer, due or not."""
        return self._follow_ups.of(name)

    def answer(
        self, name: str, *, pain: int | None, worse: Answer | None, feeling: Feeling | None
    ) -> Answered:
        """Answer how it went, for every question that is due; what is new or worse may be said at any time.

        Anything but a plain "no", and what was not answered, counts as worse: the person is locked out
        before the answer is written down. A new feeling locks out besides, as it does in a session.

        Raises:
            NotAllowedError: Pain that is not on the scale.
            NotFoundError: No question is due, and nothing is new or worse.
        """
        if pain is not None and not 0 <= pain <= PAIN_WORST:
            raise NotAllowedError(f"Pain is a number from 0 to {PAIN_WORST} (got {pain}).")
        due = self.history(name).follow_ups
        said = (worse, pain, feeling)
        consequences = [of_feeling(feeling)]
        if worse is not Answer.NO or None in said:
            consequences.append(locked(LockCause.WORSE_AFTERWARDS))
        note = ", ".join(
            f"{what}: {'no answer' if answer is None else answer}"
            for what, answer in zip(("worse", "pain", "feeling"), said, strict=True)
        )
        lockouts = [self.lock(name, one, note) for one in consequences if one is not None]
        if not lockouts and not due:
            raise NotFoundError(f"No question waits for an answer of {name}.{self._next_due(name)}")
        for question in due:
            self._follow_ups.answer(
                name,
                question.number,
                pain=pain,
                worse=worse or "no answer",
                feeling=feeling or "no answer",
                by=self._caregivers.anyone,
                now=self._now(),
            )
        return Answered(due, tuple(one for one in lockouts if one is not None))

    def _next_due(self, name: str) -> str:
        waiting = self.follow_ups(name)
        if not waiting:
            return ""
        due = datetime.fromtimestamp(waiting[0].due_s).astimezone()
        return f" The next one is due at {due:%Y-%m-%d %H:%M}."


def _stricter(person: Person, consequence: Consequence, sessions_over: int) -> Person:
    """The record with what a consequence adds; strength limits that have ended go."""
    modifiers, keep_outs = person.modifiers, person.keep_outs
    if consequence.modifier is not None:
        modifiers |= {consequence.modifier}
    if consequence.zone is not None:
        place = across(f"shooting pain in {consequence.zone}", ZONE_SPANS_PPM[consequence.zone])
        keep_outs = keep_outs if place in keep_outs else (*keep_outs, place)
    limits = tuple(one for one in person.strength_limits if one.holds(sessions_over))
    if consequence.limit is not None and consequence.limit not in limits:
        limits = (*limits, consequence.limit)
    return replace(person, modifiers=modifiers, keep_outs=keep_outs, strength_limits=limits)
