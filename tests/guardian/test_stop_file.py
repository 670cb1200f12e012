"""The small file that stop --direct lives on."""

import json
from dataclasses import asdict, replace

import pytest

from massager.guardian.stop_file import StopFile, read_stop_file, write_stop_file
from massager.model.errors import NotFoundError, StoreError

CONTENT = StopFile("tcp:127.0.0.1:9101", "chair", "C0:DE:00:00:00:01", "reference", 2)


def test_what_was_written_is_read_back_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "run" / "stop.json"
    write_stop_file(path, CONTENT)
    write_stop_file(path, replace(CONTENT, address="other"))
    assert read_stop_file(path) == replace(CONTENT, address="other")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"radio": "x"}',
        '{"radio":1,"device":"","address":"","codec":"","actuators":2}',
    ],
)
def test_a_damaged_file_says_what_to_do(tmp_path, text):
    path = tmp_path / "stop.json"
    path.write_text(text)
    with pytest.raises(StoreError, match="mains plug"):
        read_stop_file(path)


def test_no_file_is_another_matter(tmp_path):
    with pytest.raises(NotFoundError):
        read_stop_file(tmp_path / "stop.json")


def test_a_folder_that_cannot_be_written_leaves_no_rubbish(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(StoreError):
        write_stop_file(blocked / "stop.json", CONTENT)


def test_a_file_from_before_there_were_heaters_names_none(tmp_path):
    file = tmp_path / "stop.json"
    fields = asdict(CONTENT)
    del fields["heaters"]
    file.write_text(json.dumps(fields))
    assert read_stop_file(file) == CONTENT
