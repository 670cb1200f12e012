"""Driving the device: one permit, one newest lease, one writer; every check of what goes out and comes in.

Taking something in acts at once and never waits. What fails a check stops the device through the `stop` that
was handed in, before anybody is told.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from massager.guardian.clock import Clock
from massager.guardian.device_lock import Lock
from massager.guardian.frames import EndFrame, check_bytes
from massager.guardian.gate import NO_FRESH_REPORT, check_lease
from massager.guardian.link import Link
from massager.guardian.messages import Delivery, Outcome, Permitted, Refused, Up
from massager.guardian.permits import check_permit
from massager.guardian.reported import check_reading
from massager.guardian.told import LAST_NUMBER, OpenSession
from massager.model.commands import Lease, Permit
from massager.model.decisions import Reason, Trip
from massager.model.devices import DeviceProfile
from massager.model.telemetry import Reading
from massager.protocol.codec import Codec

# Chosen: ten notifications of a driven device (docs/protocol.md 4); the chair's own watchdog is no longer.
STALE_MS: Final = 1000


class Driving:
    """What may move the device.

    Attributes:
        link: Where to write; None while there is none.
        reading: The newest report on this link; None before the first.
    """

    def __init__(
        self,
        *,
        profile: DeviceProfile,
        codec: Codec,
        clock: Clock,
        stop: Callable[[Reason, str], None],
        tell: Callable[[Up], None],
        lock: Lock,
    ) -> None:
        self.link: Link | None = None
        self.reading: Reading | None = None
        self._profile = profile
        self._codec = codec
        self._clock = clock
        self._stop = stop
        self._tell = tell
        self._lock = lock
        self._session: OpenSession | None = None
        self._slot: Lease | None = None
        self._wake = asyncio.Event()
        self._epoch = 0
        self._end_owed: int | None = None
        self._repeats = False

    @property
    def underway(self) -> bool:
        """Whether a permit is in force."""
        return self._session is not None

    def void(self) -> None:
        """Nothing taken in before this may go out any more (INV-14)."""
        self._session = None
        self._slot = None

    def use(self, link: Link | None) -> None:
        """Write on another link, about which nothing is known yet."""
        self.void()
        self.link = link
        self.reading = None

    def take_permit(self, permit: Permit, firmware: str) -> None:
        """Open a session with a permit, or tighten the one in force; to be called at rest or in a session."""
        session = self._session
        previous = session.permit if session else None
        now_ms = self._clock.now_ms()
        reason = check_permit(
            permit, profile=self._profile, firmware=firmware, now_ms=now_ms, previous=previous
        )
        epoch = max(self._epoch, self.reading.epoch if self.reading else 0) + 1
        if reason is None and session is None and epoch > LAST_NUMBER:
            reason = "the device's epochs are used up: switch it off and on"
        reason = reason or self._lock.admit(permit.fence)
        if reason is not None:
            self._refuse(Refused("permit", 0, reason))
        elif session is None:
            self._epoch = epoch
            self._session = OpenSession(permit, epoch)
            self._wake.set()
        else:
            session.permit = permit
            if session.opened:
                self._tell(Permitted(session.epoch))

    def take_lease(self, lease: Lease) -> None:
        """Put a lease into the slot; an older one in it is dropped."""
        session = self._session
        if session is None or not session.opened:
            self._tell(
                Refused("lease", lease.number, "no permit is in force")
            )  # nothing drives: nothing to stop
            return
        facts = session.facts(self.reading, self._profile, after=session.taken, now_ms=self._clock.now_ms())
        if reason := check_lease(lease, facts):
            self._refuse_lease(lease, reason)
            return
        session.taken = lease.number
        self._slot = lease
        self._wake.set()

    def _refuse_lease(self, lease: Lease, reason: str) -> None:
        # A device that fell silent while the lease was on its way is no quarrel between the two checks.
        cause = self._silence if reason == NO_FRESH_REPORT else Reason.GUARDIAN_REFUSED
        self._refuse(Refused("lease", lease.number, reason), cause)

    def _refuse(self, refused: Refused, cause: Reason = Reason.GUARDIAN_REFUSED) -> None:
        self._stop(cause, f"{refused.what}: {refused.detail}")
        self._tell(refused)

    @property
    def _silence(self) -> Reason:
        return Reason.FROZEN_COUNTER if self._repeats else Reason.STALE_READING

    def hear(self, data: bytes, at_ms: int) -> Reading | None:
        """Take a state notification: what is new in it, checked; None where it only repeats.

        Raises:
            MalformedFrameError: It is no state of this device.
        """
        profile = self._profile
        counts = {"actuators": len(profile.actuators), "heaters": len(profile.heaters)}
        reading = self._codec.reading(data, at_ms=at_ms, **counts)
        if self.reading is not None and reading.counter == self.reading.counter:
            self._repeats = True
            return None
        session = self._session
        if session is not None and session.opened:
            if reading.epoch < session.epoch:
                return None  # from before BEGIN: says nothing of this session
            trip = check_reading(
                reading,
                permit=session.permit,
                profile=self._profile,
                epoch=session.epoch,
                seq=session.seq,
                highest=session.highest(at_ms, len(profile.actuators)),
                warmest=session.warmest(at_ms, len(profile.heaters)),
                placed=session.placed,
            )
            if trip is not None:
                self._stop(trip.reason, trip.detail)
        self._repeats = False
        self.reading = reading
        return reading

    def overdue(self, now_ms: int) -> Trip | None:
        """What has run out: the permit, the lease, or the patience with a device that reports nothing new."""
        session = self._session
        if session is None:
            return None
        if now_ms >= session.permit.ends_ms:
            return Trip(Reason.SESSION_OVER, "the permit has ended")
        if session.lease_ends_ms is None or session.driven_since_ms is None:
            return None
        if now_ms >= session.lease_ends_ms:
            return Trip(Reason.LEASE_LAPSED, f"lease {session.written} was not renewed")
        heard_ms = max(session.driven_since_ms, self.reading.at_ms if self.reading else 0)
        if now_ms - heard_ms > STALE_MS:
            return Trip(self._silence, f"nothing new for {now_ms - heard_ms} ms")
        return None

    async def write_forever(self) -> None:
        """The one writer: BEGIN, then leases one at a time, each checked again right before it goes out."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._session is not None and not self._session.opened:
                await self._open(self._session)
            while self._slot is not None:
                lease, self._slot = self._slot, None
                await self._deliver(lease)

    async def _open(self, session: OpenSession) -> None:
        frame = session.begin_frame(self._profile, self._clock.now_ms())
        data = self._codec.begin(epoch=frame.epoch, deadline_s=frame.deadline_s, ceilings=frame.ceilings)
        if reason := check_bytes(data, frame, codec=self._profile.codec):
            self._refuse(Refused("bytes", 0, reason))
            return
        if self.link is None:
            return  # its loss has begun a stop
        self._end_owed = session.epoch
        written = await self.link.write_command(data)
        if self._session is not session:
            return  # stopped meanwhile
        if written.outcome is Outcome.CONFIRMED:
            session.opened = True
            self._tell(Permitted(session.epoch))
        else:
            self._stop(Reason.WRITE_REFUSED, f"BEGIN {written.outcome}: {written.detail}")

    async def _deliver(self, lease: Lease) -> None:
        session, link = self._session, self.link
        if session is None or link is None:
            return  # voided while it waited
        now_ms = self._clock.now_ms()
        facts = session.facts(self.reading, self._profile, after=session.written, now_ms=now_ms)
        reason = check_lease(lease, facts) if session.seq < LAST_NUMBER else "the sequence is used up"
        if reason is not None:
            self._refuse_lease(lease, reason)
            return
        frame = session.take(lease, now_ms)
        data = self._codec.set(
            seq=frame.seq, epoch=frame.epoch, lease_ms=frame.left_ms, setpoint=lease.setpoint
        )
        if reason := check_bytes(data, frame, codec=self._profile.codec):
            self._refuse(Refused("bytes", lease.number, reason))
            return
        written = await link.write_command(data)
        if self._session is session and written.outcome is not Outcome.CONFIRMED:
            self._stop(Reason.WRITE_REFUSED, f"lease {lease.number} {written.outcome}: {written.detail}")
        self._tell(Delivery(lease.number, written.outcome, written.detail))

    async def close_session(self) -> None:
        """Write the END that the last BEGIN owes; the device rests, so nothing hangs on the answer."""
        epoch, self._end_owed = self._end_owed, None
        if self.link is None or epoch is None:
            return
        data = self._codec.end(epoch=epoch)
        if check_bytes(data, EndFrame(epoch), codec=self._profile.codec) is None:
            await self.link.write_command(data)
