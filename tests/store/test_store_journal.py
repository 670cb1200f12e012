"""The journal: in order, never changed, and telling on whoever changes it all the same."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from massager.model.body import Region
from massager.model.errors import NotFoundError, StoreError
from massager.model.history import By, Moment, Role
from massager.store import Journal, People, Record, Store, Verdict, chain, seal
from massager.store.tables import SESSION
from massager.store.who import person_row
from samples import demo
from store_rig import Place

NOW_S = 1_700_000_000
NOW = Moment(wall_s=NOW_S, boot_ms=5_000, boot_id="a boot")
ANNA = By("anna", Role.CAREGIVER)


@pytest.fixture
def journal(store: Store) -> Journal:
    return Journal(store)


def record(n: int, **changes) -> Record:
    fields = {
        "session": None,
        "person": None,
        "at_ms": n,
        "unix_s": NOW_S + n,
        "kind": "decision",
        "code": "asked",
        "facts": {"n": n, "why": ["ramp", None], "ok": True},
    }
    return Record(**(fields | changes))


def session_of(store: Store, person: str) -> int:
    """A session, as the ledger would open one, without what it writes into the journal."""
    People(store).add(demo(name=person), by=ANNA, now=NOW)
    with store.transaction() as connection:
        return seal.add(
            connection,
            SESSION,
            person_id=person_row(connection, person).id,
            device=f"{person}'s chair",
            program="gentle",
            controller="somebody",
            started_s=NOW_S,
            last_s=NOW_S,
            ended_s=NOW_S,
            reserved_ms=0,
            used_ms=0,
        )


def written(journal: Journal, **which) -> list[Record]:
    return [entry.record for entry in journal.records(**which)]


def tamper(folder: Path, *statements: str) -> None:
    """Change rows as somebody would who opens the file, and knows how to take the triggers off."""
    with closing(sqlite3.connect(folder / "massager.db")) as stranger:
        for (trigger,) in stranger.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            stranger.execute(f"DROP TRIGGER {trigger}")
        stranger.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            changed = stranger.execute(statement).rowcount
            assert changed != 0, statement
        stranger.commit()


def test_records_come_back_as_written_and_in_order(journal: Journal) -> None:
    journal.append(record(9), record(3, code="unpaid"))
    journal.append(record(1))
    assert written(journal) == [record(9), record(3, code="unpaid"), record(1)]
    assert [entry.seq for entry in journal.records()] == [1, 2, 3]


def test_records_are_found_by_session_person_and_time(store: Store, journal: Journal) -> None:
    mine, other = session_of(store, "mia"), session_of(store, "ole")
    start = journal.records()[-1].seq
    journal.append(record(1, session=mine, person="mia"), record(2, session=other, person="ole"), record(3))
    assert written(journal, session=mine) == [record(1, session=mine, person="mia")]
    assert written(journal, person="ole", after=start) == [record(2, session=other, person="ole")]
    assert written(journal, since_s=NOW_S + 2) == [record(2, session=other, person="ole"), record(3)]
    assert [entry.seq for entry in journal.records(after=start, limit=2)] == [start + 1, start + 2]
    with pytest.raises(NotFoundError, match=r"no person 'pia'.*mia, ole"):
        journal.records(person="pia")


@pytest.mark.parametrize("limit", [None, 0, 1, 3, 5, 6, 99])
def test_a_journal_longer_than_a_batch_is_read_as_one(journal: Journal, monkeypatch, limit) -> None:
    monkeypatch.setattr("massager.store.journal._BATCH", 3)
    journal.append(*map(record, range(9)))
    assert [entry.seq for entry in journal.records(after=3, limit=limit)] == [4, 5, 6, 7, 8, 9][:limit]
    assert written(journal, since_s=NOW_S + 2, limit=limit) == [record(n) for n in range(2, 9)][:limit]


def test_what_belongs_to_a_session_belongs_to_its_person(store: Store, journal: Journal) -> None:
    session = session_of(store, "mia")
    journal.append(record(1, session=session))
    assert journal.records(person="mia")[-1].record == record(1, session=session, person="mia")


def test_boot_milliseconds_of_a_machine_up_for_years_fit(journal: Journal) -> None:
    journal.append(record(10**12, unix_s=NOW_S))
    assert written(journal)[0].at_ms == 10**12


@pytest.mark.parametrize("facts", [{"x": object()}, {"x": float("nan")}, {"x": "\ud800"}, {(1, 2): 3}, None])
def test_facts_that_json_does_not_know_are_refused_and_nothing_is_written(journal: Journal, facts) -> None:
    with pytest.raises(TypeError):
        journal.append(record(1), record(2, facts=facts))
    assert journal.records() == ()


def test_several_records_are_written_all_or_none(journal: Journal) -> None:
    with pytest.raises(StoreError, match=r"(?i)foreign key"):
        journal.append(record(1), record(2, session=99))
    with pytest.raises(NotFoundError, match="no person 'nobody'"):
        journal.append(record(1), record(2, person="nobody"))
    journal.append()
    assert journal.records() == ()
    assert journal.verify() == Verdict(0, None, "")


def test_equal_facts_are_equal_bytes(store: Store, journal: Journal) -> None:
    journal.append(record(1, facts={"b": Region.LUMBAR, "a": 1}), record(1, facts={"a": 1, "b": "lumbar"}))
    with store.transaction() as connection:
        facts = connection.exec_driver_sql("SELECT facts FROM journal").scalars().all()
    assert facts == ['{"a":1,"b":"lumbar"}'] * 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET code = 'fine'",
        "UPDATE journal SET facts = '{}'",
        "UPDATE journal SET facts = NULL",
        "UPDATE journal SET facts = NULL, nonce = NULL, code = 'fine'",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal SELECT 1, NULL, NULL, 0, 0, 'k', 'c', '', '{}', '', ''",
    ],
)
def test_the_database_itself_refuses_to_rewrite_history(
    folder: Path, journal: Journal, statement: str
) -> None:
    journal.append(record(1), record(2))
    with closing(sqlite3.connect(folder / "massager.db")) as stranger:
        with pytest.raises(sqlite3.IntegrityError, match="the journal is append-only"):
            stranger.execute(statement)
        stranger.rollback()
    assert written(journal) == [record(1), record(2)]


def test_an_untouched_chain_is_right_to_the_last_row(journal: Journal) -> None:
    for n in range(30):
        journal.append(record(n), record(n, facts={"ümläut": "ß", "nul": "\0"}))
    assert journal.verify() == Verdict(60, None, "")


def test_a_chain_longer_than_a_batch_is_followed_through(journal: Journal, monkeypatch) -> None:
    monkeypatch.setattr("massager.store.chain._BATCH", 3)
    journal.append(*map(record, range(10)))
    assert journal.verify() == Verdict(10, None, "")


def test_the_newest_come_first_a_few_at_a_time_and_only_of_the_kinds_that_are_asked_for(
    journal: Journal,
) -> None:
    journal.append(*(record(n, kind="act" if n % 2 else "telemetry") for n in range(10)))
    first = journal.latest(without={"telemetry"}, limit=3)
    assert [entry.seq for entry in first] == [10, 8, 6]
    rest = journal.latest(kinds={"act"}, before=first[-1].seq, limit=3)
    assert [entry.seq for entry in rest] == [4, 2]
    assert [entry.seq for entry in journal.records(kinds={"telemetry"}, after=4)] == [5, 7, 9]
    assert journal.latest(since_s=NOW_S + 9, limit=3)[0].record.at_ms == 9
    with pytest.raises(NotFoundError):
        journal.latest(person="nobody", limit=1)


def test_a_check_in_steps_lets_others_write_in_between_and_says_the_same(
    journal: Journal, monkeypatch
) -> None:
    monkeypatch.setattr("massager.store.chain._BATCH", 4)
    journal.append(*map(record, range(10)))
    steps = journal.verifying()
    assert next(steps) is None
    journal.append(record(10))
    assert [verdict for verdict in steps if verdict is not None] == [Verdict(11, None, "")]


@pytest.mark.parametrize(
    ("statements", "first_bad", "what"),
    [
        (["UPDATE journal SET facts = '{}' WHERE seq = 3"], 3, "content of row 3 was altered"),
        (["UPDATE journal SET facts = replace(facts, '4', '5') WHERE seq = 4"], 4, "content of row 4"),
        (["UPDATE journal SET facts = CAST(facts AS BLOB) WHERE seq = 4"], 4, "content of row 4"),
        (["UPDATE journal SET nonce = lower(hex(randomblob(16))) WHERE seq = 3"], 3, "content of row 3"),
        (["UPDATE journal SET facts = NULL WHERE seq = 3"], 3, "content of row 3 was altered"),
        (["UPDATE journal SET facts = NULL, nonce = NULL WHERE seq = 3"], 3, "nobody was forgotten"),
        (["UPDATE journal SET facts = NULL, nonce = NULL WHERE seq = 1"], 1, "nobody was forgotten"),
        (["UPDATE journal SET content_hash = 'ab' WHERE seq = 3"], 3, "row 3 was altered"),
        (["UPDATE journal SET code = 'fine' WHERE seq = 3"], 3, "row 3 was altered"),
        (["UPDATE journal SET kind = 'k' WHERE seq = 1"], 1, "row 1 was altered"),
        (["UPDATE journal SET unix_s = unix_s + 1 WHERE seq = 6"], 6, "row 6 was altered"),
        (["UPDATE journal SET at_ms = 0 WHERE seq = 3"], 3, "row 3 was altered"),
        (["UPDATE journal SET session_id = NULL WHERE seq = 7"], 7, "row 7 was altered"),
        (["UPDATE journal SET person_id = NULL WHERE seq = 7"], 7, "row 7 was altered"),
        (["UPDATE journal SET hash = 'ab' WHERE seq = 3"], 3, "row 3 was altered"),
        (["UPDATE journal SET code = CAST(x'ff' AS TEXT) WHERE seq = 3"], 3, "row 3 cannot be read"),
        (["DELETE FROM journal WHERE seq = 3"], 3, "row 3 is missing"),
        (["DELETE FROM journal WHERE seq = 1"], 1, "row 1 is missing"),
        (["DELETE FROM journal WHERE seq >= 6"], 6, "rows 6 to 7 are missing"),
        (["DELETE FROM journal"], 1, "rows 1 to 7 are missing"),
        (
            ["DELETE FROM journal WHERE seq = 3", "UPDATE journal SET seq = seq - 1 WHERE seq > 3"],
            3,
            "row 3 was altered",
        ),
        (
            [
                "UPDATE journal SET seq = 99 WHERE seq = 3",
                "UPDATE journal SET seq = 3 WHERE seq = 4",
                "UPDATE journal SET seq = 4 WHERE seq = 99",
            ],
            3,
            "row 3 was altered",
        ),
        (
            ["INSERT INTO journal SELECT 8, NULL, NULL, 0, 0, 'k', 'c', '', '{}', '', ''"],
            8,
            "row 8 was altered",
        ),
        (["UPDATE journal SET seq = 0 WHERE seq = 3"], 0, "row 0 was added from outside"),
    ],
)
def test_verifying_names_the_first_row_that_is_wrong(
    folder: Path, store: Store, journal: Journal, statements: list[str], first_bad: int, what: str
) -> None:
    session = session_of(store, "mia")  # row 1
    journal.append(*map(record, range(2, 7)))
    journal.append(record(7, session=session))
    assert journal.verify() == Verdict(7, None, "")
    tamper(folder, *statements)
    verdict = journal.verify()
    assert (verdict.rows, verdict.first_bad) == (max(0, first_bad - 1), first_bad)
    assert what in verdict.what


def test_a_row_that_was_altered_together_with_its_hash_is_told_by_the_next(
    folder: Path, journal: Journal
) -> None:
    journal.append(*map(record, range(1, 5)))
    before = journal.records()[1].hash
    content = chain.content_hash("nonce", "{}")
    forged = chain.row_hash(before, (3, None, None, 3, NOW_S + 3, "decision", "asked", content))
    new = f"nonce = 'nonce', facts = '{{}}', content_hash = '{content}', hash = '{forged}'"
    tamper(folder, f"UPDATE journal SET {new} WHERE seq = 3")  # noqa: S608 - a forger writes SQL
    assert journal.verify() == Verdict(3, 4, "row 4 was altered")


def test_the_hashes_are_those_that_earlier_versions_wrote() -> None:
    content = chain.content_hash("00" * 16, '{"a":"\u00fc"}')
    header = (2, 7, None, 10**12, NOW_S, "trip", "stale", content)
    assert content == "71d58556701659c1e93cad684da68589362ff798f461b9b671c8e4cb248fccdc"
    assert chain.row_hash("ab", header) == "12b4c684722da25da788251d2825ac898c1a4ea3f1e3a57b8d26a42e2c414293"


def test_a_row_that_was_added_with_the_right_hashes_is_found(folder: Path, journal: Journal) -> None:
    journal.append(record(1), record(2))
    content = chain.content_hash("nonce", "{}")
    forged = chain.row_hash(journal.records()[-1].hash, (3, None, None, 0, 0, "k", "c", content))
    values = f"(3, NULL, NULL, 0, 0, 'k', 'c', 'nonce', '{{}}', '{content}', '{forged}')"
    tamper(folder, "INSERT INTO journal VALUES " + values)  # noqa: S608 - a forger writes SQL
    assert journal.verify() == Verdict(2, 3, "rows 3 to 3 were added from outside")


def test_a_chain_that_was_written_anew_does_not_end_as_it_should(folder: Path, tmp_path: Path) -> None:
    for place, code in ((folder, "unpaid"), (tmp_path / "forged", "fine")):
        with Store.open(place) as store:
            Journal(store).append(record(1), record(2, code=code), record(3))
    with Store.open(folder) as store:
        tamper(
            folder,
            "DELETE FROM journal",
            f"ATTACH '{tmp_path / 'forged' / 'massager.db'}' AS forged",
            "INSERT INTO journal SELECT * FROM forged.journal",
        )
        assert Journal(store).verify() == Verdict(2, 3, "row 3 was altered")


def test_forgetting_blanks_the_content_and_the_chain_still_holds(
    folder: Path, store: Store, journal: Journal
) -> None:
    session = session_of(store, "mia")
    session_of(store, "ole")
    journal.append(record(3, session=session, facts={"said": "my hip"}), record(4, person="ole"))
    before = [entry.hash for entry in journal.records()]
    People(store).forget("mia", by=ANNA, now=NOW)
    entries = journal.records()
    assert [entry.hash for entry in entries[:4]] == before
    assert [entry.seq for entry in entries if entry.record.facts is None] == [1, 3]
    assert entries[2].record == record(3, session=session, facts=None)
    assert entries[3].record == record(4, person="ole")
    assert entries[4].record.kind == "person-forgotten"
    assert journal.verify() == Verdict(5, None, "")
    tamper(folder, "UPDATE journal SET facts = '{}', nonce = '' WHERE seq = 3")
    assert journal.verify().first_bad == 3


def test_writers_side_by_side_keep_one_chain(place: Place, journal: Journal) -> None:
    each, failed = 15, []

    def work(name: str) -> None:
        try:
            with Store.open(place) as own:
                for n in range(each):
                    Journal(own).append(record(n, code=name), record(n, code=name))
        except Exception as error:  # noqa: BLE001 - told by the assertion below
            failed.append(error)

    writers = [threading.Thread(target=work, args=(name,)) for name in ("left", "right")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    assert journal.verify() == Verdict(4 * each, None, "")
    for name in ("left", "right"):
        mine = [entry for entry in journal.records() if entry.record.code == name]
        assert [entry.record.at_ms for entry in mine] == [n for n in range(each) for _ in range(2)]
        assert all(one.seq + 1 == two.seq for one, two in zip(mine[::2], mine[1::2], strict=True))


def test_what_is_written_while_the_chain_is_verified_is_verified_too(journal: Journal, monkeypatch) -> None:
    honest, late = chain._fault, [record(99)]

    def fault_and_write(row, seq: int, previous: str) -> str:
        journal.append(*(late.pop() for _ in late[:]))
        return honest(row, seq, previous)

    journal.append(*map(record, range(4)))
    monkeypatch.setattr("massager.store.chain._BATCH", 2)
    monkeypatch.setattr("massager.store.chain._fault", fault_and_write)
    assert journal.verify() == Verdict(5, None, "")
