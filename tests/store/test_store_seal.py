"""Any bit that flips in what gives permission: the same state, or a refusal."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massager.model.errors import StoreError
from massager.store import Store
from store_life import STEPS, TABLES, live, refused, run

SEALED = tuple(table for table in TABLES if table not in {"meta", "journal"})


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a whole life, with a session left open at its end."""
    folder = tmp_path_factory.mktemp("lived")
    live(folder / "data", witness=folder / "witness", steps=len(STEPS) - 1)
    return folder / "data" / "massager.db"


def permission(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the sealed tables say, by a reader of its own."""
    with closing(sqlite3.connect(path)) as raw:
        return {table: raw.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in SEALED}  # noqa: S608


def test_a_life_fills_every_sealed_table(lived: Path) -> None:
    assert all(permission(lived).values())


def held(lived: Path, folder: Path, content: bytes) -> bool:
    """Whether a spoiled file is refused, or permits what it did before."""
    folder.mkdir(exist_ok=True)
    path = folder / "massager.db"
    path.write_bytes(content)
    return refused(folder) or permission(path) == permission(lived)


def test_every_byte_of_every_sealed_row_may_lose_a_bit(lived: Path, tmp_path: Path) -> None:
    whole = lived.read_bytes()
    seals = {str(row[-1]).encode() for rows in permission(lived).values() for row in rows}
    for number, seal in enumerate(sorted(seals)):
        end = whole.index(seal) + len(seal)
        # A row lies in one piece before its seal; its length is not known here, so a stretch of it is tried.
        for place in range(end - 160 + number % 7, end, 7):
            spoiled = bytearray(whole)
            spoiled[place] ^= 1 << (place % 8)
            assert held(lived, tmp_path / "data", bytes(spoiled)), place


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_wherever_a_bit_flips_nothing_more_is_permitted(
    lived: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(lived.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    whole[bit // 8] ^= 1 << (bit % 8)
    assert held(lived, tmp_path_factory.getbasetemp() / "flipped", bytes(whole))


@pytest.mark.parametrize("table", SEALED)
def test_a_row_that_is_lost_is_missed(lived: Path, tmp_path: Path, table: str) -> None:
    path = tmp_path / "massager.db"
    path.write_bytes(lived.read_bytes())
    run(path, f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})")  # noqa: S608
    with pytest.raises(StoreError, match="Rows were lost or came back: the store is damaged"):
        Store.open(tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE session SET used_ms = 0",
        "UPDATE session SET ended_s = last_s WHERE ended_s IS NULL",
        "UPDATE debit SET used_ms = used_ms - 1 WHERE used_ms > 0",
        "UPDATE lockout SET cleared_s = 1",
        "UPDATE follow_up SET answered_s = 1",
        "UPDATE person SET document = replace(document, 'mild', 'mold')",
        "UPDATE caregiver SET revoked_s = NULL, failures = 0",
        "UPDATE clock SET ledger_s = ledger_s + 86400",
        "UPDATE time_confirmed SET up_to_session = 0",
        "UPDATE device SET address = 'CC:DD'",
        "UPDATE meta SET high_water_s = 0",
        "UPDATE meta SET journal_seq = journal_seq - 1",
        "UPDATE meta SET seal_sum = '00'",
    ],
)
def test_a_row_altered_by_another_program_is_refused(lived: Path, tmp_path: Path, statement: str) -> None:
    path = tmp_path / "massager.db"
    path.write_bytes(lived.read_bytes())
    run(path, statement)
    with pytest.raises(StoreError, match="was altered from outside: the store is damaged"):
        Store.open(tmp_path)


def test_a_row_that_comes_back_is_noticed(lived: Path, tmp_path: Path) -> None:
    path = tmp_path / "massager.db"
    path.write_bytes(lived.read_bytes())
    run(path, "INSERT INTO clock SELECT 'x' || boot_id, boot_ms, ledger_s, seal FROM clock")
    with pytest.raises(StoreError, match="altered from outside"):
        Store.open(tmp_path)


def test_a_journal_that_lost_its_end_is_refused(lived: Path, tmp_path: Path) -> None:
    path = tmp_path / "massager.db"
    path.write_bytes(lived.read_bytes())
    run(path, "DROP TRIGGER journal_stays")
    run(path, "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
    with pytest.raises(StoreError, match="the journal does not end where it should"):
        Store.open(tmp_path)
