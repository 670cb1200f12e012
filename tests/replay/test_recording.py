"""The file."""

import json

import pytest

from firmware_sim.recording import Recording, RecordingError
from replay.made import LINK, LISTEN, SERVICE, of, read, told, write

HEAD = {
    "recording": 1,
    "model": "thing",
    "mtu": 23,
    "services": [{"uuid": SERVICE, "characteristics": [{"uuid": SERVICE, "properties": ["read"]}]}],
}


def test_what_is_written_is_what_is_read(tmp_path):
    file = tmp_path / "a.jsonl"
    whole = of(
        LINK,
        LISTEN,
        told(0.2, "00ff"),
        write(0.3, "01", error=5),
        write(0.4, "", response=False),
        read(1, ""),
    )
    whole.write(file)
    assert Recording.read(file) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([], "1"),
        (["{"], "1"),
        (["[]"], "1"),
        ([HEAD | {"recording": 2}], "1"),
        ([{key: value for key, value in HEAD.items() if key != "mtu"}], "1"),
        ([HEAD, {"t": 0, "op": "connect"}, {"t": 1, "op": "dance"}], "3"),
        ([HEAD, {"t": 0, "op": "read", "characteristic": 1}], "2"),
        ([HEAD, {"t": 0, "op": "read"}], "2"),
        ([HEAD, {"t": 0, "op": "connect", "characteristic": 0}], "2"),
        ([HEAD, {"t": 0, "op": "read", "characteristic": 0, "value": "0"}], "2"),
        ([HEAD, {"op": "connect"}], "2"),
    ],
)
def test_what_is_no_recording_is_told_with_its_line(tmp_path, lines, where):
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    with pytest.raises(RecordingError, match=rf"a\.jsonl:{where}: "):
        Recording.read(file)
