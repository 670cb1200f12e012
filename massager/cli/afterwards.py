"""How it went after a session: said at its end, or later with `massager answer`."""

import signal
import sys
import time
from contextlib import suppress
from typing import Final

from massager.cli.asking import ask_afterwards
from massager.cli.lockouts import lockout_words
from massager.cli.signing import office
from massager.model.errors import MassagerError, NotFoundError
from massager.model.script import Afterwards
from massager.texts import lock_advice

# Chosen: a core that serves settles a session's use a moment after it has told that it is over.
_SETTLED_WITHIN_S: Final = 3.0
_AGAIN_S: Final = 0.2


def say_afterwards(name: str, said: Afterwards, data: str | None) -> list[str]:
    """Put on record how it went; what follows from it, in sentences.

    Raises:
        NotFoundError: No question is due, and nothing is new or worse.
        StoreError: The store cannot be used.
    """
    with office(data) as people:
        answered = people.lockouts.answer(
            name,
            pain=said.pain,
            worse=said.worse,
            feeling=said.feeling,
        )
    count = len(answered.questions)
    lines = [f"Answered for {count} question(s) of {name}." if count else "Noted."]
    for lockout in answered.lockouts:
        lines += [
            f"{name} is locked out. {lock_advice(lockout.cause) or ''}".rstrip(),
            f"{name} {lockout_words(lockout)}",
        ]
    return lines


def say_at_the_end(name: str, said: Afterwards, data: str | None) -> None:
    """Put on record how it went as soon as the session is settled, and tell what follows.

    What goes wrong is told and changes nothing: how the session ended counts, and the question stays open.
    """
    end_s = time.monotonic() + _SETTLED_WITHIN_S
    while True:
        try:
            lines = say_afterwards(name, said, data)
        except MassagerError as error:
            lines = [f"massager: {error}"]
            if isinstance(error, NotFoundError) and time.monotonic() < end_s:
                time.sleep(_AGAIN_S)
                continue
        with suppress(OSError):  # it is on record, whether anybody reads this or not
            print("\n".join(lines), file=sys.stderr)
        return


def ask_at_the_end(name: str, data: str | None) -> None:
    """Ask whoever sits at the terminal; what they leave open stays open, and bars the next start."""
    # The session is over, and its signals stop nothing any more.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    said = ask_afterwards()
    if None in {said.pain, said.worse, said.feeling}:
        print(f"massager: not noted. Say it later: massager answer {name} --worse ...", file=sys.stderr)
        return
    say_at_the_end(name, said, data)
