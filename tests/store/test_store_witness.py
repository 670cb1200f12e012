"""An older store in the place of the newest is noticed, and accepted only with everybody locked out."""

import json
import shutil
from pathlib import Path

import pytest

from massager.model.errors import RestoredError, StoreError
from massager.model.history import Authority, LockCause
from massager.store import Journal, Ledger, Lockouts, People, Store, accept_restored
from store_life import live, refused
from store_rig import ANNA, BLOCK, DAY_S, NOTHING, NOW_S, add_demo, at, history, opened, past, session


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "state" / "witness.json"


@pytest.fixture
def restored(folder: Path, witness: Path, tmp_path: Path) -> Path:
    """A data folder with a backup from before the only session."""
    with Store.open(folder, witness=witness) as store:
        add_demo(store)
    shutil.copytree(folder, tmp_path / "backup")
    with Store.open(folder, witness=witness) as store:
        session(Ledger(store), begin=at(0), end=at(600))
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    return folder


def test_the_newest_store_opens_however_often(folder: Path, witness: Path) -> None:
    for number in range(3):
        with Store.open(folder, witness=witness) as store:
            Ledger(store).settle(at(100 * number))
    assert [path.name for path in witness.parent.iterdir()] == ["witness.json"]
    assert witness.parent.stat().st_mode & 0o777 == 0o700


def test_an_older_backup_is_refused_with_what_to_do(restored: Path, witness: Path) -> None:
    for _ in range(2):
        with pytest.raises(RestoredError, match=r"older backup .* massager caregiver accept-backup"):
            Store.open(restored, witness=witness)


def test_an_older_backup_of_a_store_that_lost_only_a_reservation_is_refused(
    folder: Path, witness: Path, tmp_path: Path
) -> None:
    with Store.open(folder, witness=witness) as store:
        add_demo(store)
        ledger = Ledger(store)
        number = opened(ledger)
        with store.transaction():
            shutil.copytree(folder, tmp_path / "backup")
        ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
    assert refused(tmp_path / "backup", witness)
    assert not refused(folder, witness)


def test_a_backup_that_went_on_elsewhere_is_refused(restored: Path, witness: Path) -> None:
    with Store.open(restored) as store:
        for number in range(9):
            session(Ledger(store), begin=at(1000 * number), end=at(1000 * number + 1))
    with pytest.raises(RestoredError, match="older backup"):
        Store.open(restored, witness=witness)


def test_another_store_is_refused(folder: Path, witness: Path, tmp_path: Path) -> None:
    Store.open(folder, witness=witness).close()
    Store.open(tmp_path / "other").close()
    with pytest.raises(RestoredError, match="Another store was put in the place"):
        Store.open(tmp_path / "other", witness=witness)


def test_a_store_that_is_gone_is_not_begun_anew(folder: Path, witness: Path) -> None:
    Store.open(folder, witness=witness).close()
    shutil.rmtree(folder)
    with pytest.raises(StoreError, match=r"The store is gone, and .*witness\.json knows of one"):
        Store.open(folder, witness=witness)
    assert not (folder / "massager.db").exists()
    witness.unlink()
    Store.open(folder, witness=witness).close()


@pytest.mark.parametrize(
    "content", [b"no JSON", b"[]", b"{}", b'{"store_id": 1}', b"\xff\xfe", b'{"store_id":']
)
def test_a_witness_that_cannot_be_read_counts_as_a_restored_backup(
    folder: Path, witness: Path, content: bytes
) -> None:
    Store.open(folder, witness=witness).close()
    witness.write_bytes(content)
    with pytest.raises(RestoredError, match="cannot be read"):
        Store.open(folder, witness=witness)
    shutil.rmtree(folder)
    with pytest.raises(StoreError, match="The store is gone"):
        Store.open(folder, witness=witness)


def test_a_witness_with_a_value_of_another_kind_cannot_be_read(folder: Path, witness: Path) -> None:
    Store.open(folder, witness=witness).close()
    for name, value in [("changes", True), ("journal_seq", "0"), ("store_id", None)]:
        said = json.loads(witness.read_text())
        witness.write_text(json.dumps(said | {name: value}))
        with pytest.raises(RestoredError, match="it says something else"):
            Store.open(folder, witness=witness)
        witness.write_text(json.dumps(said))


@pytest.mark.parametrize("content", [b"", b"\0" * 4096])
def test_a_witness_that_a_power_cut_emptied_counts_as_none(
    folder: Path, witness: Path, content: bytes
) -> None:
    Store.open(folder, witness=witness).close()
    witness.write_bytes(content)
    Store.open(folder, witness=witness).close()
    assert json.loads(witness.read_text())["journal_seq"] == 0


