"""Whatever the bytes are: a profile, or a refusal that names a place. Nothing else."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massager import catalog
from massager._resources import profiles_folder
from massager.model.errors import InvalidProfileError

FILES = [path.read_bytes() for path in sorted(profiles_folder().rglob("*.yaml"))]
LINE = re.compile(r".*fuzzed\.yaml:[1-9][0-9]*:[1-9][0-9]*: (\S+: )?\S.*\S\. \S.*[.?]")

WORDS = (
    '1 -1 0 40 1.5 .nan true null \'\' [] {} [1] *a &a !!int << \' "\\ud800" "\\U99999999" # | >- ? : - mild'
    " L4-S1 999999999999999999999 roller percussion cervical C program device safety"
)
VALUES = [word.encode() for word in WORDS.split()] + [
    b"{a: 1}", b"&a 1", b"!!int 1", b"---\n", b"%YAML 1.1\n", b"\n\n", b"\t", b"\r", b"  ", b"\xff", b"\x00",
    b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"x" * 600,
]  # fmt: skip


def _judge(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "fuzzed.yaml")
        path.write_bytes(content)
        try:
            kind, name = catalog.validate(path)
        except InvalidProfileError as refused:
            lines = str(refused).split("\n")
            assert lines
            for line in lines:
                assert LINE.fullmatch(line), line
                assert line.isprintable()
        else:
            assert kind in catalog.Kind
            assert name == "fuzzed"


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_a_profile_or_refused(content: bytes) -> None:
    _judge(content)


@given(
    st.sampled_from(FILES),
    st.lists(
        st.tuples(st.integers(0, 4000), st.integers(0, 12), st.sampled_from(VALUES)), min_size=1, max_size=4
    ),
)
@settings(deadline=None, max_examples=500)
def test_any_damage_to_a_shipped_file_is_a_profile_or_refused(
    content: bytes, damage: list[tuple[int, int, bytes]]
) -> None:
    for start, length, new in damage:
        at = start % len(content)
        content = content[:at] + new + content[at + length :]
    _judge(content)


@given(st.sampled_from(FILES), st.data())
@settings(deadline=None, max_examples=500)
def test_any_value_in_place_of_another_is_a_profile_or_refused(content: bytes, data: st.DataObject) -> None:
    values = list(re.finditer(rb"(?<=: )[^\s,{}\[\]#][^,}\n]*", content))
    chosen = data.draw(st.sampled_from(values))
    new = data.draw(st.sampled_from(VALUES))
    _judge(content[: chosen.start()] + new + content[chosen.end() :])


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_a_file_cut_short_is_refused(cut: int) -> None:
    for content in FILES:
        _judge(content[: len(content) * cut // 60])
