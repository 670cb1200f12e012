"""A Governor under random use on a device that may lie, one rule at a time; the books are in shadow.py."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from massager.model.body import Zone
from massager.model.decisions import Reason, Trip
from massager.model.people import KeepOut, Modifier
from massager.model.questions import CheckIn, Comfort, Feeling
from massager.safety.governor import ApprovedCommand
from properties import sessions
from properties.device import GOOD, LIES, TRIPS
from properties.shadow import PAIN, Shadow

# Waits that matter: around every figure that the core compares a time with.
WAITS_MS = (1, 50, 100, 199, 250, 900, 999, 1_000, 1_001, 5_000, 20_000, 30_250, 60_000, 3_600_000)
goes_on = precondition(lambda self: self.trip is None)
is_on = precondition(lambda self: self.epoch is not None)
BEGINNINGS = {
    "name": st.sampled_from(sorted(sessions.WORLDS)),
    "session_s": st.sampled_from([120, 900, 45, 600]),
    "agreed": st.sets(st.sampled_from([Zone.L4_S1, Zone.L1_L3])),
    "driven_s": st.sampled_from([1, 100, 10, 40, 0]),
}


class SessionMachine(Shadow):
    """Everything that anybody can do to a session, in any order."""

    @initialize(**BEGINNINGS)
    def begins(self, name, session_s, agreed, driven_s):
        self.open_books(name, session_s, agreed)
        self._drive(driven_s, 100, answers=True)

    @precondition(lambda self: self.trip is not None)
    @rule(**BEGINNINGS)
    def begins_another(self, name, session_s, agreed, driven_s):
        self.count("steps")
        self.begins(name, session_s, agreed, driven_s)

    # Time.

    @rule(ms=st.one_of(st.sampled_from(WAITS_MS), st.integers(1, 2_000)))
    def time_passes(self, ms):
        self.count("steps")
        self.lets_pass(ms)

    @rule()
    def looks_at_the_clock(self):
        self.count("steps")
        self._looks()

    def _looks(self):
        due = self.epoch is not None and (self.is_stale() or self.is_unanswered())
        self._tripped(self.governor.timer(self.now_ms))
        # A frozen or silent device never goes on, nor does a person who says nothing (INV-24).
        assert not due or self.trip is not None

    # The device.

    @goes_on
    @rule(kind=st.sampled_from([*GOOD, *LIES]))
    def reports(self, kind):
        self.count("steps")
        self._report(kind)

    @is_on
    @rule(kind=st.sampled_from(sorted(TRIPS)))
    def is_caught(self, kind):
        self.count("steps")
        self._report("good")
        self._redeem_next(1)
        self._report(kind)

    @is_on
    @rule(ms=st.sampled_from([900, 1_000, 1_001]))
    def falls_silent(self, ms):
        """Nothing presses any more, and then nothing is heard."""
        self.count("steps")
        self._report("good")
        self._redeem_next(0)
        self.lets_pass(100)
        self._report("good")
        self.lets_pass(ms)
        self._looks()

    # Permits and stops.

    @rule(newer=st.booleans())
    def is_permitted(self, newer):
        self.count("steps")
        self._permit(self.newest + 1 if newer else max(1, self.newest))

    @rule(reason=st.sampled_from([*[None] * 5, Reason.LINK_LOST, Reason.STORE_FAILED]))
    def stops_it(self, reason):
        self.count("steps")
        if reason is None:
            self.governor.stop(self.now_ms)
            self._stop()
            return
        first = self.trip
        trip = self.governor.fail(reason, self.now_ms)
        assert trip == (first or Trip(reason))
        self._tripped(trip)

    @goes_on
    @rule(stops=st.booleans())
    def comes_back(self, stops):
        """A stop that is over at once, and everything that was approved before it."""
        self.count("steps")
        if stops:
            self._report("good")
            self._wish(1, None, None)
            self.governor.stop(self.now_ms)
            self._stop()
        self.lets_pass(1)
        self._report("good")
        self._permit(self.newest + 1)
        for receipt in self.receipts:
            self._redeem(receipt)

    # Wishes.

    @goes_on
    @rule(
        level=st.one_of(st.sampled_from([0, 1, 100]), st.integers(0, 100)),
        target_mm=st.one_of(st.none(), st.sampled_from([440, 500, 300, 60]), st.integers(0, 580)),
        half_mm=st.sampled_from([None, None, 50, 60, 70, 40]),
        poor=st.sampled_from([None, None, None, 0, 150, 5_000]),
    )
    def wishes(self, level, target_mm, half_mm, poor):
        self.count("steps")
        self._wish(min(level, self.world.device.actuators[0].levels), target_mm, half_mm, poor)

    @precondition(lambda self: self.receipts)
    @rule(which=st.sampled_from([-1, -1, -1, -2, 0]))
    def redeems(self, which):
        self.count("steps")
        self._redeem(self.receipts[max(which, -len(self.receipts))])

    @rule()
    def redeems_a_forgery(self):
        self.count("steps")
        assert self.governor.redeem(ApprovedCommand(), self.now_ms) is None

    @goes_on
    @rule(seconds=st.sampled_from([1, 5, 25, 110]), level=st.sampled_from([1, 100]), answers=st.booleans())
    def is_driven(self, seconds, level, answers):
        """Ten wishes a second on an honest device, up and down the lower back."""
        self.count("steps")
        self._drive(seconds, level, answers=answers)

    # Answers.

    @goes_on
    @rule(
        pain=st.sampled_from([None, 0, PAIN, PAIN, PAIN + 1]),
        comfort=st.sampled_from([None, *Comfort]),
        feeling=st.sampled_from([None, Feeling.NONE]),
    )
    def says(self, pain, comfort, feeling):
        self.count("steps")
        self._say(CheckIn(pain, comfort, feeling))

    @goes_on
    @rule(pain=st.sampled_from([None, PAIN + 2, 10]), feeling=st.sampled_from(Feeling))
    def complains(self, pain, feeling):
        self.count("steps")
        self._say(CheckIn(pain, None, feeling))

    @goes_on
    @rule(zone=st.sampled_from(Zone))
    def asks_about(self, zone):
        self.count("steps")
        known = self.governor.zone_open(zone) is not None or zone in self.asked_about
        self.governor.ask_zone(zone, self.now_ms)
        if not known and zone not in self.opened:
            self.asked_about.add(zone)

    @goes_on
    @rule(zone=st.sampled_from(Zone), yes=st.booleans())
    def answers_about(self, zone, yes):
        self.count("steps")
        waits = any(prompt.zone is zone for prompt in self.governor.prompts)
        self.governor.zone_answered(zone, yes=yes)
        if yes and waits and zone in self.asked_about:
            self.opened.add(zone)
        if not yes:
            self.opened.discard(zone)

    # The record.

    @goes_on
    @rule(
        zone=st.sampled_from(Zone),
        permille=st.integers(0, 1000),
        what=st.sampled_from(["zone", "place", "minutes", "looser"]),
        data=st.data(),
    )
    def is_changed(self, zone, permille, what, data):
        self.count("steps")
        person = self.world.person
        match what:
            case "zone":
                most = min(permille, person.zone_permille.get(zone, 1000))
                limits = MappingProxyType({**person.zone_permille, zone: most})
                self._tighten(replace(person, zone_permille=limits))
            case "place":
                span = (860_000 + permille, 862_000 + permille)
                self._tighten(
                    replace(person, keep_outs=(*person.keep_outs[-2:], KeepOut("sore", span, -500, 500)))
                    if len(person.keep_outs) < 3
                    else person
                )
            case "minutes":
                most = 15 if person.session_min is None else person.session_min
                self._tighten(replace(person, session_min=max(1, min(most, permille // 50))))
            case _:
                self._loosen(data.draw(st.sampled_from(self._looser())))

    def _looser(self):
        person = self.world.person
        ways = [
            # Tighter, but not what may change in a session.
            replace(person, modifiers=person.modifiers | {Modifier.HYPERTENSION}),
            replace(person, attested=False),
            replace(person, clearances=()),
        ]
        if person.zone_permille:
            ways.append(replace(person, zone_permille=MappingProxyType({})))
        if person.keep_outs:
            ways.append(replace(person, keep_outs=()))
        if person.session_min is not None:
            ways.append(replace(person, session_min=None))
        return ways

    @goes_on
    @rule(session_ms=st.integers(-1_000, 5_000_000))
    def is_shortened(self, session_ms):
        self.count("steps")
        self.governor.shorten(session_ms)
        self.session_ms = min(self.session_ms, session_ms)