def test_a_store_ahead_of_its_witness_is_in_order(folder: Path, witness: Path) -> None:
    with Store.open(folder, witness=witness) as store:
        add_demo(store)
        before = witness.read_bytes()
        session(Ledger(store), begin=at(0), end=at(600))
    witness.write_bytes(before)
    Store.open(folder, witness=witness).close()
    assert witness.read_bytes() != before


def test_a_write_that_the_witness_could_not_see_is_told_and_stays_written(
    folder: Path, witness: Path
) -> None:
    with Store.open(folder, witness=witness) as store:
        shutil.rmtree(witness.parent)
        witness.parent.write_text("in the way")
        with pytest.raises(StoreError, match=r"cannot be written: .* The store itself was written"):
            add_demo(store)
        assert People(store).names() == ("demo",)
        with pytest.raises(StoreError, match=r"cannot be read: Not a directory\."):
            Store.open(folder, witness=witness)


def test_accepting_locks_everybody_for_eight_days_and_only_a_caregiver_clears_it(
    restored: Path, witness: Path
) -> None:
    with Store.open(restored) as store:
        before = past(Ledger(store), at(700))
    assert before == ()
    accept_restored(restored, witness, by=ANNA, now=at(700))
    with Store.open(restored, witness=witness) as store:
        (lockout,) = history(Ledger(store), at(700)).lockouts
        assert (lockout.cause, lockout.authority) == (LockCause.OLD_BACKUP, Authority.CAREGIVER)
        assert lockout.not_before_s == NOW_S + 700 + 8 * DAY_S
        with pytest.raises(StoreError, match="cannot be cleared before"):
            Lockouts(store).clear("demo", lockout.number, by=ANNA, why="", now=at(8 * DAY_S))
        Lockouts(store).clear("demo", lockout.number, by=ANNA, why="", now=at(700 + 8 * DAY_S))
        kinds = [entry.record.kind for entry in Journal(store).records()]
    assert kinds == ["person-added", "backup-accepted", "lockout", "lockout-cleared"]


def test_accepting_takes_the_later_mark_over(restored: Path, witness: Path) -> None:
    accept_restored(restored, witness, by=ANNA, now=at(0, boot="boot-2"))
    with Store.open(restored, witness=witness) as store:
        assert history(Ledger(store), at(1, boot="boot-2")).behind
        (lockout,) = Lockouts(store).of("demo")
        assert lockout.not_before_s == NOW_S + 600 + 8 * DAY_S


def test_a_witness_that_cannot_be_read_can_be_accepted_too(folder: Path, witness: Path) -> None:
    with Store.open(folder, witness=witness) as store:
        add_demo(store)
    witness.write_text("garbled")
    accept_restored(folder, witness, by=ANNA, now=at(0))
    with Store.open(folder, witness=witness) as store:
        assert len(Lockouts(store).of("demo")) == 1


def test_a_store_that_is_gone_cannot_be_accepted(restored: Path, witness: Path) -> None:
    shutil.rmtree(restored)
    with pytest.raises(StoreError, match="The store is gone"):
        accept_restored(restored, witness, by=ANNA, now=at(0))
    assert not (restored / "massager.db").exists()


def test_there_is_nothing_to_accept_about_the_newest_store(folder: Path, witness: Path) -> None:
    with Store.open(folder, witness=witness) as store:
        add_demo(store)
    with pytest.raises(StoreError, match="there is nothing to accept"):
        accept_restored(folder, witness, by=ANNA, now=at(0))
    with Store.open(folder, witness=witness) as store:
        assert Lockouts(store).of("demo") == ()


def test_a_write_ahead_log_that_lost_its_end_or_a_bit_is_refused(
    folder: Path, witness: Path, tmp_path: Path
) -> None:
    with Store.open(folder, witness=witness) as store:
        add_demo(store)
        number = opened(Ledger(store))
        Ledger(store).reserve(number, used=NOTHING, block=BLOCK, now=at(0))
        main, log = (folder / name for name in ("massager.db", "massager.db-wal"))
        with store.transaction():
            whole, tail = main.read_bytes(), log.read_bytes()
    copy = tmp_path / "copy"
    copy.mkdir()

    def opens_with(log_content: bytes) -> bool:
        for path in copy.iterdir():
            path.unlink()
        (copy / "massager.db").write_bytes(whole)
        (copy / "massager.db-wal").write_bytes(log_content)
        return not refused(copy, witness)

    assert opens_with(tail)
    for size in range(0, len(tail), 1999):
        assert not opens_with(tail[:size]), size
    for place in range(24, len(tail), 1999):
        spoiled = bytearray(tail)
        spoiled[place] ^= 1 << (place % 8)
        assert not opens_with(bytes(spoiled)), place


def test_a_whole_life_never_looks_like_an_older_backup(tmp_path: Path) -> None:
    for steps in range(1, 19, 4):
        live(tmp_path / f"{steps}", witness=tmp_path / f"{steps}-witness", steps=steps)
        assert not refused(tmp_path / f"{steps}", tmp_path / f"{steps}-witness")
