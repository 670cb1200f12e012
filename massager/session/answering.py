"""What somebody says in a session: to the Governor first, then into the journal and onto the record."""

from collections.abc import Callable

from massager.guardian.clock import Clock
from massager.model.body import Zone
from massager.model.decisions import Reason
from massager.model.questions import CheckIn
from massager.safety.governor import Governor
from massager.session.facts import Told, told_facts
from massager.session.recorder import Recorder


class Answering:
    """Takes answers at any moment of one session, from whoever gives them."""

    def __init__(
        self, *, governor: Governor, recorder: Recorder, clock: Clock, stop: Callable[[Reason, str], None]
    ) -> None:
        self._stop = stop
        self._governor = governor
        self._recorder = recorder
        self._clock = clock

    def said(self, check_in: CheckIn) -> None:
        """Act on what was said; what is grave stops before anything is written down."""
        now_ms, before = self._clock.now_ms(), self._governor.state.copy()
        said = self._governor.answered(check_in, now_ms)
        if said.trip is not None:
            self._stop(said.trip.reason, said.trip.detail)
        told = Told(now_ms, before, check_in, said)
        self._recorder.note("answer", check_in.feeling or "check-in", told_facts(told))
        if said.consequence is not None:
            self._recorder.keep(said.consequence, check_in)

    def zone(self, zone: Zone, *, yes: bool) -> None:
        """Take an answer about a first visit."""
        self._governor.zone_answered(zone, yes=yes)
        self._recorder.note("zone", zone, {"yes": yes})
