"""A real store in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from massager.store import Ledger, Store
from store_rig import add_demo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as opened:
        yield opened


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """Of a store that knows the person `demo`."""
    add_demo(store)
    return Ledger(store)
