"""Files of every kind that are right, for tests to break."""

from collections.abc import Callable
from pathlib import Path

import pytest

from massager.model.errors import InvalidProfileError

Write = Callable[[str | bytes], Path]
Complaints = Callable[[Callable[[], object]], list[str]]

RIGHT = Path(__file__).parent / "right"


@pytest.fixture
def safety() -> str:
    return (RIGHT / "safety.yaml").read_text()


@pytest.fixture
def program() -> str:
    return (RIGHT / "program.yaml").read_text()


@pytest.fixture
def device() -> str:
    return (RIGHT / "device.yaml").read_text()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes `mine.yaml` and gives its path."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


@pytest.fixture
def complaints(tmp_path: Path) -> Complaints:
    """The lines of the refusal that a call ends in, without the folder and the file's name."""

    def lines(call: Callable[[], object]) -> list[str]:
        with pytest.raises(InvalidProfileError) as refused:
            call()
        found = str(refused.value).splitlines()
        assert all(line.startswith(f"{tmp_path}/mine.yaml:") for line in found)
        return [line.removeprefix(f"{tmp_path}/mine.yaml:") for line in found]

    return lines
