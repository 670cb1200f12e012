"""The life of a process that has devices on the air: its first line, its signals, its errors."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final, Protocol

from bumble import core
from bumble.transport import open_transport
from bumble.transport.common import Transport

from firmware_sim.air import Air
from firmware_sim.server import serve

_INTERRUPTED: Final = 130  # as shells count a program ended by SIGINT
_ENDINGS: Final = {signal.SIGINT: _INTERRUPTED, signal.SIGTERM: 0}
_NAMED: Final = 4  # chosen: so many devices of a model are told one by one, more are told from first to last


class RunError(Exception):
    """The simulator cannot run, or not any longer; the text says why."""


class Told(Protocol):
    """A device, as far as the first line is concerned."""

    @property
    def device_id(self) -> str:
        """As in the trace."""

    @property
    def address(self) -> str:
        """On the air."""


class OnAir(Protocol):
    """What has devices."""

    @property
    def air(self) -> Air:
        """Where they are."""

    @property
    def devices(self) -> Sequence[Told]:
        """All of them."""


def run(work: Coroutine[Any, Any, None]) -> int:
    """Run until a signal comes or something fails, and tell what failed.

    Returns:
        0 after SIGTERM or at the end of the work, 130 after SIGINT, 1 when it could not run.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("firmware_sim: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    try:
        return asyncio.run(_until_signal(work))
    except RunError as error:
        sys.stderr.write(f"firmware_sim: {error}\n")
        return 1


class _OneLine(logging.Formatter):
    """A log for the terminal: the error, not the traceback."""

    def formatException(  # noqa: N802 - the name that logging calls
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return f"  {ei[1]!r}"


async def _until_signal(work: Coroutine[Any, Any, None]) -> int:
    """Run until a signal comes or something fails; what has begun is ended in order."""
    loop = asyncio.get_running_loop()
    end: asyncio.Future[int] = loop.create_future()

    def on_signal(status: int) -> None:
        if not end.done():
            end.set_result(status)

    def on_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not end.done():
            end.set_exception(RunError(f"failed: {context.get('exception', context['message'])}"))

    for each, status in _ENDINGS.items():
        loop.add_signal_handler(each, on_signal, status)
    loop.set_exception_handler(on_error)
    running = asyncio.ensure_future(work)
    await asyncio.wait((running, end), return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        end.cancel()
        running.result()
        return 0
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    return await end


def say(line: str) -> None:
    """Tell whoever started the simulator; nobody has to listen."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains at its end


async def on_air(
    make: Callable[[Transport | None], AbstractAsyncContextManager[OnAir]],
    *,
    listen: str | None,
    attach: str | None,
    tell: Callable[[str], None] = say,
) -> None:
    """Have devices on an air here, or behind a transport, until cancelled.

    Args:
        make: Makes them, powered on inside the context; takes the transport, None for an air of their own.
        listen: Where to host the air.
        attach: Which transport instead.
        tell: Takes the line that says where they are, once they can be met there.

    Raises:
        RunError: that cannot be, or not any longer.
    """
    async with contextlib.AsyncExitStack() as leave:
        transport = None
        if attach:
            try:
                transport = await open_transport(attach)
            except Exception as error:  # whatever a transport of Bumble raises, down to a bare Exception
                raise RunError(f"cannot use the transport {attach}: {error}") from error
            leave.push_async_callback(transport.close)
        try:
            there = await leave.enter_async_context(make(transport))
        except core.BaseBumbleError as error:
            raise RunError(f"the controller behind {attach} does not answer: {error}") from error
        if transport is not None:
            tell(f"attached to {attach} ({_listed(there.devices)})")
            await transport.source.terminated
            raise RunError(f"the transport {attach} has ended")
        try:
            await serve(
                there.air,
                listen or "",
                on_ready=lambda place: tell(f"listening on {place} ({_listed(there.devices)})"),
            )
        except OSError as error:
            raise RunError(error.strerror or str(error)) from error


def _listed(devices: Sequence[Told]) -> str:
    """Every device, or of many of one model the first and the last."""
    models: dict[str, list[str]] = {}
    for device in devices:
        models.setdefault(device.device_id.partition("-")[0], []).append(
            f"{device.device_id} {device.address}"
        )
    return ", ".join(
        ", ".join(each) if len(each) <= _NAMED else f"{each[0]} to {each[-1]}" for each in models.values()
    )
