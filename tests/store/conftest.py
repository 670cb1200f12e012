"""A real store in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from massager.store import Ledger, Store, demo_person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as opened:
        yield opened


@pytest.fixture
def ledger(store: Store) -> Ledger:
    made = Ledger(store)
    made.add_person(demo_person())
    return made
