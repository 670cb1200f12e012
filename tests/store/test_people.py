"""People on record: changed as a whole, and forgotten only when nothing hangs on it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

import pytest

from massager.model.body import Zone
from massager.model.errors import BusyError, NotAllowedError, NotFoundError, StoreError
from massager.model.history import Authority, By, LockCause, Moment, Role
from massager.model.people import KeepOut, Modifier
from massager.store import FollowUps, Journal, Lockouts, People, Store, seal
from massager.store.documents import to_document
from massager.store.tables import FOLLOW_UP, SESSION
from massager.store.who import person_row
from samples import demo
from store_life import alter
from store_rig import Place

NOW_S = 1_700_000_000
DAY_S = 24 * 3600
ANNA = By("anna", Role.CAREGIVER)
MIA = demo(name="mia")
FULL = demo(
    name="full",
    born=1960,
    modifiers=frozenset({Modifier.DIABETES}),
    keep_outs=(KeepOut("scar", (570_000, 600_000), -20, 60),),
    zone_permille=MappingProxyType({Zone.L1_L3: 200}),
    hours=(540, 1230),
)
OLD_MIA = demo(name="mia", born=1930)


def at(after_s: int = 0) -> Moment:
    return Moment(wall_s=NOW_S + after_s, boot_ms=5_000 + 1000 * after_s, boot_id="a boot")


@pytest.fixture
def people(store: Store) -> People:
    made = People(store)
    made.add(MIA, by=ANNA, now=at())
    return made


def add_session(store: Store, *, reserved_ms: int = 60_000, ended: bool = True) -> int:
    """A session of mia's that lasted until now."""
    with store.transaction() as connection:
        return seal.add(
            connection,
            SESSION,
            person_id=person_row(connection, "mia").id,
            device="chair",
            program="gentle",
            controller="somebody",
            started_s=NOW_S - 60,
            last_s=NOW_S,
            ended_s=NOW_S if ended else None,
            reserved_ms=reserved_ms,
            used_ms=reserved_ms,
        )


def test_a_person_comes_back_as_added(place: Place, store: Store, people: People) -> None:
    people.add(FULL, by=ANNA, now=at())
    assert people.get("full") == FULL
    store.close()
    with Store.open(place) as again:
        assert People(again).get("full") == FULL
        assert People(again).get("mia") == MIA


def test_names_stand_in_the_order_of_the_alphabet(people: People) -> None:
    for name in ("Zoe", "ben", "Änne", "Ben"):
        people.add(demo(name=name), by=ANNA, now=at())
    assert people.names() == ("Ben", "ben", "mia", "Zoe", "Änne")


def test_adding_is_journaled_with_all_that_was_added(store: Store, people: People) -> None:
    assert people.names() == ("mia",)
    (entry,) = Journal(store).records(person="mia")
    assert (entry.record.kind, entry.record.code) == ("person-added", "caregiver")
    assert (entry.record.at_ms, entry.record.unix_s) == (at().boot_ms, NOW_S)
    assert entry.record.facts == {"who": "anna", "person": json.loads(to_document(MIA))}


def test_a_name_is_given_once(people: People) -> None:
    with pytest.raises(NotAllowedError, match="'mia' already"):
        people.add(demo(name="mia", attested=False), by=ANNA, now=at())
    assert people.get("mia") == MIA


@pytest.mark.parametrize(
    "name", ["", " mia", "mia ", "m\tia", "m\nia", "x" * 61, "\0", "\u202emia", "\ud800", " "]
)
def test_what_cannot_be_read_or_typed_is_no_name(people: People, name: str) -> None:
    with pytest.raises(NotAllowedError, match="cannot be a name"):
        people.add(demo(name=name), by=ANNA, now=at())
    assert people.names() == ("mia",)


def test_sixty_characters_of_any_script_are_a_name(people: People) -> None:
    people.add(demo(name="ö" * 59 + "字"), by=ANNA, now=at())
    assert "ö" * 59 + "字" in people.names()


def test_nobody_of_that_name_is_told_with_the_names(people: People) -> None:
    with pytest.raises(NotFoundError, match=r"no person 'max'.*mia"):
        people.get("max")
    with pytest.raises(NotFoundError):
        people.change(demo(name="max"), demo(name="max"), by=ANNA, why="", now=at(), between_sessions=True)
    with pytest.raises(NotFoundError):
        people.forget("max", by=ANNA, now=at())


def test_a_change_is_journaled_field_by_field(store: Store, people: People) -> None:
    new = demo(name="mia", session_min=10, programs=frozenset({"b", "a"}))
    people.change(MIA, new, by=ANNA, why="sore", now=at(9), between_sessions=False)
    assert people.get("mia") == new
    record = Journal(store).records()[-1].record
    assert (record.kind, record.code, record.person) == ("person-change", "caregiver", "mia")
    changes = {"session_min": [None, 10], "programs": [None, ["a", "b"]]}
    assert record.facts == {"who": "anna", "why": "sore", "changes": changes}


def test_a_change_of_nothing_leaves_no_trace(store: Store, people: People) -> None:
    before = Journal(store).records()
    people.change(MIA, MIA, by=ANNA, why="", now=at(), between_sessions=False)
    assert Journal(store).records() == before


def test_a_record_that_somebody_else_changed_is_not_overwritten(people: People) -> None:
    first, second = demo(name="mia", session_min=10), demo(name="mia", session_min=5)
    people.change(MIA, first, by=ANNA, why="", now=at(), between_sessions=False)
    with pytest.raises(NotAllowedError, match="changed meanwhile"):
        people.change(MIA, second, by=ANNA, why="", now=at(), between_sessions=False)
    assert people.get("mia") == first


