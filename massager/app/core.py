"""A core that starts sessions for others: one process, one store, one radio, a guardian for each device."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Any, Final, TypeVar

from massager.app.hosting import USUAL, Hosting
from massager.app.memory import Memory
from massager.app.moments import moment
from massager.app.mqtt import bridged
from massager.app.page import served_page
from massager.app.place import Surroundings
from massager.app.session import Session, open_session
from massager.guardian.nearby import nearby
from massager.model.decisions import Reason, Refusal
from massager.model.errors import (
    BusyError,
    ControlSocketError,
    MassagerError,
    NotAllowedError,
    NotFoundError,
    StoreError,
)
from massager.session.massage import Host, MassageService, Wish
from massager.session.snapshot import Ending
from massager.store import DEMO_NAME, Ledger
from massager.store.advisory_lock import GRACE_S
from massager.texts import SWITCH_OFF_BY_HAND, reason_text
from massager.web.socket import control_socket

_T = TypeVar("_T")

# Chosen: whoever follows a session asks for it four times a second, and is to hear how it ended.
LAST_WORD_S: Final = 0.75


class Core:
    """Starts sessions and sees each to its end; one that fails takes no other with it.

    Args:
        where: What all of them share.
        memory: Of all of them.
        log: Takes one line for each thing that happens, and never waits.
        hosting: How they are served.

    Attributes:
        massage: The service that the doors use.
        lost: Set once the store has failed and no session runs any more: this core can start none again.
        page: Where its page is; None without one.
    """

    def __init__(
        self, where: Surroundings, memory: Memory, log: Callable[[str], None], hosting: Hosting = USUAL
    ) -> None:
        self.massage = MassageService()
        self.lost = asyncio.Event()
        self.page: str | None = None
        profiles = None if where.profiles is None else str(where.profiles.resolve())
        self.massage.host = Host(
            self.begin, bounds=hosting.bounds, radio=where.radio, data=where.data, profiles=profiles
        )
        self._is_demo = hosting.is_demo
        self._where = where
        self._memory = memory
        self._log = log
        self._running: set[asyncio.Task[None]] = set()
        self._closing = False

    async def begin(self, wish: Wish) -> int | Refusal:
        """Start a session; its number, or why not. It goes on when the caller has gone.

        Raises:
            MassagerError: A name is unknown, a file invalid, the store not writable; nothing has moved.
        """
        if self._closing:
            return Refusal(Reason.STOPPING)
        if wish.person == DEMO_NAME and not self._is_demo:
            raise NotFoundError(
                f"The person {DEMO_NAME!r} exists only in `massager demo` and `massager run`."
            )
        begun: asyncio.Future[int | Refusal] = asyncio.get_running_loop().create_future()
        if self.massage.host is not None:
            wish = self.massage.host.bounds.on(wish)
        task = asyncio.create_task(self._see_through(wish, begun, stops=self.massage.stops))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(begun)

    async def _see_through(self, wish: Wish, begun: "asyncio.Future[int | Refusal]", *, stops: int) -> None:
        """One session from its admission to its end; whatever goes wrong in it ends it alone."""
        try:
            async with open_session(wish, self._where, self._memory) as session:
                if not isinstance(session, Refusal):
                    await self._run(session, begun, stops=stops)
            if isinstance(session, Refusal):
                # Told once the ledger has closed it: whoever asks again at once must not find it open.
                self._log(f"refused to {wish.person}: {reason_text(session.reason, session.detail)}")
                begun.set_result(session)
                return
            self.massage.settled(session.recorder.session)
            if session.recorder.failed is not None:
                self._log(f"session {session.recorder.session}: {session.recorder.failed}")
                self._note_failure(session.recorder.failed)
        except Exception as error:  # noqa: BLE001 - another session must not end with this one
            self._note_failure(error)
            if not begun.done():
                begun.set_exception(error)
            else:
                self._log(f"a session of {wish.person} failed: {error!r}")

    def _note_failure(self, error: Exception) -> None:
        """A store that failed once is not asked again by this core; a new one opens it anew."""
        broken = isinstance(error, StoreError) and not isinstance(error, BusyError | NotAllowedError)
        if broken and not self.massage.running():
            self.lost.set()

    async def _run(self, session: Session, begun: "asyncio.Future[int | Refusal]", *, stops: int) -> None:
        number, loop = session.recorder.session, session.loop
        self.massage.add(number, loop, session.basis)
        plan = loop.snapshot()
        self._log(
            f"session {number} started: {plan.person} on {plan.device}, {plan.program}, {plan.session_s} s"
        )
        if self._closing or self.massage.stopped_since(stops, plan.device):
            loop.stop(Reason.STOPPED_BY_PERSON, "while it was starting")
        begun.set_result(number)
        ending = Ending(Reason.INTERNAL, "", confirmed=False, alarm=None)
        try:
            ending = await loop.run()
        except Exception as error:
            ending = Ending(Reason.INTERNAL, repr(error), confirmed=False, alarm=None)
            raise
        finally:
            self.massage.ended(number, ending)
            self._log(f"session {number} ended: {ending.reason}. {_words(ending)}")

    async def close(self) -> bool:
        """Stop everything, start nothing more, and wait until every guardian has left; whether all rest."""
        self._closing = True
        followed = bool(self._running)
        confirmed = await self.massage.stop()
        await asyncio.gather(*self._running)
        if followed:
            await asyncio.sleep(LAST_WORD_S)
        return confirmed


def _words(ending: Ending) -> str:
    text = reason_text(ending.reason, ending.detail)
    if ending.confirmed:
        text += " The device is at rest."
    elif ending.confirmed is False:
        text += f" The device has not confirmed that it rests. {SWITCH_OFF_BY_HAND}"
    return f"{text} {ending.alarm}" if ending.alarm else text


@asynccontextmanager
async def hosted(
    where: Surroundings, log: Callable[[str], None], hosting: Hosting = USUAL
) -> AsyncIterator[Core]:
    """A core whose socket and page answer; on leaving everything is at rest, or an alarm was logged.

    Raises:
        BusyError: Another core starts sessions on this radio.
        LinkError: The radio does not work.
        MassagerError: The store cannot be used, the socket not made, or the page not served there.
    """
    with (
        _alone(where, keep=not hosting.is_demo),
        hosting.open_store(where) as store,
        ThreadPoolExecutor(1, "store") as thread,
    ):
        memory = Memory.of(store, thread)
        async with AsyncExitStack() as doors:
            # In a process of its own, which starts meanwhile: nobody waits longer for the first page.
            hearing = await doors.enter_async_context(_beside(nearby(where.radio, 0, where.profiles)))
            await memory.do(partial(_settle, memory))
            core = Core(where, memory, log, hosting)
            try:
                if hosting.page is not None:
                    page = served_page(core.massage, where, memory, hosting.page)
                    core.page = await doors.enter_async_context(page)
                if hosting.mqtt is not None:
                    url = core.page if hosting.page and not hosting.page.address.is_loopback else None
                    bridge = bridged(core.massage, where, memory, hosting.mqtt, page=url, log=log)
                    await doors.enter_async_context(bridge)
                await hearing
                await doors.enter_async_context(control_socket(core.massage, where.runtime))
                async with _beside(_settle_later(memory, log)):
                    yield core
            finally:
                if not await core.close():
                    log(f"not every device has confirmed that it rests. {SWITCH_OFF_BY_HAND}")


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, _T]) -> AsyncIterator["asyncio.Task[_T]"]:
    """Work that goes on beside the block, and no longer than it."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _settle_later(memory: Memory, log: Callable[[str], None]) -> None:
    """What a dead controller left in a shared database counts as held for a while: close that, too."""
    await asyncio.sleep(GRACE_S + 1)
    try:
        await memory.do(partial(_settle, memory))
    except MassagerError as error:
        log(f"what others left open is not settled: {error}")


def _settle(memory: Memory) -> None:
    Ledger(memory.store).settle(moment())


@contextmanager
def _alone(where: Surroundings, *, keep: bool) -> Iterator[None]:
    """One core that starts sessions a radio; the kernel drops the lock with the process, not its file."""
    mark = hashlib.sha256(where.radio.encode()).hexdigest()[:12]
    path = where.runtime / f"serve-{mark}.lock"
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ControlSocketError(f"The lock {path} cannot be made: {error.strerror}.") from error
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(
                f"Another core serves the radio {where.radio} already. Use that one, or end it."
            ) from error
        yield
        if not keep:
            path.unlink(missing_ok=True)
    finally:
        os.close(fd)
