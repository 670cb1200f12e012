"""Forked children, two at a time, with what each may use, and how each ended."""

import os
import resource
import signal
import tempfile
from collections.abc import Callable, Iterable
from typing import BinaryIO, Final

WORKERS: Final = 2
# Far above what any trial takes, for a computer that is busy with something else.
LONGEST_S: Final = 900
LARGEST_BYTES: Final = 2 * 1024**3
SURVIVED, KILLED, NOT_PLANTED, BROKEN = 0, 1, 69, 70
JUDGED: Final = {SURVIVED, KILLED, NOT_PLANTED}


class BrokenTrialError(Exception):
    """A trial that ended in a way that says nothing about what was tried."""


class Pool:
    """Children by number.

    Attributes:
        ended: Exit code by number; one that used up its processor time counts as killed.
        used_s: Processor time by number.
    """

    def __init__(self) -> None:
        self.ended: dict[int, int] = {}
        self.used_s: dict[int, float] = {}
        self._running: dict[int, tuple[int, BinaryIO]] = {}

    def fork_each(self, numbers: Iterable[int], longest_s: Callable[[int], int]) -> int | None:
        """A child for each number: in a child its number, and here None once all have ended.

        Raises:
            BrokenTrialError: A child ended as none should; the others have been ended too.
        """
        try:
            for number in numbers:
                if len(self._running) == WORKERS:
                    self._await_one()
                output = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the child has ended
                if not (child := os.fork()):
                    self._become_child(output, longest_s(number))
                    return number
                self._running[child] = number, output
            while self._running:
                self._await_one()
        except BrokenTrialError:
            for child, (_, output) in self._running.items():
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                output.close()
            raise
        return None

    def _await_one(self) -> None:
        child, status, used = os.wait4(-1, 0)
        number, output = self._running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        self.ended[number] = KILLED if code == -signal.SIGXCPU else code
        self.used_s[number] = used.ru_utime + used.ru_stime
        with output:
            if self.ended[number] not in JUDGED:
                output.seek(0)
                said = output.read().decode(errors="replace")
                raise BrokenTrialError(f"{number}: ended with {code}\n{said}")

    def _become_child(self, output: BinaryIO, longest_s: int) -> None:
        for _, other in self._running.values():
            other.close()
        self._running.clear()
        with output:
            for stream in (1, 2):
                os.dup2(output.fileno(), stream)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_BYTES, LARGEST_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (longest_s, longest_s + 5))
        signal.alarm(LONGEST_S)