def test_a_person_keeps_the_name(people: People) -> None:
    with pytest.raises(ValueError, match="keeps the name"):
        people.change(MIA, demo(name="max"), by=ANNA, why="", now=at(), between_sessions=False)
    assert people.names() == ("mia",)


def test_what_waits_for_the_end_of_a_session_is_refused_in_one(store: Store, people: People) -> None:
    session = add_session(store, ended=False)
    new = demo(name="mia", session_min=10)
    with pytest.raises(BusyError, match=f"mia is in session {session}"):
        people.change(MIA, new, by=ANNA, why="", now=at(), between_sessions=True)
    assert people.get("mia") == MIA
    people.change(MIA, new, by=ANNA, why="", now=at(), between_sessions=False)
    assert people.get("mia") == new


def test_a_change_and_its_journal_are_written_together_or_not_at_all(
    store: Store, people: People, monkeypatch
) -> None:
    def refuse(*_args) -> None:
        raise StoreError("the disk is full")

    before = Journal(store).records()
    with monkeypatch.context() as broken:
        broken.setattr("massager.store.journal.write", refuse)
        with pytest.raises(StoreError, match="disk is full"):
            people.change(MIA, OLD_MIA, by=ANNA, why="", now=at(), between_sessions=False)
        with pytest.raises(StoreError, match="disk is full"):
            people.forget("mia", by=ANNA, now=at())
    assert people.get("mia") == MIA
    assert Journal(store).records() == before


def test_a_forgotten_name_is_nowhere_any_more(folder: Path, store: Store, people: People) -> None:
    people.add(demo(name="Xanthippe"), by=ANNA, now=at())
    lockouts = Lockouts(store)
    lock = lockouts.add(
        "Xanthippe",
        cause=LockCause.SET_BY_HAND,
        authority=Authority.CAREGIVER,
        wait_s=0,
        note="a sore hip",
        by=ANNA,
        now=at(),
    )
    lockouts.clear("Xanthippe", lock.number, by=ANNA, why="the hip is fine", now=at(1))
    people.forget("Xanthippe", by=ANNA, now=at(2))
    assert people.names() == ("mia",)
    with pytest.raises(NotFoundError):
        people.get("Xanthippe")
    record = Journal(store).records()[-1].record
    assert (record.kind, record.person) == ("person-forgotten", None)
    store.close()
    with closing(sqlite3.connect(folder / "massager.db")) as stranger:
        dump = "\n".join(stranger.iterdump())
    assert "Xanthippe" not in dump
    assert "hip" not in dump
    for file in folder.iterdir():
        assert b"Xanthippe" not in file.read_bytes()
    with Store.open(folder) as again:  # all seals are right
        assert Journal(again).verify().first_bad is None


def test_a_name_that_was_forgotten_may_be_given_again(store: Store, people: People) -> None:
    people.forget("mia", by=ANNA, now=at())
    people.add(MIA, by=ANNA, now=at(1))
    assert people.get("mia") == MIA
    assert [entry.record.kind for entry in Journal(store).records(person="mia")] == ["person-added"]


def test_somebody_in_a_session_is_not_forgotten(store: Store, people: People) -> None:
    session = add_session(store, ended=False)
    with pytest.raises(BusyError, match=f"mia is in session {session}"):
        people.forget("mia", by=ANNA, now=at())


def test_somebody_is_not_forgotten_before_the_limits_have(store: Store, people: People) -> None:
    add_session(store)
    with pytest.raises(NotAllowedError, match=r"until 2023-11-22 22:13 UTC"):
        people.forget("mia", by=ANNA, now=at(8 * DAY_S))
    assert people.get("mia") == MIA
    people.forget("mia", by=ANNA, now=at(8 * DAY_S + 1))


def test_a_session_that_moved_nothing_is_no_reason_to_wait(store: Store, people: People) -> None:
    add_session(store, reserved_ms=0)
    people.forget("mia", by=ANNA, now=at())


def test_somebody_locked_out_is_not_forgotten(store: Store, people: People) -> None:
    lock = Lockouts(store).add(
        "mia",
        cause=LockCause.SET_BY_HAND,
        authority=Authority.CAREGIVER,
        wait_s=0,
        note="",
        by=ANNA,
        now=at(),
    )
    with pytest.raises(NotAllowedError, match=f"locked out \\(number {lock.number}\\)"):
        people.forget("mia", by=ANNA, now=at(99 * DAY_S))


def test_somebody_who_has_not_answered_is_not_forgotten(store: Store, people: People) -> None:
    session = add_session(store, reserved_ms=0)
    with store.transaction() as connection:
        key = person_row(connection, "mia").id
        seal.add(connection, FOLLOW_UP, person_id=key, session_id=session, due_s=NOW_S)
    with pytest.raises(NotAllowedError, match=f"after session {session}"):
        people.forget("mia", by=ANNA, now=at(99 * DAY_S))
    (question,) = FollowUps(store).of("mia")
    FollowUps(store).answer("mia", question.number, pain=1, worse="no", feeling="none", by=ANNA, now=at())
    people.forget("mia", by=ANNA, now=at())


def test_setting_the_clock_forward_forgets_nobody_earlier(store: Store, people: People) -> None:
    add_session(store)
    hurried = Moment(wall_s=NOW_S + 99 * DAY_S, boot_ms=6_000, boot_id="a boot")
    with pytest.raises(NotAllowedError, match="counts towards the limits"):
        people.forget("mia", by=ANNA, now=hurried)


def test_a_row_that_was_altered_from_outside_is_not_believed(place: Place, people: People) -> None:
    alter(place, "UPDATE person SET document = replace(document, 'mild', 'severe')")
    with pytest.raises(StoreError, match="person was altered from outside"):
        people.get("mia")
