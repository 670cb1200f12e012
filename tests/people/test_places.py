"""Where the store and its witness are, however somebody writes it."""

from pathlib import Path

import pytest

from massager.app.folders import state_folder
from massager.app.store_place import data_place, open_store, witness_path
from massager.model.errors import NotFoundError, StoreError

URL = "postgresql://carla:secret@db.local:5432/care"


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "state" / "massager"


def test_the_store_is_the_users_own_folder_unless_another_is_named(state):
    assert data_place(None) == state_folder() == state
    assert data_place("care") == Path("care")
    assert data_place(URL) == URL


@pytest.mark.parametrize("data", ["", "  ", "mysql://x/y", "sqlite:///x", "http://x"])
def test_a_place_of_another_kind_is_refused_without_showing_what_follows(data):
    with pytest.raises(NotFoundError) as refused:
        data_place(data)
    assert "/x" not in str(refused.value)


def test_one_folder_has_one_witness_however_it_is_written(tmp_path):
    (tmp_path / "care").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "care")
    written = {
        witness_path(Path(name)) for name in ("care", "./care", "link", "care/../care", tmp_path / "care")
    }
    assert len(written) == 1
    assert written.pop().parent == tmp_path / "share" / "massager" / "witness"


def test_one_database_has_one_witness_whatever_its_password():
    other = URL.replace("secret", "changed")
    assert witness_path(URL) == witness_path(other) == witness_path(URL.replace(":secret", ""))
    assert witness_path(f"{URL}?password=x&sslmode=require") == witness_path(f"{URL}?sslmode=require")


def test_different_stores_have_different_witnesses():
    places = [Path("a"), Path("b"), URL, URL.replace("/care", "/clinic"), URL.replace("carla", "dora")]
    assert len({witness_path(place) for place in places}) == len(places)


def test_an_opened_store_has_its_witness_and_misses_the_store(tmp_path):
    open_store(tmp_path / "care").close()
    assert witness_path(tmp_path / "care").is_file()
    for file in (tmp_path / "care").iterdir():
        file.unlink()
    with pytest.raises(StoreError, match="The store is gone"):
        open_store(tmp_path / "care")


def test_a_folder_for_the_witness_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(StoreError, match="Set XDG_DATA_HOME"):
        open_store(tmp_path / "care")
