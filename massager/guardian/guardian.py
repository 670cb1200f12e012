"""The guardian: holds the link, stops the device, lets through what is permitted, and leaves last.

`handle` and its sisters act at once and never wait; four tasks do the waiting: one holds the link, one stops,
one writes, one watches the clock. Whatever fails among them ends in STOP (INV-19).
"""

import asyncio
from collections.abc import Callable
from typing import Final

from massager.guardian import messages
from massager.guardian.clock import Clock
from massager.guardian.device_lock import Lock, Unlocked
from massager.guardian.driving import Driving
from massager.guardian.keeper import Hooks, LinkKeeper
from massager.guardian.leaving import Leaving
from massager.guardian.link import Identity, LinkFactory
from massager.guardian.messages import Down, End, Failure, GiveLease, GivePermit, Stop, Up
from massager.guardian.reported import check_identity
from massager.guardian.stopping import StopPath
from massager.guardian.supervised import Supervised
from massager.model.decisions import Reason
from massager.model.devices import DeviceProfile
from massager.model.errors import MalformedFrameError
from massager.model.telemetry import Reading
from massager.protocol.codec import Codec

TICK_MS: Final = 50  # the guardian's period; chosen, because it is half the STOP repetition


class Guardian:
    """One device's guardian, from the first scan to the last STOP."""

    def __init__(
        self,
        *,
        links: LinkFactory,
        profile: DeviceProfile,
        codec: Codec,
        clock: Clock,
        send: Callable[[Up], None],
        address: str | None = None,
        lock: Lock = Unlocked(),  # noqa: B008 - it has no state
    ) -> None:
        """Take `send`, which hands a message upward and never waits."""
        self._profile = profile
        self._codec = codec
        self._clock = clock
        self._send = send
        self._path = StopPath(clock, self._escalate)
        hooks = Hooks(self._connected, self._heard, self._lost)
        self._keeper = LinkKeeper(
            links=links, path=self._path, clock=clock, hooks=hooks, address=address, lock=lock
        )
        self._driving = Driving(
            profile=profile, codec=codec, clock=clock, stop=self._begin_stop, tell=self._tell, lock=lock
        )
        self._identity: Identity | None = None
        self._due = asyncio.Event()
        self._stopping = False
        self._cause: Reason | None = None
        self._alarm_stands = False
        self._leaving = False
        self._left = asyncio.Event()
        self._leaving_as = Leaving.NOT_STOPPED
        self._abandoned = False

    # What comes from the core.

    def handle(self, message: Down) -> None:
        """Act on a message, at once."""
        try:
            match message:
                case Stop():
                    self._begin_stop(message.cause)
                case GiveLease():
                    self._driving.take_lease(message.lease)
                case GivePermit():
                    self._take_permit(message)
                case End():
                    self._end()
        except Exception as error:  # noqa: BLE001 - INV-19
            self.broken(error)

    def nonsense(self, detail: str) -> None:
        """The core sent what is not a message."""
        self._begin_stop(Reason.INTERNAL, f"nonsense from the core: {detail}")

    def core_gone(self) -> None:
        """The pipe has ended: stop, then leave."""
        self._leaving = True
        self._begin_stop(Reason.INTERNAL, "the core is gone")

    def abandon(self) -> None:
        """From now on do nothing at all, as if killed: no STOP, no END, no disconnect."""
        self._abandoned = True
        self._path.detach()
        self._driving.use(None)

    def _take_permit(self, message: GivePermit) -> None:
        if self._identity is None or self._stopping or self._leaving:
            self._tell(messages.Refused("permit", 0, "not connected, stopping or leaving"))
            return
        self._driving.take_permit(message.permit, self._identity.firmware)

    def _end(self) -> None:
        self._leaving = True
        if not self._keeper.reached and not self._stopping:
            self._leave(Leaving.NO_LINK)  # this guardian never was at a device
        elif self._driving.underway or not self._path.rested.is_set():
            self._begin_stop(Reason.FINISHED)
        self._due.set()

    # What comes from the device.

    def _connected(self) -> None:
        self._driving.use(self._keeper.link)
        self._begin_quiet_stop()

    def _heard(self, data: bytes, at_ms: int) -> None:
        if self._abandoned:
            return
        try:
            reading = self._driving.hear(data, at_ms)
            if reading is not None:
                self._take_reading(reading)
        except MalformedFrameError as error:
            nonsense = f"it reports nonsense: {error}"
            self._path.misheard(nonsense)
            if not self._stopping:
                self._begin_stop(Reason.DEVICE_FAULT, nonsense)
        except Exception as error:  # noqa: BLE001 - INV-19
            self.broken(error)

    def _take_reading(self, reading: Reading) -> None:
        idle = not self._driving.underway and not self._stopping
        if idle and not (reading.at_rest and reading.retracted):
            self._begin_stop(Reason.FOREIGN_COMMAND, "it moves and nobody told it to")
        self._path.heard(reading)
        self._tell(messages.State(reading))

    def _lost(self, detail: str) -> None:
        self._identity = None
        if self._driving.underway:
            self._begin_stop(Reason.LINK_LOST, detail)
        self._driving.use(None)
        self._tell(messages.LinkLost(detail))

    # Stopping.

    def _begin_stop(self, cause: Reason, detail: str = "") -> None:
        untold = self._cause is None
        if untold:
            self._cause = cause
        self._begin_quiet_stop()
        if untold:
            self._tell(messages.Stopping(cause, detail))

    def _begin_quiet_stop(self) -> None:
        """Void everything and wake the STOP; while one is under way there is nothing to begin."""
        self._driving.void()
        if not self._stopping:
            self._stopping = True
            self._path.begin()
        self._due.set()

    def _escalate(self) -> None:
        self._alarm_stands = True
        connected = self._keeper.link is not None
        self._tell(messages.Alarm(self._path.danger(self._profile.title, connected=connected)))
        self._keeper.drop("let go after a STOP that did not work")

    def _stop_over(self, *, confirmed: bool) -> None:
        cause, self._cause, self._stopping = self._cause, None, False
        if cause is not None or not confirmed:
            self._tell(messages.Stopped(cause or Reason.STOP_FAILED, confirmed))
        if confirmed:
            self._alarm_stands = False
        elif self._leaving or self._keeper.link is not None:
            self._leave(Leaving.NOT_STOPPED)

    def broken(self, error: Exception) -> None:
        """Something failed that must not: stop, then leave."""
        self._leaving = True
        self._begin_stop(Reason.INTERNAL, f"{type(error).__name__}: {error}")

    # The four tasks.

    async def run(self) -> Leaving:
        """Do everything; returns when the guardian has left. Cancelling stops the device first."""
        works = (self._stop_when_due, self._hold_link, self._driving.write_forever, self._watch)
        tasks = Supervised(works, self.broken)
        try:
            await tasks.until(self._left)
        except asyncio.CancelledError:
            if not self._abandoned:
                self.core_gone()
                await tasks.until(self._left)
            raise
        finally:
            await tasks.end()
            if not self._abandoned:
                await self._keeper.let_go()
        return self._leaving_as

    async def _stop_when_due(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            if self._stopping:
                self._stop_over(confirmed=await self._path.until_rest())
            if self._leaving and not self._stopping:
                await self._driving.close_session()
                self._leave(Leaving.STOPPED)

    async def _hold_link(self) -> None:
        await self._keeper.hold(self._welcome, self._fail)

    def _welcome(self, identity: Identity) -> None:
        """Say Ready, unless the device is not the one of the profile."""
        if reason := check_identity(identity, self._profile, self._codec):
            detail = f"{identity.address} is not a {self._profile.title}: {reason}"
            self._fail(Failure.UNKNOWN_DEVICE, detail)
            return
        self._identity = identity
        facts = (identity.address, identity.model_number, identity.firmware, identity.serial)
        self._tell(messages.Ready(self._profile.name, *facts))

    async def _watch(self) -> None:
        while True:
            trip = self._driving.overdue(self._clock.now_ms())
            if trip is not None:
                self._begin_stop(trip.reason, trip.detail)
            await asyncio.sleep(TICK_MS / 1000)

    # Leaving.

    def _fail(self, failure: Failure, detail: str) -> None:
        self._tell(messages.Failed(failure, detail))
        self._leave(Leaving.NO_LINK)

    def _leave(self, leaving: Leaving) -> None:
        if not self._left.is_set():
            self._leaving_as = Leaving.NOT_STOPPED if self._alarm_stands else leaving
            self._left.set()

    def _tell(self, message: Up) -> None:
        if self._abandoned:
            return
        try:
            self._send(message)
        except Exception as error:  # noqa: BLE001 - INV-19: a core that cannot be told is as good as gone
            self._send = lambda _: None
            self.broken(error)
