"""A record that becomes tighter in a session holds there from the next wish on (INV-07)."""

from dataclasses import replace

from governor_rig import Rig, envelope
from massager.model.body import Region, Zone
from massager.model.ceilings import Clearance, Modality
from massager.model.decisions import Cap, Reason, Refusal, Source
from massager.model.people import KeepOut
from massager.safety.today import places
from samples import demo, mild_lumbar, well


def test_a_tighter_record_holds_from_the_next_wish_on():
    rig = Rig.start()
    rig.run(120)
    tighter = demo(zone_permille={Zone.L4_S1: 200}, session_min=5)
    assert rig.governor.tighten(envelope(person=tighter)) is True
    assert rig.ask().cap == Cap(4, Source.CAREGIVER)
    assert rig.governor.usage.session_ms == 300_000


def test_a_keep_out_that_is_added_under_the_rollers_forbids_at_once():
    rig = Rig.start()
    rig.run(5)
    scar = KeepOut("scar", (722_400, 861_000), -500, 500)
    person = demo(keep_outs=(scar,))
    assert rig.governor.tighten(envelope(person=person)) is True
    assert rig.ask() == Refusal(Reason.KEEP_OUT_PERSON, "scar")


def test_remote_control_is_switched_off_in_a_session_and_never_on():
    rig = Rig.start(person=demo(remote=True))
    assert rig.governor.tighten(envelope(person=demo())) is True
    assert rig.governor.envelope.person.remote is False
    assert rig.governor.tighten(envelope(person=demo(remote=True))) is False


def test_nothing_looser_or_otherwise_different_is_taken_in_a_session():
    tight = demo(zone_permille={Zone.L4_S1: 200})
    rig = Rig.start(person=tight)
    assert rig.governor.tighten(envelope(person=demo())) is False
    assert rig.governor.tighten(envelope(person=tight, caller_permille=500)) is False
    assert (
        rig.governor.tighten(
            envelope(person=tight, cleared=frozenset({(Region.LUMBAR, Modality.ROLLER, Clearance.C)}))
        )
        is False
    )
    assert rig.governor.tighten(envelope(person=tight, profile=mild_lumbar(session_min=5))) is False
    assert rig.governor.tighten(envelope(person=tight)) is True
    # A stature checks landmarks before a start; in a session nobody measures again.
    assert rig.governor.tighten(envelope(person=replace(tight, stature_mm=1780))) is False
    # Skin that was named before the start stays closed.
    sore = places(tight, well(skin=frozenset({Zone.L1_L3})))
    mine = envelope(person=tight)
    closed = Rig.start(person=tight)
    closed.governor.envelope = replace(mine, today=replace(mine.today, places=sore))
    assert closed.governor.tighten(mine) is False
